"""The conversations: the list at the side, one to four panes, the foot; and the watch over the servers."""

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from ollama_tui.domain.failure import Failure, describe
from ollama_tui.domain.i18n import _
from ollama_tui.tui.actions import Action, bindings_for
from ollama_tui.tui.compositor import TightCompositor
from ollama_tui.tui.pane import drafting, welcoming
from ollama_tui.tui.pane.deeds import ConversationPane
from ollama_tui.tui.pane.options import uncover
from ollama_tui.tui.pane.pane import Pane
from ollama_tui.tui.panes.comparing import Comparing
from ollama_tui.tui.panes.deeds import PaneDeeds
from ollama_tui.tui.panes.keeping import Keeping
from ollama_tui.tui.panes.row import PaneRow
from ollama_tui.tui.panes.servers import Servers
from ollama_tui.tui.places import TALKING
from ollama_tui.tui.screens import chat_keys
from ollama_tui.tui.screens.listed import ListedConversations
from ollama_tui.tui.widgets.conversation_list import ConversationList
from ollama_tui.tui.widgets.foot import Foot
from ollama_tui.tui.widgets.prompt import Prompt
from ollama_tui.tui.widgets.question import Choice

if TYPE_CHECKING:
    from ollama_tui.services.workspace import Workspace
    from ollama_tui.tui.transcript.view import RollView
    from ollama_tui.tui.widgets.model_manager import ModelManager

_LIST_FITS = 110
"""Columns from which the list stands open by itself."""


