"""Copying, by the way that works where the program runs, and what is known of the outcome."""

from collections.abc import Mapping
from typing import Protocol


class Terminal(Protocol):
    """What copying needs of the program."""

    @property
    def clipboard_way(self) -> str:
        """The setting: `auto`, `osc52`, `tmux`, `off`, or a command."""
        ...

    def keep_clipping(self, text: str) -> None:
        """Keep it for pasting within the program."""
        ...

    def send_to_terminal(self, sequence: str) -> None:
        """Write a sequence to the terminal."""
        ...


async def copy(terminal: Terminal, text: str, environment: Mapping[str, str] | None = None) -> str:
    """Copy `text`; a sentence with what is known of the outcome. What it takes is imported at the first copy."""
    from ollama_tui.tui.clipboard.copying import carry

    return await carry(terminal, text, environment)
