"""Tokens: what a model reads instead of text."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol


class TokenKind(IntEnum):
    """What a vocabulary says of an entry: the numbers of GGUF's `tokenizer.ggml.token_type`."""

    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    """Special: parsed only where that is asked for, as in a rendered template."""
    USER_DEFINED = 4
    """Always parsed as one token."""
    UNUSED = 5
    BYTE = 6
    """A single byte, for what the vocabulary has no piece for."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a text."""

    id: int
    raw: bytes
    """The bytes that it stands for; one token may hold only a part of a character."""
    kind: TokenKind = TokenKind.NORMAL

    @property
    def text(self) -> str:
        """The bytes as text, where they are whole characters; U+FFFD for what is not."""
        return self.raw.decode("utf-8", errors="replace")


class Tokenizer(Protocol):
    """Turns text into a model's tokens. Safe to call from any thread; 100 KB take about 30 ms."""

    @property
    def exact(self) -> bool:
        """Whether the ids are the model's own; else only their number is about right."""
        ...

    @property
    def pre(self) -> str:
        """The vocabulary's `tokenizer.ggml.pre`, or what stands for it; empty where nothing is known."""
        ...

    @property
    def begins_with(self) -> tuple[int, ...]:
        """The ids that are put before a whole prompt (BOS), if the vocabulary says so."""
        ...

    @property
    def ends_with(self) -> tuple[int, ...]:
        """The ids that are put after a whole prompt (EOS, SEP), if the vocabulary says so."""
        ...

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        """The ids of `text`, without what begins or ends a prompt; with `special`, control tokens in it are parsed."""
        ...

    def count(self, text: str, *, special: bool = False) -> int:
        """How many ids `encode` gives."""
        ...

    def tokens(self, text: str, *, special: bool = False) -> list[Token]:
        """The tokens of `text`; their bytes together are the text's (but for what SentencePiece adds before it)."""
        ...
