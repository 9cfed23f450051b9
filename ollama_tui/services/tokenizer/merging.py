"""Which tokens the merges of a byte-pair vocabulary really lead to, and in which order.

llama.cpp merges two neighbours if the list of merges has just this pair. tiktoken merges two neighbours if together
they are a token, whatever the pair. The two give the same if tiktoken knows those tokens alone that the merges make of
their own text: when two neighbours together are such a token, nothing was merged across their ends, so what happened
between them is what happens to the token's text alone, and that ends in the one pair that the list has for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_SINGLE = -1
_UNREACHED = -2


@dataclass(frozen=True, slots=True)
class Reached:
    """Tokens that merging reaches, in the order in which tiktoken has to rank them."""

    texts: list[str]
    letters: set[str]
    """The single characters that the merges start from."""


def reached(merges: Sequence[str]) -> Reached:
    """What the merges lead to. Each is two texts with a space between; the earlier goes first."""
    numbers: dict[str, int] = {}
    texts: list[str] = []
    ranks: list[int] = []
    lefts: list[int] = []
    rights: list[int] = []
    pairs: dict[tuple[int, int], int] = {}
    rules: list[tuple[int, int, int]] = []

    def number_of(text: str) -> int:
        number = numbers.get(text)
        if number is None:
            number = numbers[text] = len(texts)
            texts.append(text)
            ranks.append(_SINGLE if len(text) == 1 else _UNREACHED)
            lefts.append(0)
            rights.append(0)
        return number

    for rank, merge in enumerate(merges):
        at = merge.find(" ", 1)
        if at > 0 and at + 1 < len(merge):
            pair = number_of(merge[:at]), number_of(merge[at + 1 :])
            if pair not in pairs:
                pairs[pair] = rank
                rules.append((*pair, number_of(merge[:at] + merge[at + 1 :])))
    letters = {text for text in numbers if len(text) == 1}
    order: list[str] = []
    early: list[tuple[int, int]] = []
    for left, right, product in rules:
        if ranks[left] == _UNREACHED or ranks[right] == _UNREACHED:
            early.append((left, right))
        elif ranks[product] == _UNREACHED:
            rank = pairs[left, right]
            if _side_by_side(left, right, rank, ranks, lefts, rights, pairs):
                ranks[product], lefts[product], rights[product] = rank, left, right
                order.append(texts[product])
    if any(ranks[left] != _UNREACHED and ranks[right] != _UNREACHED for left, right in early):
        order = _by_trying(merges)
    return Reached(order, letters)


def _side_by_side(
    left: int,
    right: int,
    rank: int,
    ranks: list[int],
    lefts: list[int],
    rights: list[int],
    pairs: dict[tuple[int, int], int],
) -> bool:
    """Whether two tokens come to stand beside each other: nothing merges across their border before `rank`.

    Undoes the merges on both sides of the border, the latest first, and looks at each pair that stood there.
    """
    while True:
        left_rank, right_rank = ranks[left], ranks[right]
        if left_rank > right_rank:
            left, limit = rights[left], min(left_rank, rank)
        elif right_rank == _SINGLE:
            return True
        else:  # of equal merges the one at the left goes first, so one across the border would have been before
            right, limit = lefts[right], min(right_rank + 1, rank)
        if pairs.get((left, right), limit) < limit:
            return False


def _by_trying(merges: Sequence[str]) -> list[str]:
    """What is reached, for a list in which a merge may come before those that make its parts."""
    table = merge_table(merges)
    found: dict[str, int] = {}
    for left, right in table:
        text = left + right
        steps = merge(text, table)
        if len(steps.left) == 1:
            found[text] = steps.last
    return sorted(found, key=found.__getitem__)


@dataclass(frozen=True, slots=True)
class Merged:
    """What is left of a text after all merges, and the rank of the last of them."""

    left: list[str]
    last: int


def merge_table(merges: Sequence[str]) -> dict[tuple[str, str], int]:
    """The rank of each pair."""
    table: dict[tuple[str, str], int] = {}
    for rank, merge in enumerate(merges):
        at = merge.find(" ", 1)
        if at > 0 and at + 1 < len(merge):
            table.setdefault((merge[:at], merge[at + 1 :]), rank)
    return table


def merge(text: str, table: dict[tuple[str, str], int]) -> Merged:
    """The merges done one by one, the first of the list first, and of these the leftmost: for short texts."""
    parts, last = list(text), _SINGLE
    while len(parts) > 1:
        candidates = [(table[pair], at) for at, pair in enumerate(pairwise(parts)) if pair in table]
        if not candidates:
            break
        last, at = min(candidates)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return Merged(parts, last)
