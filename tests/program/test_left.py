"""The program told to end, or its window closed: the draft, the partial answer and the queued question are kept."""

import asyncio
import signal
from pathlib import Path

import pytest

from tests.program import kept
from tests.program.serving import serving
from tests.program.window import LAST, LEAVE, SCREEN_LEFT, Window, a_window


async def in_the_middle(window: Window) -> None:
    """An answer on its way, a question behind it, and a draft."""
    await window.sees("Ask markdown")
    await window.ask("900 tokens at 100 tokens/s")
    await window.sees("A long page")
    await window.ask("the question behind")
    await window.sees("the question behind")
    window.type("half a thought")
    await window.sees("half a thought")


@pytest.mark.parametrize("way", ["SIGTERM", "SIGHUP", "closed", "ctrl+q"])
async def test_nothing_is_lost(tmp_path: Path, way: str) -> None:
    async with serving() as server:
        with a_window(tmp_path, "--host", server.url, "--data-dir", tmp_path, "--model", "markdown") as window:
            await in_the_middle(window)
            match way:
                case "closed":
                    window.close()
                case "ctrl+q":
                    window.type(LEAVE)
                case _:
                    window.signal(signal.Signals[way])
            code = await window.exit_code(4)
            assert code == {"SIGTERM": 143, "ctrl+q": 0}.get(way, 129)
            if way != "closed":
                assert SCREEN_LEFT in window.output
                assert "Traceback" not in window.left_behind()
        sent = server.answers[0]
        await asyncio.sleep(0.05)
        (asked,) = server.requests_to("/api/chat")
        assert asked.disconnected is not None
        question, answer = kept.messages(tmp_path)
        assert question.text == sent.question
        assert sent.text().startswith(answer.text)
        assert len(sent.text()) - len(answer.text) < 80, "all that came is kept, not all but a second"
        assert answer.ending == "stopped"
        assert kept.queued(tmp_path) == ["the question behind"]
        assert kept.drafts(tmp_path) == ["half a thought"]
        assert not (tmp_path / "crash.log").exists()
        with a_window(tmp_path, "--host", server.url, "--data-dir", tmp_path, "--model", "markdown") as window:
            await window.sees("Ask markdown")
            window.type(LAST)
            await window.sees("the question behind", "half a thought", "go on")


async def test_a_draft_alone_survives_a_kill(tmp_path: Path) -> None:
    async with serving() as server:
        with a_window(tmp_path, "--host", server.url, "--data-dir", tmp_path) as window:
            await window.sees("Ask guide")
            window.type("almost ")
            window.type("said")
            await window.sees("almost said")
            await asyncio.sleep(0.8)
            window.kill()
        with a_window(tmp_path, "--host", server.url, "--data-dir", tmp_path) as window:
            await window.sees("Ask guide", "almost said")
