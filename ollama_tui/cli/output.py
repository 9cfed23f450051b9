"""What the shell prints: answers on stdout, everything else on stderr; harmless on a terminal, unaltered on a pipe."""

import contextlib
import os
import select
import sys
from collections.abc import Sequence
from typing import TextIO

from ollama_tui.domain.cells import cells, padded
from ollama_tui.domain.failure import Failure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import drawable, one_line, storable


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person reads or types there; a stream is None where the shell closed it."""
    return stream is not None and stream.isatty()


def can_redraw(stream: TextIO | None) -> bool:
    """Whether a line there can be drawn anew: not on a terminal that only prints, as an editor's shell is."""
    return is_terminal(stream) and os.environ.get("TERM", "") not in ("", "dumb", "unknown")


def write(text: str) -> None:
    """Text to stdout, now."""
    put(sys.stdout, text)


def tell(text: str, end: str = "\n") -> None:
    """Words to stderr."""
    put(sys.stderr, text + end)


def redraw(text: str) -> None:
    """`text` instead of the line that stands last on stderr, which is a terminal; nothing clears the line."""
    put(sys.stderr, "\r\x1b[K", own=True)
    put(sys.stderr, one_line(text))


def put(stream: TextIO | None, text: str, *, own: bool = False) -> None:
    """Text to a stream, which is None where the shell closed it; returns when it is taken.

    Bytes, and past Python's buffers: no newline or encoding of the machine's alters it, and nothing is left to be
    flushed at the end. `own`: it is the program's, and may hold escapes.

    Raises:
        OSError: the stream does not take it; BrokenPipeError where nobody reads it any more.
    """
    if stream is None:
        return
    terminal = stream.isatty()
    text = drawable(text) if terminal and not own else storable(text)
    rest = memoryview(text.encode(stream.encoding if terminal else "utf-8", errors="replace"))
    number = stream.fileno()
    while rest:
        try:
            rest = rest[os.write(number, rest) :]
        except BlockingIOError:  # whoever shares the pipe or the terminal made it non-blocking
            select.select([], [number], [])


def complain(failure: Failure, hint: str) -> None:
    """A failure, and what to do about it."""
    tell(_("Error: {text}").format(text=failure.message))
    if hint:
        tell(hint)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns four cells apart, without borders, as Ollama prints them."""
    rows = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(cells(row[column]) for row in (headings, *rows)) for column in range(len(headings))]
    lines = (
        "    ".join(padded(cell, width) for cell, width in zip(row, widths, strict=True)) + "    "
        for row in (headings, *rows)
    )
    return "".join(f"{line}\n" for line in lines)


def let_go() -> None:
    """Write what is buffered; what nobody takes any more is dropped.

    Python would try again at its end, complain, and exit with 120 instead of the code that was meant.
    """
    streams: tuple[TextIO | None, ...] = (sys.stdout, sys.stderr)
    for stream in streams:
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            _drop(stream)


def _drop(stream: TextIO | None) -> None:
    """After a closed pipe or terminal: whatever else is written goes nowhere."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        if stream is not None:
            os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
