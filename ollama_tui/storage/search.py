# ruff: noqa: S608 - what is put together are names of this package; values are always bound
"""The full-text search: keeping its index, and finding in it."""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ollama_tui.domain.hit import Hit
from ollama_tui.domain.occurrence import Sought, comparable, fold
from ollama_tui.domain.query import Filters, Query, Where
from ollama_tui.storage.rows import role_of
from ollama_tui.storage.words import SCHEME, expression, indexable

_SCHEME_KEY = "storage.search-scheme"
_BEFORE, _AFTER = 40, 240
"""Characters of a snippet before what was found, and from there on."""
_MOST_AT_ONCE = 100_000
"""Characters after which the making of the index lets others write."""
_STEP = 1 << 16
"""Characters of a long text that are looked through at a time."""
_ENOUGH = 200
"""Places that are compared at most."""
_SPACES = re.compile(r"\s+")
_Row = Any  # a row of sqlite3 has no type of its own


def index(connection: sqlite3.Connection, number: int, text: str, thinking: str) -> None:
    """Make the message with this row number findable; it must not be so yet."""
    connection.execute(
        "INSERT INTO found (rowid, text, thinking) VALUES (?, ?, ?)", (number, indexable(text), indexable(thinking))
    )
    connection.execute("UPDATE message SET indexed = 1 WHERE number = ?", (number,))


def remove(connection: sqlite3.Connection, number: int, text: str, thinking: str) -> None:
    """Take a message out of the index, in which it stands with exactly these texts."""
    connection.execute(
        "INSERT INTO found (found, rowid, text, thinking) VALUES ('delete', ?, ?, ?)",
        (number, indexable(text), indexable(thinking)),
    )
    connection.execute("UPDATE message SET indexed = 0 WHERE number = ?", (number,))


