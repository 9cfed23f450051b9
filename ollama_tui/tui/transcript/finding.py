"""Finding in the open conversation: where the words stand in each message, found when it is asked for and kept."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ollama_tui.domain.message import Message
from ollama_tui.domain.occurrence import Sought, fold
from ollama_tui.tui.transcript.item import Item

_REACH = 1_000
"""Characters by which a place may reach back into what was there before more came."""


class Place(NamedTuple):
    """Where in a message the words stand: a slot, and offsets in the source of the part there."""

    message_id: str
    slot: int
    start: int
    end: int


@dataclass(slots=True)
class _Searched:
    """A part's source, as far as it was looked through."""

    folded: str = ""
    sought: Sought | None = None
    places: list[Place] = field(default_factory=list[Place])


class Finder:
    """What is looked for in a transcript, and the place that one is at."""

    def __init__(self) -> None:
        self.sought: Sought | None = None
        self.here: Place | None = None
        self.last: tuple[Sought, Place | None] | None = None
        """What was looked for before it was given up, and where one was then."""
        self._searched: dict[tuple[str, int], _Searched] = {}
        self._kept: dict[str, tuple[Message, list[Place]]] = {}
        """The places in each message that grows no more."""
        self._longest = 0

    def begin(self, sought: Sought | None) -> None:
        """Look for something else, or for nothing any more."""
        if self.sought:
            self.last = self.sought, self.here
        self.sought = sought or None
        self._kept.clear()
        if not self.sought:
            self.here = None
            self._searched.clear()
            self._longest = 0

    def places_in(self, item: Item) -> Sequence[Place]:
        """The places in a message, in the order in which it is read."""
        if self.sought is None:
            return ()
        message = item.message
        kept = self._kept.get(message.id)
        if kept is not None and kept[0] is message and not item.streaming:
            return kept[1]
        found: list[Place] = []
        for slot, source in item.sources():
            found += self._look_through(message.id, slot, source, self.sought)
        self._kept[message.id] = message, found
        return found

    def _look_through(self, message_id: str, slot: int, source: str, sought: Sought) -> list[Place]:
        known = self._searched.get((message_id, slot))
        if known is None or len(known.folded) > len(source):
            known = self._searched[message_id, slot] = _Searched(fold(source))
        begin = 0
        if len(known.folded) < len(source):  # it grows at its end
            begin = max(0, len(known.folded) - _REACH)
            known.folded += fold(source[len(known.folded) :])
        elif known.sought is sought:
            return known.places
        if known.sought is not sought:
            begin, known.sought, known.places = 0, sought, []
        while known.places and known.places[-1].end > begin:
            begin = min(begin, known.places.pop().start)
        for start, end, _term in sought.places(known.folded, begin):
            known.places.append(Place(message_id, slot, start, end))
            self._longest = max(self._longest, end - start)
        return known.places

    def between(self, item: Item, slot: int, start: int, end: int) -> Sequence[Place]:
        """The places in a part of a message that may show in what stands from `start` to before `end`."""
        places = [place for place in self.places_in(item) if place.slot == slot]
        first = bisect_left(places, start - self._longest, key=lambda place: place.start)
        last = bisect_left(places, end, key=lambda place: place.start)
        return places[first:last]

    def count(self, items: Sequence[Item]) -> tuple[int, int]:
        """Which of how many places one is at, from 1; 0 of so many where one is at none."""
        which = total = 0
        for item in items:
            places = self.places_in(item)
            if self.here is not None and item.message.id == self.here.message_id and self.here in places:
                which = total + places.index(self.here) + 1
            total += len(places)
        return which, total

    def step(self, items: Sequence[Item], index: int, step: int) -> tuple[int, Place] | None:
        """The next place (1) or the one before (-1), and the index of its item; round the ends, None if there is none.

        `index` is the item that is looked at, from where it goes on as long as one is at no place.
        """
        here = self.here
        at = next((i for i, item in enumerate(items) if here and item.message.id == here.message_id), None)
        if here is not None and at is not None:
            places = self.places_in(items[at])
            if here in places:
                rest = places[places.index(here) + 1 :] if step > 0 else places[: places.index(here)]
                if rest:
                    return at, rest[0 if step > 0 else -1]
            index = at + step
        for offset in range(len(items) + 1):
            at = (index + offset * step) % len(items)
            if places := self.places_in(items[at]):
                return at, places[0 if step > 0 else -1]
        return None
