"""What the shell prints: answers on stdout, everything else on stderr; harmless on a terminal, unaltered on a pipe."""

import os
import sys
from collections.abc import Sequence
from typing import TextIO

from ollama_tui.domain.failure import Failure
from ollama_tui.domain.text import drawable, one_line, storable


def write(text: str) -> None:
    """A piece of an answer to stdout, now."""
    _write(sys.stdout, text)


def tell(text: str, end: str = "\n") -> None:
    """Words to stderr."""
    _write(sys.stderr, text + end)


def _write(stream: TextIO, text: str) -> None:
    """Text to a stream; bytes where it has them, so that no newline or encoding of the machine's alters it."""
    text = drawable(text) if stream.isatty() else storable(text)
    if (raw := getattr(stream, "buffer", None)) is not None:
        encoding = (stream.encoding or "utf-8") if stream.isatty() else "utf-8"
        raw.write(text.encode(encoding, errors="replace"))
    else:
        stream.write(text)
    stream.flush()


def complain(failure: Failure) -> None:
    """A failure, as Ollama's own command words it, and the hint."""
    tell(f"Error: {failure.message}")
    if failure.hint:
        tell(failure.hint)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns four cells apart, without borders, as Ollama prints them."""
    rows = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in (headings, *rows)) for column in range(len(headings))]
    lines = (
        "    ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + "    "
        for row in (headings, *rows)
    )
    return "".join(f"{line}\n" for line in lines)


def let_go() -> None:
    """Write what is buffered; what nobody takes any more is dropped.

    Python would try again at its end, complain, and exit with 120 instead of the code that was meant.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            drop(stream)


def drop(stream: TextIO) -> None:
    """After a closed pipe or terminal: whatever else is written goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
