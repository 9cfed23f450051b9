"""How many tokens texts have: each message counted once for each tokenizer, long texts in a thread."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

_AT_ONCE = 1_000
"""Characters that are counted where they are needed: a tokenizer takes about 0.3 ms for them."""
_BYTES = 3.6
"""Bytes for one token, where nothing better is known: English prose has 4 to 5, code and Chinese about 3."""
_TOKENIZERS = 4
"""For how many tokenizers counts are kept."""


class Counter(Protocol):
    """What of a tokenizer is needed to count."""

    @property
    def exact(self) -> bool:
        """Whether its tokens are the model's own."""
        ...

    @property
    def begins_with(self) -> tuple[int, ...]:
        """The ids that are put before a whole prompt."""
        ...

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        """The ids of a text; with `special`, control tokens in it are parsed."""
        ...

    def count(self, text: str, *, special: bool = False) -> int:
        """How many there are."""
        ...


class RoughCounter:
    """Counts by the length alone."""

    exact = False
    begins_with: tuple[int, ...] = ()

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        """Nothing but their number is known."""
        return [-1] * self.count(text, special=special)

    def count(self, text: str, *, special: bool = False) -> int:  # noqa: ARG002 - a tokenizer's signature
        """About as many tokens as most models have for such a text."""
        return round(len(text.encode(errors="replace")) / _BYTES + 0.4)


ROUGH: Counter = RoughCounter()


class Counts:
    """The counts of texts that do not change, by a key such as a message's id."""

    def __init__(self) -> None:
        self._known: list[tuple[Counter, dict[str, int]]] = []

    def of(self, counter: Counter) -> dict[str, int]:
        """What was counted with this tokenizer, to be read."""
        for place, (one, counts) in enumerate(self._known):
            if one is counter:
                if place:
                    self._known.insert(0, self._known.pop(place))
                return counts
        self._known.insert(0, (counter, {}))
        del self._known[_TOKENIZERS:]
        return self._known[0][1]

    async def add(self, counter: Counter, texts: Mapping[str, str]) -> dict[str, int]:
        """Count those of `texts` (key to text) that were not counted yet; all that was counted with this tokenizer."""
        counts = self.of(counter)
        missing = {key: text for key, text in texts.items() if key not in counts}
        if sum(map(len, missing.values())) <= _AT_ONCE:
            counts |= _count(counter, missing)
        elif missing:
            counts |= await asyncio.to_thread(_count, counter, missing)
        return counts


def _count(counter: Counter, texts: Mapping[str, str]) -> dict[str, int]:
    return {key: _tokens(counter, text) for key, text in texts.items()}


def _tokens(counter: Counter, text: str) -> int:
    """The tokens of a text; of an estimate as it is before it learns, so that all counts are by one measure."""
    return counter.count(text, special=True) if counter.exact else len(counter.encode(text, special=True))


async def count(counter: Counter, text: str) -> int:
    """The tokens of one text, control tokens in it parsed as a server does; a long one is counted in a thread."""
    if len(text) <= _AT_ONCE:
        return _tokens(counter, text)
    return await asyncio.to_thread(_tokens, counter, text)
