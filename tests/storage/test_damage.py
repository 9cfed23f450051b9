# ruff: noqa: ASYNC240 - nothing else runs in these loops
"""Damaged files: set aside, and what can be read of them is there again."""

import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ollama_tui.domain.failure import describe
from ollama_tui.domain.message import Sent
from ollama_tui.storage import salvage
from ollama_tui.storage.database import Database
from ollama_tui.storage.file import log_of
from ollama_tui.storage.history import History
from ollama_tui.storage.migration import Migrations
from ollama_tui.storage.state import State
from tests.storage.conftest import conversation, find, sound, tell_many, told

TALKS, TURNS = 20, 10
PAGE = 4096


@pytest.fixture
async def filled(path: Path) -> Path:
    """A database of about 500 KiB."""
    database = await Database.open(path)
    talks = [conversation(f"Talk {number}") for number in range(TALKS)]
    turns = [(f"question {{}} {turn}", f"answer {turn} " * 100) for turn in range(TURNS)]
    await tell_many(database, talks, turns)
    await State(database).set("ui.theme", "night")
    await database.close()
    return path


def aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("history.damaged-*.db"))


async def saved(path: Path) -> tuple[Database, int]:
    """The database, opened although it is damaged, and how many messages it has; each can be read and written."""
    database = await Database.open(path)
    (notice,) = database.opened_with
    message, hint = describe(notice.code, notice.params)
    assert str(aside(path)[-1]) in message
    assert str(notice.params["messages"]) in hint
    history = History(database, "j")
    count = 0
    for talk in await history.conversations():
        count += len(await history.branch(talk.id))
    assert count == notice.params["messages"]
    await history.refresh_search()
    await told(history, conversation(), "Does it work?", "It does.")
    assert len(await find(history, "does")) == 2
    return database, count


