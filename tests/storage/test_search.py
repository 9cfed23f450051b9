"""The search: words of any script, as typed, whatever is typed."""

import asyncio
import dataclasses
import random
import shutil
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.message import Ending, Role
from ollama_tui.domain.model import ModelRef
from ollama_tui.domain.query import parse
from ollama_tui.storage.database import Database
from ollama_tui.storage.history import History
from ollama_tui.storage.migration import Migrations
from tests.storage.conftest import answer, conversation, find, question, sound, told

TEXTS = {
    "db": "我在学习数据库设计，用Python写代码。",
    "jp": "東京タワーへ行きたい。ｶﾀｶﾅも",
    "kr": "한국어를 배우고 싶어요",
    "en": "The Café's naïve snake_case_name raised a KeyError: don't panic (C++).",
    "wide": "Ｆｕｌｌ　ｗｉｄｔｈ １２３",
    "old": "A classic: 红楼梦 and 紅樓夢",
    "one": "猫",
    "signs": "Vitamin C and a party 🎉 at 5",
}


@pytest.fixture
async def library(history: History) -> History:
    for title, text in TEXTS.items():
        await told(history, conversation(title), text, "ok")
    return history


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("数据", "db"),  # two characters
        ("据库", "db"),  # not where a word begins
        ("数据库", "db"),
        ("数据库设计", "db"),
        ("库", "db"),  # one character, in the middle
        ("计", "db"),  # and at the end of its run
        ("猫", "one"),
        ("用Python写", "db"),
        ("python写代", "db"),
        ("习数 代码", "db"),
        ("东京", ""),
        ("東京", "jp"),
        ("タワー", "jp"),
        ("カタカナ", "jp"),
        ("국어", "kr"),
        ("한국어를 배우", "kr"),
        ("cafe", "en"),
        ("NAÏVE", "en"),
        ("case_name", "en"),
        ("snake_ca", "en"),
        ("keyerror panic", "en"),
        ("panic keyerr", "en"),
        ("keyerr panic", ""),  # only the last word may be unfinished
        ("don't", "en"),
        ("C++", "en"),  # not every C
        ("c+", "en"),
        ("panic c++", "en"),
        ("c#", ""),
        ("🎉", "signs"),
        ("party 🎉", "signs"),
        ("🎉 panic", ""),
        ("👍", ""),
        ("full width 123", "wide"),
        ("红楼", "old"),
        ("红楼夢", ""),
        ("据设", ""),
        ("", ""),
        ("  ", ""),
        ("+-*/", ""),
    ],
)
async def test_words_are_found(library: History, typed: str, found: str) -> None:
    assert {hit.title for hit in await find(library, typed) if hit.part != "title"} == ({found} if found else set())


OPERATORS = (
    '" OR * NEAR(',
    '"',
    "text:x",
    "a AND",
    "NOT",
    "^a",
    "{a b}: c",
    "-a",
    "(",
    "a*b",
    "'",
    "\x00",
    "a\x00b",
    "\ud800",
    "%",
    "NEAR(a b, 3)",
)


@pytest.mark.parametrize("typed", OPERATORS)
async def test_nothing_that_is_typed_is_an_operator(library: History, typed: str) -> None:
    typed = typed.replace("a", "zebra")
    assert await find(library, typed) == ()
    await told(library, conversation("!"), f"before {typed} after", "ok")
    has_words = any(map(str.isalnum, typed))
    assert [hit.title for hit in await find(library, typed)] == (["!"] if has_words else [])


async def test_no_text_breaks_the_search(history: History) -> None:
    chance = random.Random(1)
    for alphabet in ("a", "的", "a的", '" ', 'a b"*:(', 'tag:model:in:"', "\ud800\x00", "ﬁ\u0301"):
        await find(history, "".join(chance.choices(alphabet, k=10_000)))
    alphabet = "ab1 \"'*()^:-+{}\t\n\x00\u4e2d\u6587\u3042\uac00\ud800\u0301é\U0001f600\U00020000"
    for _ in range(60):
        text = "".join(chance.choices(alphabet, k=chance.randint(1, 12)))
        talk = conversation("x")
        await told(history, talk, text, "y")
        start = chance.randrange(len(text))
        await find(history, text)
        await find(history, text[start : start + 3])


async def test_a_hit_shows_its_place(history: History) -> None:
    talk = conversation("About trees")
    before = "word " * 100
    asked = question(talk, "Which tree?")
    replied = dataclasses.replace(
        answer(asked, f"{before}an  old\nOAK tree {before}", Ending.COMPLETE), thinking="Perhaps a willow"
    )
    await history.begin(talk, asked, {}, replied)
    (hit,) = await find(history, "oak")
    assert (hit.conversation_id, hit.message_id, hit.role, hit.part) == (talk.id, replied.id, Role.ASSISTANT, "text")
    assert "an old OAK tree word" in hit.snippet
    assert len(hit.snippet) < 300
    assert [hit.snippet[start:end] for start, end in hit.spans] == ["OAK"]
    (thought,) = await find(history, "willow")
    assert (thought.part, thought.snippet) == ("thinking", "Perhaps a willow")
    parts = [hit.part for hit in await find(history, "tree")]
    assert parts == ["title", "text", "text"]


