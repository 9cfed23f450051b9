# ruff: noqa: S608 - what is put together are names of this package; values are always bound
"""Conversations in the database; every function is called within a transaction."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from ollama_tui.domain.conversation import Conversation, Listed, Shelf, TitleSource
from ollama_tui.domain.occurrence import comparable
from ollama_tui.domain.query import Query
from ollama_tui.domain.text import storable
from ollama_tui.storage import messages, search
from ollama_tui.storage.rows import CONVERSATION, conversation_columns, read_conversation, setup_columns

BIN_TIME = 30 * 24 * 3600 * 1000
"""How long a deleted conversation can be had back, in milliseconds."""

_KEEPS_TITLE = f"title_source = '{TitleSource.PERSON.value}'"


_FIXED = (
    "id", "title", "title_key", "title_source", "created_at", "updated_at", "pinned", "archived", "deleted_at",
)  # fmt: skip


def page(
    connection: sqlite3.Connection,
    *,
    limit: int,
    before: tuple[int, str] | None,
    text: str,
    deleted: bool,
    archived: bool,
) -> tuple[Conversation, ...]:
    """Conversations, newest first, without their drafts. The first page has all pinned ones on top."""
    condition = f"deleted_at IS {'NOT ' if deleted else ''}NULL AND archived = {archived:d}"
    values: list[str | int] = []
    if text.strip():
        condition += " AND instr(title_key, ?) > 0"
        values.append(comparable(storable(text.strip())))
    if deleted:
        pinned = []
        where = condition
    else:
        where = f"{condition} AND pinned = 0"
        pinned = [] if before else _rows(connection, f"{condition} AND pinned = 1", values, limit=-1)
    if before is not None:
        where += " AND (updated_at, id) < (?, ?)"
        values.extend(before)
    return tuple(map(read_conversation, [*pinned, *_rows(connection, where, values, limit=limit)]))


def _rows(connection: sqlite3.Connection, where: str, values: list[str | int], limit: int) -> list[sqlite3.Row]:
    return connection.execute(
        f"SELECT {CONVERSATION} FROM conversation WHERE {where} ORDER BY updated_at DESC, id DESC LIMIT ?",
        (*values, limit),
    ).fetchall()


def listed(
    connection: sqlite3.Connection, query: Query, shelf: Shelf, limit: int, before: tuple[int, str] | None
) -> tuple[Listed, ...]:
    """What a list shows of one shelf, newest first; the first page has all pinned ones on top, but for the bin."""
    binned = shelf is Shelf.BIN
    condition, values = search.of_conversations(
        replace(query, filters=replace(query.filters, deleted=binned, archived=False))
    )
    if not binned:
        condition += f" AND c.archived = {shelf is Shelf.ARCHIVE:d}"
    time = "deleted_at" if binned else "updated_at"
    rows: list[sqlite3.Row] = []

    def read(where: str, values: list[str | int], limit: int) -> list[sqlite3.Row]:
        return connection.execute(
            f"SELECT c.id, c.title, c.{time}, c.model, c.pinned, {search.TAGS} FROM conversation AS c"
            f" WHERE {where} ORDER BY c.{time} DESC, c.id DESC LIMIT ?",
            (*values, limit),
        ).fetchall()

    if binned:
        where = condition
    else:
        where = f"{condition} AND c.pinned = 0"
        if before is None:
            rows += read(f"{condition} AND c.pinned = 1", values, -1)
    if before is not None:
        where += f" AND (c.{time}, c.id) < (?, ?)"
        values = [*values, *before]
    rows += read(where, values, limit)
    return tuple(
        Listed(conversation_id, title, at, model, bool(pinned), search.tags_of(tags))
        for conversation_id, title, at, model, pinned, tags in rows
    )


def pin(connection: sqlite3.Connection, conversation_id: str, pinned: bool) -> None:
    """Let a conversation stand above the others, or no more."""
    connection.execute("UPDATE conversation SET pinned = ? WHERE id = ?", (pinned, conversation_id))


def archive(connection: sqlite3.Connection, conversation_id: str, archived: bool) -> None:
    """Put a conversation away, or back among the others."""
    connection.execute("UPDATE conversation SET archived = ? WHERE id = ?", (archived, conversation_id))


def tags(connection: sqlite3.Connection, conversation_id: str) -> tuple[str, ...]:
    """The tags of a conversation, in alphabetical order."""
    rows = connection.execute(
        "SELECT tag FROM conversation_tag WHERE conversation_id = ? ORDER BY tag", (conversation_id,)
    )
    return tuple(tag for (tag,) in rows)


def change_tags(
    connection: sqlite3.Connection, conversation_id: str, add: Iterable[str], remove: Iterable[str]
) -> tuple[str, ...]:
    """Give a conversation tags and take others from it; all that it has then. Nothing if there is no such one."""
    connection.executemany(
        "DELETE FROM conversation_tag WHERE conversation_id = ? AND tag = ?",
        [(conversation_id, storable(tag)) for tag in remove],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO conversation_tag (conversation_id, tag) SELECT id, ? FROM conversation WHERE id = ?",
        [(storable(tag), conversation_id) for tag in add],
    )
    return tags(connection, conversation_id)


def get(connection: sqlite3.Connection, conversation_id: str) -> Conversation | None:
    """A conversation by its id, also from the bin, with its draft."""
    row = connection.execute(f"SELECT {CONVERSATION} FROM conversation WHERE id = ?", (conversation_id,)).fetchone()
    return read_conversation(row, draft(connection, conversation_id)) if row else None


def revision(connection: sqlite3.Connection, conversation_id: str) -> int | None:
    """How often a conversation changed, but for what comes of an unfinished answer; None if there is none."""
    row = connection.execute("SELECT revision FROM conversation WHERE id = ?", (conversation_id,)).fetchone()
    return row["revision"] if row else None


def last(connection: sqlite3.Connection) -> Conversation | None:
    """The conversation that was used last."""
    row = connection.execute(
        f"SELECT {CONVERSATION} FROM conversation WHERE deleted_at IS NULL AND archived = 0"
        " ORDER BY updated_at DESC, id DESC LIMIT 1"
    ).fetchone()
    return read_conversation(row, draft(connection, row["id"])) if row else None


def create(connection: sqlite3.Connection, conversation: Conversation) -> None:
    """Add a conversation; nothing if there is one with its id."""
    columns = conversation_columns(conversation)
    connection.execute(
        f"INSERT OR IGNORE INTO conversation ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
        tuple(columns.values()),
    )
    if conversation.draft:
        save_draft(connection, conversation.id, conversation.draft)


def update(connection: sqlite3.Connection, conversation: Conversation) -> None:
    """Store title, setup and leaf. A title that the person gave is replaced by such a one only.

    Pin and archive are set by themselves: whoever stores a setup may have read the conversation long ago.
    """
    columns = conversation_columns(conversation)
    for fixed in _FIXED:
        del columns[fixed]
    connection.execute(
        f"UPDATE conversation SET {', '.join(f'{name} = ?' for name in columns)} WHERE id = ?",
        (*columns.values(), conversation.id),
    )
    rename(connection, conversation.id, conversation.title, conversation.title_source)
    if conversation.leaf_id is not None:
        messages.choose(connection, conversation.leaf_id)


def rename(connection: sqlite3.Connection, conversation_id: str, title: str, source: TitleSource) -> None:
    """Give a title, unless that would replace the person's by another's."""
    title = storable(title)
    connection.execute(
        "UPDATE conversation SET title = ?, title_key = ?, title_source = ?"
        f" WHERE id = ? AND (? OR NOT {_KEEPS_TITLE})",
        (title, comparable(title), source.value, conversation_id, source is TitleSource.PERSON),
    )


def ask(connection: sqlite3.Connection, conversation: Conversation, leaf_id: str, now: int) -> None:
    """Note that a question is asked there: its answer is the leaf, its setup the one used, and it is in no bin."""
    create(connection, conversation)
    columns = setup_columns(conversation.setup) | {"leaf_id": leaf_id, "deleted_at": None, "purge_at": None}
    connection.execute(
        f"UPDATE conversation SET {', '.join(f'{name} = ?' for name in columns)},"
        " updated_at = max(updated_at, ?) WHERE id = ?",
        (*columns.values(), now, conversation.id),
    )
    if conversation.title_source is not TitleSource.NONE:
        title = storable(conversation.title)
        connection.execute(
            "UPDATE conversation SET title = ?, title_key = ?, title_source = ? WHERE id = ? AND title_source = 'none'",
            (title, comparable(title), conversation.title_source.value, conversation.id),
        )


def touch(connection: sqlite3.Connection, message_id: str, now: int) -> None:
    """Note that something happened in the conversation of this message."""
    connection.execute(
        "UPDATE conversation SET updated_at = max(updated_at, ?)"
        " WHERE id = (SELECT conversation_id FROM message WHERE id = ?)",
        (now, message_id),
    )


def delete(connection: sqlite3.Connection, conversation_id: str, now: int) -> None:
    """Put a conversation into the bin."""
    connection.execute(
        "UPDATE conversation SET deleted_at = ?, purge_at = ? WHERE id = ? AND deleted_at IS NULL",
        (now, now + BIN_TIME, conversation_id),
    )


def restore(connection: sqlite3.Connection, conversation_id: str) -> None:
    """Take a conversation out of the bin."""
    connection.execute("UPDATE conversation SET deleted_at = NULL, purge_at = NULL WHERE id = ?", (conversation_id,))


def is_due(connection: sqlite3.Connection, now: int) -> bool:
    """Whether a conversation's time in the bin is over."""
    return (
        connection.execute(
            "SELECT 1 FROM conversation WHERE deleted_at IS NOT NULL AND purge_at <= ? LIMIT 1", (now,)
        ).fetchone()
        is not None
    )


