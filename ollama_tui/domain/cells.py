"""How wide a text stands on a terminal: a Chinese character takes two cells."""

import re
import unicodedata

_WIDE = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60"
_STOPS = "，。、；：？！）”…》」』】％"
PIECES = re.compile(rf"\s*[（“《「『【]*(?:[{_WIDE}]|[^\s{_WIDE}]+)[{_STOPS}]*\s*")
"""What a line is broken between: a word, or one wide character, with the marks that cling to it."""


def cells(text: str) -> int:
    """The cells that `text`, one line of words, takes."""
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def padded(text: str, width: int) -> str:
    """`text` with blanks up to `width` cells."""
    return text + " " * (width - cells(text))


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken at blanks and between wide characters, none before a stop."""
    lines = [""]
    for piece in PIECES.findall(text):
        if lines[-1] and cells(lines[-1] + piece.rstrip()) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece
    return lines
