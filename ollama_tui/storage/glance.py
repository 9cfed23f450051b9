"""One remembered value, read without opening the database: nothing is made, locked, brought up to date or mended."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote


def glance(path: Path, key: str) -> object:
    """The value under `key` in the database at `path`; None if there is none, or it cannot be read just now."""
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=0.2)) as connection:
            row: tuple[str] | None = connection.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
            return json.loads(row[0]) if row else None
    except (sqlite3.Error, ValueError, TypeError):
        return None
