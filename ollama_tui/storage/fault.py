"""What SQLite and the disk say when something is wrong, as failures of the domain."""

import errno
import sqlite3
from pathlib import Path

from ollama_tui.domain.failure import LocalFailure

_NEARLY_NOTHING = 256 * 1024
_CODES = {
    sqlite3.SQLITE_FULL: "disk-full",
    sqlite3.SQLITE_BUSY: "database-locked",
    sqlite3.SQLITE_LOCKED: "database-locked",
    sqlite3.SQLITE_PROTOCOL: "database-locked",
    sqlite3.SQLITE_CORRUPT: "database-not-mended",
    sqlite3.SQLITE_NOTADB: "database-not-mended",
    sqlite3.SQLITE_READONLY: "database-readonly",
    sqlite3.SQLITE_PERM: "database-readonly",
    sqlite3.SQLITE_IOERR: "disk-failed",
    sqlite3.SQLITE_CANTOPEN: "disk-failed",
}


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's result code without its extension; 0 if the error is Python's own."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else 0


def is_damage(error: sqlite3.Error) -> bool:
    """Whether it says that the file is no sound database."""
    return primary_code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_search_damage(error: sqlite3.Error) -> bool:
    """Whether it says so of the search index alone, which can be made anew."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_CORRUPT_VTAB


def local_failure(error: sqlite3.Error, path: Path | None) -> LocalFailure | None:
    """`error` as a failure of this machine; None if it is a mistake of the program."""
    what = _CODES.get(primary_code(error))
    if what is None:
        return None
    # A full disk is not always told as such: the shared memory file of the WAL cannot grow (SQLITE_IOERR_SHMSIZE).
    if what == "disk-failed" and path is not None and _is_full(path):
        what = "disk-full"
    return LocalFailure(what=what, path=str(path or ""), detail=str(error))


def folder_failure(error: OSError, path: Path) -> LocalFailure:
    """`error`, met while the database's folder or file was prepared."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    what = "disk-full" if full else "database-readonly" if error.errno == errno.EROFS else "data-dir"
    return LocalFailure(what=what, path=str(path), detail=error.strerror or str(error))


def _is_full(path: Path) -> bool:
    import shutil  # brings compressors with it that a start does not need

    try:
        return shutil.disk_usage(path.parent).free < _NEARLY_NOTHING
    except OSError:
        return False
