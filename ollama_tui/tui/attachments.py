"""Files that a person names while writing: which words are files, and what is read of them."""

import os
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote as unquote_url

from ollama_tui.domain.message import Attachment
from ollama_tui.services.attachment import AttachmentError, read_file

__all__ = ["AttachmentError", "FileToSend", "NamedFile", "dropped_pictures", "named_files", "read", "typed_path"]

_PICTURE = re.compile(r"\.(?:png|jpe?g|webp|wav|mp3)$", re.IGNORECASE)
_WORD = re.compile(r"(?<!\S)(?:\\.|[^\s\\])+")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"|((?:\\.|[^\s\\])+)")
_BEGINNINGS = ("/", "~/", "./", "../", "file://")
_LONGEST = 4096
"""Characters of a path; what is longer is text."""


class FileToSend(NamedTuple):
    """A file with its bytes."""

    attachment: Attachment
    content: bytes

    @property
    def is_text(self) -> bool:
        """Whether it goes into the question as text."""
        return self.attachment.media_type == "text/plain"


class NamedFile(NamedTuple):
    """A word of a text that is a file: from `start` to `end`."""

    start: int
    end: int
    path: Path


def read(path: Path) -> FileToSend:
    """The file at `path`. Reads the disk.

    Raises:
        AttachmentError: it cannot go with a question.
    """
    return FileToSend(*read_file(path))


def typed_path(word: str) -> Path:
    """The path that a person wrote as `word`: `~` is home, a backslash keeps a blank, `file://` is a URL."""
    if word.startswith("file://"):
        return Path(unquote_url(word.removeprefix("file://").removeprefix("localhost")))
    return Path(os.path.expanduser(re.sub(r"\\(.)", r"\1", word)))


def named_files(text: str) -> list[NamedFile]:
    """The words of `text` that name files which exist: `@notes.md`, and pictures and sounds by their path alone.

    Reads the disk.
    """
    files: list[NamedFile] = []
    for found in _WORD.finditer(text):
        word = found.group()
        marked = word.startswith("@")
        word = word.removeprefix("@")
        if not word or len(word) > _LONGEST or not (marked or (word.startswith(_BEGINNINGS) and _PICTURE.search(word))):
            continue
        path = typed_path(word)
        if _is_file(path):
            files.append(NamedFile(found.start(), found.end(), path))
    return files


def _dropped_paths(text: str) -> list[Path]:
    """The files that a terminal wrote when they were dropped on it; none if `text` is anything else. Reads the disk.

    Terminals write a path as a shell would take it: in quotes, with backslashes, or as a URL; several with blanks.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return []
    if text.startswith(_BEGINNINGS) and "\n" not in text and _is_file(whole := Path(os.path.expanduser(text))):
        return [whole]  # with its blanks as they are
    paths: list[Path] = []
    for found in _QUOTED.finditer(text):
        single, double, bare = found.groups()
        word = bare if bare is not None else single if single is not None else double
        path = typed_path(word) if bare is not None or word.startswith("file://") else Path(word)
        if not word.startswith(_BEGINNINGS) or not _is_file(path):
            return []
        paths.append(path)
    return paths


def dropped_pictures(text: str) -> list[Path]:
    """The pictures and sounds that `text` is the dropped paths of; none if anything else is in it. Reads the disk."""
    paths = _dropped_paths(text)
    return paths if all(_PICTURE.search(path.name) for path in paths) else []


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that is too long, or with a NUL
        return False
