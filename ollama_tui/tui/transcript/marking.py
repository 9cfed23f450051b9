"""Selecting by keys: whole lines from where it began to where the keys have moved."""

from dataclasses import dataclass

from textual.geometry import Offset
from textual.selection import Selection

from ollama_tui.tui.transcript.part import SLOTS
from ollama_tui.tui.transcript.roll import Roll


@dataclass(frozen=True, slots=True)
class Marking:
    """From a line of an item to a line of the roll, which the keys move."""

    index: int
    line: int
    head: int

    def moved(self, head: int, roll: Roll) -> "Marking":
        """With its head on another line, within the roll."""
        return Marking(self.index, self.line, max(0, min(head, roll.height - 1)))

    def selection(self, roll: Roll) -> Selection:
        """All lines from the first to the last, in places of the sources."""
        anchor = roll.top(self.index) + self.line
        first, last = min(anchor, self.head), max(anchor, self.head)
        return Selection(_place(roll, first, after=False), _place(roll, last, after=True))


def begin(roll: Roll, line: int) -> Marking:
    """One line, to be extended."""
    index, within = roll.find(line)
    return Marking(index, within, line)


def _place(roll: Roll, line: int, *, after: bool) -> Offset:
    """The place where a line begins, or behind its last character."""
    index, within = roll.find(line)
    item = roll.lay_out(index)
    slot, offset = item.locate(0, within)
    if after:
        below, next_offset = item.locate(0, within + 1)
        offset = next_offset if within + 1 < item.height and below == slot else len(item.source_at(slot))
    return Offset(offset, index * SLOTS + slot)
