"""The conversations at the side: newest first, by date; or those in the archive, or in the bin."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from ollama_tui.domain.conversation import Listed, Shelf
from ollama_tui.domain.i18n import _
from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.widgets.conversation_rows import ConversationRows
from ollama_tui.tui.widgets.rows import Rows

_MINUTE = 60.0
_NEXT = {Shelf.OPEN: Shelf.ARCHIVE, Shelf.ARCHIVE: Shelf.BIN, Shelf.BIN: Shelf.OPEN}


class _Filter(Input):
    """What narrows the list down; down and Enter lead to it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("filter")

    def action_filter_close(self) -> None:
        self.post_message(ConversationList.FilterLeft())

    def action_filter_down(self) -> None:
        self.screen.query_one(ConversationRows).focus()


class ConversationList(Vertical):
    """Shows conversations it is given; says which one the person wants, and what is to happen to it."""

    DEFAULT_CSS = """
    ConversationList { width: 28; border-right: solid $panel; }
    ConversationList > Static { height: 1; padding: 0 1; color: $text-muted; text-style: bold; }
    ConversationList > Input, ConversationList > Input:focus {
        border: none; height: 1; padding: 0 1; background: $panel;
    }
    """

    @dataclass
    class Chosen(Message):
        """Open it."""

        conversation_id: str

    @dataclass
    class Wanted(Message):
        """Do what `verb` says, an action of the list, with a conversation; the id is empty where there is none."""

        verb: str
        conversation_id: str

    class Narrowed(Message):
        """Another shelf, or another filter: show what is there."""

    class FilterLeft(Message):
        """No filter any more."""

    class Left(Message):
        """Back to the prompt."""

    class MoreRequested(Message):
        """The end of what was given came into sight."""

    def __init__(self) -> None:
        super().__init__()
        self.shelf = Shelf.OPEN
        """What is shown."""
        self._shown: tuple[object, ...] = ()
        self._given: tuple[Sequence[Listed], Collection[str]] = ((), ())
        self._focused_id = ""

    def compose(self) -> ComposeResult:
        yield Static(markup=False)
        yield ConversationRows()

    def on_mount(self) -> None:
        """Say what is shown; at midnight what was today's is yesterday's."""
        self._say_shelf()
        self.set_interval(_MINUTE, self._draw)

    @property
    def filter_text(self) -> str:
        """What narrows the list down."""
        return field.value if (field := self._filter) is not None else ""

    @property
    def _filter(self) -> _Filter | None:
        return next(iter(self.query(_Filter)), None)

    @property
    def key(self) -> str:
        """The conversation under the cursor, or empty."""
        return self._rows.key

    @property
    def _rows(self) -> ConversationRows:
        return self.query_one(ConversationRows)

    def show(self, rows: Sequence[Listed], open_ids: Collection[str], focused_id: str) -> None:
        """Show these, the open ones marked. The cursor goes to the focused one when that is another one now.

        It stays there, unless the person is here.
        """
        self._given = rows, open_ids
        self._draw()
        is_another, self._focused_id = focused_id != self._focused_id, focused_id
        if (is_another or not self.has_focus_within) and self._rows.key != focused_id:
            self._rows.move_to(focused_id)

    def _draw(self) -> None:
        rows, open_ids = self._given
        today: date = datetime.now().astimezone().date()
        shown = (rows, open_ids, self.shelf, today, self.filter_text)
        if shown != self._shown:
            self._shown = shown
            self._rows.show(rows, open_ids, self.shelf, today, self._words())

    def _words(self) -> Sequence[str]:
        if self.filter_text.strip():
            return (_("Nothing here has that in its title."),)
        match self.shelf:
            case Shelf.OPEN:
                return (_("None yet. Ask something."),)
            case Shelf.ARCHIVE:
                return (
                    _("Nothing is archived."),
                    "",
                    _("In the list, a puts one here. Search still finds it."),
                )
            case Shelf.BIN:
                return (_("The bin is empty."), "", _("What is deleted stays here for 30 days."))

    def _say_shelf(self) -> None:
        names = {Shelf.OPEN: _("Conversations"), Shelf.ARCHIVE: _("Archive"), Shelf.BIN: _("Bin")}
        self.query_one("Static", Static).update(Content(names[self.shelf]))

    def take_focus(self) -> None:
        """Let the person choose."""
        self._rows.focus()

    def show_shelf(self, shelf: Shelf) -> None:
        """Show the archive, the bin, or the others again."""
        self.shelf = shelf
        self._say_shelf()
        self.post_message(self.Narrowed())

    def on_click(self, event: events.Click) -> None:
        """A click on the heading leads to the next shelf."""
        if event.widget is self.query_one("Static"):
            event.stop()
            self.show_shelf(_NEXT[self.shelf])

    @on(Rows.Chosen)
    def _choose(self, event: Rows.Chosen) -> None:
        event.stop()
        self.post_message(self.Chosen(event.key))

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        event.stop()

    @on(ConversationRows.MoreRequested)
    def _ask_for_more(self, event: ConversationRows.MoreRequested) -> None:
        event.stop()
        self.post_message(self.MoreRequested())

    @on(ConversationRows.Wanted)
    async def _want(self, event: ConversationRows.Wanted) -> None:
        event.stop()
        match event.verb:
            case "filter":
                await self._open_filter()
            case "shelf":
                self.show_shelf(_NEXT[self.shelf])
            case verb:
                self.post_message(self.Wanted(verb, event.conversation_id))

    async def _open_filter(self) -> None:
        field = self._filter
        if field is None:
            field = _Filter(placeholder=_("title, tag: or model:"), select_on_focus=False)
            await self.mount(field, before=self._rows)
        field.focus()

    @on(ConversationRows.Left)
    async def _leave(self, event: ConversationRows.Left) -> None:
        """Step by step: the filter goes, then the shelf, then one is back at the prompt."""
        event.stop()
        if self.filter_text:
            await self._forget_filter()
        elif self.shelf is not Shelf.OPEN:
            self.show_shelf(Shelf.OPEN)
        else:
            await self._forget_filter()
            self.post_message(self.Left())

    @on(FilterLeft)
    async def _leave_filter(self, event: FilterLeft) -> None:
        event.stop()
        self.take_focus()
        await self._forget_filter()

    async def _forget_filter(self) -> None:
        if (field := self._filter) is not None:
            await field.remove()
            self.post_message(self.Narrowed())

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Narrowed())

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.key:
            self.post_message(self.Chosen(self.key))
