"""The system's own tools that take a text for the clipboard: which of them are here, and what became of a run."""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import one_line

PATIENCE = 2.0
"""Seconds that a tool has."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A command that reads the text from its standard input."""

    command: tuple[str, ...]
    encoding: str = "utf-8"
    more: Mapping[str, str] = field(default_factory=dict[str, str])
    """What its environment needs beside the program's own."""

    @property
    def name(self) -> str:
        """As a person calls it."""
        return Path(self.command[0]).name


class ToolFailed(Exception):
    """A tool did not take the text; `str()` says why, in a few words."""


def tools_here(environment: Mapping[str, str]) -> list[Tool]:
    """The tools that can reach the clipboard of the desktop that the program runs on, the surest first."""
    return [tool for tool in _candidates(environment) if shutil.which(tool.command[0], path=environment.get("PATH"))]


def _candidates(environment: Mapping[str, str]) -> Iterable[Tool]:
    if environment.get("TERMUX_VERSION"):
        yield Tool(("termux-clipboard-set",))
    if environment.get("WSL_DISTRO_NAME") or environment.get("WSL_INTEROP") or sys.platform == "win32":
        yield Tool(("clip.exe",), encoding="utf-16-le")  # it takes UTF-8 for the console's code page
    yield Tool(("pbcopy",), more={"LC_CTYPE": "UTF-8"})  # else it takes UTF-8 for Mac Roman where no locale is set
    if environment.get("WAYLAND_DISPLAY"):
        yield Tool(("wl-copy",))
    if environment.get("DISPLAY"):
        yield Tool(("xclip", "-selection", "clipboard"))
        yield Tool(("xsel", "--clipboard", "--input"))


async def run(tool: Tool, text: str) -> None:
    """Give `text` to a tool.

    Raises:
        ToolFailed: it cannot be started, says no, or does not end in time.
    """
    # A file takes what it complains of: wl-copy and xclip stay behind to serve the text, holding a pipe open.
    with tempfile.TemporaryFile() as said:
        try:
            process = await asyncio.create_subprocess_exec(
                *tool.command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=said,
                env={**os.environ, **tool.more},
                start_new_session=True,  # else xclip ends with the window, and the clipboard is empty
            )
        except OSError as error:
            raise ToolFailed(error.strerror or str(error)) from None
        try:
            async with asyncio.timeout(PATIENCE):
                await process.communicate(text.encode(tool.encoding))
        except TimeoutError:
            process.kill()
            await process.wait()
            raise ToolFailed(_("it did not end within {seconds:.0f} s").format(seconds=PATIENCE)) from None
        if process.returncode:
            said.seek(0)
            lines = said.read(4000).decode(errors="replace").strip().splitlines()
            why = one_line(lines[0]) if lines else _("it ended with code {code}").format(code=process.returncode)
            raise ToolFailed(why)


async def answer(command: Sequence[str]) -> str:
    """What a command prints, without white space around it; empty if it fails or takes longer than a second."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return ""
    try:
        async with asyncio.timeout(1):
            printed, _nothing = await process.communicate()
    except TimeoutError:
        process.kill()
        return ""
    return printed.decode(errors="replace").strip() if process.returncode == 0 else ""
