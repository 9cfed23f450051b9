"""Files of questions that were taken back into a prompt. A draft names files by their paths, and so outlives all."""

import asyncio
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ollama_tui.domain.failure import LocalFailure
from ollama_tui.domain.message import Attachment
from ollama_tui.domain.text import one_line

if TYPE_CHECKING:
    from ollama_tui.storage.history import History

_YOUNG = 24 * 3600.0
"""Seconds for which a file is left alone that no draft names: another window may be about to."""
_LENGTH = 200
"""Bytes of a name, at most; file systems take 255."""


class UnsentFiles:
    """A folder with a folder for each content, by its SHA-256; there from the first file on. None keeps nothing."""

    def __init__(self, folder: Path | None, history: "History") -> None:
        self._folder = folder
        self._history = history

    async def put(self, attachment: Attachment, content: bytes) -> Path | None:
        """Where the file is from now on; None where nothing is kept.

        Raises:
            LocalFailure: `file-unwritable`.
        """
        if self._folder is None:
            return None
        path = self._folder / attachment.sha256 / _file_name(attachment.name)
        try:
            await asyncio.to_thread(_write, path, content)
        except OSError as error:
            raise LocalFailure(what="file-unwritable", path=str(path), detail=error.strerror or str(error)) from None
        return path

    async def purge(self, *, whatever: bool = False) -> None:
        """Remove what no draft names any more; `whatever` removes all."""
        if self._folder is None:
            return
        for folder in await asyncio.to_thread(_folders, self._folder, 0.0 if whatever else _YOUNG):
            if whatever or not await self._history.is_drafted(folder.name):
                await asyncio.to_thread(_remove, folder)


def _file_name(name: str) -> str:
    """The end of a name that may be anybody's and any system's, as a file can have it: in a draft it is one word's."""
    end = one_line(name).rpartition("/")[2].encode()[-_LENGTH:].decode(errors="ignore")
    return end.lstrip(".") or "file"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    path.write_bytes(content)
    os.utime(path.parent)  # young again: the draft that names it is only about to be kept


def _folders(folder: Path, older_than: float) -> list[Path]:
    before = time.time() - older_than
    try:
        return [path for path in folder.iterdir() if path.is_dir() and path.stat().st_mtime <= before]
    except OSError:  # there is none yet
        return []


def _remove(folder: Path) -> None:
    try:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    except OSError:  # the next start tries again
        return