def make_anew(connection: sqlite3.Connection) -> None:
    """Throw the index away, whatever its state, and begin an empty one: `index_some` fills it. Titles come at once."""
    (definition,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'found'").fetchone()
    connection.execute("DROP TABLE found")
    connection.execute(definition)
    connection.execute("UPDATE message SET indexed = 0 WHERE indexed <> 0")
    titles = connection.execute("SELECT id, title, title_key FROM conversation").fetchall()
    keys = [(comparable(title), one) for one, title, key in titles if comparable(title) != key]
    connection.executemany("UPDATE conversation SET title_key = ? WHERE id = ?", keys)
    connection.execute("INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)", (_SCHEME_KEY, str(SCHEME)))


def is_of_this_scheme(connection: sqlite3.Connection) -> bool:
    """Whether the index was made as this program makes it."""
    row = connection.execute("SELECT value FROM state WHERE key = ?", (_SCHEME_KEY,)).fetchone()
    return row is not None and row[0] == str(SCHEME)


def index_some(connection: sqlite3.Connection, count: int) -> int:
    """Index up to `count` finished messages that are not, fewer if they are long; how many it were.

    What is to be written meanwhile waits for it: for some milliseconds, or as long as one message takes.
    """
    numbers = connection.execute(
        "SELECT number FROM message INDEXED BY message_unindexed"
        " WHERE indexed = 0 AND ending <> 'unfinished' ORDER BY number DESC LIMIT ?",
        (count,),
    ).fetchall()
    done = characters = 0
    for (number,) in numbers:
        text, thinking = connection.execute("SELECT text, thinking FROM message WHERE number = ?", (number,)).fetchone()
        index(connection, number, text, thinking)
        done, characters = done + 1, characters + len(text) + len(thinking)
        if characters > _MOST_AT_ONCE:
            break
    return done


def has_more(connection: sqlite3.Connection) -> bool:
    """Whether there are finished messages that are not indexed."""
    row = connection.execute(
        "SELECT 1 FROM message INDEXED BY message_unindexed WHERE indexed = 0 AND ending <> 'unfinished' LIMIT 1"
    ).fetchone()
    return row is not None


def merge_some(connection: sqlite3.Connection) -> bool:
    """Merge a little of the index, which drops what was taken out of it; whether there may be more to do."""
    before = connection.total_changes
    connection.execute("INSERT INTO found (found, rank) VALUES ('merge', -500)")
    # As FTS5's documentation has it: fewer than two changes mean that there was nothing to merge.
    return connection.total_changes - before >= 2


def find(connection: sqlite3.Connection, query: Query, limit: int, before: int | None) -> tuple[Hit, ...]:
    """Messages that have all terms, the newest first; those before place `before`, if it is given."""
    if not query.terms or query.filters.where == "title":
        return ()
    condition, values = _of_messages(query)
    expressed = expression(query.terms)
    if expressed:
        if query.filters.where:
            expressed = f"{{{query.filters.where}}} : ({expressed})"
        # CROSS JOIN: the index leads, so that the first hits come without all being found.
        source = "found CROSS JOIN message AS m ON m.number = found.rowid"
        condition = f"found MATCH ? AND found.rowid < ? AND {condition} ORDER BY found.rowid DESC"
        values.insert(0, expressed)
    else:  # no index knows pictures: what was said is gone through, the newest first
        source = "message AS m"
        condition = f"m.number < ? AND m.ending <> 'unfinished' AND {condition} ORDER BY m.number DESC"
    values.insert(1 if expressed else 0, 2**63 - 1 if before is None else before)
    cursor = connection.execute(
        f"SELECT m.number, m.id, m.role, m.model, m.created_at, m.text, m.thinking, {_CONVERSATION}"
        f" FROM {source} CROSS JOIN conversation AS c ON c.id = m.conversation_id WHERE {condition} LIMIT ?",
        (*values, limit),
    )
    sought = query.sought
    return tuple(_message_hit(row, sought, query.filters.where) for row in cursor)


def find_conversations(connection: sqlite3.Connection, query: Query, limit: int) -> tuple[Hit, ...]:
    """Conversations whose titles have all terms, the newest first; without terms, all that the filters leave."""
    if query.empty or query.about_messages:
        return ()
    condition, values = of_conversations(query)
    rows = connection.execute(
        f"SELECT c.model, c.updated_at, {_CONVERSATION} FROM conversation AS c WHERE {condition}"
        " ORDER BY c.updated_at DESC, c.id DESC LIMIT ?",
        (*values, limit),
    )
    sought = Sought.words([replace(term, unfinished=True) for term in query.terms])
    return tuple(_title_hit(row, sought) for row in rows)


def of_conversations(query: Query) -> tuple[str, list[str | int]]:
    """The condition on conversations `c` that a query makes, all its terms being sought in the titles."""
    filters = query.filters
    conditions, values = _shared(filters)
    if filters.tags:
        conditions.append(_has_tags("c.id", filters.tags))
        values += filters.tags
    for term in query.terms:
        conditions.append("instr(c.title_key, ?) > 0")
        values.append(comparable(term.text))
    if filters.models:
        conditions.append(_any_model("c.model", filters.models))
        values += filters.models
    for bound, sign in ((filters.after, ">="), (filters.before, "<")):
        if bound is not None:
            conditions.append(f"c.updated_at {sign} ?")
            values.append(bound)
    return " AND ".join(conditions), values


def known_tags(connection: sqlite3.Connection) -> tuple[str, ...]:
    """All tags of conversations that are not in the bin, the most used first."""
    rows = connection.execute(
        "SELECT t.tag FROM conversation_tag AS t JOIN conversation AS c ON c.id = t.conversation_id"
        " WHERE c.deleted_at IS NULL GROUP BY t.tag ORDER BY count(*) DESC, t.tag"
    )
    return tuple(tag for (tag,) in rows)


def known_models(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The models of the conversations, the most used first."""
    rows = connection.execute(
        "SELECT model FROM conversation WHERE deleted_at IS NULL AND model <> '' GROUP BY model"
        " ORDER BY count(*) DESC, model"
    )
    return tuple(model for (model,) in rows)


TAGS = "(SELECT group_concat(t.tag, char(10)) FROM conversation_tag AS t WHERE t.conversation_id = c.id)"
"""The tags of a conversation `c`, a line each."""
_CONVERSATION = f"c.id, c.title, c.pinned, c.archived, c.deleted_at, {TAGS}"


def _shared(filters: Filters) -> tuple[list[str], list[str | int]]:
    """What is asked of conversations `c`, whether they themselves or their messages are looked for."""
    conditions = [f"c.deleted_at IS {'NOT ' if filters.deleted else ''}NULL"]
    values: list[str | int] = []
    conditions += ["c.pinned = 1"] * filters.pinned + ["c.archived = 1"] * filters.archived
    return conditions, values


def _has_tags(column: str, tags: Sequence[str]) -> str:
    """The condition that the conversation whose id is in `column` has a tag for each beginning."""
    # No LIKE: its wildcards would have to be escaped, and it knows no case but that of ASCII.
    tagged = f"{column} IN (SELECT conversation_id FROM conversation_tag WHERE instr(tag, ?) = 1)"
    return " AND ".join([tagged] * len(tags))


def _of_messages(query: Query) -> tuple[str, list[str | int]]:
    """What is asked of messages `m` and their conversations `c`, but for what the index answers."""
    filters = query.filters
    conditions, values = _shared(filters)
    conditions.append("m.deleted_at IS NULL")
    for literal in (literal for term in query.terms for literal in term.literals):
        columns = [filters.where] if filters.where else ["text", "thinking"]
        conditions.append(f"({' OR '.join(f'instr(lower(m.{column}), ?) > 0' for column in columns)})")
        values += [literal] * len(columns)
    if filters.tags:
        # The sign keeps SQLite from asking the index anew for each of them.
        conditions.append(
            f"+m.number IN (SELECT number FROM message WHERE {_has_tags('conversation_id', filters.tags)})"
        )
        values += filters.tags
    if filters.roles:
        conditions.append(f"m.role IN ({', '.join('?' * len(filters.roles))})")
        values += [role.value for role in filters.roles]
    if filters.models:
        # A question has no model of its own: it went to the conversation's.
        conditions.append(_any_model("CASE m.model WHEN '' THEN c.model ELSE m.model END", filters.models))
        values += filters.models
    for bound, sign in ((filters.after, ">="), (filters.before, "<")):
        if bound is not None:
            conditions.append(f"m.created_at {sign} ?")
            values.append(bound)
    return " AND ".join(conditions), values


def _any_model(column: str, names: tuple[str, ...]) -> str:
    return f"({' OR '.join([f'instr(lower({column}), ?) > 0'] * len(names))})"


def _title_hit(row: _Row, sought: Sought) -> Hit:
    model, updated_at, *conversation = row
    hit = _of(conversation)
    return replace(
        hit,
        model=model,
        created_at=updated_at,
        snippet=hit.title,
        spans=tuple((start, end) for start, end, _ in sought.places(fold(hit.title))),
    )


def _message_hit(row: _Row, sought: Sought, where: Where) -> Hit:
    number, message_id, role, model, created_at, text, thinking, *conversation = row
    part: Where = "text"
    first = None if where == "thinking" else _best(text, sought)
    if first is None and (in_thinking := _best(thinking, sought)) is not None:
        part, first = "thinking", in_thinking
    snippet = _snippet(thinking if part == "thinking" else text, first or 0)
    return replace(
        _of(conversation),
        part=part,
        message_id=message_id,
        role=role_of(role),
        model=model,
        created_at=created_at,
        snippet=snippet,
        spans=tuple((start, end) for start, end, _ in sought.places(fold(snippet))),
        place=number,
    )


def _of(conversation: list[Any]) -> Hit:
    conversation_id, title, pinned, archived, deleted_at, tag_lines = conversation
    return Hit(
        conversation_id=conversation_id,
        title=title,
        part="title",
        pinned=bool(pinned),
        archived=bool(archived),
        deleted=deleted_at is not None,
        tags=tags_of(tag_lines),
    )


def tags_of(lines: str | None) -> tuple[str, ...]:
    """The tags in a column made by TAGS."""
    return tuple(sorted(lines.split("\n"))) if lines else ()


def _best(text: str, sought: Sought) -> int | None:
    """Where most of the terms begin to stand close together; None if none is there.

    A long text is looked through in pieces: what stands in the first that has any is good enough.
    """
    for start in range(0, max(1, len(text)), _STEP):
        found = sought.places(fold(text[start : start + _STEP + _AFTER]))[:_ENOUGH]
        if found:
            near = [
                len({term for at, _, term in found[index:] if at < begin + _AFTER})
                for index, (begin, _, _) in enumerate(found)
            ]
            return start + found[near.index(max(near))].start
    return None


def _snippet(text: str, first: int) -> str:
    start = max(0, first - _BEFORE)
    end = first + _AFTER
    piece = _SPACES.sub(" ", text[start:end]).strip()
    return f"{'…' if start else ''}{piece}{'…' if end < len(text) else ''}"
