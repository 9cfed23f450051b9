"""The list above the prompt: ways to go on, or earlier prompts that were searched for. It lies over the transcript."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from ollama_tui.domain.text import one_line

MOST = 8
"""Rows that are shown at once."""


class PromptList(Widget):
    """Some lines, of which one is marked."""

    COMPONENT_CLASSES = {"prompt-list--marked", "prompt-list--help", "prompt-list--none"}  # noqa: RUF012 - as Textual has it

    DEFAULT_CSS = """
    PromptList {
        overlay: screen;
        display: none;
        height: auto;
        background: $panel;
        color: $foreground;
        &.-open { display: block; }
        .prompt-list--marked { background: $primary; color: $background; text-style: bold; }
        .prompt-list--help { color: $secondary; }
        .prompt-list--none { color: $secondary; text-style: italic; }
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

    def render(self) -> Content:
        """The rows, the second column lined up."""
        if not self._rows:
            return Content.styled(f" {self._empty}", self.get_visual_style("prompt-list--none"))
        shown = self._rows[self._first : self._first + self._height]
        width = self.size.width
        column = min(max((Content(one_line(what)).cell_length for what, _about in shown), default=0), width - 2)
        lines: list[Content] = []
        for index, (what, about) in enumerate(shown, self._first):
            left = Content(" " + one_line(what)).truncate(column + 1, ellipsis=True, pad=True)
            right = Content("  " + one_line(about)) if about else Content("")
            if index == self.marked:
                style = self.get_visual_style("prompt-list--marked")
                lines.append((left + right).truncate(width, ellipsis=True, pad=True).stylize(style))
            else:
                right = right.stylize(self.get_visual_style("prompt-list--help"))
                lines.append((left + right).truncate(width, ellipsis=True))
        return Content("\n").join(lines)

    def on_click(self, event: events.Click) -> None:
        """Take the line under the pointer."""
        index = self._first + event.y
        if index < len(self._rows):
            self.post_message(self.Chosen(index))
