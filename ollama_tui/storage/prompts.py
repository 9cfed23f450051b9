"""What was asked before, and what waits to be asked; every function is called within a transaction."""

import sqlite3
from collections.abc import Mapping, Sequence

from ollama_tui.domain.hit import EarlierPrompt, QueuedQuestion
from ollama_tui.domain.message import Attachment
from ollama_tui.domain.text import storable
from ollama_tui.storage.messages import add_files, attachment_columns, read_attachments


def earlier(connection: sqlite3.Connection, text: str, limit: int, before: int | None) -> tuple[EarlierPrompt, ...]:
    """Questions that contain `text`, newest first and each once, from before the place `before`."""
    pattern = "".join(f"\\{sign}" if sign in "%_\\" else sign for sign in storable(text))
    rows = connection.execute(
        "SELECT m.text, m.created_at, m.number FROM message AS m INDEXED BY message_asked"
        " WHERE m.role = 'user' AND m.number < ? AND m.text LIKE ? ESCAPE '\\' AND m.deleted_at IS NULL"
        " AND EXISTS (SELECT 1 FROM conversation AS c WHERE c.id = m.conversation_id AND c.deleted_at IS NULL)"
        " ORDER BY m.number DESC",
        (2**63 - 1 if before is None else before, f"%{pattern}%"),
    )
    found: dict[str, EarlierPrompt] = {}
    for asked, created_at, number in rows:
        if asked.strip() and asked not in found:
            found[asked] = EarlierPrompt(text=asked, created_at=created_at, place=number)
            if len(found) >= limit:
                break
    rows.close()
    return tuple(found.values())


def queue(
    connection: sqlite3.Connection,
    question: QueuedQuestion,
    files: Mapping[str, bytes],
) -> None:
    """Keep a question to be asked later."""
    connection.execute(
        "INSERT INTO queued (id, conversation_id, text, created_at) VALUES (?, ?, ?, ?)",
        (question.id, question.conversation_id, storable(question.text), question.created_at),
    )
    add_files(connection, files)
    _add_attachments(connection, question.id, question.attachments)


def _add_attachments(connection: sqlite3.Connection, question_id: str, attachments: Sequence[Attachment]) -> None:
    connection.executemany(
        "INSERT INTO queued_attachment (queued_id, sha256, name, media_type, size, width, height)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(question_id, *attachment_columns(attachment)) for attachment in attachments],
    )


def queued(connection: sqlite3.Connection, conversation_id: str) -> tuple[QueuedQuestion, ...]:
    """The questions that wait in a conversation, in their order."""
    rows = connection.execute(
        "SELECT id, text, created_at FROM queued WHERE conversation_id = ? ORDER BY number", (conversation_id,)
    ).fetchall()
    attachments = read_attachments(
        connection.execute(
            "SELECT a.queued_id, a.sha256, a.name, a.media_type, a.size, a.width, a.height FROM queued_attachment AS a"
            " JOIN queued AS q ON q.id = a.queued_id WHERE q.conversation_id = ? ORDER BY a.number",
            (conversation_id,),
        )
    )
    return tuple(
        QueuedQuestion(
            id=question_id,
            conversation_id=conversation_id,
            text=text,
            created_at=created_at,
            attachments=attachments.get(question_id, ()),
        )
        for question_id, text, created_at in rows
    )


def requeue(connection: sqlite3.Connection, question_id: str, conversation_id: str) -> None:
    """Let a question that waits do so in another conversation, as the last one there."""
    connection.execute(
        "UPDATE queued SET conversation_id = ?, number = (SELECT max(number) + 1 FROM queued) WHERE id = ?",
        (conversation_id, question_id),
    )


def unqueue(connection: sqlite3.Connection, question_id: str) -> None:
    """Remove a question from those that wait."""
    connection.execute("DELETE FROM queued WHERE id = ?", (question_id,))
