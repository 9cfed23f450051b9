"""Keys typed before the program can read them, in a real pty."""

import contextlib
import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Generator
from pathlib import Path

import pytest

PROGRAM = str(Path(__file__).with_name("slow_app.py"))


class Terminal:
    """A pty with a program in it."""

    def __init__(self, *command: str) -> None:
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.modes = termios.tcgetattr(self.slave)
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.process = subprocess.Popen(
            command, stdin=self.slave, stdout=self.slave, stderr=self.slave, env=environment, start_new_session=True
        )
        self.shown = b""

    def type(self, keys: bytes) -> None:
        """Send what a keyboard would."""
        os.write(self.master, keys)

    def read_until(self, wanted: bytes, seconds: float = 15) -> None:
        """Wait until the program has written `wanted`."""
        deadline = time.monotonic() + seconds
        while wanted not in self.shown:
            assert time.monotonic() < deadline, self.shown[-2000:]
            self.read(0.1)

    def read(self, seconds: float) -> None:
        """Take what the program writes within `seconds`."""
        if select.select([self.master], [], [], seconds)[0]:
            with contextlib.suppress(OSError):
                self.shown += os.read(self.master, 65536)

    def wait(self, seconds: float = 15) -> int:
        """The program's exit status."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < deadline, self.shown[-2000:]
            self.read(0.05)
        return self.process.returncode

    def close(self) -> None:
        """End what still runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)


@contextlib.contextmanager
def terminal(*command: str) -> Generator[Terminal]:
    """A terminal that is closed at the end."""
    opened = Terminal(sys.executable, *command)
    try:
        yield opened
    finally:
        opened.close()


def sent(path: Path) -> list[str]:
    """The texts that the program's prompt sent."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.mark.parametrize("delays", [("0", "0", "0"), ("0.4", "0.3", "0.3")])
def test_everything_typed_from_the_first_moment_arrives_in_order(tmp_path: Path, delays: tuple[str, str, str]):
    with terminal(PROGRAM, str(tmp_path / "sent"), *delays) as screen:
        screen.type("one é 中\rtw".encode())
        screen.read_until(b"started")
        screen.type(b"o\rthre")
        screen.read_until(b"held")
        screen.type(b"e\nlines\x1b\rlong\rfourx\x7f\r")
        screen.type(b"\x1b[200~pasted\r\x1b[31mred\x1b[0m\x1b[201~\r")
        screen.read_until(b"\x1b[?1049h")
        screen.type(b"by\xff\x7fe\r")
        assert screen.wait() == 0
        assert sent(tmp_path / "sent") == ["one é 中", "two", "three\nlines\nlong", "four", "pasted\nred", "bye"]
        assert termios.tcgetattr(screen.slave)[:4] == screen.modes[:4], "the terminal is as it was"


def test_the_terminal_is_given_back_when_no_screen_opens():
    program = "from ollama_tui.tui.typeahead import hold_keys; held = hold_keys(); print(held.typed); held.release()"
    with terminal("-c", program) as screen:
        screen.type(b"ab\r")
        screen.read_until(b"b'ab\\r'")
        assert screen.wait() == 0
        assert termios.tcgetattr(screen.slave) == screen.modes
