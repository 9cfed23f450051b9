"""The database's file: what is learnt of it before SQLite touches it, and the connection to it."""

import errno
import os
import sqlite3
from pathlib import Path

from ollama_tui.domain.failure import LocalFailure
from ollama_tui.storage.migration import APPLICATION_ID, check_version

_MAGIC = b"SQLite format 3\0"
_HEADER_SIZE = 100
_MOUNTS = Path("/proc/mounts")
_REMOTE = frozenset(
    ("9p", "afs", "beegfs", "ceph", "cifs", "fuse.ceph", "fuse.glusterfs", "fuse.grpcfuse", "fuse.rclone", "fuse.s3fs",
     "fuse.sshfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs", "virtiofs")
)  # fmt: skip


class Damage(Exception):
    """The file is no sound database."""


def prepare(path: Path) -> None:
    """Make the folder (0700) and the file (0600) where they are missing, and see that both can be written.

    Raises:
        LocalFailure: `data-dir`, `database-readonly`.
        OSError: anything else.
    """
    folder = path.parent
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if path.is_dir():
            raise LocalFailure(what="data-dir", path=str(path), detail=os.strerror(errno.EISDIR)) from None
        if os.name == "posix" and path.stat().st_mode & 0o077 and os.access(path, os.W_OK):
            path.chmod(0o600)
    if not os.access(path, os.R_OK):
        raise LocalFailure(what="data-dir", path=str(path), detail=os.strerror(errno.EACCES))
    # The folder too: SQLite makes its journal there.
    if not os.access(path, os.W_OK) or not os.access(folder, os.W_OK):
        raise LocalFailure(what="database-readonly", path=str(path))


def check_header(path: Path, newest: int) -> None:
    """Look at the first bytes, so that a file that is not for us is left exactly as it is.

    Raises:
        LocalFailure: `database-newer`, `database-foreign`.
        Damage: it is no database, or shorter than it says.
    """
    with path.open("rb") as file:
        header = file.read(_HEADER_SIZE)
        size = os.fstat(file.fileno()).st_size
    if not header:
        return
    if len(header) < _HEADER_SIZE or not header.startswith(_MAGIC):
        raise Damage
    version = int.from_bytes(header[60:64], "big")
    application = int.from_bytes(header[68:72], "big")
    page_size = int.from_bytes(header[16:18], "big")
    # Older versions of SQLite do not keep the number of pages; these bytes tell whether it holds.
    pages = int.from_bytes(header[28:32], "big") if header[24:28] == header[92:96] else 0
    # Ours has its version with its first table; until then it is one page.
    if application != APPLICATION_ID and (version or pages > 1):
        raise LocalFailure(what="database-foreign", path=str(path))
    check_version(version, newest, path)
    if not log_of(path).exists() and size < pages * (65536 if page_size == 1 else page_size):
        raise Damage


def log_of(path: Path) -> Path:
    """The write-ahead log of the database at `path`: there while it is open, or after an end that was no end."""
    return path.with_name(path.name + "-wal")


def connect(path: Path | None, busy_timeout: float) -> sqlite3.Connection:
    """A connection that begins and ends its transactions only when told to."""
    connection = sqlite3.connect(
        ":memory:" if path is None else path, timeout=busy_timeout, isolation_level=None, cached_statements=256
    )
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        if path is not None:
            _set_journal(connection, path)
            connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _set_journal(connection: sqlite3.Connection, path: Path) -> None:
    remote = is_remote(path.parent)
    if not remote:
        mode: str = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        remote = mode != "wal"
    if remote:
        connection.execute("PRAGMA journal_mode = TRUNCATE")
    connection.execute(f"PRAGMA journal_size_limit = {16 << 20}")


def is_remote(folder: Path, mounts: Path | None = None) -> bool:
    """Whether `folder` is on a network file system, where the shared memory of a write-ahead log does not work."""
    try:
        table = (mounts or _MOUNTS).read_text(encoding="utf-8", errors="replace")
        place = str(folder.resolve())
    except OSError:
        return False
    best, kind = "", ""
    for line in table.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = fields[1].encode("latin-1", "replace").decode("unicode_escape") if "\\" in fields[1] else fields[1]
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        # The last of several mounts at one point hides the others.
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind in _REMOTE


def probe(connection: sqlite3.Connection) -> None:
    """Read what every start reads, so that damage there is met while it can be mended.

    Raises:
        sqlite3.DatabaseError: the file is damaged.
    """
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'conversation'").fetchone():
        connection.execute("SELECT id FROM conversation ORDER BY number DESC LIMIT 1").fetchone()
        connection.execute("SELECT id FROM message ORDER BY number DESC LIMIT 1").fetchone()
