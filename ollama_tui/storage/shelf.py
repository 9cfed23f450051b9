"""A folder of files that can be made again: each is whole or not there, and the oldest go when there are too many."""

import logging
import os
from contextlib import suppress
from pathlib import Path

_log = logging.getLogger(__name__)

_UNFINISHED = ".unfinished-"
_FORGOTTEN = 86_400
"""Seconds after which nobody finishes a file any more."""


class Shelf:
    """Files by name. Nothing here fails: what cannot be read is not there, what cannot be written is not kept."""

    def __init__(self, folder: Path, *, kept: int) -> None:
        self._folder = folder
        self._kept = kept

    def get(self, name: str) -> bytes | None:
        """What is kept under `name`."""
        path = self._folder / name
        try:
            content = path.read_bytes()
        except OSError:
            return None
        with suppress(OSError):
            os.utime(path)  # what was used last is kept longest
        return content

    def put(self, name: str, content: bytes) -> None:
        """Keep `content` under `name`, for this user alone."""
        unfinished = self._folder / f"{_UNFINISHED}{os.urandom(8).hex()}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
            unfinished.replace(self._folder / name)
        except OSError as error:
            _log.debug("%s is not kept: %s", name, error)
            with suppress(OSError):
                unfinished.unlink()
        self._tidy()

    def _tidy(self) -> None:
        """Remove what was not used for longest, and what other instances left unfinished a day ago."""
        found: list[tuple[float, Path]] = []
        with suppress(OSError):
            for entry in os.scandir(self._folder):
                with suppress(OSError):
                    if entry.is_file(follow_symlinks=False):
                        found.append((entry.stat().st_mtime, Path(entry.path)))
        found.sort(reverse=True)
        newest = found[0][0] if found else 0.0
        whole = [path for _, path in found if not path.name.startswith(_UNFINISHED)]
        forgotten = [path for when, path in found if path not in whole and newest - when > _FORGOTTEN]
        for path in [*whole[self._kept :], *forgotten]:
            with suppress(OSError):
                path.unlink()
