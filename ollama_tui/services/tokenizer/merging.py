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
    """What the merges lead to. Each is two texts with a space between; the earlier goes first.

    Two tokens come to stand beside each other if nothing merges across their border before they themselves are
    merged. To see that, the merges on both sides of the border are undone, the latest first, and each pair that stood
    there is looked up. All this is one loop, for it goes through 150,000 merges in a fraction of a second.
    """
    numbers: dict[str, int] = {}
    ranks: list[int] = []
    lefts: list[int] = []
    rights: list[int] = []
    pairs: dict[tuple[int, int], int] = {}
    order: list[str] = []
    early: list[tuple[int, int]] = []

    def add(text: str) -> int:
        number = numbers[text] = len(ranks)
        ranks.append(_SINGLE if len(text) == 1 else _UNREACHED)
        lefts.append(-1)
        rights.append(-1)
        return number

    number_of, rank_of = numbers.get, pairs.get
    for rank, entry in enumerate(merges):
        left_text, _, right_text = entry.partition(" ")
        if not left_text or not right_text:
            continue
        if (left := number_of(left_text)) is None:
            left = add(left_text)
        if (right := number_of(right_text)) is None:
            right = add(right_text)
        if (left, right) in pairs:
            continue
        pairs[left, right] = rank
        if ranks[left] == _UNREACHED or ranks[right] == _UNREACHED:
            early.append((left, right))
            continue
        text = left_text + right_text
        product = number_of(text)
        if product is not None and ranks[product] != _UNREACHED:
            continue
        first, second = left, right
        while True:
            first_rank, second_rank = ranks[first], ranks[second]
            if first_rank > second_rank:
                first, limit = rights[first], first_rank
            elif second_rank == _SINGLE:
                if product is None:
                    product = add(text)
                ranks[product], lefts[product], rights[product] = rank, left, right
                order.append(text)
                break
            else:  # of equal merges the one at the left goes first, so one across the border would have been before
                second, limit = lefts[second], second_rank + 1
            if rank_of((first, second), limit) < limit:
                break
    if any(ranks[left] != _UNREACHED and ranks[right] != _UNREACHED for left, right in early):
        order = _by_trying(merges)
    return Reached(order, {text for text in numbers if len(text) == 1})


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
    for rank, entry in enumerate(merges):
        left, _, right = entry.partition(" ")
        if left and right:
            table.setdefault((left, right), rank)
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
