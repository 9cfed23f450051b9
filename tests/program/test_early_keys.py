"""Keys typed from the first moment, before there is anything to see: kept, in order, and never twice."""

import asyncio
from pathlib import Path

import pytest

from benchmarks.fill_database import fill
from tests.program import kept
from tests.program.serving import serving
from tests.program.window import ESCAPE, LIST, MODELS, PALETTE, SCREEN_TAKEN, a_window

FIRST, SECOND, DRAFT = "the first question: 你好", "the second question", "and what is not sent"


@pytest.mark.parametrize("conversations", [0, 1000])
async def test_what_is_typed_before_the_first_picture_is_asked_in_order(tmp_path: Path, conversations: int) -> None:
    if conversations:
        await fill(tmp_path / "history.db", conversations, 4)
    async with serving() as server:
        with a_window(tmp_path, "--host", server.url, "--data-dir", tmp_path, "--model", "echo") as window:
            taken = False
            for key in f"{FIRST}\r{SECOND}\r{DRAFT}":
                window.type(key)
                taken = taken or SCREEN_TAKEN in window.output
                await asyncio.sleep(0.001)
            assert not taken, "the keys are to come before the program has painted"
            await window.until(lambda: server.questions() == [FIRST, SECOND], "two questions", 20)
            await window.sees(DRAFT, "I saw 3 messages")
            assert server.questions() == [FIRST, SECOND]
    asked = [message.text for message in kept.messages(tmp_path, FIRST[:9] + "%") if message.role == "user"]
    assert asked == [FIRST, SECOND]


async def test_keys_that_come_while_it_opens_are_kept_too(tmp_path: Path) -> None:
    async with serving() as server:
        with a_window(tmp_path, "--host", server.url, "--data-dir", tmp_path, "--model", "echo") as window:
            words = " ".join(f"w{number}" for number in range(60))
            for key in words + "\r":
                window.type(key)
                await asyncio.sleep(0.01)
            await window.until(server.questions, "a question")
            assert server.questions() == [words]


@pytest.mark.parametrize(("key", "opens"), [(LIST, "Enter open"), (MODELS, "Running")])
async def test_an_action_asked_for_before_there_is_anything_is_done_when_there_is(
    tmp_path: Path, key: str, opens: str
) -> None:
    with a_window(tmp_path, "--demo", "--data-dir", tmp_path, "--model", "echo") as window:
        window.type(key)
        await window.sees(opens)
        assert not (tmp_path / "crash.log").exists()


async def test_what_is_typed_in_one_go_behind_a_key_that_opens_something_is_written_there(tmp_path: Path) -> None:
    with a_window(tmp_path, "--demo", "--data-dir", tmp_path, "--model", "echo") as window:
        await window.sees("Ask echo")
        await window.ask("blue sky")
        await window.sees("tok/s")
        window.type("\x06sky")
        await window.sees("1 of 2")
        window.type(ESCAPE)
        await window.until(lambda: "1 of 2" not in window.text, "the bar closed")
        window.type("\x1b/blue")
        await window.sees("hits, newest first")
        window.type(ESCAPE)
        await window.sees("Ask anything")
        window.type("\x1by0.5\r")
        await window.sees("● temperature 0.5")
        window.type(ESCAPE)
        await window.until(lambda: "temperature" not in window.text, "the form closed")
        window.type(f"{PALETTE}theme")
        await window.until(lambda: "Choose the theme" in window.text and "Show all keys" not in window.text, "actions")
        window.type(ESCAPE)
        await window.sees("Ask anything")
