"""A text to read, scroll and copy from: a log, a licence, where things are."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import drawable, one_line
from ollama_tui.tui.actions import key_sign
from ollama_tui.tui.widgets.foot import Foot

_SCROLLING = ("up", "down", "pageup", "pagedown")


class ReadingScreen(Screen[None]):
    """Shows one text; Esc goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "close", show=False)]
    DEFAULT_CSS = """
    ReadingScreen > .title { height: 2; padding: 0 1; border-bottom: solid $panel; text-style: bold; color: $primary; }
    ReadingScreen > VerticalScroll { padding: 1 2; }
    ReadingScreen > VerticalScroll > Static { height: auto; }
    """

    def __init__(self, title: str, text: str | Content) -> None:
        super().__init__()
        self._title = title
        self._text = Content(drawable(text)) if isinstance(text, str) else text

    def compose(self) -> ComposeResult:
        yield Static(Content(one_line(self._title)), classes="title")
        with VerticalScroll():
            yield Static(self._text)
        yield Foot()

    def on_mount(self) -> None:
        """Ready to be scrolled."""
        self.query_one(VerticalScroll).focus()
        self.query_one(Foot).show_hints([("Esc", _("back")), (" ".join(map(key_sign, _SCROLLING)), _("scroll"))])

    def action_close(self) -> None:
        """Go back."""
        self.dismiss()
