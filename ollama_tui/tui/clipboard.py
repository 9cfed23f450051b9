"""Copying, by the way that works where the program runs, and what is known of the outcome."""

import asyncio
import os
import shutil
from typing import Protocol

from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import storable


class _Terminal(Protocol):
    def copy_to_clipboard(self, text: str) -> None: ...


_LOCAL_TOOLS = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--clipboard", "--input")),
)


async def copy(terminal: _Terminal, text: str) -> str:
    """Copy `text`, and say what is known: a tool reports, OSC 52 has no answer."""
    text = storable(text)
    terminal.copy_to_clipboard(text)
    if os.environ.get("TMUX") and await _run(("tmux", "load-buffer", "-w", "-"), text):
        return _("Copied to tmux, and sent to its terminal")
    if not os.environ.get("SSH_CONNECTION"):
        for command in _local_commands():
            if await _run(command, text):
                return _("Copied")
    return _("Sent to the terminal's clipboard")


def _local_commands() -> list[tuple[str, ...]]:
    commands = [command for variable, command in _LOCAL_TOOLS if os.environ.get(variable)]
    return [command for command in (("pbcopy",), *commands) if shutil.which(command[0])]


async def _run(command: tuple[str, ...], text: str) -> bool:
    """Whether `command` took the text within two seconds."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,  # xclip stays behind to serve the selection, holding a pipe open
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return False
    try:
        async with asyncio.timeout(2):
            await process.communicate(text.encode())
    except TimeoutError:
        process.kill()
        return False
    return process.returncode == 0
