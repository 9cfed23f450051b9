"""A window on a roll of items: what is in it is laid out, it follows the end while it is there, and nothing jumps."""

from dataclasses import dataclass
from typing import cast

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from ollama_tui.domain.i18n import _
from ollama_tui.tui.signs import sign
from ollama_tui.tui.transcript.item import Item
from ollama_tui.tui.transcript.looks import Looks
from ollama_tui.tui.transcript.roll import Roll
from ollama_tui.tui.transcript.selection import ends_in, mark, with_places


@dataclass(frozen=True, slots=True)
class Eye:
    """What stands in the first line of the view: it stays there when the width changes, and comes back with it."""

    index: int = 0
    line: int = 0
    """Line of the item, at the width it was looked at."""
    width: int = 0
    place: tuple[int, int] = (0, 0)
    """Slot and offset in the source."""


class RollView(ScrollView, can_focus=True):
    """Draws the items of a roll, a line at a time."""

    ALLOW_SELECT = True
    looks: Looks

    @dataclass
    class Scrolled(Message):
        """The person moved the view by so many lines."""

        view: "RollView"
        lines: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.roll = Roll()
        self.following = True
        """Whether the view is at the end and stays there."""
        self.current: int | None = None
        """The item that the reading cursor is on."""
        self._eye = Eye()
        self._placing = False
        """Whether the view is being moved by itself, not by the person."""
        self._drawing = False
        self._led = False
        """Whether it is being moved as another view was."""

    # Where the view is

    @property
    def room(self) -> Size:
        """The cells to draw on, without the scrollbar."""
        return self.scrollable_content_region.size

    @property
    def first_line(self) -> int:
        """The line of the roll in the first line of the view."""
        return max(0, round(self.scroll_y))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if not self._placing and round(old_value) != round(new_value):
            self._look()
            if not self._led:
                self.post_message(self.Scrolled(self, round(new_value) - round(old_value)))

    def lead(self, lines: int) -> None:
        """Move as another view moved, without telling of it."""
        self._led = True
        self.scroll_y = self.scroll_target_y = min(max(0, self.first_line + lines), self.max_scroll_y)
        self._led = False

    def _look(self) -> None:
        """The person has moved the view: see what is there, and lay out what surrounds it."""
        self.following = self.first_line >= self.max_scroll_y
        if not self.roll.items:
            return
        index, line = self.roll.find(self.first_line)
        self._measure_around(index)
        self._see(index, min(line, max(0, self.roll.items[index].height - 1)))
        self._settle()

    def _see(self, index: int, line: int) -> None:
        item = self.roll.items[index]
        self._eye = Eye(index, line, self.roll.width, item.locate(0, line))

    def _measure_around(self, index: int) -> None:
        height = max(1, self.room.height)
        self.roll.measure_around(index, 2 * height, 2 * height)

    def _settle(self) -> None:
        """Let the scrollbar and the position agree with the roll, at the end or with the eye where it was."""
        if self.following:
            if self.roll.items:
                self._measure_around(len(self.roll.items) - 1)
            self._set_height()
            self._place(self.max_scroll_y)
            if self.roll.items:
                self._see(*self.roll.find(self.first_line))
            return
        self._set_height()
        self._place(self.roll.top(self._eye.index) + self._line_of_eye())

    def _line_of_eye(self) -> int:
        eye = self._eye
        item = self.roll.items[eye.index]
        if eye.width == self.roll.width:
            return eye.line
        return item.line_of(eye.place)

    def _set_height(self) -> None:
        """Tell the scrollbar, without a layout of the whole screen, which an assignment would cause (8.2.8)."""
        size = Size(self.roll.width, self.roll.height)
        if size != self.virtual_size:
            self.set_reactive(cast("Reactive[Size]", Widget.virtual_size), size)
            self._scroll_update(size)

    def _scroll_update(self, virtual_size: Size) -> None:
        placing, self._placing = self._placing, True
        super()._scroll_update(virtual_size)
        self._placing = placing

    def _place(self, line: int) -> None:
        placing, self._placing = self._placing, True
        self.scroll_y = self.scroll_target_y = line
        self._placing = placing

    def fit(self) -> None:
        """Take the width that there is."""
        width = self.room.width
        if width <= 0:
            return
        if width == self.roll.width:
            self._settle()
            return
        self.roll.set_width(width)
        if not self.following and self.roll.items:
            self._measure_around(self._eye.index)
        self._settle()
        self.refresh()

    def on_resize(self) -> None:
        """Keep what is looked at in the first line, or the end in the last."""
        self.fit()

    def to_end(self) -> None:
        """Go to the end and stay there."""
        self.following = True
        self._settle()
        self.refresh()

    def stay(self) -> None:
        """Follow the end no more, and keep what is seen where it is."""
        if self.following and self.roll.items:
            self.following = False
            self._see(*self.roll.find(self.first_line))

    def show_item(self, index: int) -> None:
        """Bring an item into view: its first line at the top, unless all of it is seen already."""
        self._measure_around(index)
        top, height = self.roll.top(index), self.roll.items[index].height
        self._set_height()
        if top < self.first_line or top + height > self.first_line + self.room.height:
            self.scroll_to(y=min(top, self.max_scroll_y), animate=False, force=True)

    def show_line(self, index: int, line: int) -> None:
        """Bring a line of an item into view: a third down, unless it is seen already."""
        self._measure_around(index)
        self._set_height()
        place, room = self.roll.top(index) + line, self.room.height
        if not self.first_line <= place < self.first_line + room:
            self.scroll_to(y=min(max(0, place - room // 3), self.max_scroll_y), animate=False, force=True)

    def changed(self, index: int, line: int) -> None:
        """Draw again from a line of an item on; heights may have changed."""
        before = self.first_line
        self.roll.measure(index)
        self._settle()
        first = self.roll.top(index) + line - self.first_line
        if self.first_line != before:
            return  # all of it is drawn again
        room = self.room
        if first < room.height:
            first = max(0, first)
            self.refresh(Region(0, first, room.width, room.height - first))

    # Drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        if self.roll.width != self.room.width > 0:
            self.fit()
        self._drawing = True
        try:
            return super().render_lines(crop)
        finally:
            self._drawing = False

    def render_line(self, y: int) -> Strip:
        roll, width = self.roll, self.roll.width
        line = self.first_line + y
        if line >= roll.height or not roll.items:
            return Strip.blank(width, self.looks.base)
        index, line = roll.find(line)
        item = roll.items[index]
        if not item.fits(width):
            roll.measure(index)
        if not self._drawing:
            # Only the compositor's question of what is under the mouse comes without `render_lines`.
            return with_places(width, item, index, line)
        strip = self._overlay(item.strip(line), item, index, line)
        return self._with_more(strip) if self.more_below and y == self.room.height - 1 else strip

    def _overlay(self, strip: Strip, item: Item, index: int, line: int) -> Strip:
        selection = self.text_selection
        if selection and (ends := ends_in(selection, index)) and (cells := item.cells(line, *ends)):
            strip = mark(strip, cells, self.screen.get_component_rich_style("screen--selection"))
        if index == self.current and line >= item.gap:
            bar = Segment(sign("▎"), self.looks.base + self.looks.marked)
            strip = Strip([bar, *strip.crop(1)], strip.cell_length)
        return strip

    @property
    def more_below(self) -> bool:
        """Whether it is said that more comes below the view."""
        return not self.following and bool(self.roll.growing())

    def on_more(self, x: int) -> bool:
        """Whether a cell of the last line belongs to what says that there is more."""
        return x >= self.roll.width - cell_len(sign(_(" ↓ more below "))) - 1

    def refresh_more(self) -> None:
        """Draw the line again that says that there is more below."""
        self.refresh(Region(0, self.room.height - 1, self.room.width, 1))

    def _with_more(self, strip: Strip) -> Strip:
        text = sign(_(" ↓ more below "))
        size = cell_len(text)
        left = strip.cell_length - size - 1
        if left < 1:
            return strip
        label = Segment(text, self.looks.base + self.looks.more)
        return Strip([*strip.crop(0, left), label, *strip.crop(left + size)], strip.cell_length)
