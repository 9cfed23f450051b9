"""The conversations at the side: newest first, by date, one line each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import one_line
from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.choices import Choices


def date_group(milliseconds: int, today: date) -> str:
    """Under which heading a time stands, seen from `today` (both local)."""
    day = datetime.fromtimestamp(milliseconds / 1000).date()  # noqa: DTZ006 - a heading is in the person's own time
    if day >= today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    if day > today - timedelta(days=7):
        return _("Last 7 days")
    if day > today - timedelta(days=30):
        return _("Last 30 days")
    return f"{day:%Y-%m}"


class _Options(Choices):
    """The list proper; reaching its end asks for more."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("list")

    def action_list_close(self) -> None:
        self.post_message(ConversationList.Left())

    def action_list_rename(self) -> None:
        self._act("rename")

    def action_list_delete(self) -> None:
        self._act("delete")

    def action_list_restore(self) -> None:
        self.post_message(ConversationList.RestoreRequested())

    def action_list_new(self) -> None:
        self.post_message(ConversationList.NewRequested())

    def _act(self, verb: str) -> None:
        if self.highlighted is None or (conversation_id := self.get_option_at_index(self.highlighted).id) is None:
            return
        request = ConversationList.RenameRequested if verb == "rename" else ConversationList.DeleteRequested
        self.post_message(request(conversation_id))


class ConversationList(Vertical):
    """Shows conversations it is given; says which one the person wants, and what is to happen to it."""

    DEFAULT_CSS = """
    ConversationList { width: 28; border-right: solid $panel; }
    ConversationList > Static { height: 1; padding: 0 1; color: $text-muted; text-style: bold; }
    ConversationList > OptionList, ConversationList > OptionList:focus {
        height: 1fr; border: none; padding: 0; background: transparent;
    }
    ConversationList > OptionList { scrollbar-size: 1 1; }
    """

    @dataclass
    class Chosen(Message):
        """Open it."""

        conversation_id: str

    @dataclass
    class RenameRequested(Message):
        """Give it another title."""

        conversation_id: str

    @dataclass
    class DeleteRequested(Message):
        """Put it in the bin."""

        conversation_id: str

    class RestoreRequested(Message):
        """Take the one deleted last out of the bin."""

    class NewRequested(Message):
        """Begin a new one."""

    class Left(Message):
        """Back to the prompt."""

    class MoreRequested(Message):
        """The end of what was given came into sight."""

    def compose(self) -> ComposeResult:
        yield Static(_("Conversations"), markup=False)
        yield _Options(markup=False)

    def show(self, conversations: Sequence[Conversation], open_id: str | None) -> None:
        """Show these, the open one marked; while the person is here, the cursor stays on its conversation."""
        options = self.query_one(_Options)
        at = options.highlighted
        under = options.get_option_at_index(at).id if at is not None and at < options.option_count else None
        options.clear_options()
        options.add_options(self._options(conversations, open_id))
        if wanted := (under if self.has_focus_within else None) or open_id:
            for index, option in enumerate(options.options):
                if option.id == wanted:
                    options.highlighted = index
                    break
        if not conversations:
            options.add_option(Option(Content.styled(_(" None yet. Ask something."), "dim"), disabled=True))

    def _options(self, conversations: Iterable[Conversation], open_id: str | None) -> Iterable[Option]:
        today = datetime.now().astimezone().date()
        group = ""
        for conversation in conversations:
            heading = _("Pinned") if conversation.pinned else date_group(conversation.updated_at, today)
            if heading != group:
                group = heading
                yield Option(Content.styled(f" {heading}", "dim"), disabled=True)
            model = conversation.setup.model
            mark = sign("›") if conversation.id == open_id else " "
            title = one_line(conversation.title) or _("Untitled")
            line = Content.assemble(mark, title)
            if model and line.cell_length < 20:
                line = Content.assemble(line, " ", (one_line(model.name).removesuffix(":latest"), "dim"))
            yield Option(line.truncate(26, ellipsis=True), id=conversation.id)

    def take_focus(self) -> None:
        """Let the person choose."""
        self.query_one(_Options).focus()

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option.id:
            self.post_message(self.Chosen(event.option.id))

    @on(OptionList.OptionHighlighted)
    def _ask_for_more(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if event.option_index >= event.option_list.option_count - 5:
            self.post_message(self.MoreRequested())
