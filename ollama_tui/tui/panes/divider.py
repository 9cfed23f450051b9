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
        """The rule is to stand where the mouse is."""

        gap: Gap
        at: int
        """The column of the screen; the line, of a rule that lies."""

    gap: Gap | None = None
    """Where it stands; the row's layout sets it."""

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - every line is the same
        rule = sign("│" if self.gap is None or self.gap.upright else "─")
        return Strip([Segment(sign(rule) * self.size.width, self.rich_style)], self.size.width)

    def _forward_event(self, event: events.Event) -> None:
        """Hold the mouse at once: what comes in one packet with the press is handed on before it is handled.

        Textual 8.2.8, screen.py `_forward_event`: it would go to what lies beside the rule.
        """
        if isinstance(event, events.MouseDown):
            self.capture_mouse()
        super()._forward_event(event)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Hold it."""
        event.stop()
        self.add_class("-held")

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Take it along."""
        if self.has_class("-held") and self.gap is not None:
            self.post_message(self.Dragged(self.gap, event.screen_x if self.gap.upright else event.screen_y))

    def on_mouse_up(self) -> None:
        """Let it go."""
        self.remove_class("-held")
        self.release_mouse()
