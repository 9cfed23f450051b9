"""Leases: which running program writes which answer, so that no other calls a living answer dead."""

import os
import platform
import sqlite3
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LIFETIME = 15_000
"""How long a program that cannot be looked for is taken for alive after its last sign, in milliseconds."""

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """A process in a way that a recycled pid, another boot, container or machine cannot be taken for it."""

    pid: int
    started: str
    """Clock ticks after boot, as Linux tells it; empty where the system does not."""
    place: str
    """Machine, boot and process namespace."""

    def is_gone(self, here: str) -> bool | None:
        """Whether it has ended, as seen from the place `here`; None if that cannot be seen from there."""
        if self.place != here:
            return None
        if self.started:
            return started_at(self.pid) != self.started
        if os.name != "posix":  # on Windows signal 0 is Ctrl-C, and would end it
            return None
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except OSError:
            return None
        return None  # it lives, or another one has its number


def this_process() -> Process:
    """The process that asks."""
    return Process(os.getpid(), started_at(os.getpid()), this_place())


def started_at(pid: int) -> str:
    """When process `pid` started; empty if there is none, if it is a zombie, or if the system does not tell."""
    try:
        status = (_PROC / str(pid) / "stat").read_bytes()
    except OSError:
        return ""
    # The name is in parentheses and may hold anything; after it the state is the 3rd field and the start the 22nd.
    fields = status.rpartition(b")")[2].split()
    return "" if len(fields) < 20 or fields[0] in (b"Z", b"X") else fields[19].decode("ascii", "replace")


@cache
def this_place() -> str:
    """Where pids mean what they mean here: differs between machines, boots and containers."""

    def read(path: str) -> str:
        try:
            return Path(path).read_text(encoding="ascii", errors="replace").strip()
        except OSError:
            return ""

    try:
        namespace = os.readlink(_PROC / "self/ns/pid")
    except OSError:
        namespace = ""
    return "|".join((platform.node(), read("/etc/machine-id"), read("/proc/sys/kernel/random/boot_id"), namespace))


def take(connection: sqlite3.Connection, message_id: str, instance_id: str, now: int) -> None:
    """Let the instance, which is this process, hold the answer."""
    process = this_process()
    connection.execute(
        "INSERT INTO instance (id, pid, started, place, expires_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET pid = excluded.pid, started = excluded.started, place = excluded.place,"
        " expires_at = excluded.expires_at",
        (instance_id, process.pid, process.started, process.place, now + LIFETIME),
    )
    connection.execute(
        "INSERT INTO lease (message_id, instance_id) VALUES (?, ?)"
        " ON CONFLICT (message_id) DO UPDATE SET instance_id = excluded.instance_id",
        (message_id, instance_id),
    )


def renew(connection: sqlite3.Connection, instance_id: str, now: int) -> None:
    """A sign of life, for all that the instance holds."""
    connection.execute("UPDATE instance SET expires_at = ? WHERE id = ?", (now + LIFETIME, instance_id))


def give_up(connection: sqlite3.Connection, message_id: str) -> None:
    """Nobody writes this answer any more."""
    connection.execute("DELETE FROM lease WHERE message_id = ?", (message_id,))


def forget_dead(connection: sqlite3.Connection, own_id: str, now: int) -> None:
    """Remove every instance that is dead, and its leases; an answer without a lease is an orphan."""
    here = this_place()
    rows = connection.execute(
        "SELECT id, pid, started, place, expires_at FROM instance WHERE id <> ?", (own_id,)
    ).fetchall()
    for instance_id, pid, started, place, expires_at in rows:
        gone = Process(pid, started, place).is_gone(here)
        if gone or (gone is None and expires_at < now):
            connection.execute("DELETE FROM lease WHERE instance_id = ?", (instance_id,))
            connection.execute("DELETE FROM instance WHERE id = ?", (instance_id,))
    connection.execute("DELETE FROM lease WHERE instance_id NOT IN (SELECT id FROM instance)")