def purge_one(connection: sqlite3.Connection, now: int) -> bool:
    """Remove for good one conversation whose time in the bin is over; whether there was one."""
    row = connection.execute(
        "SELECT id FROM conversation WHERE deleted_at IS NOT NULL AND purge_at <= ? LIMIT 1", (now,)
    ).fetchone()
    if row is None:
        return False
    conversation_id: str = row["id"]
    rows = connection.execute(
        "SELECT number, text, thinking FROM message WHERE conversation_id = ? AND indexed = 1", (conversation_id,)
    ).fetchall()
    for number, text, thinking in rows:
        search.remove(connection, number, text, thinking)
    connection.execute(
        "DELETE FROM draft WHERE conversation_id = :id"
        " OR conversation_id IN (SELECT id FROM message WHERE conversation_id = :id)",  # of a message: an edit of it
        {"id": conversation_id},
    )
    connection.execute("DELETE FROM conversation WHERE id = ?", (conversation_id,))
    remove_unused_files(connection)
    return True


def remove_unused_files(connection: sqlite3.Connection) -> None:
    """Remove the contents of attachments that nothing refers to."""
    connection.execute(
        "DELETE FROM attachment"
        " WHERE NOT EXISTS (SELECT 1 FROM message_attachment AS m WHERE m.sha256 = attachment.sha256)"
        " AND NOT EXISTS (SELECT 1 FROM message_attachment AS m WHERE m.sent_sha256 = attachment.sha256)"
        " AND NOT EXISTS (SELECT 1 FROM queued_attachment AS q WHERE q.sha256 = attachment.sha256)"
    )


