"""The slash commands: what a line that begins with `/` asks for. Nothing is done here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it was understood: all it needs is there and checked."""

    name: str
    arguments: tuple[str, ...] = ()
