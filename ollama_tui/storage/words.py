"""How text becomes words that FTS5's own tokenizer can find, Chinese, Japanese and Korean included.

Those scripts put no spaces between words. A run of them is written as its overlapping pairs and its last character:
`数据库` becomes `数据 据库 库`. Two characters are then one word, longer ones a phrase of pairs, and a single one the
beginning of a pair or that last word. Full-width forms and the like are made plain first (NFKC).
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from ollama_tui.domain.occurrence import CJK, Term

SCHEME = 2
"""Counts up with each change to `indexable` and `comparable`: an index of another scheme is made anew, and titles'."""

_RUN = re.compile(f"[{CJK}]+")


def indexable(text: str) -> str:
    """`text` as it is handed to the index."""
    if text.isascii():
        return text
    return _RUN.sub(_pairs_and_last, unicodedata.normalize("NFKC", text))


def expression(terms: Sequence[Term]) -> str:
    """The FTS5 query for all of `terms` that have words; empty if none has.

    Nothing that is typed has a meaning of its own: operators and quotes are words or separators.
    """
    return " AND ".join(
        _phrase(unicodedata.normalize("NFKC", term.text), unfinished=term.unfinished)
        for term in terms
        if term.has_words
    )


def _phrase(word: str, *, unfinished: bool) -> str:
    pieces: list[str] = []
    begun = False
    position = 0
    for run in _RUN.finditer(word):
        pieces.append(word[position : run.start()])
        position = run.end()
        at_end = position == len(word)
        # In the middle the run ends in the text, too; at the end more may follow there.
        pieces.append(_pairs(run[0]) if at_end and len(run[0]) > 1 else _pairs_and_last(run))
        begun = at_end and len(run[0]) == 1
    rest = word[position:]
    pieces.append(rest)
    prefix = begun or (unfinished and bool(rest) and rest[-1].isalnum())
    quoted = " ".join(piece.replace('"', " ") for piece in pieces if piece)
    return f'"{quoted}"{" *" if prefix else ""}'


def _pairs(run: str) -> str:
    return " " + " ".join(map("".join, pairwise(run))) + " "


def _pairs_and_last(match: re.Match[str]) -> str:
    run = match[0]
    return f"{_pairs(run)}{run[-1]} "