async def test_an_empty_file_is_a_new_database(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    database = await Database.open(path)
    assert database.opened_with == ()
    assert await History(database, "i").conversations() == ()
    await database.close()


@pytest.mark.parametrize("size", [1, 99, 100, 5_000])
async def test_garbage_is_set_aside_as_it_is(path: Path, size: int) -> None:
    garbage = random.Random(size).randbytes(size)
    path.parent.mkdir()
    path.write_bytes(garbage)
    database, count = await saved(path)
    await database.close()
    assert count == 0
    assert [file.read_bytes() for file in aside(path)] == [garbage]
    assert sound(path)


@pytest.mark.parametrize("size", [1, 16, 100])
async def test_a_header_that_is_lost_loses_nothing_else(filled: Path, size: int) -> None:
    with filled.open("r+b") as file:
        file.write(b"x" * size)
    database, count = await saved(filled)
    assert count == 2 * TALKS * TURNS
    await database.close()
    assert sorted(file.suffix for file in filled.parent.iterdir()) == [".db", ".db"]


@pytest.mark.parametrize(("share", "expected"), [(0.2, 0), (0.5, 100), (0.7, 240), (0.9, 360), (0.999, 390)])
async def test_what_a_truncated_file_still_has_is_saved(filled: Path, share: float, expected: int) -> None:
    whole = filled.stat().st_size
    os.truncate(filled, int(whole * share))
    database, count = await saved(filled)
    await database.close()
    assert sound(filled)
    # Of 400: the rows stand behind the roots of all tables, about in the order in which they were written.
    assert count >= expected


@pytest.mark.parametrize("seed", range(4))
async def test_what_stands_beside_overwritten_pages_is_saved(filled: Path, seed: int) -> None:
    lost = 8
    pages = filled.stat().st_size // PAGE
    roots = _root_pages(filled)
    chance = random.Random(seed)
    candidates = [page for page in range(pages // 4, pages) if page + 1 not in roots]
    with filled.open("r+b") as file:
        for page in chance.sample(candidates, lost):
            file.seek(page * PAGE)
            file.write(chance.randbytes(PAGE))
    database = await Database.open(filled)
    if not database.opened_with:
        assert not await database.check()
    history = History(database, "j")
    messages = int(database.opened_with[0].params["messages"])
    assert messages >= TALKS * TURNS * 2 * 0.7
    shown = 0
    for talk in await history.conversations():
        branch = await history.branch(talk.id)
        shown += len(branch)
    assert shown == messages
    assert await State(database).get("ui.theme") == "night"
    await database.close()
    assert sound(filled)


async def test_damage_that_is_met_while_it_is_open_is_mended_there_and_then(filled: Path) -> None:
    database = await Database.open(filled)
    history = History(database, "j")
    roots = _root_pages(filled)
    with filled.open("r+b") as file:
        for page in range(filled.stat().st_size // PAGE // 2, filled.stat().st_size // PAGE - 4):
            if page + 1 not in roots:
                file.seek(page * PAGE)
                file.write(b"\xff" * PAGE)
        file.flush()
    for talk in await history.conversations():
        await history.branch(talk.id)
    assert [notice.code for notice in database.opened_with] == ["database-damaged"]
    await told(history, conversation(), "Does it work?", "It does.")
    await database.close()
    assert sound(filled)
    assert len(aside(filled)) == 1


async def test_what_refers_to_lost_rows_hangs_together_again(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        talk = connection.execute("SELECT id FROM conversation WHERE title = 'Talk 3'").fetchone()[0]
        connection.execute("DELETE FROM conversation WHERE id = ?", (talk,))  # without the rows that refer to it
        other = connection.execute("SELECT id FROM conversation WHERE title = 'Talk 4'").fetchone()[0]
        for text in ("question Talk 4 2", "question Talk 4 9"):
            connection.execute("DELETE FROM message WHERE text = ?", (text,))
        leaf = connection.execute("SELECT leaf_id FROM conversation WHERE id = ?", (other,)).fetchone()[0]
        connection.execute("DELETE FROM message WHERE id = ?", (leaf,))
        connection.execute("UPDATE message SET sent = '{}', sent_ids = '{\"sent\": [[0, 9]]}'")
        connection.commit()
    database = await Database.open(filled)
    await database._call(database._mend)
    history = History(database, "j")
    renamed = await history.conversation(talk)
    assert renamed is not None
    assert renamed.title == "question Talk 3 0"
    assert len(await history.branch(talk)) == TURNS * 2
    branch = await history.branch(other)
    assert len(branch) == TURNS * 2 - 3
    assert all(message.sent == Sent() for message in branch)  # better nothing than wrong ids
    await database.close()
    assert sound(filled)


async def test_a_damaged_search_index_is_made_anew_without_touching_the_rest(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("UPDATE found_data SET block = randomblob(length(block)) WHERE id > 10")
        connection.commit()
    database = await Database.open(filled)
    history = History(database, "j")
    assert await find(history, "answer") == ()
    await history.refresh_search()
    assert len(await find(history, "answer", limit=1000)) == TALKS * TURNS
    assert database.opened_with == ()
    assert aside(filled) == []
    await database.close()


class Killed(BaseException):
    """The program ends right here."""


@pytest.mark.parametrize("moves", [0, 1])
async def test_a_mending_that_was_interrupted_loses_nothing(
    filled: Path, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    rename = Path.rename
    left = moves

    def interrupted(self: Path, target: Path) -> Path:
        nonlocal left
        if left == 0:
            raise Killed
        left -= 1
        return rename(self, target)

    os.truncate(filled, filled.stat().st_size - PAGE)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", interrupted)
        with pytest.raises(Killed):
            salvage.mend(filled, Migrations())
    database = await Database.open(filled)
    assert len(await History(database, "j").conversations()) == TALKS
    await database.close()
    assert sound(filled)
    assert not salvage.mended_path(filled).exists()
    assert len(aside(filled)) == 1


async def test_a_log_that_is_damaged_costs_what_was_written_last(filled: Path) -> None:
    database = await Database.open(filled)
    await told(History(database, "i"), conversation("Last"), "Why?", "So.")
    copy = filled.with_name("copy.db")
    copy.write_bytes(filled.read_bytes())
    log = bytearray(log_of(filled).read_bytes())
    log[len(log) // 2 :] = b"\x55" * (len(log) - len(log) // 2)
    log_of(copy).write_bytes(log)
    await database.close()
    database = await Database.open(copy)
    assert database.unclean
    assert await database.check()
    assert len(await History(database, "j").conversations()) >= TALKS
    await database.close()


def _root_pages(path: Path) -> set[int]:
    """The pages without which a whole table cannot be read, and those of the table that finds them."""
    with closing(sqlite3.connect(path)) as connection:
        return {1, *(row[0] for row in connection.execute("SELECT rootpage FROM sqlite_master"))}
