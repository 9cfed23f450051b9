"""The opened database: one file, one connection, one thread that owns it."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

from ollama_tui.domain.event import Notice
from ollama_tui.domain.failure import LocalFailure
from ollama_tui.storage import search
from ollama_tui.storage.fault import folder_failure, is_damage, is_search_damage, local_failure
from ollama_tui.storage.file import Damage, check_header, connect, log_of, prepare, probe
from ollama_tui.storage.migration import Migrations, check_version, copies_of, migrate, version_of
from ollama_tui.storage.reader import GivenUp, Reader
from ollama_tui.storage.salvage import TABLES, mend, set_aside_files, take_mended

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


class Database:
    """A database in a file, or in memory. Whoever opens one closes it.

    Every failure that is not a mistake of the program is a `LocalFailure`: `disk-full`, `disk-failed`,
    `database-locked`, `database-readonly`, `database-newer`, `database-foreign`, `database-not-mended`, `data-dir`,
    or `database-closed` for what is asked for after that. After any of them the database is as it was before, and can
    be tried again.
    """

    def __init__(self, path: Path | None, busy_timeout: float, migrations: Migrations) -> None:
        """Use `open`."""
        self.path = path
        self.opened_with: tuple[Notice, ...] = ()
        """What the person should know of how it was opened: that it was damaged, and how much was saved."""
        self.unclean = False
        """Whether it was in use when it was opened: by a program that was killed, or by one that still runs."""
        self._busy_timeout = busy_timeout
        self._migrations = migrations
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        self._connection: sqlite3.Connection
        self._aside = Reader(path, busy_timeout) if path is not None else None
        self._known = migrations.newest
        self._seen_version = 0
        self._closed = False

    @classmethod
    async def open(
        cls, path: Path | None, *, busy_timeout: float = 5.0, migrations: Migrations | None = None
    ) -> "Database":
        """Open the database at `path`, made and brought up to date where necessary; None keeps it in memory.

        A damaged file is set aside, and what can be read of it is saved: see `opened_with`.
        """
        database = cls(path, busy_timeout, migrations or Migrations())
        try:
            await database._call(database._open)
        except BaseException:
            database._thread.shutdown(wait=False)
            raise
        return database

    async def run(self, work: Work[T]) -> T:
        """What `work` returns, all of it in one transaction that may write."""
        return await self._call(lambda: self._transact("BEGIN IMMEDIATE", work))

    async def read(self, work: Work[T]) -> T:
        """What `work` returns, all of it seeing one state of the database; it must not write."""
        return await self._call(lambda: self._transact("BEGIN", work))

    async def read_aside(self, work: Work[T]) -> T:
        """As `read`, for what may take long: beside all writing, and ended when nobody waits for it any more."""
        if self._aside is None:
            return await self.read(work)

        def checked(connection: sqlite3.Connection) -> T:
            check_version(version_of(connection), self._known, self.path)
            return work(connection)

        try:
            return await self._aside.read(checked)
        except GivenUp:
            raise asyncio.CancelledError from None  # at the end of the program
        except sqlite3.DatabaseError:
            return await self.read(work)  # which mends what is damaged, or tells what is wrong

    async def changed_elsewhere(self) -> bool:
        """Whether another connection has written since this was asked last."""
        return await self._call(self._changed_elsewhere)

    async def check(self) -> bool:
        """Whether the whole file is sound; if it is not, mend it (see `opened_with`).

        Reads all of it, on a connection of its own: others go on meanwhile. For after an unclean end.
        """
        if self.path is None or await asyncio.to_thread(_is_sound, self.path):
            return True
        await self._call(self._mend)
        return False

    async def erase(self) -> None:
        """Remove all that was ever kept, here and in the copies beside the file; what stays is an empty database.

        Other instances that have it open go on with the empty one.
        """
        await self._call(self._erase)

    async def remove_copies(self, before: int) -> None:
        """Remove the copies that migrations left before this time, in milliseconds since 1970."""

        def remove(path: Path) -> None:
            for copy in copies_of(path):
                with suppress(OSError):
                    if copy.stat().st_mtime * 1000 < before:
                        copy.unlink()

        if self.path is not None:
            await asyncio.to_thread(remove, self.path)

    async def close(self) -> None:
        """Close the file, after all that was asked for before. A second time does nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            if self._aside is not None:
                await self._aside.close()  # before the last connection, which ends the log
            await asyncio.get_running_loop().run_in_executor(self._thread, lambda: self._connection.close())
        finally:
            self._thread.shutdown(wait=False)

    async def _call(self, function: Callable[[], T]) -> T:
        if self._closed:
            raise LocalFailure(what="database-closed")
        return await asyncio.get_running_loop().run_in_executor(self._thread, function)

    def _open(self) -> None:
        try:
            if self.path is None:
                self._connection = connect(None, self._busy_timeout)
                migrate(self._connection, None, self._migrations)
            else:
                self._open_file(self.path)
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def _open_file(self, path: Path) -> None:
        try:
            take_mended(path)
            prepare(path)
            self.unclean = log_of(path).exists()
            check_header(path, self._known)
        except OSError as error:
            raise folder_failure(error, path) from error
        except Damage:
            self._mend()
            return
        try:
            self._connect(path)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            self._mend()

    def _connect(self, path: Path) -> None:
        connection = connect(path, self._busy_timeout)
        try:
            if not migrate(connection, path, self._migrations):
                probe(connection)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        self._seen_version = _data_version(connection)

    def _mend(self) -> None:
        if self.path is None:
            return
        with suppress(AttributeError, sqlite3.Error):
            self._connection.close()
        if self._aside is not None:
            self._aside.forget()
        try:
            salvage = mend(self.path, self._migrations)
        except OSError as error:
            raise LocalFailure(what="database-not-mended", path=str(self.path), detail=str(error)) from error
        self.opened_with = (*self.opened_with, salvage.notice())
        self._connect(self.path)

    def _transact(self, begin: str, work: Work[T], *, again: bool = True) -> T:
        try:
            return self._attempt(begin, work)
        except sqlite3.DatabaseError as error:
            if again and self._repair(error):
                return self._transact(begin, work, again=False)
            raise self._failure(error) from error

    def _attempt(self, begin: str, work: Work[T]) -> T:
        connection = self._connection
        try:
            connection.execute(begin)
            check_version(version_of(connection), self._known, self.path)
            result = work(connection)
            connection.execute("COMMIT")
            return result
        finally:
            # A full disk may have rolled it back already; then there is nothing left to do.
            if connection.in_transaction:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")

    def _repair(self, error: sqlite3.Error) -> bool:
        """Mend what `error` tells of; whether it is worth another attempt."""
        try:
            if is_search_damage(error):
                self._attempt("BEGIN IMMEDIATE", search.make_anew)
                return True
            if is_damage(error) and self.path is not None:
                self._mend()
                return True
        except sqlite3.Error as failed:
            raise self._failure(failed) from error
        return False

    def _failure(self, error: sqlite3.Error) -> Exception:
        return local_failure(error, self.path) or error

    def _changed_elsewhere(self) -> bool:
        before, self._seen_version = self._seen_version, _data_version(self._connection)
        return before != self._seen_version

    def _erase(self) -> None:
        if self.path is not None:
            for file in (*set_aside_files(self.path), *copies_of(self.path)):
                with suppress(OSError):
                    file.unlink()
        self._transact("BEGIN IMMEDIATE", _empty)
        try:
            # Rows are overwritten as they are deleted; this gives back their pages, and ends the log that has them.
            self._connection.execute("VACUUM")
            busy: int = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.Error as error:
            raise self._failure(error) from error
        if busy:
            raise LocalFailure(what="database-locked", path=str(self.path or ""))


def _empty(connection: sqlite3.Connection) -> None:
    for table in reversed(TABLES):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608
    search.make_anew(connection)


def _data_version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return version


def _is_sound(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=5.0)) as connection:
            return connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
    except sqlite3.DatabaseError as error:
        return not is_damage(error)  # locked, or a disk that fails: nothing is known of the file
