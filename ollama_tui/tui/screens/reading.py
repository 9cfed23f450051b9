"""A text to read, scroll and copy from: a log, a licence, where things are."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import drawable, one_line
from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.widgets.key_line import KeyLine


class Page(VerticalScroll, inherit_bindings=False):
    """What is scrolled. Textual's own keys for it have no ids (8.2.8, containers.py:48)."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("page")

    def action_page_close(self) -> None:
        """Go back."""
        self.screen.dismiss()

    def action_page_up(self) -> None:
        """A line up."""
        self.scroll_up(animate=False)

    def action_page_down(self) -> None:
        """A line down."""
        self.scroll_down(animate=False)

    def action_page_page_up(self) -> None:
        """A screenful up."""
        self.scroll_page_up(animate=False)

    def action_page_page_down(self) -> None:
        """A screenful down."""
        self.scroll_page_down(animate=False)

    def action_page_first(self) -> None:
        """To the beginning."""
        self.scroll_home(animate=False)

    def action_page_last(self) -> None:
        """To the end."""
        self.scroll_end(animate=False)


class ReadingScreen(Screen[None]):
    """Shows one text; Esc goes back."""

    DEFAULT_CSS = """
    ReadingScreen > .title { height: 2; padding: 0 1; border-bottom: solid $panel; text-style: bold; color: $primary; }
    ReadingScreen > Page { padding: 1 2; height: 1fr; }
    ReadingScreen > Page > Static { height: auto; }
    """

    def __init__(self, title: str, text: str | Content) -> None:
        super().__init__()
        self._title = title
        self._text = Content(drawable(text)) if isinstance(text, str) else text

    def compose(self) -> ComposeResult:
        yield Static(Content(one_line(self._title)), classes="title")
        with Page():
            yield Static(self._text)
        yield KeyLine()

    def on_mount(self) -> None:
        """Ready to be scrolled."""
        self.query_one(Page).focus()
        self.query_one(KeyLine).show(
            [
                ("page.close", _("back")),
                ("page.up", _("up")),
                ("page.down", _("down")),
                ("page.page_up", _("a page up")),
                ("page.page_down", _("a page down")),
            ]
        )
