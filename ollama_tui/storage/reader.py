"""A connection that only reads, on a thread of its own: what it takes long over holds up nothing that is written."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

_STEPS = 2_000
"""Steps of SQLite's machine, less than a millisecond, after which it looks whether anybody still waits."""


class GivenUp(Exception):
    """Nobody waits for it any more, or the file is being closed."""


class Reader:
    """Reads one file, a transaction at a time. Whoever stops waiting ends what is read for him, within a millisecond.

    The connection is opened when it is first needed. Errors are SQLite's own; after one it is opened anew.
    """

    def __init__(self, path: Path, busy_timeout: float) -> None:
        self._path = path
        self._busy_timeout = busy_timeout
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")
        self._connection: sqlite3.Connection | None = None
        self._stale = False
        self._closing = False

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` returns, all of it seeing one state of the file."""
        given_up = threading.Event()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._read, work, given_up)
        except asyncio.CancelledError:
            given_up.set()
            raise

    def forget(self) -> None:
        """There is another file in the place of the one that was opened. From any thread."""
        self._stale = True

    async def close(self) -> None:
        """Close the connection, and end what is read."""
        self._closing = True
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown(wait=False)

    def _read(self, work: Callable[[sqlite3.Connection], T], given_up: threading.Event) -> T:
        def over() -> bool:
            return self._closing or given_up.is_set()

        if over():
            raise GivenUp
        if self._stale:
            self._close()
        connection = self._connection = self._connection or self._open()
        connection.set_progress_handler(over, _STEPS)
        try:
            connection.execute("BEGIN")
            return work(connection)
        except sqlite3.Error as error:
            if over():
                raise GivenUp from error
            self._stale = True
            raise
        finally:
            connection.set_progress_handler(None, 0)
            if connection.in_transaction:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=self._busy_timeout, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        return connection

    def _close(self) -> None:
        connection, self._connection, self._stale = self._connection, None, False
        if connection is not None:
            connection.close()
