"""What a tokenizer that merges is made of, ready for tiktoken; this is also what is kept on the disk."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import overload

from ollama_tui.domain.token import TokenKind

SPACE = "\u2581".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Entries for tiktoken: the tokens that merging reaches, and what merging needs besides."""

    cut: str
    """How text is cut into pieces: a name in `patterns` or `stages`, or `words`."""
    pre: str
    """What the vocabulary calls that."""
    raws: Sequence[bytes]
    """The bytes that each token of the vocabulary stands for; if it is `spaced`, what is written for them."""
    kinds: bytes
    """A `TokenKind` for each token."""
    order: Sequence[int]
    """The entries in the order of their ranks: the number of a token, or beyond them that of an extra."""
    direct: bool = False
    """Whether the ids themselves can be the ranks: they rise in the order of the merges, and there are no extras."""
    extras: Sequence[bytes] = ()
    """Bytes that are no token, yet stand in the middle of merging."""
    spelled: Sequence[tuple[int, ...]] = ()
    """The ids that stand for each extra in the end."""
    spaced: bool = False
    """Whether the entries are written with U+2581 for a space."""
    seams: bool = True
    """Whether a token has a space behind something else, so that words cannot be merged one by one."""
    whole: Mapping[bytes, int] = field(default_factory=dict[bytes, int])
    """Tokens that no merge reaches, but a piece that is just this is one: bytes and id. They are extras, too."""
    scores: Mapping[str, float] = field(default_factory=dict[str, float])
    """The scores by which tokens are merged, where several have the same: ranks cannot tell that."""
    exact: bool = True
    adds_space: bool = False
    """Whether a space is put before a text, and after each special token in it."""
    begins_with: tuple[int, ...] = ()
    ends_with: tuple[int, ...] = ()
    strips: Mapping[int, str] = field(default_factory=dict[int, str])
    """Special tokens that take the whitespace at their `left` or `right` with them."""

    def ranks(self) -> dict[bytes, int]:
        """The entries as tiktoken takes them."""
        entries = [*self.raws, *self.extras]
        pieces = map(entries.__getitem__, self.order)
        return dict(zip(pieces, self.order if self.direct else range(len(self.order)), strict=True))

    def compact(self) -> "Table":
        """The same for keeping: without a value of Python's own for each token, of which there may be 150,000."""
        raws = self.raws if isinstance(self.raws, Pieces) else Pieces(b"".join(self.raws), map(len, self.raws))
        return replace(self, raws=raws, order=array("I", self.order))

    def raw(self, number: int) -> bytes:
        """The bytes that a token stands for."""
        written, kind = self.raws[number], self.kinds[number]
        if not self.spaced:
            return written
        if kind == TokenKind.BYTE:
            return byte_of(written)
        return written.replace(SPACE, b" ") if kind == TokenKind.NORMAL else written


class Pieces(Sequence[bytes]):
    """Many short pieces as one, of which each is cut when it is looked at."""

    def __init__(self, content: bytes, lengths: Iterable[int]) -> None:
        self._content = content
        self._bounds = array("I", accumulate(lengths, initial=0))

    def __len__(self) -> int:
        return len(self._bounds) - 1

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | Sequence[bytes]:
        if isinstance(index, slice):
            return list(self)[index]
        number = range(len(self))[index]
        return self._content[self._bounds[number] : self._bounds[number + 1]]

    def __iter__(self) -> Iterator[bytes]:
        return map(self._content.__getitem__, map(slice, self._bounds, self._bounds[1:]))


def byte_of(written: bytes) -> bytes:
    """The byte of `<0x0A>`."""
    try:
        return bytes((int(written[3:5], 16),)) if len(written) == 6 else written
    except ValueError:
        return written
