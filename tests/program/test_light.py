"""What a chat does without: each of these is megabytes, which nobody notices coming back one by one."""

import asyncio
import sys
from pathlib import Path

from tests.program.serving import serving
from tests.program.window import LEAVE, a_window

_PROGRAM = """
import atexit, os, pathlib, ssl, sys
found = []
make = ssl.SSLContext.__new__
ssl.SSLContext.__new__ = lambda *arguments, **more: found.append("an SSL context") or make(*arguments, **more)
atexit.register(lambda: pathlib.Path(os.environ["FOUND"]).write_text("\\n".join([*sys.modules, *found])))
from ollama_tui.cli import main
main()
"""

WITHOUT = ("pydantic", "pydantic_core", "ollama", "PIL", "jsonschema", "an SSL context")


async def test_a_chat_with_a_server_next_door(tmp_path: Path) -> None:
    found = tmp_path / "found"
    (tmp_path / "config.toml").write_text("bell_after = 5\n[options]\nnum_ctx = 4096\n")
    async with serving() as server:
        command = [sys.executable, "-c", _PROGRAM, "--host", server.url, "--data-dir", str(tmp_path)]
        with a_window(tmp_path, program=[*command, "--model", "markdown"], FOUND=str(found)) as window:
            await window.sees("Ask markdown")
            await window.ask("100 tokens")
            await window.sees("tok/s")
            await asyncio.sleep(0.5)  # what an answer's end sets off
            window.type(LEAVE)
            assert await window.exit_code() == 0
    there = found.read_text().splitlines()
    assert "ollama_tui.client.wire" in there
    assert [name for name in WITHOUT if name in there] == []
