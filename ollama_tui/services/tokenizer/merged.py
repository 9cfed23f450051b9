"""A tokenizer whose tokens are merged from pairs, by tiktoken."""

import re
from array import array
from collections.abc import Mapping, Sequence
from functools import cached_property

import tiktoken

from ollama_tui.domain.text import storable
from ollama_tui.domain.token import Token, TokenKind
from ollama_tui.services.tokenizer.patterns import PATTERNS, pattern_of
from ollama_tui.services.tokenizer.scored import merge_by_scores
from ollama_tui.services.tokenizer.special import Specials
from ollama_tui.services.tokenizer.stages import pieces
from ollama_tui.services.tokenizer.table import Table

_ALL = "(?s).+"
_WORDS = {"words": "\u2581+[^\u2581]*|[^\u2581]+"}
"""Nothing is merged across the beginning of a word; it is only quicker to go word by word."""

_WORD = re.compile(_WORDS["words"])

_STEP = 100_000
"""Characters. A run of several times as many is more than the pattern engine remembers ways back for (a million)."""

_SPACES = re.compile(r"\s*")
_RUNS = {
    "deepseek-coder": re.compile(r"[^A-Za-z0-9\r\n]*"),
    "deepseek-v3": re.compile("[^A-Za-z0-9\u4e00-\u9fa5]*"),
    "bloom": re.compile(r"[^A-Za-z0-9]*"),
    "viking": re.compile(r"[^A-Za-z0-9]*"),
}
"""What may be walked through with ways back; a little more than that does no harm."""


class MergingTokenizer:
    """Cuts a text by a pattern, and merges what is in the pieces."""

    def __init__(self, table: Table) -> None:
        self.exact = table.exact
        self.pre = table.pre
        self.begins_with = table.begins_with
        self.ends_with = table.ends_with
        self._cut = cut = table.cut
        self._specials = Specials.of(table.raws, table.kinds, table.strips)
        ranks = table.ranks()
        self._table = table = table.compact()
        self._size = len(table.raws)
        self._ids = array("I", () if table.direct else table.order)
        self._wholes = {ranks[raw]: number for raw, number in table.whole.items()}
        self._parts: dict[int, tuple[int, ...]] = {}
        for rank, number in self._wholes.items():
            self._parts[rank] = table.spelled[self._ids[rank] - self._size]
            self._ids[rank] = number
        self._longest_run = _longest_run(table.whole) if table.spaced else 0
        self._stepwise = cut not in PATTERNS and cut not in _WORDS
        if self._stepwise or (table.spaced and table.seams and cut in _WORDS):
            pattern = _ALL
        else:
            pattern = _WORDS.get(cut) or pattern_of(cut)
        self._encoding = _encoding(cut, pattern, ranks)
        self._ranks = table.ranks() if table.scores else {}

    @property
    def raws(self) -> Sequence[bytes]:
        """The bytes that each token of the vocabulary stands for."""
        return self._table.raws

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        ids: list[int] = []
        first = self._table.adds_space
        for fragment in self._specials.split(storable(text), special=special):
            if isinstance(fragment, int):
                ids.append(fragment)
                first = self._table.adds_space
                continue
            if self._table.spaced:
                fragment = (f" {fragment}" if first else fragment).replace(" ", "\u2581")
                first = False
            ids += self._merged(fragment)
        return ids

    def count(self, text: str, *, special: bool = False) -> int:
        return len(self.encode(text, special=special))

    def tokens(self, text: str, *, special: bool = False) -> list[Token]:
        raw, kinds = self._table.raw, self._table.kinds
        return [Token(number, raw(number), TokenKind(kinds[number])) for number in self.encode(text, special=special)]

    def _merged(self, text: str) -> Sequence[int]:
        if self._table.scores:
            return self._by_scores(text)
        if self._stepwise or self._has_long_run(text):
            return self._by_pieces(text)
        ranks = self._encoding.encode_ordinary(text)
        if not self._ids:
            return ranks
        if self._wholes and self._may_be_wrong(text, ranks):
            return self._by_pieces(text)
        return self._numbered(ranks)

    def _may_be_wrong(self, text: str, ranks: Sequence[int]) -> bool:
        """Whether a token for a whole piece might stand in a longer one."""
        if self._longest_run:
            return "\n" * (self._longest_run + 1) in text
        return not self._wholes.keys().isdisjoint(ranks)

    @cached_property
    def _uncut(self) -> tiktoken.Encoding:
        """The same without the cutting."""
        if self._stepwise:
            return self._encoding
        return _encoding(self.pre, _ALL, self._table.ranks())

    def _has_long_run(self, text: str) -> bool:
        if self._cut in (*_WORDS, "newlines"):
            return False
        run = _RUNS.get(self._cut, _SPACES)
        for start in range(0, len(text) - _STEP, _STEP):
            match = run.match(text, start)
            if match is not None and match.end() - start >= _STEP:
                return True
        return False

    def _numbered(self, ranks: Sequence[int]) -> Sequence[int]:
        """Ids for ranks."""
        if not self._ids:
            return ranks
        numbers, size = self._ids, self._size
        ids = [numbers[rank] for rank in ranks]
        if self._table.extras and ids and max(ids) >= size:
            spelled = self._table.spelled
            return [number for found in ids for number in (spelled[found - size] if found >= size else (found,))]
        return ids

    def _in_parts(self, piece: str) -> Sequence[int]:
        """A piece that is no token itself, so that tokens only for whole pieces are what they are made of."""
        ids: list[int] = []
        for rank in self._uncut.encode_ordinary(piece):
            ids += self._parts[rank] if rank in self._parts else self._numbered((rank,))
        return ids

    def _by_scores(self, text: str) -> Sequence[int]:
        """Merged one by one, words that come again once."""
        known: dict[str, Sequence[int]] = {}
        ids: list[int] = []
        for word in [text] if self._table.seams else _WORD.findall(text):
            found = known.get(word)
            if found is None:
                ranks: list[int] = []
                for part in merge_by_scores(word, self._table.scores):
                    raw = part.encode()
                    rank = self._ranks.get(raw)
                    ranks += (self._ranks[raw[at : at + 1]] for at in range(len(raw))) if rank is None else (rank,)
                found = known[word] = self._numbered(ranks)
            ids += found
        return ids

    def _by_pieces(self, text: str) -> Sequence[int]:
        """Each piece by itself, those that come again once."""
        known: dict[str, Sequence[int]] = {}
        ids: list[int] = []
        for piece in pieces(self._cut, text):
            found = known.get(piece)
            if found is None:
                raw = piece.encode()
                number = self._table.whole.get(raw)
                found = known[piece] = self._in_parts(piece) if number is None else (number,)
            ids += found
        return ids


def _encoding(name: str, pattern: str, ranks: dict[bytes, int]) -> tiktoken.Encoding:
    """tiktoken's own, which takes `ranks` over: it reads them once, and would keep them beside what it made of them.

    That is 20 MB for a vocabulary of 150,000 (tiktoken 0.14: they are only used for pickling).
    """
    encoding = tiktoken.Encoding(name, pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    ranks.clear()
    return encoding


def _longest_run(whole: Mapping[bytes, int]) -> int:
    """How many newlines there may be in a run, so that each run that is not longer is one token; 0 if some are not."""
    lengths = {len(raw) for raw in whole}
    return max(lengths, default=0) if lengths == set(range(2, len(lengths) + 2)) else 0
