# ruff: noqa: S608 - what is put together are names of this package; values are always bound
"""The full-text search: keeping its index, and finding in it."""

import re
import sqlite3
from collections.abc import Iterator

from ollama_tui.domain.hit import Hit
from ollama_tui.storage.rows import role_of
from ollama_tui.storage.words import SCHEME, expression, indexable, words_of

_SCHEME_KEY = "storage.search-scheme"
_BEFORE, _AFTER = 40, 120
_SPACES = re.compile(r"\s+")


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
    """Throw the index away, whatever its state, and begin an empty one: `index_some` fills it."""
    (definition,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'found'").fetchone()
    connection.execute("DROP TABLE found")
    connection.execute(definition)
    connection.execute("UPDATE message SET indexed = 0 WHERE indexed <> 0")
    connection.execute("INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)", (_SCHEME_KEY, str(SCHEME)))


def is_of_this_scheme(connection: sqlite3.Connection) -> bool:
    """Whether the index was made as this program makes it."""
    row = connection.execute("SELECT value FROM state WHERE key = ?", (_SCHEME_KEY,)).fetchone()
    return row is not None and row[0] == str(SCHEME)


def index_some(connection: sqlite3.Connection, count: int) -> int:
    """Index up to `count` finished messages that are not; how many there were."""
    rows = connection.execute(
        "SELECT number, text, thinking FROM message INDEXED BY message_unindexed"
        " WHERE indexed = 0 AND ending <> 'unfinished' ORDER BY number DESC LIMIT ?",
        (count,),
    ).fetchall()
    for number, text, thinking in rows:
        index(connection, number, text, thinking)
    return len(rows)


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


def find(connection: sqlite3.Connection, text: str, limit: int, before: int | None) -> tuple[Hit, ...]:
    """Messages that have all the words of `text`, the newest first; those before place `before`, if it is given."""
    words = words_of(text)
    if not words:
        return ()
    # CROSS JOIN: the index leads, so that the first hits come without all being found.
    cursor = connection.execute(
        "SELECT m.number, m.id, m.role, m.model, m.created_at, m.text, m.thinking, c.id, c.title"
        " FROM found CROSS JOIN message AS m ON m.number = found.rowid"
        " CROSS JOIN conversation AS c ON c.id = m.conversation_id"
        " WHERE found MATCH ? AND found.rowid < ? AND c.deleted_at IS NULL AND m.deleted_at IS NULL"
        " ORDER BY found.rowid DESC LIMIT ?",
        (expression(words), 2**63 - 1 if before is None else before, limit),
    )
    return tuple(_hit(row, words) for row in cursor)


def find_titles(connection: sqlite3.Connection, text: str, limit: int) -> tuple[Hit, ...]:
    """Conversations whose titles have all the words of `text`, the newest first."""
    words = [word.casefold() for word in words_of(text)]
    if not words:
        return ()
    rows = connection.execute(
        "SELECT id, title, model, updated_at FROM conversation WHERE deleted_at IS NULL"
        + " AND instr(title_key, ?) > 0" * len(words)
        + " ORDER BY updated_at DESC, id DESC LIMIT ?",
        (*words, limit),
    )
    return tuple(
        Hit(
            conversation_id=conversation_id,
            title=title,
            part="title",
            model=model,
            created_at=at,
            snippet=title,
            spans=tuple(_spans(title, words)),
        )
        for conversation_id, title, model, at in rows
    )


_FoundRow = tuple[int, str, str, str, int, str, str, str, str]


def _hit(row: _FoundRow, words: tuple[str, ...]) -> Hit:
    number, message_id, role, model, created_at, text, thinking, conversation_id, title = row
    part = "text"
    first = _first(text, words)
    if first is None and (in_thinking := _first(thinking, words)) is not None:
        part, first = "thinking", in_thinking
    snippet = _snippet(thinking if part == "thinking" else text, first or 0)
    return Hit(
        conversation_id=conversation_id,
        title=title,
        part="thinking" if part == "thinking" else "text",
        message_id=message_id,
        role=role_of(role),
        model=model,
        created_at=created_at,
        snippet=snippet,
        spans=tuple(_spans(snippet, words)),
        place=number,
    )


def _pattern(word: str) -> re.Pattern[str]:
    """`word` whatever its case; what the index takes for separators matches any other separator."""
    pieces = (re.escape(piece) for piece in re.split(r"[\W_]+", word) if piece)
    return re.compile(r"[\W_]+".join(pieces), re.IGNORECASE)


def _first(text: str, words: tuple[str, ...]) -> int | None:
    starts = (match.start() for word in words if (match := _pattern(word).search(text)))
    return min(starts, default=None)


def _snippet(text: str, first: int) -> str:
    start = max(0, first - _BEFORE)
    end = first + _AFTER
    piece = _SPACES.sub(" ", text[start:end]).strip()
    return f"{'…' if start else ''}{piece}{'…' if end < len(text) else ''}"


def _spans(text: str, words: tuple[str, ...] | list[str]) -> Iterator[tuple[int, int]]:
    found = sorted(match.span() for word in words for match in _pattern(word).finditer(text))
    last = 0
    for start, end in found:
        if start >= last:
            yield start, end
            last = end