async def test_hits_come_page_by_page_newest_first(history: History) -> None:
    talk = conversation()
    for number in range(7):
        await told(history, talk, f"apple {number}", "ok")
    seen: list[str] = []
    page = await find(history, "apple", limit=3)
    while page:
        seen += [hit.snippet for hit in page]
        page = await find(history, "apple", limit=3, before=page[-1].place)
    assert seen == [f"apple {number}" for number in reversed(range(7))]


async def test_an_unfinished_answer_is_found_when_it_ends(history: History) -> None:
    talk = conversation()
    asked = question(talk)
    begun = answer(asked)
    await history.begin(talk, asked, {}, begun)
    await history.save_partial(begun.id, "chestnut", "")
    assert await find(history, "chestnut") == ()
    await history.finish(dataclasses.replace(begun, text="chestnut", ending=Ending.STOPPED))
    assert len(await find(history, "chestnut")) == 1


async def test_the_index_is_made_anew_when_its_scheme_is_another(library: History, database: Database) -> None:
    def age(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO found (found) VALUES ('delete-all')")
        connection.execute("UPDATE state SET value = '0' WHERE key = 'storage.search-scheme'")

    await database.run(age)
    assert await find(library, "数据") == ()
    await library.refresh_search()
    assert len(await find(library, "数据")) == 1
    assert len(await find(library, "ok")) == len(TEXTS)


async def test_quotes_make_a_phrase_of_what_is_in_them(history: History) -> None:
    await told(history, conversation("in order"), "the quick brown fox 数据库 设计", "ok")
    await told(history, conversation("out of order"), "brown and quick, 设计 数据库", "ok")

    async def found(text: str) -> set[str]:
        return {hit.title for hit in await find(history, text) if hit.part != "title"}

    assert await found("quick brown") == {"in order", "out of order"}
    assert await found('"quick brown"') == {"in order"}
    assert await found('"quick bro') == {"in order"}  # the quote is not closed yet
    assert await found('"quick bro"') == set()
    assert await found("“数据库 设计”") == {"in order"}
    assert await found('设计 "fox 数据库"') == {"in order"}


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("A Café in naïve Köln", "cafe koln", ["Café", "Köln"]),
        ("A Cafe\u0301 by the sea", "café", ["Cafe\u0301"]),
        ("Ｆｕｌｌ　ｗｉｄｔｈ", "full", ["Ｆｕｌｌ"]),
        ("I write 用 Python 写 code", "用Python写", ["用 Python 写"]),
        ("in a string within", "in string", ["in", "string"]),
        ("keys and keyboards", "key", ["key", "key"]),
        ("snake_case and snake case", "snake_case", ["snake_case", "snake case"]),
        ("C, C++ and (c++)", "C++", ["C++", "c++"]),
        ("in C++, C++ in 🎉", "in C++ 🎉", ["in", "C++", "C++", "in", "🎉"]),
        ("学习数据库设计", "据库", ["据库"]),
    ],
)
async def test_what_is_found_is_marked(history: History, text: str, typed: str, marked: list[str]) -> None:
    await told(history, conversation(), text, "!")
    (hit,) = await find(history, typed)
    assert [hit.snippet[start:end] for start, end in hit.spans] == marked


@pytest.mark.parametrize("typed", ["你好，世界：", "cafe", "Café", "ＦＵＬＬ", "full", "🎉"])
async def test_titles_are_found_as_texts_are(history: History, database: Database, typed: str) -> None:
    talk = conversation("你好，世界：Cafe\u0301 Ｆｕｌｌ 🎉")
    await told(history, talk, "?", "!")
    for _ in range(2):
        (hit,) = await find(history, typed)
        assert (hit.part, hit.conversation_id) == ("title", talk.id)
        assert len(hit.spans) > 0
        assert [one.id for one in await history.conversations(text=typed)] == [talk.id]
        await database.run(lambda c: c.execute("UPDATE conversation SET title_key = lower(title)"))  # of before
        await database.run(lambda c: c.execute("UPDATE state SET value = '1' WHERE key = 'storage.search-scheme'"))
        await history.refresh_search()


async def test_a_place_deep_in_a_long_message_is_shown(history: History) -> None:
    text = "alpha " + "word " * 100_000 + "alpha beta " + "word " * 1000
    await told(history, conversation(), "x", text)
    (hit,) = await find(history, "beta")
    assert "alpha beta word" in hit.snippet
    assert [hit.snippet[start:end] for start, end in hit.spans] == ["beta"]


NOON = datetime(2026, 11, 20, 12).astimezone()


