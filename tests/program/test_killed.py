"""The program killed with -9 in mid-answer, at random moments: at the next start all but the last second is there."""

import asyncio
import random
import time
from pathlib import Path

import pytest

from tests.program import kept
from tests.program.serving import RecordingServer, Sent, serving
from tests.program.window import LAST, NEW, a_window

KILLS, AT_ONCE = 20, 4


async def kill_in_the_middle(server: RecordingServer, folder: Path, number: int, seed: int) -> tuple[Sent, float]:
    """Look at what the kill before left, ask again, and be killed; what was sent, and the moment of the kill."""
    chance = random.Random(seed * 100 + number)
    question = f"{700 + seed * 10 + number} tokens at 200 tokens/s"
    with a_window(folder, "--host", server.url, "--data-dir", folder, "--model", "markdown") as window:
        if number:
            await window.sees("Ask markdown")
            window.type(LAST)
            await window.sees("The program ended before the answer was complete.", "try again")
            window.type(NEW)
        await window.sees("Ask markdown")
        await window.ask(question)
        await window.until(lambda: any(sent.question == question for sent in server.answers), "the question")
        await asyncio.sleep(chance.uniform(0.5, 2.0))
        moment = time.monotonic()
        window.kill()
    return next(sent for sent in server.answers if sent.question == question), moment


async def kill_again_and_again(folder: Path, seed: int) -> None:
    folder.mkdir()  # noqa: ASYNC240 - nothing else runs yet
    async with serving() as server:
        for number in range(KILLS // AT_ONCE):
            await kill_once(server, folder, number, seed)


async def kill_once(server: RecordingServer, folder: Path, number: int, seed: int) -> None:
    sent, moment = await kill_in_the_middle(server, folder, number, seed)
    assert kept.sound(folder)
    question, answer = kept.messages(folder, sent.question)
    assert question.text == sent.question
    assert sent.text().startswith(answer.text)
    lost = len(sent.text(moment - 1.0)) - len(answer.text)
    assert lost <= 0, f"{lost} characters that were sent more than a second before the kill are lost"
    assert answer.ending == "unfinished", "the kill came in the middle"


@pytest.mark.timeout(90)
async def test_all_but_the_last_second_is_there_after_a_kill(tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as group:
        for seed in range(AT_ONCE):
            group.create_task(kill_again_and_again(tmp_path / str(seed), seed))
    endings = [message for seed in range(AT_ONCE) for message in kept.messages(tmp_path / str(seed))]
    assert len(endings) == 2 * KILLS
    adopted = [message.failure for message in endings if message.ending == "cut-off"]
    assert adopted == ["interrupted"] * (KILLS - AT_ONCE)
