"""What the program remembers by itself: JSON values under names such as `ui.theme`."""

import sqlite3

from ollama_tui.domain.text import storable
from ollama_tui.storage.database import Database
from ollama_tui.storage.rows import dump, load


class State:
    """Small values that outlive the program."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, key: str) -> object:
        """The value under `key`; None if there is none."""

        def work(connection: sqlite3.Connection) -> object:
            row = connection.execute("SELECT value FROM state WHERE key = ?", (storable(key),)).fetchone()
            return load(row["value"]) if row else None

        return await self._database.read(work)

    async def set(self, key: str, value: object) -> None:
        """Remember `value`, which JSON can hold, under `key`; None forgets what was there."""
        content = None if value is None else dump(value)

        def work(connection: sqlite3.Connection) -> None:
            if content is None:
                connection.execute("DELETE FROM state WHERE key = ?", (storable(key),))
            else:
                connection.execute(
                    "INSERT INTO state (key, value) VALUES (?, ?)"
                    " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    (storable(key), content),
                )

        await self._database.run(work)

    async def all(self) -> dict[str, object]:
        """Everything that is remembered, but for what storage notes for itself."""

        def work(connection: sqlite3.Connection) -> dict[str, object]:
            rows = connection.execute(
                "SELECT key, value FROM state WHERE key NOT GLOB 'storage.*' ORDER BY key"
            ).fetchall()
            return {row["key"]: load(row["value"]) for row in rows}

        return await self._database.read(work)
