# ruff: noqa: ASYNC240 - nothing else runs in these loops
"""The list of conversations: order, pages, the bin, titles, drafts, what waits and what was asked."""

import dataclasses
import os
import sqlite3
import time
from datetime import datetime
from pathlib import Path

from ollama_tui.domain.conversation import Shelf, TitleSource
from ollama_tui.domain.message import Attachment
from ollama_tui.domain.occurrence import Term
from ollama_tui.domain.query import Query, parse
from ollama_tui.storage.database import Database
from ollama_tui.storage.history import History
from ollama_tui.storage.state import State
from tests.storage.conftest import answer, conversation, find, question, tell_many, told


async def many(history: History, count: int) -> None:
    for number in range(count):
        await history.create(
            conversation(f"Talk {number}", updated_at=1000 + number // 2, pinned=number in (3, 4), draft="typed")
        )


async def test_newest_first_pinned_on_top_page_by_page(history: History) -> None:
    await many(history, 25)
    titles: list[str] = []
    page = await history.conversations(limit=10)
    assert [c.title for c in page[:3]] == ["Talk 4", "Talk 3", "Talk 24"]
    while page:
        titles += [c.title for c in page]
        page = await history.conversations(limit=10, before=(page[-1].updated_at, page[-1].id))
    assert sorted(titles) == sorted(f"Talk {number}" for number in range(25))
    assert [c.draft for c in await history.conversations(limit=1)] == ["", "", ""]


async def test_the_titles_filter_knows_case_and_chinese_and_no_wildcards(history: History) -> None:
    for title in ("Straße nach Rom", "数据库设计", "100 % sure"):
        await history.create(conversation(title))
    for text, found in (("STRASSE", 1), ("据库", 1), ("%", 1), ("_", 0), ("rom ", 1), ("xyz", 0)):
        assert len(await history.conversations(text=text)) == found, text


async def test_archived_ones_have_a_list_of_their_own(history: History) -> None:
    talk = conversation("Old", archived=True)
    await history.create(talk)
    assert await history.conversations() == ()
    assert await history.last() is None
    assert [c.id for c in await history.conversations(archived=True)] == [talk.id]


async def test_a_deleted_conversation_is_seen_nowhere_and_can_be_had_back(history: History) -> None:
    talk = conversation("Secret plan")
    last = await told(history, talk, "Where is the treasure?", "Under the oak.")
    await history.delete(talk.id)
    assert await history.conversations() == ()
    assert await history.last() is None
    assert await find(history, "treasure") == ()
    assert await find(history, "plan") == ()
    assert await history.prompts() == ()
    assert [c.id for c in await history.conversations(deleted=True)] == [talk.id]
    assert await history.purge_due() == 0

    await history.restore(talk.id)
    assert len(await find(history, "treasure")) == 1
    assert len(await history.branch(talk.id)) == 2

    # Asking in a conversation that was deleted in another pane brings it back, too.
    await history.delete(talk.id)
    await told(history, talk, "Really?", "Yes.", after=last)
    assert [c.id for c in await history.conversations()] == [talk.id]


async def test_what_is_purged_is_gone_from_the_disk(history: History, database: Database, path: Path) -> None:
    long = conversation("Long secret")
    # Deeper than SQLite follows a cascade.
    await tell_many(database, [long], [(f"Zanzibar{number}", "x") for number in range(600)])
    await history.save_draft(long.id, "Zanzibardraft")
    kept = conversation("Kept")
    await told(history, kept, "Madagascar", "yes")
    await history.delete(long.id)
    await database.run(lambda c: c.execute("UPDATE conversation SET purge_at = 5 WHERE id = ?", (long.id,)))
    copy, new_copy = (path.with_name(f"history.version-{version}.db") for version in (7, 8))
    for file, age in ((copy, 31), (new_copy, 29)):
        file.write_text("")
        then = time.time() - age * 24 * 3600
        os.utime(file, (then, then))
    assert await history.purge_due() == 1
    assert (copy.exists(), new_copy.exists()) == (False, True)
    assert await history.conversation(long.id) is None
    assert len(await find(history, "Madagascar")) == 1
    await database._call(lambda: database._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)"))
    content = path.read_bytes().lower()
    assert b"zanzibar" not in content
    assert b"madagascar" in content


async def test_the_persons_title_is_the_persons(history: History) -> None:
    talk = conversation()
    asked = question(talk)
    named = dataclasses.replace(talk, title="Why", title_source=TitleSource.FIRST_WORDS)
    await history.create(talk)
    await history.begin(named, asked, {}, answer(asked))
    await history.rename(talk.id, "By model", TitleSource.MODEL)
    await history.rename(talk.id, "Mine", TitleSource.PERSON)
    await history.rename(talk.id, "By model again", TitleSource.MODEL)
    await history.update(named)
    kept = await history.conversation(talk.id)
    assert kept is not None
    assert (kept.title, kept.title_source) == ("Mine", TitleSource.PERSON)


async def test_who_stores_a_setup_changes_no_pin_and_no_archive(history: History) -> None:
    talk = conversation("Kept")
    await history.create(talk)
    await history.pin(talk.id, True)
    await history.archive(talk.id, True)
    await history.update(talk)  # as it was read before
    kept = await history.conversation(talk.id)
    assert kept is not None
    assert (kept.pinned, kept.archived) == (True, True)


async def test_a_list_of_each_shelf_with_tags_and_a_filter(history: History) -> None:
    talks = [conversation(f"Talk {number}", updated_at=1000 + number) for number in range(12)]
    for talk in talks:
        await history.create(talk)
    await history.pin(talks[2].id, True)
    await history.archive(talks[3].id, True)
    await history.delete(talks[4].id)
    await history.delete(talks[1].id)
    for talk in talks[5:8]:
        await history.change_tags(talk.id, add=("work", "数据", "x"))
    assert await history.change_tags(talks[5].id, add=("a", "work"), remove=("x", "none")) == ("a", "work", "数据")
    assert await history.change_tags("nobody", add=("work",)) == ()

    titles: list[str] = []
    page = await history.listed(Query(), limit=4)
    while page:
        titles += [row.title for row in page]
        page = await history.listed(Query(), limit=4, before=(page[-1].at, page[-1].id))
    assert titles == [f"Talk {number}" for number in (2, 11, 10, 9, 8, 7, 6, 5, 0)]
    assert [row.title for row in await history.listed(Query(), Shelf.ARCHIVE)] == ["Talk 3"]
    assert {row.title for row in await history.listed(Query(), Shelf.BIN)} == {"Talk 1", "Talk 4"}

    async def listed(text: str) -> list[str]:
        return [row.title for row in await history.listed(parse(text, datetime.now().astimezone()))]

    assert await listed("tag:wor tag:数") == ["Talk 7", "Talk 6", "Talk 5"]
    assert await listed("tag:x talk") == ["Talk 7", "Talk 6"]
    assert await listed("is:pinned") == ["Talk 2"]
    assert await history.known_tags() == ("work", "数据", "x", "a")
    (row,) = await history.listed(Query(terms=(Term("talk 5"),)))
    assert row.tags == ("a", "work", "数据")


async def test_a_draft_is_kept_until_it_is_asked(history: History) -> None:
    talk = conversation()
    await history.save_draft(talk.id, "half a")  # before the conversation exists
    assert await history.draft(talk.id) == "half a"
    asked = question(talk, "half a question")
    await history.begin(talk, asked, {}, answer(asked))
    assert await history.draft(talk.id) == "half a"  # typed on, or not what was asked
    await history.save_draft(talk.id, "next question\n")
    kept = await history.conversation(talk.id)
    assert kept is not None
    assert kept.draft == "next question\n"
    following = question(talk, "next question")
    await history.begin(talk, following, {}, answer(following))
    assert await history.draft(talk.id) == ""
    await history.save_draft(talk.id, "x")
    await history.save_draft(talk.id, "")
    assert await history.draft(talk.id) == ""


async def test_questions_wait_in_their_order_with_their_files(history: History) -> None:
    talk = conversation()
    await told(history, talk, "Why?", "So.")
    attachment = Attachment(sha256="5" * 64, name="a.png", media_type="image/png", size=1)
    first = await history.queue(talk.id, "one", (attachment,), {attachment.sha256: b"!"})
    await history.queue(talk.id, "two", (), {})
    assert [(q.text, q.attachments) for q in await history.queued(talk.id)] == [("one", (attachment,)), ("two", ())]
    assert await history.attachment(attachment.sha256) == b"!"
    await history.unqueue(first)
    assert [q.text for q in await history.queued(talk.id)] == ["two"]


async def test_earlier_prompts_come_once_newest_first(history: History) -> None:
    talk = conversation()
    for text in ("alpha", "beta 100%", "Alpha", "gamma", "alpha", "  "):
        await told(history, talk, text, "ok")
    assert [p.text for p in await history.prompts()] == ["alpha", "gamma", "Alpha", "beta 100%"]
    page = await history.prompts(limit=2)
    assert [p.text for p in await history.prompts(before=page[-1].place)] == ["Alpha", "beta 100%", "alpha"]
    assert [p.text for p in await history.search_prompts("ALPH")] == ["alpha", "Alpha"]
    assert [p.text for p in await history.search_prompts("0%")] == ["beta 100%"]
    assert await history.search_prompts("_") == ()


async def test_state_is_what_was_set_last(database: Database) -> None:
    state = State(database)
    await state.set("ui.theme", "night")
    await state.set("ui.theme", {"name": "day", "list": [1, 2.5, None, True]})
    await state.set("host.last", "local")
    assert await state.get("ui.theme") == {"name": "day", "list": [1, 2.5, None, True]}
    assert await state.get("nothing") is None
    await state.set("host.last", None)
    assert await state.all() == {"ui.theme": {"name": "day", "list": [1, 2.5, None, True]}}


async def test_the_list_is_read_from_an_index(database: Database) -> None:
    def plan(connection: sqlite3.Connection) -> str:
        rows = connection.execute(
            "EXPLAIN QUERY PLAN SELECT id FROM conversation WHERE deleted_at IS NULL AND archived = 0 AND pinned = 0"
            " ORDER BY updated_at DESC, id DESC LIMIT 200"
        )
        return " ".join(row["detail"] for row in rows)

    steps = await database.read(plan)
    assert "conversation_recent" in steps
    assert "TEMP B-TREE" not in steps
