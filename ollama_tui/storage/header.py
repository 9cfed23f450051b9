"""The first hundred bytes of a database: without them SQLite reads nothing of what may be whole behind them."""

import shutil
import struct
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

MAGIC = b"SQLite format 3\0"
_SIZE = 100
_PAGE = 4096
"""SQLite's own default since 3.12, which nothing here changes."""
_LEAVES = (b"\x05", b"\x0d")
"""How the page of the tables' names begins behind the header: an inner or a leaf page of a table."""


@contextmanager
def readable(path: Path) -> Generator[Path]:
    """A database to read what is in the file at `path` from: itself, or, if its header is lost, a copy with a new one.

    The copy is gone afterwards. Where there is no room for one, the file itself must do.
    """
    copy = path.with_name(f"{path.stem}.headed.db")
    if not _is_headless(path):
        yield path
        return
    try:
        copy.touch(mode=0o600)
        shutil.copyfile(path, copy)
        with copy.open("r+b") as file:
            file.write(_header(copy.stat().st_size // _PAGE))
    except OSError:
        copy.unlink(missing_ok=True)
        yield path
        return
    try:
        yield copy
    finally:
        for end in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                copy.with_name(copy.name + end).unlink(missing_ok=True)


def _is_headless(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            start = file.read(_SIZE + 1)
    except OSError:
        return False
    return len(start) > _SIZE and start[_SIZE:] in _LEAVES and not start.startswith(MAGIC)


def _header(pages: int) -> bytes:
    """A header for a database of so many pages: no write-ahead log, UTF-8, no vacuum (sqlite.org/fileformat2.html)."""
    counter, schema_format, utf8 = 1, 4, 1
    fields = (counter, pages, 0, 0, 1, schema_format, 0, 0, utf8, 0, 0, 0)
    return MAGIC + struct.pack(">H6B12I20x2I", _PAGE, 1, 1, 0, 64, 32, 32, *fields, counter, 3_034_000)
