"""What a tokenizer that merges is made of, ready for tiktoken; this is also what is kept on the disk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SPACE = "\u2581".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Entries for tiktoken: the tokens that merging reaches, and what merging needs besides."""

    raws: Sequence[bytes]
    """The bytes that each token of the vocabulary stands for."""
    kinds: bytes
    """A `TokenKind` for each token."""
    order: Sequence[int]
    """The entries in the order of their ranks: the number of a token, or beyond them that of an extra."""
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

    @property
    def direct(self) -> bool:
        """Whether the ids themselves can be the ranks."""
        return not self.extras and not self.spaced and all(map(int.__lt__, self.order[256:], self.order[257:]))

    def ranks(self) -> dict[bytes, int]:
        """The entries as tiktoken takes them."""
        raws, size = self.raws, len(self.raws)
        if self.direct:
            return {raws[number]: number for number in self.order}
        if not self.spaced:
            return {
                raws[number] if number < size else self.extras[number - size]: rank
                for rank, number in enumerate(self.order)
            }
        return {
            raws[number].replace(b" ", SPACE) if number < size else self.extras[number - size]: rank
            for rank, number in enumerate(self.order)
        }
