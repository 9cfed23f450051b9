"""The thin rule between panes; dragging it changes their sizes."""

from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from ollama_tui.tui.panes.plan import Gap
from ollama_tui.tui.signs import sign


class Divider(Widget):
    """A rule of one cell."""

    DEFAULT_CSS = """
    Divider { color: $panel; width: 1; height: 1fr; }
    Divider:hover, Divider.-held { color: $accent; }
    """
    ALLOW_SELECT = False

    @dataclass
    class Dragged(Message):
        """The rule was moved by so many cells."""

        gap: Gap
        cells: int

    gap: Gap | None = None
    """Where it stands; the row's layout sets it."""

    def __init__(self) -> None:
        super().__init__()
        self._at = 0

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - every line is the same
        rule = sign("│" if self.gap is None or self.gap.upright else "─")
        return Strip([Segment(sign(rule) * self.size.width, self.rich_style)], self.size.width)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Hold it."""
        event.stop()
        self._at = self._place(event)
        self.add_class("-held")
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Take it along."""
        if self.has_class("-held") and self.gap is not None and (cells := self._place(event) - self._at):
            self._at += cells
            self.post_message(self.Dragged(self.gap, cells))

    def on_mouse_up(self) -> None:
        """Let it go."""
        self.remove_class("-held")
        self.release_mouse()

    def _place(self, event: events.MouseEvent) -> int:
        return event.screen_x if self.gap is None or self.gap.upright else event.screen_y
