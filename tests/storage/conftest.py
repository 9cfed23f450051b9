"""Real databases in temporary folders, and values to put into them."""

import dataclasses
import sqlite3
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.hit import Hit
from ollama_tui.domain.identity import new_id, now
from ollama_tui.domain.message import Ending, Message, Role
from ollama_tui.domain.query import parse
from ollama_tui.storage import conversations, messages
from ollama_tui.storage.database import Database
from ollama_tui.storage.history import History


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.db"


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(path, busy_timeout=0.5)
    yield opened
    await opened.close()


@pytest.fixture
def history(database: Database) -> History:
    return History(database, new_id())


def conversation(title: str = "", **fields: object) -> Conversation:
    made = Conversation(id=new_id(), title=title, created_at=now(), updated_at=now())
    return dataclasses.replace(made, **fields)  # type: ignore[arg-type]


def question(of: Conversation, text: str = "Why?", after: Message | None = None) -> Message:
    return Message(
        id=new_id(),
        conversation_id=of.id,
        role=Role.USER,
        parent_id=after.id if after else None,
        text=text,
        created_at=now(),
    )


def answer(to: Message, text: str = "", ending: Ending = Ending.UNFINISHED) -> Message:
    return Message(
        id=new_id(),
        conversation_id=to.conversation_id,
        role=Role.ASSISTANT,
        parent_id=to.id,
        text=text,
        created_at=now(),
        ending=ending,
    )


async def told(history: History, of: Conversation, text: str, reply: str, after: Message | None = None) -> Message:
    """A whole turn; the answer."""
    asked = question(of, text, after)
    answered = answer(asked, reply, Ending.COMPLETE)
    await history.begin(of, asked, {}, answered)
    return answered


async def tell_many(database: Database, talks: list[Conversation], turns: list[tuple[str, str]]) -> None:
    """The same turns in each conversation, all at once."""

    def write(connection: sqlite3.Connection) -> None:
        for talk in talks:
            last: Message | None = None
            for asked, replied in turns:
                said = question(talk, asked.format(talk.title), last)
                last = answer(said, replied, Ending.COMPLETE)
                conversations.ask(connection, talk, last.id, now())
                messages.add(connection, said)
                messages.add(connection, last)

    await database.run(write)


def sound(path: Path) -> bool:
    """Whether SQLite finds nothing wrong in the whole file."""
    connection = sqlite3.connect(path)
    try:
        return [row[0] for row in connection.execute("PRAGMA integrity_check")] == ["ok"] and not list(
            connection.execute("PRAGMA foreign_key_check")
        )
    finally:
        connection.close()


async def find(history: History, text: str, **page: int) -> tuple[Hit, ...]:
    """What a person finds who types `text`."""
    return await history.search(parse(text, datetime.now().astimezone()), **page)
