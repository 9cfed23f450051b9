# ruff: noqa: ASYNC240 - nothing else runs in these loops
"""Opening: what is made, what is refused in clear words, and what another version left."""

import os
import sqlite3
import stat
import tempfile
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ollama_tui.domain.failure import LocalFailure
from ollama_tui.storage import file
from ollama_tui.storage.database import Database
from ollama_tui.storage.file import is_remote
from ollama_tui.storage.history import History
from ollama_tui.storage.migration import APPLICATION_ID, MIGRATIONS, Migrations, statements
from ollama_tui.storage.state import State
from tests.storage.conftest import conversation, find, sound, told


async def refused(path: Path) -> LocalFailure:
    with pytest.raises(LocalFailure) as caught:
        await Database.open(path, busy_timeout=0.2)
    failure = caught.value
    assert str(path) in failure.message
    assert failure.hint
    assert "{" not in failure.message + failure.hint
    return failure


async def test_folder_and_file_are_the_persons_alone(path: Path) -> None:
    database = await Database.open(path)
    await told(History(database, "i"), conversation(), "Why?", "So.")
    for place, mode in ((path.parent, 0o700), (path, 0o600), (path.with_name("history.db-wal"), 0o600)):
        assert stat.S_IMODE(place.stat().st_mode) == mode, place
    settings = {
        name: await database.read(lambda c, name=name: c.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    await database.close()
    assert list(path.parent.iterdir()) == [path]
    path.chmod(0o644)
    await (await Database.open(path)).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_what_was_kept_is_there_again(path: Path) -> None:
    database = await Database.open(path)
    talk = conversation("Kept")
    await told(History(database, "i"), talk, "Why?", "So.")
    await database.close()
    database = await Database.open(path)
    assert not database.unclean
    assert database.opened_with == ()
    history = History(database, "j")
    assert [m.text for m in await history.branch(talk.id)] == ["Why?", "So."]
    assert await database.check()
    await database.close()


async def test_two_open_a_new_database_at_the_same_time(path: Path) -> None:
    one = await Database.open(path)
    other = await Database.open(path)
    talk = conversation()
    await told(History(one, "i"), talk, "Why?", "So.")
    await told(History(other, "j"), talk, "Who?", "You.")
    assert len(await History(one, "i").siblings((await History(other, "j").branch(talk.id))[0].id)) == 2
    await one.close()
    await other.close()


async def test_what_a_mistake_interrupts_is_not_half_done(path: Path) -> None:
    database = await Database.open(path)

    def mistaken(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO state (key, value) VALUES ('a', '1')")
        raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await database.run(mistaken)
    assert await State(database).all() == {}
    await database.close()
    await database.close()


@pytest.mark.parametrize("with_log", [False, True])
async def test_a_newer_database_is_left_exactly_as_it_is(path: Path, with_log: bool) -> None:
    await (await Database.open(path)).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.commit()
        if with_log:  # the new version stands in the log alone
            for beside in (path, path.with_name("history.db-wal")):
                beside.with_name("copy" + beside.name).write_bytes(beside.read_bytes())
    if with_log:
        path = path.with_name("copyhistory.db")
    before = _traces(path)
    failure = await refused(path)
    assert failure.params["what"] == "database-newer"
    assert (failure.params["found"], failure.params["known"]) == (99, Migrations().newest)
    if not with_log:
        assert before == _traces(path)


def _traces(path: Path) -> object:
    """What changes when the file, or anything beside it, is written, made or removed."""
    folder = path.parent
    return path.read_bytes(), path.stat().st_mtime_ns, folder.stat().st_mtime_ns, sorted(folder.iterdir())


@pytest.mark.parametrize("version", [0, 1, 99])
async def test_another_programs_database_is_left_exactly_as_it_is(path: Path, version: int) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
        connection.execute(f"PRAGMA user_version = {version}")
    before = path.read_bytes()
    assert (await refused(path)).params["what"] == "database-foreign"
    assert before == path.read_bytes()


async def test_a_folder_that_is_a_file_and_a_file_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder.db").mkdir()
    for path in (tmp_path / "file" / "history.db", tmp_path / "folder.db", tmp_path / "file" / "deeper" / "h.db"):
        assert (await refused(path)).params["what"] == "data-dir"


async def test_a_database_that_another_keeps_locked(path: Path) -> None:
    database = await Database.open(path, busy_timeout=0.1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LocalFailure) as caught:
            await History(database, "i").create(conversation())
        assert caught.value.params["what"] == "database-locked"
        assert str(path) in caught.value.message
        assert await History(database, "i").conversations() == ()
        other.execute("ROLLBACK")
    await History(database, "i").create(conversation())
    await database.close()


@contextmanager
def ordinary_user() -> Generator[Path]:
    """A folder of, and a while as, somebody whom modes hold back."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        was_root = os.geteuid() == 0
        if was_root:
            os.setresuid(65534, 65534, 0)
        try:
            yield Path(folder)
        finally:
            if was_root:
                os.setresuid(0, 0, 0)


async def test_what_may_not_be_read_or_written_is_said() -> None:
    with ordinary_user() as folder:
        path = folder / "data" / "history.db"
        await (await Database.open(path)).close()
        for mode, place, what in (
            (0o400, path, "database-readonly"),
            (0o000, path, "data-dir"),
            (0o500, path.parent, "database-readonly"),
            (0o000, path.parent, "data-dir"),
        ):
            old = place.stat().st_mode
            place.chmod(mode)
            assert (await refused(path)).params["what"] == what, (oct(mode), place)
            place.chmod(old)
        path.parent.chmod(0o500)
        assert (await refused(path.parent / "deeper" / "history.db")).params["what"] == "data-dir"
        path.parent.chmod(0o700)
        await (await Database.open(path)).close()


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/me/fast\\040disk ext4 rw 0 0
me@host: /home/me/ssh fuse.sshfs rw 0 0
//server/share /mnt/share cifs rw 0 0
/dev/sdc1 /homes xfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "remote"),
    [
        ("/var/lib/x", False),
        ("/home", True),
        ("/home/me/.local/share", True),
        ("/home/me/fast disk/x", False),
        ("/home/me/ssh/deep/er", True),
        ("/mnt/share", True),
        ("/homes/me", False),
    ],
)
def test_network_file_systems_are_known(tmp_path: Path, folder: str, remote: bool) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    assert is_remote(Path(folder), mounts) is remote
    assert not is_remote(Path(folder), tmp_path / "nothing")


async def test_there_the_database_works_without_a_log(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = conversation()
    local = await Database.open(path)
    await told(History(local, "i"), talk, "Why?", "So.")
    await local.close()
    mounts = tmp_path / "mounts"
    mounts.write_text(f"server:/x {path.parent} nfs4 rw 0 0\n")
    monkeypatch.setattr(file, "_MOUNTS", mounts)
    database = await Database.open(path)
    await told(History(database, "i"), talk, "Who?", "You.")
    mode = await database.read(lambda c: c.execute("PRAGMA journal_mode").fetchone()[0])
    assert mode == "truncate"
    assert not path.with_name("history.db-wal").exists()
    assert [m.text for m in await History(database, "i").branch(talk.id)] == ["Who?", "You."]
    await database.close()
    assert sound(path)


@pytest.fixture
def newer(tmp_path: Path) -> Migrations:
    """This version's migrations, and one more."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    for script in MIGRATIONS.glob("*.sql"):
        (folder / script.name).write_text(script.read_text())
    (folder / f"{Migrations().newest + 1:03}_more.sql").write_text(
        "-- with a semicolon; in a comment\n"
        "ALTER TABLE conversation ADD COLUMN colour TEXT NOT NULL DEFAULT 'a;b';\n"
        "CREATE TRIGGER t AFTER INSERT ON state BEGIN SELECT 1; SELECT 2; END;\n"
        "UPDATE conversation SET colour = title\n;\n"
    )
    return Migrations(folder)


async def test_an_older_database_is_brought_up_to_date_and_a_copy_stays(path: Path, newer: Migrations) -> None:
    talk = conversation("blue")
    database = await Database.open(path)
    await told(History(database, "i"), talk, "Why?", "So.")
    await database.close()
    old = path.with_name("history.version-0.db")
    old.write_text("an older copy")

    database = await Database.open(path, migrations=newer)
    assert [m.text for m in await History(database, "i").branch(talk.id)] == ["Why?", "So."]
    assert await database.read(lambda c: c.execute("SELECT colour FROM conversation").fetchone()[0]) == "blue"
    await database.close()
    assert sound(path)
    copy = path.with_name(f"history.version-{Migrations().newest}.db")
    assert sorted(path.parent.iterdir()) == sorted([path, copy])
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    kept = await Database.open(copy)
    assert [m.text for m in await History(kept, "i").branch(talk.id)] == ["Why?", "So."]
    await kept.close()


async def test_a_database_of_the_first_version_is_read(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        Migrations().apply(connection, to=1)
        connection.execute(
            "INSERT INTO conversation (id, title, created_at, updated_at, leaf_id) VALUES ('c', 'Old', 1, 1, 'a')"
        )
        connection.executemany(
            "INSERT INTO message (id, conversation_id, parent_id, role, text, created_at) VALUES (?, 'c', ?, ?, ?, 1)",
            [("q", None, "user", "Why?"), ("a", "q", "assistant", "So.")],
        )
        connection.execute("COMMIT")
    database = await Database.open(path)
    history = History(database, "i")
    assert [(m.text, m.edited_from, m.deleted_at) for m in await history.branch("c")] == [
        ("Why?", None, None),
        ("So.", None, None),
    ]
    await history.refresh_search()
    assert await history.delete_message("a", "a") == (("a",), "a")
    assert [m.text for m in await history.branch("c")] == ["Why?"]
    assert await history.restore_message("c") == ("a",)
    assert [hit.message_id for hit in await find(history, "so")] == ["a"]
    await database.close()
    assert sound(path)


async def test_a_migration_that_fails_leaves_the_database_as_it_was(path: Path, newer: Migrations) -> None:
    await (await Database.open(path)).close()
    last = newer.scripts()[-1]
    last.write_text(last.read_text() + "INSERT INTO nowhere VALUES (1);\n")
    with pytest.raises(sqlite3.OperationalError):
        await Database.open(path, migrations=newer)
    database = await Database.open(path)
    columns = await database.read(lambda c: [row[1] for row in c.execute("PRAGMA table_info(conversation)")])
    assert "colour" not in columns
    await database.close()


async def test_an_instance_that_runs_stops_writing_when_a_newer_one_has_migrated(path: Path, newer: Migrations) -> None:
    running = await Database.open(path)
    await (await Database.open(path, migrations=newer)).close()
    with pytest.raises(LocalFailure) as caught:
        await History(running, "i").create(conversation())
    assert caught.value.params["what"] == "database-newer"
    await running.close()


def test_statements_are_told_apart() -> None:
    script = "SELECT 1; -- one\nSELECT 'a;\nb';\nCREATE TRIGGER t AFTER INSERT ON x BEGIN\n SELECT 1;\nEND;\n-- end\n"
    assert [statement.strip()[:6] for statement in statements(script)] == ["SELECT", "SELECT", "CREATE", "-- end"]


def test_the_file_says_whose_it_is() -> None:
    assert APPLICATION_ID.to_bytes(4, "big") == b"oltu"


async def test_what_is_asked_of_a_closed_one_is_told_apart(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "history.db")
    await database.close()
    with pytest.raises(LocalFailure, match="being left"):
        await database.read(lambda connection: connection.execute("SELECT 1").fetchone())
