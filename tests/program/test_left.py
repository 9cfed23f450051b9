"""The program told to end, or its window closed: the draft, the partial answer and the queued question are kept."""

import asyncio
import signal
from pathlib import Path

import pytest

from ollama_tui.demo.faults import Fault
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


async def test_what_was_sent_a_moment_ago_survives_a_kill(tmp_path: Path) -> None:
    """While the server is still asked for its models, the question is no message yet."""
    async with serving() as server:
        with a_window(tmp_path, "--host", server.url, "--data-dir", tmp_path, "--model", "markdown") as window:
            await window.sees("Ask markdown")
            await window.ask("20 tokens")
            await window.until(lambda: [m.ending for m in kept.messages(tmp_path)][1:] == ["complete"])
        server.knobs.add(Fault(path="/api/tags", hold=30.0))
        with a_window(tmp_path, "--host", server.url, "--data-dir", tmp_path) as window:
            await window.sees("Looking for")
            window.type(LAST)
            await window.sees("A long page")
            await window.ask("and the zebra?")
            await window.until(lambda: not any("zebra" in line for line in window.lines[-4:]), "an empty prompt")
            await asyncio.sleep(0.8)
            window.kill()
        assert kept.drafts(tmp_path) == ["and the zebra?"] or kept.messages(tmp_path)[-2].text == "and the zebra?"


async def test_leaving_at_once_after_sending_is_no_fault(tmp_path: Path) -> None:
    """What still reads when the database is closed ends with it."""
    async with serving() as server:
        for delay in (0.0, 0.005, 0.01, 0.02, 0.03, 0.04):
            data = tmp_path / str(delay)
            with a_window(tmp_path, "--host", server.url, "--data-dir", data, "--model", "markdown") as window:
                await window.sees("Ask markdown")
                await window.ask("the zebra")
                await asyncio.sleep(delay)
                window.signal(signal.SIGTERM)
                assert await window.exit_code(4) == 143
            assert not (data / "crash.log").exists()
            assert "the zebra" in (*kept.drafts(data), *(message.text for message in kept.messages(data)))
