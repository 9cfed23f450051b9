"""The list above the prompt: ways to go on, or earlier prompts that were searched for. It lies over the transcript."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from ollama_tui.domain.text import one_line
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.cut import cut_end, left

MOST = 8
"""Rows that are shown at once."""


class PromptList(Widget):
    """Some lines, of which one is marked."""

    COMPONENT_CLASSES = {"prompt-list--marked", "prompt-list--help"}  # noqa: RUF012 - as Textual has it

    DEFAULT_CSS = """
    PromptList {
        overlay: screen;
        display: none;
        height: auto;
        background: $panel;
        color: $foreground;
        &.-open { display: block; }
        .prompt-list--marked { background: $primary 30%; text-style: bold; }
        .prompt-list--help { color: $secondary; }
    }
    """

    @dataclass
    class Chosen(Message):
        """A line was clicked."""

        index: int

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[tuple[str, str]] = ()
        self._empty = ""
        self.marked = 0
        """The index of the marked line."""
        self.was_moved = False
        """Whether the person chose the marked line."""

    @property
    def is_open(self) -> bool:
        """Whether it is to be seen."""
        return self.has_class("-open")

    def open(self, rows: Sequence[tuple[str, str]], empty: str = "") -> None:
        """Show `rows` (what, and a word about it), or `empty` if there are none."""
        if rows != self._rows or not self.is_open:
            self.marked = 0
            self.was_moved = False
        self._rows, self._empty = rows, empty
        self.add_class("-open")
        self.styles.offset = (0, -self._height - 1)
        self.refresh(layout=True)

    def close(self) -> None:
        """Show nothing."""
        self.remove_class("-open")
        self._rows = ()

    def move(self, by: int) -> None:
        """Mark another line; after the last comes the first."""
        if self._rows:
            self.marked = (self.marked + by) % len(self._rows)
            self.was_moved = True
            self.refresh()

    def move_page(self, by: int) -> None:
        """Mark a line so far from here, the first or the last at the most."""
        self.move(max(0, min(self.marked + by, len(self._rows) - 1)) - self.marked)

    @property
    def _height(self) -> int:
        return max(1, min(MOST, len(self._rows), self.screen.size.height - 6))

    @property
    def _first(self) -> int:
        """The first row that is shown."""
        return max(0, min(self.marked - self._height // 2, len(self._rows) - self._height))

    def get_content_height(self, container: object, viewport: object, width: int) -> int:  # noqa: ARG002 - Textual's
        """As many rows as there are, up to a limit."""
        return self._height

    def render_line(self, y: int) -> Strip:
        """A row: a sign if it is marked, what it is, and a word about it in a column of its own."""
        width = self.size.width
        if not self._rows:
            return self._strip([(left(f"  {cut_end(self._empty, width - 2)}", width), "prompt-list--help")])
        index = self._first + y
        if index >= len(self._rows):  # not laid out again yet
            return self._strip([(" " * width, "")])
        what, about = self._rows[index]
        shown = self._rows[self._first : self._first + self._height]
        column = min(max(cell_len(one_line(row)) for row, _about in shown), max(8, width - 4))
        pointer = sign("›") if index == self.marked else " "
        first = left(f"{pointer} {left(cut_end(what, column), column)}", min(width, column + 2))
        room = width - cell_len(first)
        second = left(f"  {cut_end(about, room - 3)}", room)
        marked = "prompt-list--marked" if index == self.marked else ""
        return self._strip([(first, marked), (second, marked or "prompt-list--help")])

    def _strip(self, parts: Sequence[tuple[str, str]]) -> Strip:
        segments = [
            Segment(text, self.get_component_rich_style(name) if name else self.rich_style) for text, name in parts
        ]
        return Strip(segments, self.size.width)

    def on_click(self, event: events.Click) -> None:
        """Take the line under the pointer."""
        index = self._first + event.y
        if index < len(self._rows):
            self.post_message(self.Chosen(index))
