# ruff: noqa: S608 - what is put together are names of this package; values are always bound
"""Saving what can be read of a damaged database: row by row into a new one, and what then hangs in the air."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from ollama_tui.domain.conversation import title_from
from ollama_tui.domain.event import Notice
from ollama_tui.domain.occurrence import comparable
from ollama_tui.storage.file import connect
from ollama_tui.storage.header import readable
from ollama_tui.storage.migration import Migrations, version_of

TABLES = (
    "conversation",
    "conversation_tag",
    "draft",
    "message",
    "piece",
    "attachment",
    "message_attachment",
    "queued",
    "queued_attachment",
    "instance",
    "lease",
    "state",
)
"""All that is kept, each after those that it refers to; but not the search index, which is made of the messages."""
_LARGEST_GAP = 20_000
"""After so many numbers in succession without a readable row there are no more."""

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Salvage:
    """What was done: where the damaged file is now, and how much of it lives on."""

    set_aside: Path
    conversations: int
    messages: int

    def notice(self) -> Notice:
        """What to tell the person."""
        params: dict[str, str | int] = {
            "path": str(self.set_aside),
            "conversations": self.conversations,
            "messages": self.messages,
        }
        return Notice("database-damaged", params)


def mend(path: Path, migrations: Migrations) -> Salvage:
    """Put a new database in the place of the damaged one at `path`, with all that can be read of it.

    The new one is complete before the old one is moved: an interruption leaves the damaged file where it is, or the
    new one where `take_mended` finds it.
    """
    fresh = mended_path(path)
    for leftover in (fresh, *(_beside(fresh, end) for end in _ENDS)):
        leftover.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    with closing(connect(fresh, 5.0)) as target:
        counts = _fill(path, target, migrations)
    set_aside = _free_name(path)
    path.rename(set_aside)
    for end in _ENDS:
        with suppress(FileNotFoundError):
            _beside(path, end).rename(_beside(set_aside, end))
    fresh.rename(path)
    return Salvage(set_aside, *counts)


def take_mended(path: Path) -> None:
    """Finish what `mend` had done when it was interrupted between its last two steps."""
    fresh = mended_path(path)
    if not path.exists() and fresh.exists() and not _beside(fresh, "-wal").exists():
        fresh.rename(path)


def mended_path(path: Path) -> Path:
    """Where the new database is while it is filled."""
    return path.with_name(f"{path.stem}.mended.db")


def set_aside_files(path: Path) -> tuple[Path, ...]:
    """The damaged databases beside the one at `path`, with their logs."""
    return tuple(path.parent.glob(f"{path.stem}.damaged-*"))


_ENDS = ("-wal", "-shm", "-journal")


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


def _free_name(path: Path) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S")
    names = (f"{path.stem}.damaged-{stamp}{'' if n == 0 else f'-{n}'}.db" for n in range(1000))
    return next(path.with_name(name) for name in names if not path.with_name(name).exists())


def _fill(path: Path, target: sqlite3.Connection, migrations: Migrations) -> tuple[int, int]:
    # Rows refer to rows that may be lost: the references are mended afterwards. Not possible within a transaction.
    target.execute("PRAGMA foreign_keys = OFF")
    target.execute("BEGIN IMMEDIATE")
    with readable(path) as whole, closing(sqlite3.connect(whole, timeout=1.0, isolation_level=None)) as source:
        source.text_factory = _decoded
        known = _readable_version(source)
        migrations.apply(target, to=known if 0 < known <= migrations.newest else None)
        for table in TABLES:
            _copy(source, target, table)
    migrations.apply(target)
    _join(target)
    conversations: int = target.execute("SELECT count(*) FROM conversation").fetchone()[0]
    messages: int = target.execute("SELECT count(*) FROM message").fetchone()[0]
    target.execute("COMMIT")
    return conversations, messages


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _readable_version(source: sqlite3.Connection) -> int:
    try:
        source.execute("PRAGMA writable_schema = ON")  # lets the tables be read whose own entries are sound
        return version_of(source)
    except sqlite3.DatabaseError:
        return 0


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> None:
    columns = [str(column[1]) for column in target.execute(f"PRAGMA table_info({table})")]
    try:
        present = {str(column[1]) for column in source.execute(f"PRAGMA table_info({table})")}
    except sqlite3.DatabaseError:
        return
    columns = [column for column in columns if column in present]
    if "number" not in columns:
        return
    if table == "message":
        columns.remove("indexed")  # the index is made anew
    names = ", ".join(columns)
    insert = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"
    for row in _rows(source, table, names):
        with suppress(sqlite3.IntegrityError, sqlite3.InterfaceError):
            target.execute(insert, row)


def _rows(source: sqlite3.Connection, table: str, names: str) -> Iterator[Row]:
    """Every row that can be read: from the first on, from the last back, and then one by one between the two."""
    low = 0
    forward = _read(source, f"SELECT number, {names} FROM {table} ORDER BY number")
    for row in forward.rows():
        low = max(low, _number(row))
        yield row[1:]
    if forward.complete:
        return
    high = 2**63 - 1
    backward = _read(source, f"SELECT number, {names} FROM {table} WHERE number > ? ORDER BY number DESC", low)
    for row in backward.rows():
        high = min(high, _number(row))
        yield row[1:]
    missed = 0
    for number in range(low + 1, high):
        single = _read(source, f"SELECT number, {names} FROM {table} WHERE number = ?", number)
        missed += 1
        for row in single.rows():
            missed = 0
            yield row[1:]
        if missed > _LARGEST_GAP:
            return


def _number(row: Row) -> int:
    return row[0] if isinstance(row[0], int) else 0


@dataclass(slots=True)
class _Reading:
    source: sqlite3.Connection
    query: str
    values: Sequence[int]
    complete: bool = False

    def rows(self) -> Iterator[Row]:
        try:
            for row in self.source.execute(self.query, self.values):
                yield tuple(row)
        except (sqlite3.DatabaseError, OverflowError):
            return
        self.complete = True


def _read(source: sqlite3.Connection, query: str, *values: int) -> _Reading:
    return _Reading(source, query, values)


def _join(target: sqlite3.Connection) -> None:
    """Give every message a conversation and a parent, and every conversation a leaf."""
    orphaned = "SELECT conversation_id, min(created_at), max(created_at) FROM message WHERE conversation_id NOT IN (SELECT id FROM conversation) GROUP BY 1"  # noqa: E501
    for conversation_id, first, last in target.execute(orphaned).fetchall():
        asked = target.execute(
            "SELECT text FROM message WHERE conversation_id = ? AND role = 'user' ORDER BY number LIMIT 1",
            (conversation_id,),
        ).fetchone()
        title = title_from(str(asked[0])) if asked else ""
        target.execute(
            "INSERT INTO conversation (id, title, title_key, title_source, created_at, updated_at) VALUES (?, ?, ?, 'first-words', ?, ?)",  # noqa: E501
            (conversation_id, title, comparable(title), first, last),
        )
    lost = "SELECT number, conversation_id FROM message AS m WHERE parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM message AS p WHERE p.id = m.parent_id AND p.conversation_id = m.conversation_id)"  # noqa: E501
    mended: set[str] = set()
    for number, conversation_id in target.execute(lost).fetchall():
        # The message that was written before it, so that what is left of a conversation stays in one piece.
        target.execute(
            "UPDATE message SET parent_id = (SELECT id FROM message AS p WHERE p.conversation_id = :id AND p.number < :number ORDER BY p.number DESC LIMIT 1) WHERE number = :number",  # noqa: E501
            {"id": conversation_id, "number": number},
        )
        mended.add(conversation_id)
    for conversation_id in mended:  # places along the way from the root are no longer what they were
        target.execute("UPDATE message SET sent_ids = NULL WHERE conversation_id = ?", (conversation_id,))
    target.execute(
        "UPDATE conversation SET leaf_id = (SELECT id FROM message WHERE conversation_id = conversation.id ORDER BY number DESC LIMIT 1) WHERE leaf_id IS NULL OR leaf_id NOT IN (SELECT id FROM message)"  # noqa: E501
    )
    for table, column, other, key in (
        ("conversation_tag", "conversation_id", "conversation", "id"),
        ("piece", "message_id", "message", "id"),
        ("lease", "message_id", "message", "id"),
        ("message_attachment", "message_id", "message", "id"),
        ("message_attachment", "sha256", "attachment", "sha256"),
        ("queued", "conversation_id", "conversation", "id"),
        ("queued_attachment", "queued_id", "queued", "id"),
        ("queued_attachment", "sha256", "attachment", "sha256"),
    ):
        target.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT {key} FROM {other})")
