"""What the model was given for an answer, beside the conversation: to read and to copy."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ollama_tui.domain.i18n import _
from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.widgets.aside import Aside
from ollama_tui.tui.widgets.key_line import KeyLine


class RecordText(VerticalScroll, can_focus=True, inherit_bindings=False):
    """The text; it can be selected."""


class RecordView(Aside):
    """One text."""

    BINDINGS = bindings_for("record")
    DEFAULT_CSS = """
    RecordView > #record-title { height: auto; padding: 0 1; text-style: bold; color: $text-primary; }
    RecordView > RecordText { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    RecordView > RecordText > Static { height: auto; }
    """

    def __init__(self, title: str, text: Content) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        yield Static(Content(self._title), id="record-title", markup=False)
        with RecordText():
            yield Static(self._text, markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """The keys that work here."""
        self.query_one(KeyLine).show(
            [("aside.close", _("back")), ("record.down", _("scroll")), ("record.copy", _("copy all"))]
        )

    def take_focus(self) -> None:
        """To the text."""
        self.query_one(RecordText).focus()

    def action_record_copy(self) -> None:
        """All of it."""
        self.post_message(self.CopyAsked(self._text.plain))

    def action_record_up(self) -> None:
        """A line up."""
        self.query_one(RecordText).scroll_up(animate=False)

    def action_record_down(self) -> None:
        """A line down."""
        self.query_one(RecordText).scroll_down(animate=False)

    def action_record_page_up(self) -> None:
        """A page up."""
        self.query_one(RecordText).scroll_page_up(animate=False)

    def action_record_page_down(self) -> None:
        """A page down."""
        self.query_one(RecordText).scroll_page_down(animate=False)
