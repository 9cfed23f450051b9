"""The keys that are typed before there is a screen: kept, in order, and not printed over the terminal.

Only the standard library is imported here, so that `hold_keys` can be the first thing done once it is known that the
screen will open. Until then the terminal edits lines itself: it echoes, and turns the carriage return of Enter into the
newline of ctrl+J.
"""

import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field

if sys.platform != "win32":
    import fcntl
    import termios


@dataclass(slots=True)
class HeldKeys:
    """A terminal that no longer edits lines, and what had been typed into it before."""

    file: int = -1
    """The terminal's file descriptor; -1 if there is none to hold."""
    before: "list[int | list[bytes | int]] | None" = None
    """The terminal's modes as they were, to be restored at the end."""
    typed: bytes = field(default=b"")
    """Read already; what comes later waits in the terminal."""

    def release(self) -> None:
        """Give the terminal back as it was, for the case that no screen opens."""
        if sys.platform != "win32" and self.before is not None:
            with suppress(termios.error):  # the terminal is gone
                termios.tcsetattr(self.file, termios.TCSANOW, self.before)
            self.before = None


def hold_keys(file: int = 0) -> HeldKeys:
    """Stop the terminal at `file` from echoing and from changing keys, and take what it has.

    Ctrl+C still interrupts. The modes are changed with TCSANOW: TCSAFLUSH would throw the typed keys away.
    """
    if sys.platform == "win32" or not os.isatty(file):
        return HeldKeys()
    try:
        before = termios.tcgetattr(file)
        raw = termios.tcgetattr(file)
    except termios.error:
        return HeldKeys()
    raw[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON | termios.IXOFF)
    raw[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    raw[6][termios.VMIN] = 1
    raw[6][termios.VTIME] = 0
    termios.tcsetattr(file, termios.TCSANOW, raw)
    count = int.from_bytes(fcntl.ioctl(file, termios.FIONREAD, bytes(4)), sys.byteorder)
    typed = os.read(file, count) if count else b""
    if before[0] & termios.ICRNL:
        typed = typed.replace(b"\n", b"\r")  # Enter, as it was before the terminal changed it
    return HeldKeys(file, before, typed.replace(b"\0", b""))  # a NUL is what the terminal made of ctrl+D
