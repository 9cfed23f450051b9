"""What the driver's output thread writes to: the terminal, which may be slow, stand still, or be gone."""

import os
import select
from contextlib import suppress


class TerminalOutput:
    """A terminal as a file to write to. One that is gone takes all and shows nothing.

    The thread must not end at an error: the app would wait for ever at a queue that nobody empties (8.2.8,
    _writer_thread.py). And it must hold no lock of Python's while it waits for the terminal: the interpreter's end
    would wait for that.
    """

    def __init__(self, fileno: int) -> None:
        self._fileno = fileno
        self._text: list[str] = []

    def fileno(self) -> int:
        """The terminal's file descriptor."""
        return self._fileno

    def write(self, text: str) -> None:
        """Keep `text` until the next flush."""
        self._text.append(text)

    def flush(self) -> None:
        """Print what was written, however long the terminal takes."""
        left = memoryview("".join(self._text).encode("utf-8", "replace"))
        self._text.clear()
        with suppress(OSError):
            while left:
                try:
                    left = left[os.write(self._fileno, left) :]
                except BlockingIOError:  # another program that has the terminal made it so
                    select.select([], [self._fileno], [])


def is_gone(fileno: int) -> bool:
    """Whether the terminal at `fileno` was closed."""
    return not os.isatty(fileno)
