"""A terminal window with the program in it: keys go in, an emulator reads the picture, the bytes are kept."""

import asyncio
import codecs
import contextlib
import fcntl
import os
import re
import struct
import sys
import termios
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte

from benchmarks.terminal import Terminal, environment

ROOT = Path(__file__).parent.parent.parent
ENTER, ESCAPE, STOP, LEAVE, LAST, NEW = "\r", "\x1b", "\x03", "\x11", "\x0c", "\x0e"
PALETTE, MODELS, LIST, HELP = "\x10", "\x1bm", "\x0f", "\x1bOP"
SCREEN_TAKEN, SCREEN_LEFT = b"\x1b[?1049h", b"\x1b[?1049l"

_ESCAPES = re.compile(
    r"\x1b\[(?P<mark>[<=>?]?)(?P<numbers>[0-9;:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b[^\[\]P_^X]"
)
_UNFINISHED = re.compile(r"\x1b(?:\[[0-9;:<=>?]*[ -/]*|[\]P_^X][^\x07\x1b]*\x1b?)?$")


class Window(Terminal):
    """One program in a pseudo-terminal, read all the while by the running event loop."""

    columns: int
    rows: int

    def watch(self, columns: int, rows: int) -> None:
        """Begin to read."""
        self.columns, self.rows = columns, rows
        self._picture = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._picture)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._seen = 0
        self._rest = ""
        self.closed = False
        asyncio.get_running_loop().add_reader(self._fd, self._take)

    def _take(self) -> None:
        with contextlib.suppress(BlockingIOError):
            if not self.read(0):
                asyncio.get_running_loop().remove_reader(self._fd)

    def hold(self) -> None:
        """Read nothing for a while, as a connection does that hangs."""
        asyncio.get_running_loop().remove_reader(self._fd)

    def go_on(self) -> None:
        """Read again."""
        asyncio.get_running_loop().add_reader(self._fd, self._take)

    def close(self) -> None:
        """Close the window under the program, as a terminal emulator that is closed does."""
        asyncio.get_running_loop().remove_reader(self._fd)
        os.close(self._fd)
        self.closed = True

    def silence(self) -> None:
        """Let the terminal not show what is typed when no program has it."""
        attributes = termios.tcgetattr(self._fd)
        attributes[3] &= ~termios.ECHO
        termios.tcsetattr(self._fd, termios.TCSANOW, attributes)

    def leave(self) -> None:
        """End the program if it still runs, and what belongs to it."""
        if not self.closed:
            asyncio.get_running_loop().remove_reader(self._fd)
            self.__exit__(None, None, None)
        elif not self._ended:
            self.kill()

    def resize(self, columns: int, rows: int) -> None:
        """Another size, as when a person drags the window's corner."""
        self._feed()
        self.columns, self.rows = columns, rows
        self._picture.resize(rows, columns)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    # What is seen

    def _feed(self) -> None:
        """Let the emulator read what is new, without the sequences that it does not know and would print."""
        text = self._rest + self._decode(self.output[self._seen :])
        self._seen = len(self.output)
        cut = _UNFINISHED.search(text)
        self._rest = text[cut.start() :] if cut else ""
        self._stream.feed(_ESCAPES.sub(_understood, text[: cut.start()] if cut else text))

    @property
    def lines(self) -> list[str]:
        """The picture, line by line."""
        self._feed()
        buffer = self._picture.buffer
        cells = ((buffer[row][column].data for column in range(self.columns)) for row in range(self.rows))
        return ["".join(line).rstrip() for line in cells]

    @property
    def text(self) -> str:
        """The picture as one line of words, wherever its lines are broken."""
        return " ".join(" ".join(self.lines).split())

    @property
    def cursor(self) -> pyte.screens.Cursor:
        """Where the terminal's own cursor is."""
        self._feed()
        return self._picture.cursor

    def cells(self) -> list[list[tuple[object, ...]]]:
        """Every cell with its colours."""
        self._feed()
        buffer = self._picture.buffer
        return [[tuple(buffer[row][column]) for column in range(self.columns)] for row in range(self.rows)]

    def left_behind(self) -> str:
        """What stands on the terminal after the program has left the screen."""
        return self.output.rpartition(SCREEN_LEFT)[2].decode(errors="replace")

    async def sees(self, *words: str, seconds: float = 15.0) -> None:
        """Wait until all of `words` are on the screen."""
        await self.until(lambda: all(word in self.text for word in words), f"{words} on the screen", seconds)

    async def until(self, condition: Callable[[], object], what: str = "it", seconds: float = 15.0) -> None:
        """Wait until `condition` holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"waited for {what}; the screen:\n" + "\n".join(self.lines)
            await asyncio.sleep(0.03)

    async def still(self, seconds: float = 0.4, limit: float = 10.0) -> None:
        """Wait until nothing has been printed for so long."""
        size, since, end = len(self.output), time.monotonic(), time.monotonic() + limit
        while time.monotonic() - since < seconds and time.monotonic() < end:
            await asyncio.sleep(0.03)
            if len(self.output) != size:
                size, since = len(self.output), time.monotonic()

    # What is done

    def paste(self, text: str) -> None:
        """Paste, as a terminal with bracketed paste does."""
        self.type(f"\x1b[200~{text}\x1b[201~")

    async def ask(self, question: str) -> None:
        """Type a question and send it."""
        self.type(question)
        await asyncio.sleep(0.05)
        self.type(ENTER)

    async def exit_code(self, seconds: float = 10.0) -> int:
        """Wait for its end; negative for a signal that killed it."""
        deadline = time.monotonic() + seconds
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)  # noqa: ASYNC222 - WNOHANG does not wait
            if pid:
                self._ended = True
                if not self.closed:
                    await asyncio.sleep(0.05)  # what it printed last
                return os.waitstatus_to_exitcode(status)
            assert time.monotonic() < deadline, "it does not end; the screen:\n" + "\n".join(self.lines)
            await asyncio.sleep(0.02)

    def runs(self) -> bool:
        """Whether it has not ended. Its exit code can still be asked for."""
        return not self._ended and os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def signal(self, number: int) -> None:
        """Send a signal."""
        os.kill(self.pid, number)


def _understood(found: re.Match[str]) -> str:
    """A sequence that pyte takes for what it is, or nothing."""
    if found["final"] is None:
        return found[0] if found[0][:2] not in ("\x1b]", "\x1bP", "\x1b_", "\x1b^", "\x1bX") else ""
    if found["mark"] in ("", "?") and not found["between"] and found["final"] not in "tupqc":
        return found[0]
    return ""


def command(*arguments: str | Path) -> Sequence[str]:
    """The program with `arguments`."""
    return [sys.executable, "-m", "ollama_tui", *map(str, arguments)]


@contextmanager
def a_window(
    home: Path, *arguments: str | Path, columns: int = 100, rows: int = 30, program: Sequence[str] = (), **more: str
) -> Generator[Window]:
    """The program in a window of its own. `more` goes into its environment, which is otherwise a plain one."""
    surroundings = environment(str(home), PYTHONPATH=str(ROOT), **more)
    window = Window(program or command(*arguments), surroundings, columns=columns, rows=rows)
    window.watch(columns, rows)
    try:
        yield window
    finally:
        window.leave()
