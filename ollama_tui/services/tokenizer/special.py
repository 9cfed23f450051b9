"""Tokens that are looked for in the text itself, before anything else is done to it."""

import re
from collections.abc import Iterable, Mapping, Sequence

from ollama_tui.domain.token import TokenKind

_FEW = 200
"""As many are looked for one by one; more by their first two characters."""

SPECIAL = (TokenKind.USER_DEFINED, TokenKind.CONTROL, TokenKind.UNKNOWN)
_SPACES = " \t\n\v\f\r"


class Specials:
    """User-defined tokens, which are always found, and control tokens, found where that is asked for."""

    def __init__(self, tokens: Mapping[int, str], kinds: bytes, strips: Mapping[int, str]) -> None:
        always = {number: text for number, text in tokens.items() if kinds[number] == TokenKind.USER_DEFINED}
        self._always = _Finder((text, number) for number, text in sorted(always.items()))
        self._all = _Finder((text, number) for number, text in sorted(tokens.items()))
        self._strips = strips

    @classmethod
    def of(cls, raws: Sequence[bytes], kinds: bytes, strips: Mapping[int, str]) -> "Specials":
        """The special ones of a vocabulary, by their bytes."""
        found = [number for kind in SPECIAL for number in places(kinds, kind)]
        return cls({number: raws[number].decode("utf-8", "replace") for number in found}, kinds, strips)

    def split(self, text: str, *, special: bool) -> list[str | int]:
        """The text between special tokens, and their ids, in order. Nothing in it is empty."""
        fragments: list[str | int] = [text] if text else []
        for token, number in (self._all if special else self._always).found_in(text):
            cut: list[str | int] = []
            for fragment in fragments:
                if isinstance(fragment, str) and token in fragment:
                    cut.extend(self._cut(fragment, token, number))
                else:
                    cut.append(fragment)
            fragments = cut
        return fragments

    def _cut(self, text: str, token: str, number: int) -> Iterable[str | int]:
        strip = self._strips.get(number)
        if strip is None:
            first, *others = text.split(token)
            parts: list[str | int] = [first]
            for part in others:
                parts += (number, part)
            return [part for part in parts if part != ""]
        parts = []
        while text:
            left, found, right = text.partition(token)
            if not found:
                parts.append(left)
                break
            if left := left.rstrip(_SPACES) if strip == "left" else left:
                parts.append(left)
            parts.append(number)
            text = right.lstrip(_SPACES) if strip == "right" else right
        return parts


def places(kinds: bytes | bytearray, kind: int) -> Iterable[int]:
    """Where `kind` stands: most are of another."""
    at = kinds.find(kind)
    while at >= 0:
        yield at
        at = kinds.find(kind, at + 1)


class _Finder:
    """Which of some tokens occur in a text; the longest first, in UTF-8, as llama.cpp goes through them."""

    def __init__(self, tokens: Iterable[tuple[str, int]]) -> None:
        self._order = sorted(tokens, key=lambda token: -len(token[0].encode("utf-8", "surrogatepass")))
        self._begins: dict[str, dict[int, set[str]]] = {}
        self._scan: re.Pattern[str] | None = None
        if len(self._order) > _FEW:
            for token, _ in self._order:
                self._begins.setdefault(token[:2], {}).setdefault(len(token), set()).add(token)
            self._scan = re.compile(f"(?=({'|'.join(map(re.escape, sorted(self._begins, key=len, reverse=True)))}))")

    def found_in(self, text: str) -> list[tuple[str, int]]:
        if self._scan is None:
            return [token for token in self._order if token[0] in text]
        found: set[str] = set()
        for match in self._scan.finditer(text):
            start = match.start()
            for begin in {match[1], match[1][0]}:
                for length, tokens in self._begins.get(begin, {}).items():
                    if (candidate := text[start : start + length]) in tokens:
                        found.add(candidate)
        return [token for token in self._order if token[0] in found] if found else []
