"""A full disk: said in clear words, nothing half done, and all goes on when there is room."""

import dataclasses
import sqlite3
from pathlib import Path

import pytest

from ollama_tui.domain.failure import LocalFailure
from ollama_tui.domain.message import Ending
from ollama_tui.storage.database import Database
from ollama_tui.storage.history import History
from tests.storage.conftest import answer, conversation, question, sound, told


def fill_up(connection: sqlite3.Connection) -> None:
    """From now on the file cannot grow: what SQLite answers is what it answers to ENOSPC."""
    pages: int = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")


async def test_a_turn_can_be_saved_when_there_is_room_again(history: History, database: Database, path: Path) -> None:
    talk = conversation()
    await told(history, talk, "Why?", "So.")
    asked = question(talk, "More " * 2_000)
    begun = answer(asked)
    await database.read(fill_up)
    for _ in range(2):
        with pytest.raises(LocalFailure) as caught:
            await history.begin(talk, asked, {}, begun)
        assert caught.value.params["what"] == "disk-full"
        assert str(path) in caught.value.hint
    assert [m.text for m in await history.branch(talk.id)] == ["Why?", "So."]
    await database.read(lambda c: c.execute("PRAGMA max_page_count = 100000").fetchone())
    await history.begin(talk, asked, {}, begun)

    await database.read(fill_up)
    whole = dataclasses.replace(begun, text="Because " * 2_000, ending=Ending.COMPLETE)
    with pytest.raises(LocalFailure):
        await history.finish(whole)
    kept = await history.message(begun.id)
    assert kept is not None
    assert kept.ending is Ending.UNFINISHED
    await database.read(lambda c: c.execute("PRAGMA max_page_count = 100000").fetchone())
    await history.finish(whole)
    assert await history.message(begun.id) == whole
    await database.close()
    assert sound(path)


async def test_a_disk_that_is_full_from_the_start(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("ollama_tui.storage.file.os.open", no_space)
        with pytest.raises(LocalFailure) as caught:
            await Database.open(path)
    assert caught.value.params["what"] == "disk-full"
    await (await Database.open(path)).close()
