"""What a tokenizer that merges is made of, ready for tiktoken; this is also what is kept on the disk."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Entries for tiktoken: the tokens that merging reaches, and what merging needs besides."""

    raws: Sequence[bytes]
    """The bytes that each token of the vocabulary stands for."""
    kinds: bytes
    """A `TokenKind` for each token."""
    order: Sequence[int]
    """The entries in the order of their ranks: the number of a token, or beyond them that of an `extra`."""
    extras: Sequence[bytes] = ()
    """Bytes that are no token, yet stand in the middle of merging."""
    spelled: Sequence[tuple[int, ...]] = ()
    """The ids that stand for each extra in the end."""
    spaced: bool = False
    """Whether the entries are written with U+2581 for a space."""
    whole: dict[bytes, int] = field(default_factory=dict[bytes, int])
    """Tokens that no merge reaches, but a word that is just this is one: bytes and id."""
    exact: bool = True

    @property
    def direct(self) -> bool:
        """Whether the ids themselves can be the ranks."""
        return not self.extras and all(map(int.__lt__, self.order[256:], self.order[257:]))
