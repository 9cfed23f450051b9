"""A program in a real terminal of a given size: type into it, watch its bytes, and account for its CPU and memory."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType


class Terminal:
    """One program in a pseudo-terminal. What it prints is kept in `output`."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], *, columns: int = 120, rows: int = 40
    ) -> None:
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvpe(command[0], list(command), dict(environment))
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.output = b""
        self._ended = False

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._ended:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._fd)

    @property
    def elapsed(self) -> float:
        """Seconds since it was started."""
        return time.perf_counter() - self.started

    def type(self, text: str | bytes) -> None:
        """Send keys."""
        os.write(self._fd, text.encode() if isinstance(text, str) else text)

    def read(self, seconds: float) -> bytes:
        """What it prints within `seconds`; returns at the first bytes."""
        ready, _write, _error = select.select([self._fd], [], [], seconds)
        if not ready:
            return b""
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:
            data = b""
        self.output += data
        return data

    def wait_for(self, pattern: str, *, since: int = 0, timeout: float = 30) -> float:
        """Seconds since the start until `pattern` is in what was printed after the first `since` bytes."""
        wanted = re.compile(pattern.encode(), re.DOTALL)
        limit = time.perf_counter() + timeout
        while not wanted.search(self.output, since):
            if time.perf_counter() > limit:
                raise TimeoutError(f"{pattern!r} did not appear; last: {self.output[-800:]!r}")
            self.read(0.05)
        return self.elapsed

    def drain(self, seconds: float) -> None:
        """Read for so long."""
        limit = time.perf_counter() + seconds
        while (left := limit - time.perf_counter()) > 0:
            self.read(left)

    def cpu(self) -> float:
        """Seconds of CPU it used, user and system, of all its threads."""
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """Resident bytes."""
        with open(f"/proc/{self.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def kill(self, number: int = signal.SIGKILL) -> int:
        """Send a signal and wait for the end; the exit status."""
        os.kill(self.pid, number)
        return self.wait()

    def wait(self, timeout: float = 10) -> int:
        """Wait for its end, reading; the exit status as `os.waitpid` gives it."""
        limit = time.perf_counter() + timeout
        while time.perf_counter() < limit:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._ended = True
                return status
            self.read(0.02)
        raise TimeoutError("it does not end")


def environment(home: str, **more: str) -> dict[str, str]:
    """A plain environment: an empty home, a terminal with all colours."""
    return {
        "HOME": home,
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LC_ALL": "C.UTF-8",
        **more,
    }
