"""The conversations: the list at the side, a pane, the foot; and the watch over the server."""

import time
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen

from ollama_tui.domain.failure import Failure, describe
from ollama_tui.domain.host import DEMO_HOST_ID, HostAddress
from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import Ending
from ollama_tui.tui.actions import ACTIONS, Action, key_sign
from ollama_tui.tui.pane import answering
from ollama_tui.tui.pane.deeds import ConversationPane
from ollama_tui.tui.pane.pane import Pane
from ollama_tui.tui.widgets.conversation_list import ConversationList
from ollama_tui.tui.widgets.foot import Foot
from ollama_tui.tui.widgets.question import Choice

if TYPE_CHECKING:
    from ollama_tui.services.workspace import Workspace
    from ollama_tui.tui.app import OllamaTui

_LIST_FITS = 110
"""Columns from which the list stands open by itself."""
_PAGE = 200


class ChatScreen(Screen[None]):
    """Conversations."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(action.keys, f"app.act('{action.id}')", action.name, id=action.id, show=False)
        for action in ACTIONS
        if action.area == "chat" and action.keys
    ]
    AUTO_FOCUS: ClassVar[str | None] = ""  # None would take the first that can be focused: the list
    DEFAULT_CSS = """
    ChatScreen > Horizontal { height: 1fr; }
    ChatScreen ConversationList { display: none; }
    ChatScreen.-list ConversationList { display: block; }
    """

    workspace: "Workspace"
    """There from `attach` on."""

    def __init__(self, *, model: str | None = None) -> None:
        super().__init__()
        self._model = model
        self._asked_server = 0.0
        self._seen_version = -1
        self._list_chosen: bool | None = None
        """Whether the person wants the list; None leaves it to the width."""
        self._listed = _PAGE

    @property
    def _app(self) -> "OllamaTui":
        return cast("OllamaTui", self.app)  # pyright: ignore[reportUnknownMemberType] - App's type is open in Textual

    @property
    def pane(self) -> ConversationPane:
        """The conversation that is open."""
        return self.query_one(ConversationPane)

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield ConversationPane(model=self._model)
        yield Foot()

    def on_mount(self) -> None:
        """The prompt takes every key from the first moment."""
        self.take_focus()

    async def attach(self, workspace: "Workspace") -> None:
        """Look for the server and fill the list: the screen was painted already."""
        self.workspace = workspace
        await self.query_one(Horizontal).mount(ConversationList(), before=0)
        await self.pane.attach(workspace)
        self._look_for_server()
        self._fill_list()
        self.set_interval(0.5, self._tick)
        self.show_foot()

    def take_focus(self) -> None:
        """The prompt takes every key from the first moment."""
        self.pane.prompt.take_focus()

    def on_resize(self, event: events.Resize) -> None:
        """The list stands open where there is room."""
        wanted = self._list_chosen if self._list_chosen is not None else event.size.width >= _LIST_FITS
        self.set_class(wanted and event.size.width >= 60, "-list")

    def on_key(self, event: events.Key) -> None:
        """A printable key that nobody took belongs to the prompt, but for those of the list's own actions.

        Textual looks for bindings only after a key has bubbled up to here (8.2.8, app.py `on_event`).
        """
        in_list = any(listing.has_focus_within for listing in self.query(ConversationList))
        if event.character and event.is_printable and not in_list:
            self.pane.prompt.take_focus()
            self.pane.prompt.insert_text(event.character)
            event.stop()

    async def save_drafts(self) -> None:
        """Keep what is typed."""
        await self.pane.save_draft()

    def target_of(self, action: Action) -> object:
        """The widget that does an action."""
        places = (self, self.pane, self.pane.prompt, self.pane.transcript)
        return next((place for place in places if hasattr(place, f"action_{action.method}")), self.pane)

    # The watch

    def _tick(self) -> None:
        if self._app.leaving:
            return
        workspace = self.workspace
        if workspace.version != self._seen_version:
            self._seen_version = workspace.version
            self._fill_list()
            self._catch_up()
        server = self.pane.server
        if server is not None and server.kind != "ready" and time.monotonic() - self._asked_server > 1.5:
            self._look_for_server()
        self.show_foot()

    @work(exclusive=True, group="catch-up")
    async def _catch_up(self) -> None:
        if self.pane.live is None and self.pane.stored:
            await self.pane.reload()

    @work(exclusive=True, group="server")
    async def _look_for_server(self) -> None:
        self._asked_server = time.monotonic()
        state = await self.workspace.server_state()
        self._asked_server = time.monotonic()
        if state != self.pane.server:
            self.pane.show_server(state)

    def server_lost(self) -> None:
        """A turn could not reach the server: look again now."""
        self._look_for_server()

    @on(Pane.ServerChosen)
    def _choose_server(self, event: Pane.ServerChosen) -> None:
        verb, _colon, rest = event.choice_id.partition(":")
        match verb:
            case "demo":
                self.use_demo()
            case "serve":
                self.start_server()
            case "host" if rest:
                self._use_host(rest)
            case "host":
                self.pane.choose_host()
            case "pull":
                self.workspace.transfers.pull(rest)
                self.run_worker(self._app.action_app_models())
            case _:
                self.run_worker(self._app.action_app_models())

    def use_demo(self) -> None:
        """Talk to the built-in demo."""
        self._use(HostAddress(id=DEMO_HOST_ID, url="", source="demo"))

    def _use_host(self, text: str) -> None:
        from ollama_tui.config.hosts import find_address

        self._use(find_address(text, self.workspace.settings, source="remembered"))

    @work(exclusive=True, group="use-host")
    async def _use(self, address: HostAddress) -> None:
        await self.workspace.use_host(address)
        self.pane.forget_server()
        self._look_for_server()
        self.take_focus()

    @work(exclusive=True, group="serve")
    async def start_server(self) -> None:
        """Start `ollama serve`; it is found by the watch when it answers."""
        try:
            await self.workspace.start_server()
        except Failure as failure:
            self._app.warn(f"{failure.message} {failure.hint}")
        self._look_for_server()

    @work(exclusive=True, group="erase")
    async def erase(self) -> None:
        """Delete everything, after asking."""
        answer = await self.pane.ask_person(
            _("Delete all conversations, drafts and what the program remembers, for good?"),
            [Choice("no", _("no"), "n"), Choice("yes", _("yes, delete everything"), "y")],
        )
        if answer == "yes":
            await self.workspace.erase()
            await self.pane.begin_new()
            self._fill_list()
            self.notify(_("Everything is deleted."), markup=False)

    # The list

    @work(exclusive=True, group="list")
    async def _fill_list(self) -> None:
        rows = await self.workspace.history.conversations(limit=self._listed)
        self.query_one(ConversationList).show(rows, self.pane.conversation.id)

    @on(Pane.Changed)
    def _pane_changed(self) -> None:
        self._fill_list()
        self.show_foot()

    @on(ConversationList.MoreRequested)
    def _list_more(self) -> None:
        shown = self._listed
        self.run_worker(self._more(shown), group="more", exclusive=True)

    async def _more(self, shown: int) -> None:
        rows = await self.workspace.history.conversations(limit=shown + 1)
        if len(rows) > shown:
            self._listed = shown + _PAGE
            self._fill_list()

    @on(ConversationList.Chosen)
    async def _open(self, event: ConversationList.Chosen) -> None:
        conversation = await self.workspace.history.conversation(event.conversation_id)
        if conversation is not None:
            await self.pane.open(conversation)
        self.take_focus()

    @on(ConversationList.Left)
    def _leave_list(self) -> None:
        self.take_focus()

    @on(ConversationList.NewRequested)
    async def _new_from_list(self) -> None:
        await self.action_chat_new()

    @on(ConversationList.RenameRequested)
    def _rename_from_list(self, event: ConversationList.RenameRequested) -> None:
        self.pane.rename(event.conversation_id)

    @on(ConversationList.DeleteRequested)
    async def _delete_from_list(self, event: ConversationList.DeleteRequested) -> None:
        await self.delete(event.conversation_id)

    @on(ConversationList.RestoreRequested)
    async def _restore_from_list(self) -> None:
        await self.action_chat_restore()

    async def delete(self, conversation_id: str) -> None:
        """Put a conversation in the bin; it can be brought back."""
        if conversation_id == self.pane.conversation.id:
            if (live := self.pane.live) is not None:
                await self.workspace.turns.stop(live)
            await self.pane.begin_new()
        await self.workspace.history.delete(conversation_id)
        self._deleted = conversation_id
        key = key_sign(self._app.shown_keys("list.restore")[0])
        self.notify(_("Deleted. {key} in the list, or the palette, brings it back.").format(key=key), markup=False)
        self._fill_list()

    _deleted: str | None = None

    # Actions

    async def action_chat_new(self) -> None:
        """A new conversation."""
        await self.pane.begin_new()
        self.take_focus()

    async def action_chat_temporary(self) -> None:
        """A new one that is never written to the disk."""
        await self.pane.begin_new(temporary=True)
        self.take_focus()

    async def action_chat_last(self) -> None:
        """The conversation before this one."""
        rows = await self.workspace.history.conversations(limit=5)
        recent = sorted(rows, key=lambda row: row.updated_at, reverse=True)
        other = next((row for row in recent if row.id != self.pane.conversation.id), None)
        if other is not None and (conversation := await self.workspace.history.conversation(other.id)):
            await self.pane.open(conversation)
        else:
            self._app.warn(_("There is no other conversation."))
        self.take_focus()

    def action_chat_list(self) -> None:
        """Show the list and go there; from there, fold it and come back."""
        listing = self.query_one(ConversationList)
        if self.has_class("-list") and listing.has_focus_within:
            self._list_chosen = False
            self.set_class(False, "-list")
            self.take_focus()
            return
        self._list_chosen = True
        self.set_class(True, "-list")
        listing.take_focus()

    async def action_chat_delete(self) -> None:
        """Delete the open conversation."""
        if self.pane.stored:
            await self.delete(self.pane.conversation.id)

    async def action_chat_restore(self) -> None:
        """Bring back what was deleted last."""
        binned = await self.workspace.history.conversations(limit=1, deleted=True)
        found = self._deleted or (binned[0].id if binned else None)
        if found is None:
            self._app.warn(_("Nothing was deleted."))
            return
        await self.workspace.history.restore(found)
        self._deleted = None
        self._fill_list()

    def action_chat_transcript(self) -> None:
        """Read: keys move in the transcript."""
        self.pane.transcript.focus()

    # The foot

    def show_foot(self) -> None:
        """The keys that matter now."""
        foot = self.query_one(Foot)
        notices = self.workspace.notices
        foot.warning = " ".join(describe(notice.code, notice.params)[0] for notice in notices)

        def sign(action_id: str) -> str:
            keys = self._app.shown_keys(action_id)
            return key_sign(keys[0]) if keys else ""

        hints: list[tuple[str, str]] = []
        if self.pane.live is not None:
            hints += [(sign("chat.stop"), _("stop")), ("Enter", _("queue"))]
        elif self.query_one(ConversationList).has_focus_within:
            hints += [("Enter", _("open"))]
            hints += [(sign(a.id), _(a.name).lower()) for a in ACTIONS if a.area == "list" and a.foot]
            hints += [("Esc", _("back"))]
        else:
            hints += [("Enter", _("send"))]
            last = answering.last_answer(self.pane)
            if last is not None and last.ending in (Ending.STOPPED, Ending.LENGTH, Ending.CUT_OFF, Ending.FAILED):
                hints += [(sign("chat.continue"), _("go on")), (sign("chat.retry"), _("try again"))]
        hints += [
            (sign("app.help"), _("keys")),
            (sign("app.models"), _("models")),
            (sign("app.palette"), _("everything")),
            (sign("chat.new"), _("new")),
            (sign("chat.list"), _("list")),
            (sign("chat.model"), _("model")),
            (sign("chat.think"), _("think")),
        ]
        foot.show_hints(hints)
