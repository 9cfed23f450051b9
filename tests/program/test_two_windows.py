"""Two programs on one database: each sees what the other does, and takes no running answer of it for dead."""

from pathlib import Path

from ollama_tui.demo.faults import Fault
from tests.program import kept
from tests.program.serving import serving
from tests.program.window import LAST, LIST, NEW, a_window

UNFINISHED = "it may still be coming in another window"
CUT_OFF = "The program ended before the answer was complete."


async def test_an_answer_of_the_other_window_is_followed_and_adopted_when_it_dies(tmp_path: Path) -> None:
    async with serving() as server:
        server.knobs.add(Fault(path="/api/chat", tokens_per_second=150))
        where = ("--host", server.url, "--data-dir", tmp_path, "--model", "markdown")
        with a_window(tmp_path, *where) as one, a_window(tmp_path, *where) as other:
            await one.sees("Ask markdown")
            await one.ask("450 tokens")
            await one.sees("A long page")
            await other.sees("Ask markdown")
            other.type(LIST)
            await other.sees("450 tokens")
            other.type(LAST)
            await other.sees("A long page", UNFINISHED)
            await one.sees("tok/s")
            await other.until(lambda: UNFINISHED not in other.text, "the answer's end")
            assert CUT_OFF not in other.text
            assert [message.ending for message in kept.messages(tmp_path)] == ["complete", "complete"]
            one.type(NEW)
            await one.sees("Ask markdown")
            await one.ask("900 tokens")
            await other.sees("900 tokens")
            await one.sees("A long page")
            other.type(LAST)
            await other.sees("A long page", UNFINISHED)
            one.kill()
            await other.sees(CUT_OFF, "go on", seconds=8)
        assert [(message.ending, message.failure) for message in kept.messages(tmp_path, "900%")] == [
            ("complete", ""),
            ("cut-off", "interrupted"),
        ]


async def test_both_windows_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    async with serving() as server:
        where = ("--host", server.url, "--data-dir", tmp_path, "--model", "echo")
        with a_window(tmp_path, *where) as one, a_window(tmp_path, *where) as other:
            for window in (one, other):
                await window.sees("Ask echo")
            for number in range(3):
                await one.ask(f"left {number}")
                await other.ask(f"right {number}")
                for window in (one, other):
                    await window.until(lambda window=window, n=number: window.text.count("tok/s") > n, "its answer")
            one.type(LIST)
            await one.sees("left 0", "right 0")
        for side in ("left", "right"):
            asked = [message for message in kept.messages(tmp_path, f"{side}%") if message.role == "user"]
            assert [message.text for message in asked] == [f"{side} {number}" for number in range(3)]