class ChatScreen(ListedConversations):
    """Conversations."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for(*(area for area in TALKING if area != "app"), by_app=True)
    AUTO_FOCUS: ClassVar[str | None] = ""  # None would take the first that can be focused: the list
    DEFAULT_CSS = """
    ChatScreen > Horizontal { height: 1fr; }
    ChatScreen #panes { width: 1fr; }
    ChatScreen ConversationList { display: none; }
    ChatScreen.-list ConversationList { display: block; }
    """

    def __init__(self, *, model: str | None = None) -> None:
        super().__init__()
        self._compositor = TightCompositor()
        self.row = PaneRow(ConversationPane(model=model))
        self.servers = Servers(self)
        self.keeping = Keeping(self)
        self.pane_deeds = PaneDeeds(self)
        self.comparing = Comparing(self)
        self._seen_version = -1
        self._left_list_with: str | None = None
        """What was written when the list lost the focus for want of room."""

    @property
    def pane(self) -> ConversationPane:
        """The conversation that has the focus, or had it last."""
        return self.row.pane

    @property
    def panes(self) -> list[ConversationPane]:
        """The conversations that are open, in their order."""
        return self.row.conversations

    def compose(self) -> ComposeResult:
        with Horizontal(), Vertical(id="panes"):
            yield self.row
        yield Foot()

    @property
    def column(self) -> Vertical:
        """The panes, and what stands under them all."""
        return self.query_one("#panes", Vertical)

    def on_mount(self) -> None:
        """The prompt takes every key from the first moment."""
        self.take_focus()

    async def attach(self, workspace: "Workspace") -> None:
        """Look for the server and fill the list: the screen was painted already."""
        self.workspace = workspace
        await self.query_one(Horizontal).mount(ConversationList(), before=0)
        await self.keeping.restore()
        self.servers.tick()
        self.fill_list()
        self.set_interval(0.5, self._tick)
        self.show_foot()

    def take_focus(self) -> None:
        """The prompt takes every key from the first moment."""
        self.pane.prompt.take_focus()

    async def lead_back(self) -> None:
        """To the conversation from whatever stands beside it, or in its place."""
        await uncover(self.pane)
        self.row.focus_on(self.pane)

    def focus_next(self, selector: str | type[Widget] = "*") -> Widget | None:
        """What is asked of the person comes next, wherever the focus is."""
        question = self.pane.question
        if question is None or question.has_focus_within:
            return super().focus_next(selector)
        question.take_focus()
        return self.focused

    def on_resize(self, event: events.Resize) -> None:
        """The list stands open where there is room."""
        wanted = self.list_chosen if self.list_chosen is not None else event.size.width >= _LIST_FITS
        fits = wanted and event.size.width >= 60
        listing = next(iter(self.query(ConversationList)), None)
        if listing is not None and listing.has_focus_within and not fits:
            self._left_list_with = self.pane.prompt.text
            self.take_focus()
        self.set_class(fits, "-list")
        if listing is not None and fits and self._left_list_with is not None:
            if self._left_list_with == self.pane.prompt.text:  # nothing was written while there was no room
                listing.take_focus()
            self._left_list_with = None
        if fits and listing is not None:
            self.fill_list()

    def on_key(self, event: events.Key) -> None:
        """A printable key that nobody took belongs to the prompt, but for those of the list's own actions.

        Textual looks for bindings only after a key has bubbled up to here (8.2.8, app.py `on_event`).
        """
        manager = self.row.manager
        others = (*self.query("ConversationList, Aside, ChooseSeveral"), *([manager] if manager is not None else []))
        elsewhere = any(widget.has_focus_within for widget in others)
        bound = self.active_bindings.get(event.key)
        is_taken = bound is not None and bound.node not in (self, self.program)
        reads = self.program.reads_by_keys and bool(self.query("Transcript:focus"))
        if event.character and event.is_printable and not (elsewhere or is_taken or reads):
            self.take_focus()
            self.pane.prompt.insert_text(event.character)
            event.stop()

    async def save_drafts(self) -> None:
        """Keep what is typed."""
        for pane in self.panes:
            with suppress(Failure):  # a form of options that cannot be kept: the drafts of the others can
                await pane.save_draft()
        await self.keeping.keep()

    def new_manager(self) -> "ModelManager":
        """The models of the server that the conversation with the focus asks, to stand as a pane."""
        from ollama_tui.tui.widgets.model_manager import ModelManager

        return ModelManager(self.workspace, server=lambda: (self.pane if self.pane.is_open else self.workspace).here)

    async def on_model_manager_left(self, event: "ModelManager.Left") -> None:
        """Done with the models that stand beside: they stay there."""
        event.stop()
        self.take_focus()

    def target_of(self, action: Action) -> object:
        """The widget that does an action."""
        places = (self, self.pane_deeds, self.comparing, self.pane, self.pane.prompt, self.pane.transcript)
        return next((place for place in places if hasattr(place, f"action_{action.method}")), self.pane)

    # The watch

    def _tick(self) -> None:
        if self.program.leaving:
            return
        workspace = self.workspace
        if workspace.version != self._seen_version:
            self._seen_version = workspace.version
            self.fill_list()
            for pane in self.panes:
                pane.catching_up.soon()
                if pane.is_open and not pane.has_class("-talking"):
                    welcoming.tell(pane)
        for pane in self.panes:
            pane.prompt.forget_untrue()
        self.servers.tick()
        self.keeping.keep_soon()
        self._show_figures()
        self.show_foot()

    def server_lost(self, pane: Pane) -> None:
        """A turn could not reach its server: look again now."""
        self.servers.look(pane.here)

    @on(Pane.ServerChosen)
    def _choose_server(self, event: Pane.ServerChosen) -> None:
        verb, _colon, rest = event.choice_id.partition(":")
        pane = event.pane
        match verb:
            case "demo":
                self.servers.use_demo(pane)
            case "serve":
                self.servers.start(pane)
            case "host" if rest:
                self.servers.use_named(pane, rest)
            case "host":
                pane.choose_host()
            case "pull":
                self.workspace.transfers.pull(rest, host=pane.here.host)
                self.run_worker(self.program.action_app_models)
            case _:
                self.run_worker(self.program.action_app_models)

    @work(exclusive=True, group="erase")
    async def erase(self) -> None:
        """Delete everything, after asking."""
        answer = await self.pane.ask_person(
            _("Delete all conversations, drafts, presets and what the program remembers, for good?"),
            [Choice("no", _("no"), "n"), Choice("yes", _("yes, delete everything"), "y")],
        )
        if answer == "yes":
            for pane in self.panes:
                drafting.load(pane, "")
                drafting.forget(pane)
                pane.revision.message = None
            self.comparing.comparison = None
            await self.workspace.erase()
            for pane in self.panes:
                await pane.begin_new()
            self.fill_list()
            self.notify(_("Everything is deleted."), markup=False)

    @on(Pane.Changed)
    def _pane_changed(self) -> None:
        if self.program.leaving:
            return  # the database closes under what would begin
        for pane in self.panes:
            if pane.is_open:
                self.servers.tell(pane)
        open_ids = [pane.conversation.id for pane in self.panes]
        for pane in self.panes:
            if pane.is_open and not pane.has_class("-talking"):
                pane.run_worker(partial(welcoming.look_again, pane), group="welcome", exclusive=True)
            if open_ids.count(pane.conversation.id) > 1:
                pane.catching_up.soon()
        self.keeping.keep_soon()
        self.fill_list()
        self.show_foot()

    @on(PaneRow.Changed)
    async def _row_changed(self) -> None:
        await self.comparing.follow_row()
        if self.pane.is_open:
            self.keeping.keep_soon()
            self.fill_list()
            self.show_foot()

    @on(Prompt.PageAsked)
    def _page(self, event: Prompt.PageAsked) -> None:
        """Scroll what was said without leaving the prompt."""
        pane = self.pane
        if pane.is_open:
            transcript = pane.transcript
            transcript.action_transcript_page_up() if event.step < 0 else transcript.action_transcript_page_down()

    def on_roll_view_scrolled(self, event: "RollView.Scrolled") -> None:
        """A transcript was scrolled by the person."""
        self.comparing.lead(event.view, event.lines)

    def _show_figures(self) -> None:
        """The figures of what is compared, under the panes."""
        comparing, panes = self.comparing, [pane for pane in self.panes if pane.is_open]
        shown = len(panes) > 1 and (comparing.comparison is not None or comparing.together is not None)
        if not shown and not self.query("ComparisonTable"):
            return
        from ollama_tui.tui.panes import figures
        from ollama_tui.tui.widgets.comparison_table import ComparisonTable

        if not self.query(ComparisonTable):
            self.column.mount(ComparisonTable(), after=self.row)
            return  # filled at the next look
        names = comparing.names
        lines = figures.lines_of(panes, names, self.row.current) if shown else []
        self.query_one(ComparisonTable).show(lines, figures.observation_of(panes, names) if lines else "")

    def action_chat_transcript(self) -> None:
        """Read: keys move in the transcript."""
        self.pane.transcript.focus()

    # The foot

    def on_descendant_focus(self) -> None:
        """Other keys matter."""
        if hasattr(self, "workspace"):
            self.show_foot()

    def show_foot(self) -> None:
        """The keys that matter now."""
        foot = self.query_one(Foot)
        notices = self.workspace.notices
        told = [describe(notice.code, notice.params) for notice in notices]
        foot.warn(" ".join(message for message, _hint in told), " ".join(hint for _message, hint in told))

        foot.show_hints(chat_keys.hints(self))
