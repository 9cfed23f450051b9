"""Where words stand in a text, whatever their case, accents and width: for marking what was found.

A text is folded character by character, so that an offset in what is folded is an offset in what was written.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

CJK = (
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f"  # kana, bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\u1100-\u11ff\uac00-\ud7a3"  # Hangul
)
"""Of the scripts that put no spaces between words: to be put into the brackets of a regular expression."""

_LETTER = rf"[^\W_{CJK}]"
"""A letter or digit of a word that spaces part from others."""
_ACCENT = "[\u0300-\u036f]"
_HAS_ACCENT = re.compile(_ACCENT)
_BITS = re.compile(rf"[{CJK}]+|(?:(?![{CJK}])[^\W_])+")
_SIGNED = re.compile(r"[a-z0-9]+[+#]+(?!\w)")
"""What is another word without its signs: `C++`, `C#`."""
_SIGNS = re.compile(r"[+#]+(?!\w)")
_BETWEEN = r"[\W_]*"
_BLANKS = re.compile(r"\s+")


class _Folding(dict[int, str]):
    """Each character's plain form, made when it is met first."""

    def __missing__(self, code: int) -> str:
        plain = self[code] = _plain(chr(code))
        return plain


def _plain(character: str) -> str:
    whole = unicodedata.normalize("NFKC", character)
    if len(whole) != 1:
        whole = character
    if ord(whole) < 0x600 or 0x1E00 <= ord(whole) < 0x2000:  # Latin, Greek and Cyrillic have accents
        bare = "".join(part for part in unicodedata.normalize("NFD", whole) if not unicodedata.combining(part))
        whole = bare if len(bare) == 1 else whole
    lower = whole.lower()
    return lower if len(lower) == 1 else whole


_FOLDING = _Folding()


def fold(text: str) -> str:
    """`text` in lower case, without accents and without full width, each character at its old place."""
    return text.lower() if text.isascii() else text.translate(_FOLDING)


def comparable(text: str) -> str:
    """`text`, such as a title, as pieces of it are looked for: folded, and its signs made plain, too."""
    return fold(unicodedata.normalize("NFKC", text).casefold())


@dataclass(frozen=True, slots=True)
class Term:
    """One of the words that are looked for, or a phrase; or an emoji or the like."""

    text: str
    unfinished: bool = False
    """Whether its last word may go on, as that which is being typed."""

    @property
    def has_words(self) -> bool:
        """Whether the index of words can find it."""
        return any(map(str.isalnum, self.text))

    @property
    def literals(self) -> list[str]:
        """What of it has to stand as it is, in lower case, since the index of words knows nothing of it: 🎉, `c++`."""
        return _SIGNED.findall(self.text.lower()) if self.has_words else [self.text]


class Occurrence(NamedTuple):
    """Where a term stands: from `start` to before `end`, in characters."""

    start: int
    end: int
    term: int
    """Which of the terms, from 0."""


class Sought:
    """Several terms that are looked for together."""

    def __init__(self, patterns: Iterable[tuple[str, str]], key: object) -> None:
        """Use `words` or `literal`. Each pattern comes a second time for a text with accents of their own."""
        self._patterns = [(re.compile(plain), re.compile(accented)) for plain, accented in patterns]
        self._key = key

    @classmethod
    def words(cls, terms: Sequence[Term]) -> "Sought":
        """Whole words as the search finds them: only an unfinished one may go on."""
        return cls([(_of_words(term, ""), _of_words(term, _ACCENT + "*")) for term in terms], tuple(terms))

    @classmethod
    def literal(cls, text: str) -> "Sought":
        """A piece of text as it is typed, anywhere; its blanks stand for any blanks, and for the marks of Markdown."""
        bits = [bit for bit in _BLANKS.split(fold(text)) if bit]
        if not bits:
            return cls((), text)
        between = r"[\s*_~`]+"
        pattern, accented = (
            between.join("".join(re.escape(sign) + accent for sign in bit) for bit in bits)
            for accent in ("", _ACCENT + "*")
        )
        return cls([(pattern, accented)], text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sought) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __bool__(self) -> bool:
        return bool(self._patterns)

    def places(self, folded: str, start: int = 0) -> list[Occurrence]:
        """Where in a folded text the terms stand, in order, from `start` on; none within another."""
        accented = not folded.isascii() and _HAS_ACCENT.search(folded) is not None
        found = sorted(
            Occurrence(*match.span(), index)
            for index, patterns in enumerate(self._patterns)
            for match in patterns[accented].finditer(folded, start)
            if match.end() > match.start()
        )
        kept: list[Occurrence] = []
        for occurrence in found:
            if not kept or occurrence.start >= kept[-1].end:
                kept.append(occurrence)
        return kept


def _of_words(term: Term, accent: str) -> str:
    """The pattern of a word or phrase: letters and the like are themselves, all between them is any separator."""
    folded = fold(term.text)
    pieces: list[str] = []
    last = 0
    for bit in _BITS.finditer(folded):
        if pieces:
            # Signs stand between them, or nothing does where the script changes.
            pieces.append(_BETWEEN if bit.start() == last else r"[\W_]+")
        pieces.append("".join(re.escape(sign) + accent for sign in bit[0]))
        last = bit.end()
        if (signs := _SIGNS.match(folded, last)) and bit[0].isascii():
            pieces.append(re.escape(signs[0]))
            last = signs.end()
    if not pieces:
        return re.escape(folded) or r"(?!)"
    begins = re.match(_LETTER, _first_letter(folded)) is not None
    ends = not term.unfinished and re.match(_LETTER, folded[last - 1]) is not None
    return f"{f'(?<!{_LETTER})' if begins else ''}{''.join(pieces)}{f'(?!{_LETTER})' if ends else ''}"


def _first_letter(folded: str) -> str:
    match = _BITS.search(folded)
    return match[0][0] if match else ""
