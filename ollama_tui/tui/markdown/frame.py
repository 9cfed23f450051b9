"""What blocks stand in: quotes and list items, while they are open."""

from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len

from ollama_tui.tui.markdown.piece import Lead, Mark
from ollama_tui.tui.signs import sign


@dataclass(slots=True)
class Frame:
    """An open quote or list item."""

    kind: Literal["quote", "item"]
    number: int
    """Of this frame in the document, for telling it from another."""
    series: int = 0
    """The number of the first item of its list."""
    sign: str = ""
    """What makes items those of one list: the bullet, or what follows the ordinal."""
    indent: int = 0
    """Columns that a line must be indented by to belong to it."""
    marker: str = "▎ "
    drawn: bool = False
    """Whether some block in it has drawn the marker."""
    blocks: int = 0
    """How many blocks stand directly in it."""
    blank: bool = False
    """Whether it began with an empty line and nothing has come since."""

    def mark(self) -> Mark:
        """The mark for the next block in it."""
        if self.kind == "quote":
            return Mark("quote", sign(self.marker), sign(self.marker))
        rest = " " * cell_len(self.marker)
        return Mark("item", rest if self.drawn else sign(self.marker), rest)


def lead(frames: list[Frame]) -> Lead:
    """The lead of the next block in `frames`."""
    return Lead(tuple([frame.mark() for frame in frames]))


def gap_lead(frames: list[Frame]) -> Lead:
    """The lead of an empty row in `frames`."""
    return Lead(tuple([Mark(mark.kind, mark.rest, mark.rest) for mark in [frame.mark() for frame in frames]]))
