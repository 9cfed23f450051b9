"""The database's versions: `migrations/NNN_name.sql` bring a file from version NNN - 1 to NNN."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ollama_tui.domain.failure import LocalFailure

MIGRATIONS = Path(__file__).parent / "migrations"
APPLICATION_ID = 0x6F6C7475
"""What SQLite's header says of whose file it is: "oltu"."""


@dataclass(frozen=True, slots=True)
class Migrations:
    """A folder of migrations, numbered from 1 without gaps."""

    folder: Path = MIGRATIONS

    def scripts(self) -> tuple[Path, ...]:
        """The scripts in their order."""
        return tuple(sorted(self.folder.glob("[0-9][0-9][0-9]_*.sql")))

    @property
    def newest(self) -> int:
        """The version that this program writes."""
        return len(self.scripts())

    def apply(self, connection: sqlite3.Connection, to: int | None = None) -> None:
        """Bring the database to version `to`, or the newest. The caller has begun a transaction, and ends it."""
        present = version_of(connection)
        for number, script in enumerate(self.scripts()[:to], start=1):
            if number > present:
                for statement in statements(script.read_text(encoding="utf-8")):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number:d}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")


def statements(script: str) -> Iterator[str]:
    """The statements of `script` one by one: `executescript` would end the transaction that it is called in."""
    begun = ""
    for line in script.splitlines(keepends=True):
        begun += line
        if sqlite3.complete_statement(begun):
            yield begun
            begun = ""
    if begun.strip():
        yield begun


def version_of(connection: sqlite3.Connection) -> int:
    """The version of the opened database; 0 for one without tables."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def migrate(connection: sqlite3.Connection, path: Path | None, migrations: Migrations) -> bool:
    """Bring an opened database to the newest version, in one transaction; whether there was anything to do.

    A copy of a file that already held something stays beside it, until the next such copy.

    Raises:
        LocalFailure: `database-newer`, `database-foreign` (the file is another program's).
    """
    newest = migrations.newest
    if check_version(version_of(connection), newest, path) == newest:
        return False
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another instance may have done it while this one waited for the lock.
        present = check_version(version_of(connection), newest, path)
        if present == newest:
            connection.execute("ROLLBACK")
            return False
        if present == 0 and connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            raise LocalFailure(what="database-foreign", path=str(path or ""))
        if present > 0 and path is not None:
            keep_copy(path, present)
        migrations.apply(connection)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return True


def check_version(found: int, known: int, path: Path | None) -> int:
    """`found`, if this program can work with it.

    Raises:
        LocalFailure: `database-newer`.
    """
    if found > known:
        raise LocalFailure(what="database-newer", path=str(path or ""), found=found, known=known)
    return found


def keep_copy(path: Path, version: int) -> Path:
    """Copy the committed state of the database at `path` beside it, and remove older copies."""
    copy = path.with_name(f"{path.stem}.version-{version}.db")
    unfinished = path.with_name(f"{path.stem}.version-{version}.part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    source = sqlite3.connect(path)
    target = sqlite3.connect(unfinished)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
    older = [other for other in copies_of(path) if other != copy]
    unfinished.replace(copy)
    for other in older:
        other.unlink(missing_ok=True)
    return copy


def copies_of(path: Path) -> tuple[Path, ...]:
    """The copies that migrations left beside the database."""
    return tuple(path.parent.glob(f"{path.stem}.version-*"))
