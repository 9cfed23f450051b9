"""A slow answer's end, told by the terminal where nobody looks."""

import asyncio
import re
from pathlib import Path

import pytest

from tests.program.serving import serving
from tests.program.window import NEW, Window, a_window

FOCUS_OUT, FOCUS_IN = "\x1b[O", "\x1b[I"
TOLD = b"\x1b]9;markdown:latest has answered: 90 tokens at 200 tokens/s\x07"


async def answered(window: Window, question: str, then: str = "") -> bytes:
    """What was sent to the terminal while the answer came, and right after it."""
    since = len(window.output)
    await window.ask(question)
    await window.sees("You ", question)
    await asyncio.sleep(0.1)
    window.type(then)  # after the keys: they say that somebody is there
    await window.sees("tok/s")
    await window.still()
    window.type(NEW)
    await window.sees("Ask markdown")
    return re.sub(rb"\x1b\]22;\w+\x07", b"", window.output[since:])  # the pointer's shapes end with a BEL too


@pytest.mark.parametrize(("bell", "told", "silent"), [("notify", TOLD, b"\x1b]9"), ("bell", b"\x07", b"\x07")])
async def test_it_is_told_only_where_nobody_looks(tmp_path: Path, bell: str, told: bytes, silent: bytes) -> None:
    (tmp_path / "config.toml").write_text(f'bell = "{bell}"\nbell_after = 0.3\n')
    async with serving() as server:
        with a_window(tmp_path, "--host", server.url, "--data-dir", tmp_path, "--model", "markdown") as window:
            await window.sees("Ask markdown")
            assert silent not in await answered(window, "90 tokens at 200 tokens/s")
            assert silent not in await answered(window, "9 tokens at 2000 tokens/s", FOCUS_OUT)
            assert told in await answered(window, "90 tokens at 200 tokens/s", FOCUS_OUT)
            assert silent not in await answered(window, "90 tokens at 200 tokens/s", FOCUS_OUT + FOCUS_IN)
