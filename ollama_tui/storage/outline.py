"""The tree of a conversation's messages, read without their texts; every function is called within a transaction."""

import sqlite3

from ollama_tui.domain.tree import Node, Tree
from ollama_tui.storage.rows import ending_of, role_of

_WORDS = 240
"""Characters of each message that are read for its line."""


def tree(connection: sqlite3.Connection, conversation_id: str) -> Tree:
    """The tree of a conversation, with the first words of each message."""
    rows = connection.execute(
        "SELECT id, parent_id, role, substr(text, 1, ?), model, ending, created_at, edited_from IS NOT NULL,"
        " deleted_at IS NOT NULL, chosen_id, CASE text WHEN '' THEN"
        " (SELECT group_concat(name, ', ') FROM message_attachment WHERE message_id = message.id) END"
        " FROM message WHERE conversation_id = ? ORDER BY position, number",
        (_WORDS, conversation_id),
    )
    return Tree(
        [
            Node(
                id=message_id,
                parent_id=parent_id,
                role=role_of(role),
                words=words,
                model=model,
                ending=ending_of(ending),
                created_at=created_at,
                edited=bool(edited),
                deleted=bool(deleted),
                chosen_id=chosen_id,
                files=files or "",
            )
            for message_id, parent_id, role, words, model, ending, created_at, edited, deleted, chosen_id, files in rows
        ]
    )


def has_variants(connection: sqlite3.Connection, conversation_id: str) -> bool:
    """Whether anything in a conversation was said in more than one way, deleted or not: told from an index alone."""
    row = connection.execute(
        "SELECT 1 FROM message INDEXED BY message_child WHERE conversation_id = ? AND position > 0 LIMIT 1",
        (conversation_id,),
    ).fetchone()
    return row is not None


def tree_of(connection: sqlite3.Connection, message_id: str) -> Tree:
    """The tree that a message is in; an empty one if there is no such message."""
    row = connection.execute("SELECT conversation_id FROM message WHERE id = ?", (message_id,)).fetchone()
    return tree(connection, row["conversation_id"]) if row else Tree(())
