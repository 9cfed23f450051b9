"""The questions that wait, such as behind a running answer: one line each, above the prompt."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from ollama_tui.domain.i18n import _
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.cut import cut_end, left


class PromptQueue(Widget):
    """Lines that can be taken back with a click on their end."""

    COMPONENT_CLASSES = {"prompt-queue--word"}  # noqa: RUF012 - as Textual has it

    DEFAULT_CSS = """
    PromptQueue {
        height: auto;
        display: none;
        padding: 0 1;
        color: $secondary;
        .prompt-queue--word { color: $secondary; text-style: italic; }
    }
    """

    @dataclass
    class Removed(Message):
        """The question `id` is not to wait any more."""

        id: str

    def __init__(self) -> None:
        super().__init__()
        self._queued: Sequence[tuple[str, str]] = ()
        self._how = ""

    @property
    def last(self) -> tuple[str, str] | None:
        """Id and text of the question that comes last."""
        return self._queued[-1] if self._queued else None

    def show(self, queued: Sequence[tuple[str, str]], how: str) -> None:
        """Show the questions (id and text) in their order, and under them a line about how they are sent."""
        self._queued, self._how = queued, how
        self.display = bool(queued)
        self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:  # noqa: ARG002 - Textual's
        """A line for each, and the lines that say how."""
        return len(self._queued) + (Content(self._how).get_height({}, width) if self._how else 0)

    def render(self) -> Content:
        """The questions, cut to a line."""
        word = Content.styled(_("waits: "), self.get_visual_style("prompt-queue--word"))
        room = max(1, self.content_size.width - word.cell_length - 2)
        lines = [
            word + Content(left(cut_end(text.strip(), room), room)) + Content(sign(" ✕")) for _id, text in self._queued
        ]
        return Content("\n").join([*lines, *([Content.styled(self._how, "bold")] if self._how else [])])

    def on_click(self, event: events.Click) -> None:
        """Take the question back whose end was clicked."""
        if 0 <= event.y < len(self._queued) and event.x >= self.size.width - 3:
            self.post_message(self.Removed(self._queued[event.y][0]))
