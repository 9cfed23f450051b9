"""Finding in the open conversation: a field, how many places there are, and the keys to go between them."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from ollama_tui.domain.i18n import _
from ollama_tui.tui.actions import bindings_for


class _Field(Input):
    """What is looked for; its keys go between the places."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("find")

    def on_key(self, event: events.Key) -> None:
        """Enter goes back to reading for who came from there."""
        if event.key == "enter" and isinstance(bar := self.parent, FindBar) and bar.reading:
            event.stop()
            event.prevent_default()
            self.post_message(FindBar.ReadOn())

    def action_find_next(self) -> None:
        self.post_message(FindBar.StepAsked(1))

    def action_find_previous(self) -> None:
        self.post_message(FindBar.StepAsked(-1))

    def action_find_everywhere(self) -> None:
        self.post_message(FindBar.EverywhereAsked(self.value))

    def action_find_close(self) -> None:
        self.post_message(FindBar.Left())


class FindBar(Horizontal):
    """Asks what to find and says how much of it there is. It finds nothing itself."""

    DEFAULT_CSS = """
    FindBar { height: 1; background: $panel; }
    FindBar > Static { width: auto; padding: 0 1; color: $text-muted; }
    FindBar > Input, FindBar > Input:focus { width: 1fr; border: none; height: 1; padding: 0; background: $panel; }
    """

    @dataclass
    class Sought(Message):
        """This is typed now."""

        text: str

    @dataclass
    class StepAsked(Message):
        """To the next place (1) or the one before (-1)."""

        step: int

    @dataclass
    class EverywhereAsked(Message):
        """Search all conversations for this."""

        text: str

    class Left(Message):
        """Enough."""

    class ReadOn(Message):
        """Go on from place to place in the conversation itself."""

    def __init__(self, text: str = "", *, reading: bool = False) -> None:
        """`reading`: one came from the conversation, where keys go on from place to place."""
        super().__init__()
        self.reading = reading
        self._field = _Field(text, placeholder=_("in this conversation"))
        self._places = Static(id="places", markup=False)  # held: what is found may be told while the bar comes or goes

    def compose(self) -> ComposeResult:
        yield Static(_("Find"), markup=False)
        yield self._field
        yield self._places

    def show_places(self, which: int, count: int) -> None:
        """Which of how many places is looked at."""
        text = self._field.value
        told = Content("")
        if count:
            told = Content(_("{which} of {count}").format(which=which or "-", count=count))
        elif text.strip():
            told = Content.styled(_("not here"), "bold $text-warning")
        self._places.update(told)

    def write(self, text: str) -> None:
        """Say what is looked for, without asking for it."""
        field = self._field
        with field.prevent(Input.Changed):
            field.value = text
            field.cursor_position = len(text)

    def take_focus(self) -> None:
        """Let the person type: what stands there is replaced."""
        field = self._field
        field.focus()
        field.select_all()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Sought(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.StepAsked(1))
