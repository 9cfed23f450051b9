"""A tokenizer whose tokens are merged from pairs, by tiktoken."""

import re
from collections.abc import Sequence
from functools import cached_property

import tiktoken

from ollama_tui.domain.text import storable
from ollama_tui.domain.token import Token, TokenKind
from ollama_tui.services.tokenizer.patterns import PATTERNS, pattern_of
from ollama_tui.services.tokenizer.special import Specials
from ollama_tui.services.tokenizer.stages import pieces
from ollama_tui.services.tokenizer.table import Table

_ALL = "(?s).+"

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

    def __init__(
        self,
        table: Table,
        *,
        cut: str,
        pre: str,
        specials: Specials,
        begins_with: tuple[int, ...] = (),
        ends_with: tuple[int, ...] = (),
    ) -> None:
        self.exact = table.exact
        self.pre = pre
        self.begins_with = begins_with
        self.ends_with = ends_with
        self._table = table
        self._cut = cut
        self._specials = specials
        size = len(table.raws)
        self._ids: list[int] | None = None
        self._spelled: dict[int, tuple[int, ...]] = {}
        if table.direct:
            ranks = {table.raws[number]: number for number in table.order}
        else:
            ranks = {
                (table.raws[number] if number < size else table.extras[number - size]): rank
                for rank, number in enumerate(table.order)
            }
            self._ids = [number if number < size else -1 for number in table.order]
            self._spelled = {
                rank: table.spelled[number - size] for rank, number in enumerate(table.order) if number >= size
            }
        self._whole_ranks = frozenset(ranks[raw] for raw in table.whole)
        self._stepwise = cut not in PATTERNS
        self._ranks = ranks
        pattern = _ALL if self._stepwise else pattern_of(cut)
        self._encoding = tiktoken.Encoding(pre or cut, pat_str=pattern, mergeable_ranks=ranks, special_tokens={})

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        ids: list[int] = []
        for fragment in self._specials.split(storable(text), special=special):
            if isinstance(fragment, int):
                ids.append(fragment)
            else:
                ids += self._merged(fragment)
        return ids

    def count(self, text: str, *, special: bool = False) -> int:
        return len(self.encode(text, special=special))

    def tokens(self, text: str, *, special: bool = False) -> list[Token]:
        raws, kinds = self._table.raws, self._table.kinds
        return [Token(number, raws[number], TokenKind(kinds[number])) for number in self.encode(text, special=special)]

    def _merged(self, text: str) -> Sequence[int]:
        if self._stepwise or self._has_long_run(text):
            return self._by_pieces(text)
        ranks = self._encoding.encode_ordinary(text)
        if self._ids is None:
            return ranks
        if self._whole_ranks and not self._whole_ranks.isdisjoint(ranks):
            return self._by_pieces(text)
        return self._numbered(ranks)

    @cached_property
    def _uncut(self) -> tiktoken.Encoding:
        """The same without the cutting."""
        if self._stepwise:
            return self._encoding
        return tiktoken.Encoding(self.pre, pat_str=_ALL, mergeable_ranks=self._ranks, special_tokens={})

    def _has_long_run(self, text: str) -> bool:
        run = _RUNS.get(self._cut, _SPACES)
        for start in range(0, len(text) - _STEP, _STEP):
            match = run.match(text, start)
            if match is not None and match.end() - start >= _STEP:
                return True
        return False

    def _numbered(self, ranks: Sequence[int]) -> Sequence[int]:
        """Ids for ranks."""
        if self._ids is None:
            return ranks
        numbers = self._ids
        ids = [numbers[rank] for rank in ranks]
        if self._spelled and -1 in ids:
            spelled = self._spelled
            return [
                number
                for rank, found in zip(ranks, ids, strict=True)
                for number in (spelled[rank] if found < 0 else (found,))
            ]
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
                merged = (number,) if number is not None else self._numbered(self._uncut.encode_ordinary(piece))
                found = known[piece] = merged
            ids += found
        return ids
