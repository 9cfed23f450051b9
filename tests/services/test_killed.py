"""The program killed in the middle of an answer, at random moments."""

import asyncio
import random
import sys
import time
from pathlib import Path

from ollama_tui.domain.message import Ending
from tests.services.place import WORDS, Place, a_place

_TOKENS_PER_SECOND = 200


async def _killed(place: Place, folder: Path, seconds: float) -> tuple[str, list[tuple[float, int]], float]:
    """Run the writer and kill it so long after its first token; what it told, and when it was killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.services.writer", str(folder), place.url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    conversation = (await process.stdout.readline()).decode().strip()
    told: list[tuple[float, int]] = []
    kill_at = float("inf")
    while time.monotonic() < kill_at:
        line = await asyncio.wait_for(process.stdout.readline(), 10)
        told.append((time.monotonic(), int(line)))
        if told[-1][1] > 0 and kill_at == float("inf"):
            kill_at = time.monotonic() + seconds
    process.kill()
    killed = time.monotonic()
    await process.wait()
    return conversation, told, killed


async def test_all_but_the_last_second_is_there(tmp_path: Path) -> None:
    chance = random.Random()
    moments = [chance.uniform(0.0, 2.5) for _ in range(5)]
    folders = [tmp_path / str(number) for number in range(5)]
    async with a_place(tmp_path / "unused", tokens=_TOKENS_PER_SECOND) as place:
        results = [await _killed(place, folder, moment) for folder, moment in zip(folders, moments, strict=True)]
        place.server.machine.speed.tokens = 5000
        for folder, (conversation_id, told, killed) in zip(folders, results, strict=True):
            again = Place(folder, place.server, place.url, place.faults)
            workspace = await again.open()
            try:
                question, answer = await workspace.history.branch(conversation_id)
                assert question.text == "count for me"
                assert answer.ending is Ending.CUT_OFF
                assert answer.failure is not None
                assert answer.failure.code == "interrupted"
                assert WORDS.startswith(answer.text)
                due = max((length for moment, length in told if moment <= killed - 1.0), default=0)
                assert len(answer.text) >= due, (moments, len(answer.text), due)
                check = await workspace.history._database.run(
                    lambda connection: connection.execute("PRAGMA integrity_check").fetchone()[0]
                )
                assert check == "ok"
                whole = await (await workspace.turns.go_on(answer)).wait() if answer.text else answer
                assert whole.text == (WORDS if answer.text else "")
            finally:
                await workspace.aclose()