def save_draft(connection: sqlite3.Connection, conversation_id: str, text: str) -> None:
    """Keep what is typed and not sent; an empty text removes it."""
    if text:
        connection.execute(
            "INSERT INTO draft (conversation_id, text) VALUES (?, ?)"
            " ON CONFLICT (conversation_id) DO UPDATE SET text = excluded.text",
            (conversation_id, storable(text)),
        )
    else:
        connection.execute("DELETE FROM draft WHERE conversation_id = ?", (conversation_id,))


def draft(connection: sqlite3.Connection, conversation_id: str) -> str:
    """What is typed and not sent."""
    row = connection.execute("SELECT text FROM draft WHERE conversation_id = ?", (conversation_id,)).fetchone()
    return row["text"] if row else ""


def unasked_drafts(connection: sqlite3.Connection) -> tuple[tuple[str, str], ...]:
    """What is typed into conversations that were never asked anything: their ids and the texts, newest first."""
    rows = connection.execute(
        "SELECT conversation_id, text FROM draft AS d WHERE NOT EXISTS"
        " (SELECT 1 FROM conversation AS c WHERE c.id = d.conversation_id)"
        " AND NOT EXISTS (SELECT 1 FROM message AS m WHERE m.id = d.conversation_id) ORDER BY conversation_id DESC"
    )
    return tuple((row["conversation_id"], row["text"]) for row in rows)


def drafted(connection: sqlite3.Connection) -> tuple[tuple[str, str], ...]:
    """The conversations in the list in which something is typed and not sent: ids and titles, last used first."""
    rows = connection.execute(
        "SELECT c.id, c.title FROM draft AS d JOIN conversation AS c ON c.id = d.conversation_id"
        " WHERE c.deleted_at IS NULL AND c.archived = 0 ORDER BY c.updated_at DESC, c.id DESC"
    )
    return tuple((row["id"], row["title"]) for row in rows)


def is_drafted(connection: sqlite3.Connection, word: str) -> bool:
    """Whether a draft has `word` in it."""
    return connection.execute("SELECT 1 FROM draft WHERE instr(text, ?) LIMIT 1", (word,)).fetchone() is not None


def drop_draft(connection: sqlite3.Connection, conversation_id: str, asked: str) -> None:
    """Remove the draft if it is what has just been asked."""
    if draft(connection, conversation_id).strip() == storable(asked).strip():
        connection.execute("DELETE FROM draft WHERE conversation_id = ?", (conversation_id,))
