"""Writing something of a conversation to a file that the person names."""

import os
from contextlib import suppress
from pathlib import Path

from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import storable


class NotWritten(Exception):
    """A file was not written; `str()` says why, in one sentence."""


class AlreadyThere(NotWritten):
    """There is a file of that name."""


def file_of(name: str, suggested: str) -> Path:
    """The path that a person means: relative to the working folder, `~` is the home; a folder gets `suggested`.

    Raises:
        NotWritten: there is no name, or no such home.
    """
    if not name.strip() or "\0" in name:
        raise NotWritten(_("A file needs a name."))
    try:
        path = Path(name.strip()).expanduser()
    except RuntimeError as error:  # of a user that there is not
        raise NotWritten(str(error)) from None
    # Not pathlib's, which raises where one may not look, or where the name is too long (3.11).
    return path / suggested if name.strip().endswith(("/", os.sep)) or os.path.isdir(path) else path


def write(path: Path, text: str, *, over: bool = False) -> None:
    """Write `text` as UTF-8, byte for byte; a file that is there is replaced only with `over`, and whole or not at all.

    Raises:
        AlreadyThere: there is one.
        NotWritten: the disk or the folder says no.
    """
    content = storable(text).encode()
    try:
        if path.exists() and not path.is_file():  # a device or a pipe: a file put over it would take its place
            raise NotWritten(_("{path} is no file.").format(path=path))
        if over:
            _replace(path.resolve(), content)
        else:
            _create(path, content)
    except FileExistsError:
        raise AlreadyThere(_("There is a file {path} already.").format(path=path)) from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise NotWritten(_("{path} cannot be written: {why}.").format(path=path, why=why)) from None


def _create(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        try:
            file.write(content)
            file.flush()
        except OSError:
            path.unlink(missing_ok=True)
            raise


def _replace(path: Path, content: bytes) -> None:
    """Beside it first, so that what was there is whole until what is new is."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        with suppress(OSError):
            beside.chmod(path.stat().st_mode & 0o777)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
