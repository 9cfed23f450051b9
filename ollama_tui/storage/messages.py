# ruff: noqa: S608 - what is put together are names of this package; values are always bound
"""The tree of messages in the database; every function is called within a transaction."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ollama_tui.domain.failure import LocalFailure
from ollama_tui.domain.message import Attachment, Ending, FailureRecord, Message
from ollama_tui.domain.text import storable
from ollama_tui.storage import search
from ollama_tui.storage.lease import give_up
from ollama_tui.storage.outline import tree_of
from ollama_tui.storage.rows import (
    MESSAGE,
    as_list,
    dump,
    failure_column,
    load_object,
    message_columns,
    read_message,
)

_WAY = (
    "WITH RECURSIVE way (number, id, parent_id, chosen_id, depth) AS ("
    " SELECT number, id, parent_id, chosen_id, 0 FROM message WHERE id = ?"
    " UNION ALL SELECT m.number, m.id, m.parent_id, m.chosen_id, way.depth + 1"
    " FROM way CROSS JOIN message AS m ON m.id = way.parent_id)"
)
_ATTACHMENT = "sha256, name, media_type, size, width, height"


def exists(connection: sqlite3.Connection, message_id: str) -> bool:
    """Whether there is such a message."""
    return connection.execute("SELECT 1 FROM message WHERE id = ?", (message_id,)).fetchone() is not None


def add(connection: sqlite3.Connection, message: Message) -> int:
    """Add a message as the last child of its parent, and as the chosen one; its place among the siblings."""
    number, position = insert(connection, message, places_to(connection, message.parent_id) if message.sent else {})
    if message.ending is not Ending.UNFINISHED:
        search.index(connection, number, storable(message.text), storable(message.thinking))
    return position


def insert(
    connection: sqlite3.Connection, message: Message, places: Mapping[str, int], *, copied_from: str | None = None
) -> tuple[int, int]:
    """Add a message as `add` does, but for the search's index; its row number and its place among the siblings.

    `places` has those of the messages that it follows, along the way from the root.

    Raises:
        LocalFailure: `message-gone`: what it follows, or its conversation, was deleted for good.
    """
    position: int = connection.execute(
        "SELECT coalesce(max(position) + 1, 0) FROM message WHERE conversation_id = ? AND parent_id IS ?",
        (message.conversation_id, message.parent_id),
    ).fetchone()[0]
    columns = message_columns(message) | {
        "position": position,
        "sent_ids": _sent_ids_column(message, places),
        "copied_from": copied_from,
    }
    try:
        number = connection.execute(
            f"INSERT INTO message ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
            tuple(columns.values()),
        ).lastrowid
    except sqlite3.IntegrityError:
        raise LocalFailure(what="message-gone") from None
    if message.parent_id is not None:
        connection.execute("UPDATE message SET chosen_id = ? WHERE id = ?", (message.id, message.parent_id))
    connection.executemany(
        f"INSERT INTO message_attachment (message_id, {_ATTACHMENT}) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(message.id, *attachment_columns(attachment)) for attachment in message.attachments],
    )
    return number or 0, position


def places_to(connection: sqlite3.Connection, message_id: str | None) -> dict[str, int]:
    """The messages from the root to this one, each with its place."""
    return {found: place for place, found in enumerate(_way_to(connection, message_id))}


def add_files(connection: sqlite3.Connection, files: Mapping[str, bytes]) -> None:
    """Keep the contents of attachments, by their SHA-256, where they are not kept yet."""
    connection.executemany("INSERT OR IGNORE INTO attachment (sha256, content) VALUES (?, ?)", files.items())


def attachment_columns(attachment: Attachment) -> tuple[str | int, ...]:
    """What stands of an attachment beside a message or a queued question."""
    name, media_type = storable(attachment.name), storable(attachment.media_type)
    return attachment.sha256, name, media_type, attachment.size, attachment.width, attachment.height


def save_piece(connection: sqlite3.Connection, answer_id: str, text: str, thinking: str) -> None:
    """Keep what has arrived of an unfinished answer since the last piece."""
    connection.execute(
        "INSERT INTO piece (message_id, text, thinking)"
        " SELECT id, ?, ? FROM message WHERE id = ? AND ending = 'unfinished'",
        (storable(text), storable(thinking), answer_id),
    )


def finish(connection: sqlite3.Connection, answer: Message) -> None:
    """Store an answer as it ended; nothing if it was deleted for good meanwhile."""
    row = connection.execute(
        "SELECT number, indexed, text, thinking FROM message WHERE id = ?", (answer.id,)
    ).fetchone()
    if row is None:
        return
    number: int = row["number"]
    if row["indexed"]:
        search.remove(connection, number, row["text"], row["thinking"])
    places = places_to(connection, answer.parent_id) if answer.sent else {}
    columns = message_columns(answer) | {"sent_ids": _sent_ids_column(answer, places)}
    for fixed in ("id", "conversation_id", "parent_id", "role", "created_at"):
        del columns[fixed]
    connection.execute(
        f"UPDATE message SET {', '.join(f'{name} = ?' for name in columns)} WHERE number = ?",
        (*columns.values(), number),
    )
    _settle(connection, answer.id, number, storable(answer.text), storable(answer.thinking))


def finish_orphans(connection: sqlite3.Connection) -> tuple[Message, ...]:
    """End every unfinished answer that nobody holds, with what had arrived of it."""
    rows = connection.execute(
        "SELECT number, id FROM message INDEXED BY message_unfinished"
        " WHERE ending = 'unfinished' AND id NOT IN (SELECT message_id FROM lease) ORDER BY number"
    ).fetchall()
    interrupted = failure_column(FailureRecord(code="interrupted"))
    for number, message_id in rows:
        text, thinking = so_far(connection, message_id)
        connection.execute(
            "UPDATE message SET text = ?, thinking = ?, ending = ?, failure = ? WHERE number = ?",
            (text, thinking, Ending.CUT_OFF.value, interrupted, number),
        )
        _settle(connection, message_id, number, text, thinking)
    return tuple(message for _, message_id in rows if (message := get(connection, message_id)) is not None)


def _settle(connection: sqlite3.Connection, message_id: str, number: int, text: str, thinking: str) -> None:
    connection.execute("DELETE FROM piece WHERE message_id = ?", (message_id,))
    give_up(connection, message_id)
    search.index(connection, number, text, thinking)


def get(connection: sqlite3.Connection, message_id: str) -> Message | None:
    """A message by its id."""
    rows = connection.execute(f"SELECT {MESSAGE} FROM message WHERE id = ?", (message_id,)).fetchall()
    return next(iter(_read(connection, rows)), None)


def siblings(connection: sqlite3.Connection, message_id: str) -> tuple[Message, ...]:
    """The message and its variants, in their order."""
    ids = tree_of(connection, message_id).siblings(message_id)
    rows = connection.execute(f"SELECT {MESSAGE} FROM message WHERE id IN ({', '.join('?' * len(ids))})", (*ids,))
    found = {message.id: message for message in _read(connection, rows.fetchall())}
    return tuple(found[one] for one in ids)


def branch(connection: sqlite3.Connection, conversation_id: str, leaf_id: str | None) -> tuple[Message, ...]:
    """The messages from the root to `leaf_id`, or to the leaf that was open last, without those that were deleted."""
    if leaf_id is None:
        row = connection.execute("SELECT leaf_id FROM conversation WHERE id = ?", (conversation_id,)).fetchone()
        leaf_id = row["leaf_id"] if row else None
    if leaf_id is None:
        return ()
    names = ", ".join(f"m.{name.strip()}" for name in MESSAGE.split(","))
    rows = connection.execute(
        f"{_WAY} SELECT {names} FROM way CROSS JOIN message AS m ON m.number = way.number"
        " WHERE m.conversation_id = ? ORDER BY way.depth DESC",
        (leaf_id, conversation_id),
    ).fetchall()
    whole = _read(connection, rows, way=tuple(row["id"] for row in rows))
    return tuple(message for message in whole if message.deleted_at is None)


def choose(connection: sqlite3.Connection, leaf_id: str) -> None:
    """Note the way to this leaf as the one that was shown last."""
    rows = connection.execute(f"{_WAY} SELECT id, parent_id, chosen_id FROM way ORDER BY depth DESC", (leaf_id,))
    changed: list[tuple[str, str]] = []
    parent_choice: str | None = None
    for message_id, parent_id, chosen_id in rows:
        if parent_id is not None and parent_choice != message_id:
            changed.append((message_id, parent_id))
        parent_choice = chosen_id
    connection.executemany("UPDATE message SET chosen_id = ? WHERE id = ?", changed)


def read_attachments(rows: Iterable[sqlite3.Row]) -> dict[str, tuple[Attachment, ...]]:
    """Attachments of rows that begin with whose they are."""
    found: dict[str, tuple[Attachment, ...]] = {}
    for owner, sha256, name, media_type, size, width, height in rows:
        attachment = Attachment(sha256=sha256, name=name, media_type=media_type, size=size, width=width, height=height)
        found[owner] = (*found.get(owner, ()), attachment)
    return found


def _read(
    connection: sqlite3.Connection, rows: Sequence[sqlite3.Row], way: Sequence[str] | None = None
) -> tuple[Message, ...]:
    """The messages of `rows`; where these are a branch, `way` has its ids, else each way is looked up."""
    attachments = _attachments(connection, rows)
    messages: list[Message] = []
    for place, row in enumerate(rows):
        sent_ids = row["sent_ids"]
        sent, left_out = (), ()
        if sent_ids is not None:
            before = way[:place] if way is not None else _way_to(connection, row["parent_id"])
            known = load_object(sent_ids)
            sent, left_out = _ids(as_list(known.get("sent")), before), _ids(as_list(known.get("left_out")), before)
        message = read_message(row, attachments.get(row["id"], ()), sent, left_out)
        messages.append(_joined(connection, message) if message.ending is Ending.UNFINISHED else message)
    return tuple(messages)


def _joined(connection: sqlite3.Connection, message: Message) -> Message:
    text, thinking = so_far(connection, message.id)
    return replace(message, text=text, thinking=thinking)


def so_far(connection: sqlite3.Connection, message_id: str) -> tuple[str, str]:
    """What was saved of the text and the thinking of a message that is there."""
    whole = connection.execute("SELECT text, thinking FROM message WHERE id = ?", (message_id,)).fetchone()
    pieces = connection.execute(
        "SELECT text, thinking FROM piece WHERE message_id = ? ORDER BY number", (message_id,)
    ).fetchall()
    parts = [(str(text), str(thinking)) for text, thinking in (whole, *pieces)]
    return "".join(text for text, _ in parts), "".join(thinking for _, thinking in parts)


def _attachments(connection: sqlite3.Connection, rows: Sequence[sqlite3.Row]) -> dict[str, tuple[Attachment, ...]]:
    if not rows:
        return {}
    if len(rows) == 1:
        condition, value = "message_id = ?", rows[0]["id"]
    else:
        condition = "message_id IN (SELECT id FROM message WHERE conversation_id = ?)"
        value = rows[0]["conversation_id"]
    return read_attachments(
        connection.execute(
            f"SELECT message_id, {_ATTACHMENT} FROM message_attachment WHERE {condition} ORDER BY number",
            (value,),
        )
    )


def _way_to(connection: sqlite3.Connection, message_id: str | None) -> list[str]:
    rows = connection.execute(f"{_WAY} SELECT id FROM way ORDER BY depth DESC", (message_id,))
    return [str(row["id"]) for row in rows]


def _sent_ids_column(message: Message, places: Mapping[str, int]) -> str | None:
    """The ids that were sent and left out, by their places along the way from the root: most often one range.

    Spelt out, they would make a conversation's size grow with the square of its length.
    """
    if message.sent is None or not (message.sent.message_ids or message.sent.left_out_ids):
        return None
    return dump(
        {"sent": _ranges(message.sent.message_ids, places), "left_out": _ranges(message.sent.left_out_ids, places)}
    )


def _ranges(ids: Iterable[str], places: Mapping[str, int]) -> list[str | list[int]]:
    ranges: list[str | list[int]] = []
    for message_id in ids:
        place = places.get(message_id)
        last = ranges[-1] if ranges else None
        if place is None:
            ranges.append(storable(message_id))
        elif isinstance(last, list) and last[1] == place:
            last[1] = place + 1
        else:
            ranges.append([place, place + 1])
    return ranges


def _ids(ranges: Sequence[object], way: Sequence[str]) -> tuple[str, ...]:
    match ranges:
        case []:
            return ()
        case [[0, int() as end]] if end == len(way):
            return tuple(way)
        case _:
            return tuple(sent for item in ranges for sent in _ids_of(item, way))


def _ids_of(item: object, way: Sequence[str]) -> Sequence[str]:
    match item:
        case str():
            return (item,)
        case [int() as start, int() as end]:
            return way[start:end]
        case _:
            return ()
