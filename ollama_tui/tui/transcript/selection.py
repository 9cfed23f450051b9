"""The mouse's selection in places of the source: item, slot and offset; so it stays while lines move and break anew.

Textual keeps a selection as two offsets that it compares by `y`, then `x`, and that it takes from the meta of the line
under the mouse (8.2.8, `_compositor.get_widget_and_offset_at`). Here `y` is `item * SLOTS + slot`, and `x` an offset in
the source of the part.
"""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Offset
from textual.selection import Selection
from textual.strip import Strip

from ollama_tui.tui.transcript.item import Item
from ollama_tui.tui.transcript.part import SLOTS
from ollama_tui.tui.transcript.roll import Roll

_END = 1 << 60
Place = tuple[int, int]
"""Slot, and offset in the source of the part there."""


def with_places(width: int, item: Item, index: int, y: int) -> Strip:
    """A line whose every cell says what place of the source is shown there, for finding what is under the mouse."""
    cells: list[Segment] = []
    for x in range(width):
        slot, offset = item.locate(x, y)
        cells.append(Segment(" ", Style.from_meta({"offset": (offset, index * SLOTS + slot)})))
    return Strip(cells, width)


def ends_in(selection: Selection, index: int) -> tuple[Place, Place] | None:
    """The places between which an item is selected; None if it is not."""
    start, end = selection
    first, begin = divmod(start.y, SLOTS) if start else (-1, 0)
    last, finish = divmod(end.y, SLOTS) if end else (_END, 0)
    if not first <= index <= last:
        return None
    return (
        (begin, start.x) if start and index == first else (0, 0),
        (finish, end.x) if end and index == last else (SLOTS, 0),
    )


def source_of(selection: Selection, roll: Roll) -> str:
    """What is selected, as it was written, messages apart by an empty line."""
    start, end = selection
    first = start.y // SLOTS if start else 0
    last = end.y // SLOTS if end else len(roll.items) - 1
    pieces: list[str] = []
    for index in range(max(0, first), min(last, len(roll.items) - 1) + 1):
        ends = ends_in(selection, index)
        if ends:
            pieces.append(roll.lay_out(index).cut(*ends))
    return "\n\n".join(piece for piece in pieces if piece)


def mark(strip: Strip, cells: Sequence[tuple[int, int]], style: Style) -> Strip:
    """A line with some of its cells marked."""
    for left, right in cells:
        strip = _mark(strip, left, right, style)
    return strip


def _mark(strip: Strip, left: int, right: int, style: Style) -> Strip:
    if style.color == style.bgcolor:  # Textual's selection has a transparent colour of its own: the text's is kept
        style = style.without_color + Style(bgcolor=style.bgcolor)
    before, middle, after = strip.crop(0, left), strip.crop(left, right), strip.crop(right)
    marked = [Segment(text, (old or Style.null()) + style) for text, old, _control in middle]
    return Strip([*before, *marked, *after], strip.cell_length)


def word_at(source: str, offset: int) -> tuple[int, int]:
    """The word at an offset: letters, digits and underscores; else the one character."""
    start = end = min(offset, max(0, len(source) - 1))
    while start > 0 and _in_word(source[start - 1]) and _in_word(source[end : end + 1]):
        start -= 1
    while end < len(source) and _in_word(source[end]):
        end += 1
    return start, max(end, start + 1)


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def line_at(source: str, offset: int) -> tuple[int, int]:
    """The line, as it was written, at an offset."""
    start = source.rfind("\n", 0, offset) + 1
    end = source.find("\n", offset)
    return start, end if end >= 0 else len(source)


def between(index: int, slot: int, span: tuple[int, int]) -> Selection:
    """A selection within one part of one item."""
    y = index * SLOTS + slot
    return Selection(Offset(span[0], y), Offset(span[1], y))
