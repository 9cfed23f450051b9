"""The command in a process of its own, as a person or a script runs it."""

import fcntl
import os
import pty
import select
import sqlite3
import struct
import subprocess
import sys
import termios
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Said:
    """What a command printed, and how it ended."""

    out: bytes
    err: str
    code: int


@dataclass(frozen=True)
class Shown:
    """The bytes that a command sent to a terminal, and how it ended."""

    sent: bytes
    code: int


class Shell:
    """Runs `ollama-tui` in an empty home."""

    def __init__(self, home: Path, url: str) -> None:
        self.home = home
        self.data = home / "data"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "OLLAMA_HOST": url,
            "OLLAMA_TUI_DATA_DIR": str(self.data),
            "LC_ALL": "C.UTF-8",
            "TERM": "xterm-256color",
        }

    def command(self, *words: str | bytes) -> list[str | bytes]:
        return [sys.executable, "-m", "ollama_tui", *words]

    def __call__(self, *words: str | bytes, stdin: bytes = b"") -> Said:
        done = subprocess.run(
            self.command(*words), input=stdin, capture_output=True, env=self.environment, timeout=30, check=False
        )
        return Said(done.stdout, done.stderr.decode(), done.returncode)

    def begin(self, *words: str) -> subprocess.Popen[bytes]:
        """Run it beside the test."""
        pipe = subprocess.PIPE
        return subprocess.Popen(
            self.command(*words), stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, env=self.environment
        )

    def on_a_terminal(self, *words: str | bytes, columns: int = 100) -> Shown:
        """Run it where a person sits: all three streams are one terminal. Output is taken as it comes."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
        try:
            running = subprocess.Popen(
                self.command(*words), stdin=theirs, stdout=theirs, stderr=theirs, env=self.environment
            )
        finally:
            os.close(theirs)
        printed = b""
        try:
            while True:
                if not select.select([ours], [], [], 30)[0]:
                    running.kill()
                    raise AssertionError(f"it stands still after {printed!r}")
                try:
                    printed += os.read(ours, 1 << 16)
                except OSError:  # the last writer has closed it
                    break
            return Shown(printed, running.wait(30))
        finally:
            os.close(ours)

    def through(self, line: str) -> Said:
        """Run a line of `sh`, in which `$T` is the command."""
        environment = {**self.environment, "T": f"{sys.executable} -m ollama_tui"}
        done = subprocess.run(["sh", "-c", line], capture_output=True, env=environment, timeout=30, check=False)
        return Said(done.stdout, done.stderr.decode(), done.returncode)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        with closing(sqlite3.connect(self.data / "history.db")) as database:
            return list(database.execute(query))

    def endings(self) -> list[str]:
        """How the kept answers ended."""
        return [row[0] for row in self.rows("SELECT ending FROM message WHERE role = 'assistant'")]
