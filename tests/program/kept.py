"""What is on the disk, read with SQLite itself and not with the program."""

import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Kept:
    """One message, as it is in the file."""

    role: str
    text: str
    ending: str
    failure: str
    """Its code."""


def messages(data: Path, like: str = "%") -> list[Kept]:
    """The messages of the conversations whose title is like `like`, the oldest first, unfinished ones as they came."""
    with closing(sqlite3.connect(data / "history.db")) as connection:
        rows = connection.execute(
            "SELECT role, text || coalesce((SELECT group_concat(p.text, '') FROM"
            " (SELECT text FROM piece WHERE message_id = m.id ORDER BY number) AS p), ''), ending, failure"
            " FROM message AS m WHERE (SELECT title FROM conversation WHERE id = m.conversation_id) LIKE ?"
            " ORDER BY number",
            (like,),
        ).fetchall()
    return [
        Kept(role, text, ending, json.loads(failure)["code"] if failure else "") for role, text, ending, failure in rows
    ]


def drafts(data: Path) -> list[str]:
    """What was typed and not sent, in a conversation or for a new one."""
    with closing(sqlite3.connect(data / "history.db")) as connection:
        found = [text for (text,) in connection.execute("SELECT text FROM draft")]
    return [text for text in found if text]


def queued(data: Path) -> list[str]:
    """The questions that wait."""
    with closing(sqlite3.connect(data / "history.db")) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM queued ORDER BY number")]


def titles(data: Path) -> list[str]:
    """The titles of all conversations."""
    with closing(sqlite3.connect(data / "history.db")) as connection:
        return [title for (title,) in connection.execute("SELECT title FROM conversation ORDER BY number")]


def sound(data: Path) -> bool:
    """Whether SQLite finds the file sound, looked at in a copy: the program is the one to open it next."""
    with tempfile.TemporaryDirectory() as folder:
        for path in data.glob("history.db*"):
            shutil.copy(path, folder)
        with closing(sqlite3.connect(Path(folder, "history.db"))) as connection:
            return connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
