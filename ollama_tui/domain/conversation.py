"""A conversation: a tree of messages, and how the next question will be asked."""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from ollama_tui.domain.message import Format, KeepAlive, Think
from ollama_tui.domain.model import ModelRef
from ollama_tui.domain.options import Options, OptionValue


class TitleSource(StrEnum):
    """Where a title is from: a title that the person gave is never replaced."""

    NONE = "none"
    FIRST_WORDS = "first-words"
    MODEL = "model"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How questions are asked: the model and all that goes with a request."""

    model: ModelRef | None = None
    system: str = ""
    options: Options = field(default_factory=dict[str, OptionValue])
    think: Think | None = None
    """None leaves it to the model, which thinks if it can."""
    format: Format | None = None
    keep_alive: KeepAlive | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A kept conversation, without its messages."""

    id: str
    title: str = ""
    title_source: TitleSource = TitleSource.NONE
    created_at: int = 0
    updated_at: int = 0
    """Milliseconds since 1970, UTC."""
    setup: Setup = field(default_factory=Setup)
    leaf_id: str | None = None
    """The last message of the branch that was open last."""
    draft: str = ""
    """What is typed and not yet sent."""
    pinned: bool = False
    archived: bool = False
    deleted_at: int | None = None
    """In the bin since then."""
    temporary: bool = False
    """Leaves no trace: never written to the disk."""


class Listed(NamedTuple):
    """A conversation as a list shows it."""

    id: str
    title: str
    at: int
    """When it was used last; of one in the bin, when it was deleted. Milliseconds since 1970, UTC."""
    model: str
    pinned: bool
    tags: tuple[str, ...]
    """In alphabetical order."""


class Shelf(StrEnum):
    """Where a kept conversation is: among the others, put away, or in the bin."""

    OPEN = "open"
    ARCHIVE = "archive"
    BIN = "bin"


def tag_of(text: str) -> str:
    """A tag as it is kept: lower case, one word, without a `#` before it; empty if nothing is left."""
    words = unicodedata.normalize("NFKC", text).casefold().split()
    return "-".join(words).lstrip("#").replace('"', "")[:_TAG_LENGTH]


def tag_words(text: str) -> list[str]:
    """The words for tags that somebody wrote between blanks or commas, Chinese ones too; each once."""
    return list(dict.fromkeys(word for word in re.split(r"[\s,，、;；]+", text) if word))


_TAG_LENGTH = 40
_TITLE_LENGTH = 60


def title_from(text: str) -> str:
    """A title from the first words of a question: its first line that is not empty, cut at a word."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if len(line) <= _TITLE_LENGTH:
        return line
    cut = line[:_TITLE_LENGTH]
    words, space, _rest = cut.rpartition(" ")
    return (words if space and len(words) > _TITLE_LENGTH // 2 else cut).rstrip() + "…"
