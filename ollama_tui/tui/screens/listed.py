"""The list of conversations, and what is done with one from there: open, rename, delete, bring back."""

from functools import partial
from typing import TYPE_CHECKING, cast

from textual import on, work
from textual.screen import Screen

from ollama_tui.domain.i18n import _
from ollama_tui.tui.actions import key_sign
from ollama_tui.tui.pane import gone
from ollama_tui.tui.pane.deeds import ConversationPane
from ollama_tui.tui.widgets.conversation_list import ConversationList

if TYPE_CHECKING:
    from ollama_tui.services.workspace import Workspace
    from ollama_tui.tui.app import OllamaTui

_PAGE = 200


class ListedConversations(Screen[None]):
    """The screen of the conversations, as far as their list goes."""

    workspace: "Workspace"
    """There once the screen was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.list_chosen: bool | None = None
        """Whether the person wants the list; None leaves it to the width."""
        self._listed = _PAGE
        self._deleted: str | None = None

    @property
    def program(self) -> "OllamaTui":
        """The app, as ours."""
        return cast("OllamaTui", self.app)  # pyright: ignore[reportUnknownMemberType] - App's type is open in Textual

    @property
    def pane(self) -> ConversationPane:
        """The conversation that has the focus, or had it last."""
        raise NotImplementedError

    @property
    def panes(self) -> list[ConversationPane]:
        """The conversations that are open."""
        raise NotImplementedError

    def take_focus(self) -> None:
        """Let the keys go to the prompt."""
        raise NotImplementedError

    @work(exclusive=True, group="list")
    async def fill_list(self) -> None:
        """Show the list as it is now."""
        rows = await self.workspace.history.conversations(limit=self._listed)
        self.query_one(ConversationList).show(rows, self.pane.conversation.id)

    @on(ConversationList.MoreRequested)
    def _list_more(self) -> None:
        shown = self._listed
        self.run_worker(partial(self._more, shown), group="more", exclusive=True)

    async def _more(self, shown: int) -> None:
        rows = await self.workspace.history.conversations(limit=shown + 1)
        if len(rows) > shown:
            self._listed = shown + _PAGE
            self.fill_list()

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
        if (live := self.workspace.turns.live(conversation_id)) is not None:
            await self.workspace.turns.stop(live)
        if conversation_id == self.pane.conversation.id:
            await self.pane.begin_new()
        await self.workspace.history.delete(conversation_id)
        self._deleted = conversation_id
        key = key_sign(self.program.shown_keys("list.restore")[0])
        self.notify(_("Deleted. {key} in the list, or the palette, brings it back.").format(key=key), markup=False)
        self.workspace.touch()

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
        rows = await self.workspace.history.conversations(limit=5 + len(self.panes))
        recent = sorted(rows, key=lambda row: row.updated_at, reverse=True)
        open_ids = {pane.conversation.id for pane in self.panes}
        other = next((row for row in recent if row.id not in open_ids), None)
        if other is not None and (conversation := await self.workspace.history.conversation(other.id)):
            await self.pane.open(conversation)
        else:
            self.program.warn(_("There is no other conversation."))
        self.take_focus()

    def action_chat_list(self) -> None:
        """Show the list and go there; from there, fold it and come back."""
        listing = self.query_one(ConversationList)
        if self.has_class("-list") and listing.has_focus_within:
            self.list_chosen = False
            self.set_class(False, "-list")
            self.take_focus()
            return
        self.list_chosen = True
        self.set_class(True, "-list")
        listing.take_focus()

    async def action_chat_delete(self) -> None:
        """Delete the open conversation."""
        if self.pane.stored:
            await self.delete(self.pane.conversation.id)

    async def action_chat_restore(self) -> None:
        """Bring back the open conversation if it was deleted elsewhere, else what was deleted last."""
        if await gone.bring_back(self.pane):
            return
        binned = await self.workspace.history.conversations(limit=1, deleted=True)
        found = self._deleted or (binned[0].id if binned else None)
        if found is None:
            self.program.warn(_("Nothing was deleted."))
            return
        await self.workspace.history.restore(found)
        self._deleted = None
        self.workspace.touch()
