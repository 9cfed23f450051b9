"""Sets of characters as llama.cpp's pre-tokenizers know them, and patterns written with them."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from operator import itemgetter

from ollama_tui.services.tokenizer.unicode_runs import RUNS

Ranges = tuple[tuple[int, int], ...]
"""First and last code point of each run, ascending, without gaps of nothing between two."""

_WHITE = ((0x09, 0x0D), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A))
_MORE_WHITE = ((0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000))
_HAN = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2EBEF),
    (0x2F800, 0x2FA1F),
)
_LAST = 0x10FFFF


@cache
def _categories() -> dict[str, Ranges]:
    found: dict[str, list[tuple[int, int]]] = {}
    start = 0
    for letter, length in re.findall(r"([-A-Z])([0-9a-z]*)", RUNS):
        end = start + (int(length, 36) if length else 1)
        found.setdefault(letter, []).append((start, end - 1))
        start = end
    return {letter: tuple(runs) for letter, runs in found.items()}


def union(*sets: Ranges) -> Ranges:
    """What is in any of the sets."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(run for runs in sets for run in runs):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def without(ranges: Ranges, *others: Ranges) -> Ranges:
    """What is in `ranges` and in none of the others."""
    left: list[tuple[int, int]] = []
    taken = union(*others)
    at = 0
    for first, last in ranges:
        while at < len(taken) and taken[at][1] < first:
            at += 1
        start, following = first, at
        while following < len(taken) and taken[following][0] <= last:
            if taken[following][0] > start:
                left.append((start, taken[following][0] - 1))
            start = taken[following][1] + 1
            following += 1
        if start <= last:
            left.append((start, last))
    return tuple(left)


def both(ranges: Ranges, other: Ranges) -> Ranges:
    """What is in the two sets."""
    return without(ranges, without(((0, _LAST),), other))


def of(characters: str) -> Ranges:
    """A set written as in brackets of a pattern: single characters, and `a-z`."""
    runs: list[tuple[int, int]] = []
    at = 0
    while at < len(characters):
        if at + 2 < len(characters) and characters[at + 1] == "-":
            runs.append((ord(characters[at]), ord(characters[at + 2])))
            at += 3
        else:
            runs.append((ord(characters[at]), ord(characters[at])))
            at += 1
    return union(tuple(runs))


_CAPITALS, _SMALL = of("A-Z"), of("a-z")


@cache
def named(name: str) -> Ranges:
    """A set by the name that patterns use: L, N, M, P and S are Unicode's; the others are of this module."""
    if name == "s":
        return union(_WHITE, _MORE_WHITE)
    if name == "Han":
        return _HAN
    if name == "WordHan":  # characters that are words; that the fifth run begins late is llama.cpp's, and others', slip
        return union(without(_HAN, ((0x2B820, 0x2B91F), (0x2CEB0, 0x2EBEF))))
    if name == "Upper":  # llama.cpp takes every letter that is not in a-z for one, whatever its case
        return without(named("L"), _SMALL)
    if name == "Lower":
        return without(named("L"), _CAPITALS)
    if name == "UpperMark":
        return union(named("Upper"), named("M"))
    if name == "LowerMark":
        return union(named("Lower"), named("M"))
    if name == "Latin":  # letters that are no Han
        return without(named("L"), _HAN)
    return _categories()[name]


def has(name: str, code: int) -> bool:
    """Whether a character is in the set of that name."""
    ranges = named(name)
    at = bisect_left(ranges, code, key=itemgetter(1))
    return at < len(ranges) and ranges[at][0] <= code


def written(ranges: Ranges) -> str:
    """A set as it stands between brackets of a pattern in Rust's syntax."""
    return "".join(
        rf"\x{{{first:x}}}" if first == last else rf"\x{{{first:x}}}-\x{{{last:x}}}" for first, last in ranges
    )


def python_class(ranges: Ranges) -> str:
    """The same in Python's syntax."""
    return "".join(f"\\U{first:08x}" if first == last else f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


_CLASS = re.compile(r"\\p\{(\w+)\}|\\([sS])|\\.|[\[\]]", re.DOTALL)


_L, _M = r"[\p{L}&&\p{Age=15.1}]", r"[\p{M}&&\p{Age=15.1}]"
_KNOWN = {
    **{name: rf"[\p{{{name}}}&&\p{{Age=15.1}}]" for name in "LNMPS"},
    "Upper": f"[{_L}--[a-z]]",
    "Lower": f"[{_L}--[A-Z]]",
    "UpperMark": f"[[{_L}--[a-z]]{_M}]",
    "LowerMark": f"[[{_L}--[A-Z]]{_M}]",
}
"""Sets in the engine's own words, which take a tenth of the memory that their ranges would."""


def spelled_out(pattern: str, sets: Sequence[tuple[str, Ranges]] = ()) -> str:
    r"""A pattern with each `\p{Name}`, `\s` and `\S` as the ranges themselves, or as what the engine has for them.

    So it means the same whatever version of Unicode the engine knows. `sets` are names of the pattern's own.
    """
    own = dict(sets)
    inside = False

    def replaced(match: re.Match[str]) -> str:
        nonlocal inside
        found = match[0]
        if found in "[]":
            inside = found == "["
            return found
        if match[1] is None and match[2] is None:
            return found
        name = match[1] or "s"
        if name in _KNOWN and name not in own:
            return _KNOWN[name]
        ranges = own[name] if name in own else named(name)
        if match[2] == "S":
            return f"[^{written(ranges)}]"
        return written(ranges) if inside else f"[{written(ranges)}]"

    return _CLASS.sub(replaced, pattern)
