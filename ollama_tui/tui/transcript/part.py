"""The parts that an item of the transcript is made of, stacked in the order of their slots."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, Protocol

from rich.segment import Segment


class Slot(IntEnum):
    """Which part of an item: fixed numbers, so that a selection stays where it is while parts come and go."""

    HEAD = 0
    THOUGHT = 1
    THINKING = 2
    BODY = 3
    FILES = 4
    TOOLS = 5
    NOTICES = 6
    WAITING = 7
    FAILURE = 8
    HINT = 9
    FORMAT = 10
    MISFITS = 11
    ENDING = 12
    OFFERS = 13
    FIGURES = 14
    STANDING = 15


SLOTS = 32
"""More than there are slots: a place in the transcript is `item * SLOTS + slot` and an offset in the part's source."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What a click on a place does."""

    verb: Literal["thinking", "retry", "continue", "link", "previous", "next", "whole", "json", "menu"]
    value: str = ""


class Part(Protocol):
    """Some lines of an item. `y` counts from the part's first line, `x` in cells from its left edge."""

    @property
    def height(self) -> int:
        """Lines at the width set last."""
        ...

    @property
    def source(self) -> str:
        """The text as it was written, for copying; empty if there is nothing to copy."""
        ...

    def set_width(self, width: int) -> None:
        """Break anew for `width` cells, at least 1."""
        ...

    def segments(self, y: int) -> Sequence[Segment]:
        """One line, not padded, of at most the width."""
        ...

    def locate(self, x: int, y: int) -> int:
        """The offset in `source` of what is at a cell, or next to it."""
        ...

    def cells(self, y: int, start: int, end: int) -> Sequence[tuple[int, int]]:
        """The cells of a line, as (first, after the last), that show something of `source[start:end]`."""
        ...

    def deed_at(self, x: int, y: int) -> Deed | None:
        """What a click there does."""
        ...