@pytest.fixture
async def shelves(history: History) -> History:
    """Three conversations with the word `oak`, days and months apart."""
    for title, model, day, tags in (
        ("new", "qwen3:8b", NOON, ("work",)),
        ("older", "llama3.2:3b", NOON - timedelta(days=3), ("home", "wood")),
        ("oldest", "qwen3:8b", NOON - timedelta(days=40), ()),
    ):
        at = int(day.timestamp() * 1000)
        ref = ModelRef(host_id="local", name=model)
        talk = dataclasses.replace(conversation(title), setup=Setup(model=ref), updated_at=at, created_at=at)
        asked = dataclasses.replace(question(talk, "An oak?"), created_at=at)
        replied = dataclasses.replace(
            answer(asked, "The oak.", Ending.COMPLETE), created_at=at, model=ref, thinking="Willow, not oak"
        )
        await history.create(talk)
        await history.begin(talk, asked, {}, replied)
        await history.change_tags(talk.id, add=tags)
        await history._run(
            lambda c, i=talk.id, t=at: c.execute("UPDATE conversation SET updated_at = ? WHERE id = ?", (t, i))
        )
    return history


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("oak", ["oldest", "oldest", "older", "older", "new", "new"]),
        ("oak model:QWEN", ["oldest", "oldest", "new", "new"]),
        ("oak model:qwen model:llama role:user", ["oldest", "older", "new"]),
        ("oak tag:wo", ["older", "older", "new", "new"]),
        ("oak tag:wo tag:home", ["older", "older"]),
        ("oak after:2026-11-17 role:assistant", ["older", "new"]),
        ("oak before:2026-11-17", ["oldest", "oldest"]),
        ("oak date:2026-10", ["oldest", "oldest"]),
        ("oak date:today in:text", ["new", "new"]),
        ("oak date:week role:u", ["older", "new"]),
        ("willow", ["oldest", "older", "new"]),
        ("in:thinking oak", ["oldest", "older", "new"]),
        ("willow in:text", []),
        ("oak is:pinned", []),
        ("oak nonsense:x", []),
        ("oak date:nonsense role:user", ["oldest", "older", "new"]),
        ("old", ["older", "oldest"]),
        ("in:title oldest", ["oldest"]),
        ("tag:home", ["older"]),
        ("model:qwen", ["new", "oldest"]),
        ("after:2026-11-19", ["new"]),
        ("role:user", []),
    ],
)
async def test_filters_narrow_down(shelves: History, typed: str, found: list[str]) -> None:
    hits = await shelves.search(parse(typed, NOON))
    assert [hit.title for hit in hits] == found


async def test_what_is_archived_is_found_and_what_is_deleted_only_if_asked_for(shelves: History) -> None:
    by_title = {hit.title: hit.conversation_id for hit in await find(shelves, "oak")}
    await shelves.archive(by_title["new"], True)
    await shelves.delete(by_title["older"])
    assert [hit.archived for hit in await find(shelves, "oak role:user")] == [False, True]
    assert [hit.title for hit in await find(shelves, "oak role:user is:archived")] == ["new"]
    (hit,) = await find(shelves, "oak role:user is:deleted")
    assert (hit.title, hit.deleted, hit.tags) == ("older", True, ("home", "wood"))


def test_what_is_wrong_with_a_filter_is_told() -> None:
    query = parse("tree date:2026-13 role: tag:x unknown:y", NOON)
    assert [term.text for term in query.terms] == ["tree", "unknown:y"]
    assert len(query.problems) == 2
    assert query.filters.tags == ("x",)


def _slow(connection: sqlite3.Connection, steps: int) -> object:
    return connection.execute(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT count(*) FROM n", (steps,)
    ).fetchone()[0]


async def test_a_slow_search_holds_up_nothing_and_ends_when_nobody_waits(library: History, database: Database) -> None:
    slow = asyncio.create_task(database.read_aside(lambda connection: _slow(connection, 10**10)))
    await asyncio.sleep(0.05)
    await told(library, conversation("meanwhile"), "written", "ok")
    assert not slow.done()
    slow.cancel()
    async with asyncio.timeout(2):
        assert len(await find(library, "written")) == 1
    assert slow.cancelled()


async def test_closing_ends_a_slow_search(path: Path) -> None:
    database = await Database.open(path)
    slow = asyncio.create_task(database.read_aside(lambda connection: _slow(connection, 10**10)))
    await asyncio.sleep(0.05)
    async with asyncio.timeout(2):
        await database.close()
    with pytest.raises(asyncio.CancelledError):
        await slow


async def test_a_damaged_index_is_made_anew_by_a_search(library: History, database: Database) -> None:
    def damage(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE found_data SET block = x'00ff00ff00ff' WHERE id > 1")

    await database.run(damage)
    assert await find(library, "数据") == ()
    assert await library.search_is_behind()
    await library.refresh_search()
    assert [hit.title for hit in await find(library, "数据")] == ["db"]


async def test_a_file_of_before_single_characters_is_searched_as_before(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    for script in Migrations().scripts()[:2]:
        shutil.copy(script, folder)
    old = await Database.open(path, migrations=Migrations(folder))
    for title, text in TEXTS.items():
        await told(History(old, "i"), conversation(title), text, "ok")
    await old.close()
    new = await Database.open(path)
    history = History(new, "j")
    assert await history.search_is_behind()
    await history.refresh_search()
    assert [hit.title for hit in await find(history, "库")] == ["db"]
    assert len(await find(history, "ok")) == len(TEXTS)
    await new.close()
    assert sound(path)
