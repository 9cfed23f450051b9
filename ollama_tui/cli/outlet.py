"""What is printed while something else goes on: a reader who stands still holds nothing up."""

import asyncio
import sys
import threading
from queue import SimpleQueue

from ollama_tui.cli.output import put, redraw

_LOOK = 1 / 50
"""Seconds between two looks at whether all was taken."""


class Outlet:
    """Prints in order, from a thread of its own.

    A pager, a paused terminal or a full pipe takes nothing for minutes. Meanwhile the answer must be read and saved,
    and Ctrl-C must work; so the thread waits, and is left behind at the end of the process.
    """

    def __init__(self) -> None:
        self._pieces: SimpleQueue[tuple[str, str]] = SimpleQueue()
        self._put = 0
        self._taken = 0
        self._failure: OSError | None = None
        threading.Thread(target=self._run, name="outlet", daemon=True).start()

    def write(self, text: str) -> None:
        """A piece of the answer to stdout."""
        self._add("stdout", text)

    def tell(self, text: str) -> None:
        """Words to stderr, as they are."""
        self._add("stderr", text)

    def redraw(self, text: str) -> None:
        """`text` instead of the line that stands last on stderr, which is a terminal."""
        self._add("line", text)

    def check(self) -> None:
        """Raise what the streams raised: BrokenPipeError where nobody reads any more, another OSError elsewhere."""
        if self._failure is not None:
            raise self._failure

    async def drain(self) -> None:
        """Return when all was taken; raises as `check` does."""
        while self._taken < self._put:
            self.check()
            await asyncio.sleep(_LOOK)
        self.check()

    def _add(self, where: str, text: str) -> None:
        self._put += 1
        self._pieces.put((where, text))

    def _run(self) -> None:
        while self._failure is None:
            where, text = self._pieces.get()
            try:
                if where == "line":
                    redraw(text)
                else:
                    put(sys.stdout if where == "stdout" else sys.stderr, text)
            except OSError as failure:
                self._failure = failure
            self._taken += 1
