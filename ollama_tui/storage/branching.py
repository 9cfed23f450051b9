# ruff: noqa: S608 - what is put together are names of this package; values are always bound
"""Work on a tree of messages: copying, adding, deleting; every function is called within a transaction."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.identity import new_id
from ollama_tui.domain.message import Ending, Message
from ollama_tui.storage import conversations, messages, search
from ollama_tui.storage.outline import tree


def fork(connection: sqlite3.Connection, conversation_id: str, leaf_id: str, into: Conversation) -> str | None:
    """Copy a branch into the new conversation `into`; its leaf there, None if there is no such branch.

    The copies know what they are copies of.
    """
    branch = messages.branch(connection, conversation_id, leaf_id)
    if not branch:
        return None
    conversations.create(connection, into)
    leaf = _copy(connection, branch, into.id, None, {})
    connection.execute("UPDATE conversation SET leaf_id = ? WHERE id = ?", (leaf, into.id))
    connection.execute(
        "INSERT INTO conversation_tag (conversation_id, tag)"
        " SELECT ?, tag FROM conversation_tag WHERE conversation_id = ? ORDER BY number",
        (into.id, conversation_id),
    )
    return leaf


def graft(connection: sqlite3.Connection, fork_id: str, leaf_id: str, into_id: str) -> str | None:
    """Add what a fork's branch has more than the conversation that it was made of, there where it belongs.

    The leaf there: what was added, or what stands there already; None if there is no such branch. Done again, it adds
    only what is new.
    """
    branch = messages.branch(connection, fork_id, leaf_id)
    if not branch or not connection.execute("SELECT 1 FROM conversation WHERE id = ?", (into_id,)).fetchone():
        return None
    there = _counterparts(connection, fork_id, into_id)
    known = next((place for place in range(len(branch), 0, -1) if branch[place - 1].id in there), 0)
    at = there[branch[known - 1].id] if known else None
    added = _copy(connection, branch[known:], into_id, at, there)
    return added or at


def _counterparts(connection: sqlite3.Connection, fork_id: str, into_id: str) -> dict[str, str]:
    """Messages of a fork to those of the other conversation that they are copies of, or that are copies of them."""
    rows = connection.execute(
        "SELECT f.id, o.id FROM message AS f JOIN message AS o ON o.id = f.copied_from"
        " WHERE f.conversation_id = :fork AND o.conversation_id = :into"
        " UNION ALL SELECT f.id, o.id FROM message AS f JOIN message AS o ON o.copied_from = f.id"
        " WHERE f.conversation_id = :fork AND o.conversation_id = :into",
        {"fork": fork_id, "into": into_id},
    )
    return dict(rows)


def _copy(
    connection: sqlite3.Connection,
    branch: Sequence[Message],
    conversation_id: str,
    parent_id: str | None,
    known: Mapping[str, str],
) -> str | None:
    """Copy messages, each after the one before, below `parent_id`; the id of the last copy.

    `known` has the copies, by the originals, of messages that may have been sent for these.
    """
    copies = dict(known)
    places = messages.places_to(connection, parent_id)
    for message in branch:
        copy_id = copies[message.id] = new_id()
        sent = message.sent and replace(
            message.sent,
            message_ids=tuple(copies.get(sent, sent) for sent in message.sent.message_ids),
            left_out_ids=tuple(copies.get(left, left) for left in message.sent.left_out_ids),
        )
        copy = replace(
            message,
            id=copy_id,
            conversation_id=conversation_id,
            parent_id=parent_id,
            sent=sent,
            covers=tuple(copies.get(covered, covered) for covered in message.covers),
            ending=Ending.CUT_OFF if message.ending is Ending.UNFINISHED else message.ending,
        )
        number, _position = messages.insert(connection, copy, places, copied_from=message.id)
        search.index(connection, number, copy.text, copy.thinking)
        places[copy_id] = len(places)
        parent_id = copy_id
    return parent_id if branch else None


def put_beside(connection: sqlite3.Connection, variant: Message) -> Message:
    """Keep a finished message as the last of its siblings, and as the leaf."""
    kept = variant
    if not messages.exists(connection, variant.id):
        kept = replace(variant, order=messages.add(connection, variant))
    go_to(connection, variant.conversation_id, variant.id)
    return kept


def go_to(connection: sqlite3.Connection, conversation_id: str, leaf_id: str) -> None:
    """Let the branch to this leaf be the one that is open; nothing if the conversation has no such message."""
    changed = connection.execute(
        "UPDATE conversation SET leaf_id = :leaf WHERE id = :conversation"
        " AND EXISTS (SELECT 1 FROM message WHERE id = :leaf AND conversation_id = :conversation)",
        {"leaf": leaf_id, "conversation": conversation_id},
    ).rowcount
    if changed:
        messages.choose(connection, leaf_id)


def delete(connection: sqlite3.Connection, message_id: str, leaf_id: str, now: int) -> tuple[tuple[str, ...], str]:
    """Let a message leave its branches, with what cannot stand without it; its ids, and the leaf that is then open.

    `leaf_id` is the leaf that is open. What followed stays. Where nothing did, the nearest variant is opened. Nothing
    is done, and no ids are returned, while an answer is being written there.
    """
    row = connection.execute("SELECT conversation_id FROM message WHERE id = ?", (message_id,)).fetchone()
    if row is None:
        return (), leaf_id
    before = tree(connection, row["conversation_id"])
    gone = before.turn_of(message_id)
    if any((node := before.node(one)) is not None and node.ending is Ending.UNFINISHED for one in gone):
        return (), leaf_id
    (last,) = connection.execute(
        "SELECT coalesce(max(deleted_at), 0) FROM message WHERE conversation_id = ?", (row["conversation_id"],)
    ).fetchone()
    now = max(now, last + 1)  # what left together comes back together, and nothing else with it
    connection.executemany(
        "UPDATE message SET deleted_at = ?, purge_at = ? WHERE id = ?",
        [(now, now + conversations.BIN_TIME, one) for one in gone],
    )
    way = list(before.way(leaf_id))
    first = ""
    while way and way[-1] in gone:
        first = way.pop()
    around = before.siblings(first)
    left = [one for one in around if one not in gone]
    if left:
        at = around.index(first)
        nearest = min(left, key=lambda one: (abs(around.index(one) - at), around.index(one)))
        leaf_id = tree(connection, row["conversation_id"]).leaf_below(nearest)
    go_to(connection, row["conversation_id"], leaf_id)
    return tuple(gone), leaf_id


def withdraw(connection: sqlite3.Connection, message_id: str, now: int) -> None:
    """Let a message leave its branches for good, because another one has taken its place: what was asked again.

    Only where nothing came of it: an answer with text stays, and so does a question with one.
    """
    row = connection.execute("SELECT conversation_id FROM message WHERE id = ?", (message_id,)).fetchone()
    if row is None:
        return
    gone = tree(connection, row["conversation_id"]).turn_of(message_id)
    marks = ", ".join("?" * len(gone))
    (said,) = connection.execute(
        f"SELECT count(*) FROM message WHERE id IN ({marks}) AND role <> 'user'"
        " AND (text <> '' OR thinking <> '' OR tool_calls IS NOT NULL OR ending = 'unfinished')",
        (*gone,),
    ).fetchone()
    if not said:
        connection.executemany("UPDATE message SET deleted_at = ? WHERE id = ?", [(now, one) for one in gone])


def restore(connection: sqlite3.Connection, conversation_id: str) -> tuple[str, ...]:
    """Bring back what was deleted last in a conversation; its ids, none if nothing can be brought back."""
    rows = connection.execute(
        "SELECT id FROM message WHERE conversation_id = :id AND purge_at IS NOT NULL AND deleted_at ="
        " (SELECT max(deleted_at) FROM message WHERE conversation_id = :id AND purge_at IS NOT NULL) ORDER BY number",
        {"id": conversation_id},
    ).fetchall()
    connection.executemany(
        "UPDATE message SET deleted_at = NULL, purge_at = NULL WHERE id = ?", [(row["id"],) for row in rows]
    )
    return tuple(row["id"] for row in rows)


def is_due(connection: sqlite3.Connection, now: int) -> bool:
    """Whether the time of a deleted message is over."""
    return connection.execute("SELECT 1 FROM message WHERE purge_at <= ? LIMIT 1", (now,)).fetchone() is not None


def purge_some(connection: sqlite3.Connection, now: int, count: int) -> int:
    """Empty up to `count` deleted messages whose time is over; how many. Their places in the tree stay."""
    rows = connection.execute(
        "SELECT number, id, text, thinking, indexed FROM message WHERE purge_at <= ? ORDER BY purge_at LIMIT ?",
        (now, count),
    ).fetchall()
    for number, message_id, text, thinking, indexed in rows:
        if indexed:
            search.remove(connection, number, text, thinking)
        for table, column in (("message_attachment", "message_id"), ("draft", "conversation_id")):
            connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (message_id,))
        connection.execute(
            "UPDATE message SET text = '', thinking = '', tool_calls = NULL, failure = NULL, figures = NULL,"
            " sent = NULL, sent_ids = NULL, purge_at = NULL WHERE number = ?",
            (number,),
        )
    if rows:
        conversations.remove_unused_files(connection)
    return len(rows)
