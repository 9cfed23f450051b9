"""The search: words of any script, as typed, whatever is typed."""

import dataclasses
import random
import sqlite3

import pytest

from ollama_tui.domain.message import Ending, Role
from ollama_tui.storage.database import Database
from ollama_tui.storage.history import History
from tests.storage.conftest import answer, conversation, question, told

TEXTS = {
    "db": "我在学习数据库设计，用Python写代码。",
    "jp": "東京タワーへ行きたい。ｶﾀｶﾅも",
    "kr": "한국어를 배우고 싶어요",
    "en": "The Café's naïve snake_case_name raised a KeyError: don't panic (C++).",
    "wide": "Ｆｕｌｌ　ｗｉｄｔｈ １２３",
    "old": "A classic: 红楼梦 and 紅樓夢",
    "one": "猫",
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
        ("C++", "en"),
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
    assert {hit.title for hit in await library.search(typed) if hit.part != "title"} == ({found} if found else set())


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
    assert await library.search(typed) == ()
    await told(library, conversation("!"), f"before {typed} after", "ok")
    has_words = any(map(str.isalnum, typed))
    assert [hit.title for hit in await library.search(typed)] == (["!"] if has_words else [])


async def test_no_text_breaks_the_search(history: History) -> None:
    chance = random.Random(1)
    alphabet = "ab1 \"'*()^:-+{}\t\n\x00\u4e2d\u6587\u3042\uac00\ud800\u0301é\U0001f600\U00020000"
    for _ in range(60):
        text = "".join(chance.choices(alphabet, k=chance.randint(1, 12)))
        talk = conversation("x")
        await told(history, talk, text, "y")
        start = chance.randrange(len(text))
        await history.search(text)
        await history.search(text[start : start + 3])


async def test_a_hit_shows_its_place(history: History) -> None:
    talk = conversation("About trees")
    before = "word " * 100
    asked = question(talk, "Which tree?")
    replied = dataclasses.replace(
        answer(asked, f"{before}an  old\nOAK tree {before}", Ending.COMPLETE), thinking="Perhaps a willow"
    )
    await history.begin(talk, asked, {}, replied)
    (hit,) = await history.search("oak")
    assert (hit.conversation_id, hit.message_id, hit.role, hit.part) == (talk.id, replied.id, Role.ASSISTANT, "text")
    assert "an old OAK tree word" in hit.snippet
    assert len(hit.snippet) < 200
    assert [hit.snippet[start:end] for start, end in hit.spans] == ["OAK"]
    (thought,) = await history.search("willow")
    assert (thought.part, thought.snippet) == ("thinking", "Perhaps a willow")
    parts = [hit.part for hit in await history.search("tree")]
    assert parts == ["title", "text", "text"]


async def test_hits_come_page_by_page_newest_first(history: History) -> None:
    talk = conversation()
    for number in range(7):
        await told(history, talk, f"apple {number}", "ok")
    seen: list[str] = []
    page = await history.search("apple", limit=3)
    while page:
        seen += [hit.snippet for hit in page]
        page = await history.search("apple", limit=3, before=page[-1].place)
    assert seen == [f"apple {number}" for number in reversed(range(7))]


async def test_an_unfinished_answer_is_found_when_it_ends(history: History) -> None:
    talk = conversation()
    asked = question(talk)
    begun = answer(asked)
    await history.begin(talk, asked, {}, begun)
    await history.save_partial(begun.id, "chestnut", "")
    assert await history.search("chestnut") == ()
    await history.finish(dataclasses.replace(begun, text="chestnut", ending=Ending.STOPPED))
    assert len(await history.search("chestnut")) == 1


async def test_the_index_is_made_anew_when_its_scheme_is_another(library: History, database: Database) -> None:
    def age(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO found (found) VALUES ('delete-all')")
        connection.execute("UPDATE state SET value = '0' WHERE key = 'storage.search-scheme'")

    await database.run(age)
    assert await library.search("数据") == ()
    await library.refresh_search()
    assert len(await library.search("数据")) == 1
    assert len(await library.search("ok")) == len(TEXTS)
