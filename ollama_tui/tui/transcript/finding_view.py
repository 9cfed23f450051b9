"""A roll in which places are found: marked where they are seen, gone to one by one."""

import asyncio
import time
from dataclasses import dataclass

from textual.message import Message as Posted
from textual.strip import Strip

from ollama_tui.domain.occurrence import Sought
from ollama_tui.tui.transcript.finding import Finder, Place
from ollama_tui.tui.transcript.item import Item
from ollama_tui.tui.transcript.part import Slot
from ollama_tui.tui.transcript.reading import ReadingView
from ollama_tui.tui.transcript.selection import mark

_SLICE = 0.008
"""Seconds of looking after which keys and pictures have their turn."""
_NEARBY = 24
"""Lines in which a place is looked for that does not stand in the line where it should: rows of tables are high."""


class FindingView(ReadingView):
    """Reading, with a finder."""

    @dataclass
    class Found(Posted):
        """How many places there are now, and which one is looked at (from 1; 0 for none)."""

        which: int
        count: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.finder = Finder()

    async def find(self, sought: Sought | None, message_id: str = "") -> None:
        """Mark all places, and go to the first one that follows what is looked at, or the first in a message."""
        self.finder.begin(sought)
        self.refresh()
        if not sought:
            self.post_message(self.Found(0, 0))
            return
        began = time.monotonic()
        for item in list(self.roll.items):
            self.finder.places_in(item)
            if time.monotonic() - began > _SLICE:
                await asyncio.sleep(0)
                began = time.monotonic()
        index = self.roll.index_of(message_id) if message_id else None
        here = self.finder.here
        if index is None and here is not None and self._is_at(here):
            self.tell_found()  # what is typed on still stands where one is
            return
        self.finder.here = None
        if index is not None and not self.finder.places_in(self.roll.items[index]):
            self.show_line(index, 0)
            self.tell_found()
            return
        self.go(1, index)

    def _is_at(self, here: Place) -> bool:
        """Whether there is a place where one is; then one is at that."""
        index = self.roll.index_of(here.message_id)
        if index is None:
            return False
        places = self.finder.places_in(self.roll.items[index])
        again = next((place for place in places if place[:3] == here[:3]), None)
        self.finder.here = again
        return again is not None

    def go(self, step: int, index: int | None = None) -> None:
        """To the next place (1) or the one before (-1), round the ends; the first time from item `index` on."""
        items = self.roll.items
        if not items or self.finder.sought is None:
            return
        if index is None:
            index, _line = self.roll.find(self.first_line)
        found = self.finder.step(items, index, step)
        if found:
            index, self.finder.here = found
            self._reveal(index, self.finder.here)
        self.tell_found()

    async def find_again(self, step: int) -> None:
        """To the next place of what is looked for, or of what was looked for last, from where one was then."""
        if self.finder.sought is None and self.finder.last is not None:
            sought, here = self.finder.last
            self.finder.here = here
            await self.find(sought)
            if step > 0 and self.finder.here != here:  # it had to begin anew, and is at the next one
                return
        self.go(step)

    def tell_found(self) -> None:
        """Say how many there are."""
        if self.finder.sought is not None:
            self.post_message(self.Found(*self.finder.count(self.roll.items)))

    def _reveal(self, index: int, place: Place) -> None:
        item = self.roll.lay_out(index)
        self.stay()
        if place.slot == Slot.THINKING and item.thinking is not None and not item.thinking.opened:
            item.toggle_thinking()
            self.changed(index, 0)
        self.show_line(index, _line_of(item, place))
        self.refresh()

    def _overlay(self, strip: Strip, item: Item, index: int, line: int) -> Strip:
        if self.finder.sought is not None:
            strip = self._with_places(strip, item, line)
        return super()._overlay(strip, item, index, line)

    def _with_places(self, strip: Strip, item: Item, line: int) -> Strip:
        slot, start = item.locate(0, line)
        if slot not in (Slot.BODY, Slot.THINKING):
            return strip
        _slot, end = item.locate(self.roll.width, line)
        for place in self.finder.between(item, slot, start, end + 1):
            cells = item.cells(line, (slot, place.start), (slot, place.end))
            if cells:
                style = self.looks.here if place == self.finder.here else self.looks.found
                strip = mark(strip, cells, style)
        return strip


def _line_of(item: Item, place: Place) -> int:
    """The line that shows a place; where none does (an address behind a link), the nearest."""
    start, end = (place.slot, place.start), (place.slot, place.end)
    nearest = item.line_of(start)
    for distance in range(_NEARBY):
        for line in (nearest - distance, nearest + distance):
            if 0 <= line < item.height and item.cells(line, start, end):
                return line
    return nearest
