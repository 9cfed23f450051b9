"""How well what is typed fits a name: whole words before their beginnings, these before any place, in any order."""

from typing import NamedTuple


class Fit(NamedTuple):
    """How well it fits, from 0 (not at all) to 1, and what of the name it is."""

    score: float
    spans: tuple[tuple[int, int], ...] = ()


NONE = Fit(0.0)


def fit(typed: str, name: str) -> Fit:
    """Every word of `typed` has to be in `name`; case does not matter."""
    words, name = typed.casefold().split(), name.casefold()
    found = [_find(word, name) for word in words]
    if not found or any(score == 0 for score, _span in found):
        return NONE
    score = sum(score for score, _span in found) / len(found)
    spans = sorted(span for _score, span in found)
    # What stands in the order in which it was typed, and near the beginning, is meant sooner.
    in_order = [span for _score, span in found] == spans
    return Fit(score * (0.9 + 0.05 * in_order + 0.05 / (1 + spans[0][0])), tuple(spans))


def _find(word: str, name: str) -> tuple[float, tuple[int, int]]:
    """The best place of a word: a whole word, the beginning of one, the inside of one."""
    best = (0.0, (0, 0))
    place = name.find(word)
    while place >= 0:
        end = place + len(word)
        begins = _is_bound(name, place)
        score = 1.0 if begins and _is_bound(name, end) else 0.8 if begins else 0.5
        if score > best[0]:
            best = (score, (place, end))
        place = name.find(word, place + 1)
    return best


def _is_bound(name: str, place: int) -> bool:
    """Whether a word begins or ends there. Chinese and Japanese put nothing between their words: any place will do."""
    if place in (0, len(name)):
        return True
    before, after = name[place - 1], name[place]
    if not (before.isalnum() and after.isalnum()):
        return True
    return ord(before) >= 0x2E80 or ord(after) >= 0x2E80
