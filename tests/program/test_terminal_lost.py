"""A terminal that is gone without a word, and one that stands still: nothing waits for it, and nothing is lost."""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from tests.program import kept
from tests.program.serving import serving
from tests.program.window import NEW, a_window, command

ELSEWHERE = "import os, sys; os.fork() and os.waitpid(-1, 0) or (os.setsid(), os.execvp(sys.argv[1], sys.argv[1:]))"
"""Runs a command in a session of its own, which the system does not tell that the terminal was closed."""


async def test_a_terminal_that_is_gone_without_a_signal_ends_the_program(tmp_path: Path) -> None:
    async with serving() as server:
        asked = command("--host", server.url, "--data-dir", tmp_path, "--model", "markdown")
        program = ["sh", "-c", 'echo $$ > "$0"; exec "$@"', str(tmp_path / "pid"), *asked]
        with a_window(tmp_path, program=[sys.executable, "-c", ELSEWHERE, *program]) as window:
            await window.sees("Ask markdown")
            await window.ask("3000 tokens at 200 tokens/s")
            await window.sees("A long page")
            window.close()
            try:
                await window.until(lambda: kept.messages(tmp_path)[-1].ending == "stopped", "the end", 10)
                (asking,) = server.requests_to("/api/chat")
                await window.until(lambda: asking.disconnected is not None, "the server to be left")
            finally:
                with suppress(ProcessLookupError):
                    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)


async def test_a_terminal_that_stands_still_holds_up_nothing(tmp_path: Path) -> None:
    async with serving() as server:
        with a_window(tmp_path, "--host", server.url, "--data-dir", tmp_path, "--model", "markdown") as window:
            await window.sees("Ask markdown")
            await window.ask("900 tokens at 300 tokens/s")
            await window.sees("A long page")
            window.hold()
            await window.until(lambda: kept.messages(tmp_path)[-1].ending == "complete", "the end on the disk", 20)
            window.go_on()
            await window.sees("900 tokens ·")
            await window.still()
            picture = window.cells()
            window.resize(60, 20)
            await window.still()
            window.resize(100, 30)
            await window.until(lambda: window.cells() == picture, "what is drawn anew")
            window.type(NEW)
            await window.sees("Ask markdown")
            await window.ask("3000 tokens at 200 tokens/s")
            await window.sees("A long page")
            window.hold()
            await window.until(
                lambda: len(kept.messages(tmp_path)[-1].text) > 2_500, "much of the answer on the disk", 20
            )
            window.signal(signal.SIGTERM)
            assert await window.exit_code(4) == 143
        assert kept.messages(tmp_path)[-1].ending == "stopped"
