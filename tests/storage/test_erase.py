# ruff: noqa: ASYNC240 - nothing else runs in these loops
"""Deleting everything leaves nothing of it on the disk."""

from pathlib import Path

from ollama_tui.domain.message import Attachment
from ollama_tui.storage.database import Database
from ollama_tui.storage.history import History
from ollama_tui.storage.state import State
from tests.storage.conftest import answer, conversation, find, question, sound, told

SECRET = b"zanzibar"


async def test_nothing_is_left_of_it(path: Path) -> None:
    database = await Database.open(path)
    await database._call(lambda: database._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone())
    size_of_nothing = path.stat().st_size
    history = History(database, "i")
    other_database = await Database.open(path)
    other = History(other_database, "j")
    talk = conversation("Zanzibar title")
    attachment = Attachment(sha256="a" * 64, name="zanzibar.png", media_type="image/png", size=8)
    asked = question(talk, "zanzibar " * 3_000)
    begun = answer(asked)
    await history.begin(talk, asked, {attachment.sha256: SECRET * 3_000}, begun)
    await history.save_partial(begun.id, "zanzibar", "zanzibar")
    await told(history, talk, "zanzibar", "zanzibar")
    await history.save_draft(talk.id, "zanzibar")
    await history.queue(talk.id, "zanzibar", (), {})
    await State(database).set("x", "zanzibar")
    await database.run(lambda c: c.execute("DELETE FROM draft"))  # what was deleted before counts, too
    for name in (
        "history.damaged-20260101-000000.db",
        "history.damaged-20260101-000000.db-wal",
        "history.version-1.db",
    ):
        path.with_name(name).write_bytes(SECRET)
    await other.conversations()

    await history.delete_everything()

    for file in path.parent.iterdir():
        assert SECRET not in file.read_bytes().lower(), file
    assert {file.name for file in path.parent.iterdir()} <= {"history.db", "history.db-wal", "history.db-shm"}
    assert path.stat().st_size <= size_of_nothing + 4096
    assert await history.conversations() == ()
    assert await State(database).all() == {}
    # What still runs elsewhere does no harm, and goes on.
    await other.save_partial(begun.id, "zanzibar", "")
    assert await other.conversations() == ()
    await told(other, conversation(), "Again?", "Again.")
    assert len(await find(history, "again")) == 2
    await other_database.close()
    await database.close()
    assert SECRET not in path.read_bytes().lower()
    assert sound(path)
