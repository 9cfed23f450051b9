"""The list of conversations, and what is done with one from there: open, rename, delete, bring back."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual import on, work
from textual.screen import Screen

from ollama_tui.domain.conversation import Conversation, Listed, Shelf
from ollama_tui.domain.i18n import _
from ollama_tui.tui.pane import gone, shelving
from ollama_tui.tui.pane.deeds import ConversationPane
from ollama_tui.tui.widgets.conversation_list import ConversationList
from ollama_tui.tui.widgets.question import Choice

if TYPE_CHECKING:
    from ollama_tui.services.workspace import Workspace
    from ollama_tui.tui.app import OllamaTui

_PAGE = 200
_WHOLE_AGAIN = 10.0
"""Seconds after which a change is looked for beyond the first page, too: another instance may have made it."""


class ListedConversations(Screen[None]):
    """The screen of the conversations, as far as their list goes."""

    workspace: "Workspace"
    """There once the screen was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.list_chosen: bool | None = None
        """Whether the person wants the list; None leaves it to the width."""
        self._listed: tuple[Listed, ...] = ()
        """What the list shows."""
        self._listed_as: tuple[Shelf, str] = (Shelf.OPEN, "")
        """Of which shelf, and with which filter."""
        self._whole = False
        """Whether all of it is to be read again: something may have changed beyond the first page."""
        self._whole_at = 0.0
        self._reached = ""
        """The focused conversation that the list was read as far as."""
        self._deleted: str | None = None
        self._archived = ""
        """What was archived last from the list, and nothing deleted since."""
        self.left_temporary: list[tuple[Conversation, bool]] = []
        """The temporary conversations that were left, with what was typed in each, and whether anything was asked."""

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

    def fill_list(self, *, whole: bool = False) -> None:
        """Show the list as it is now; `whole` reads all of it again that was read before, not its first page only."""
        self._whole = self._whole or whole
        if self.has_class("-list") and not self.program.leaving:  # the database closes under what begins then
            self._fill()

    @work(exclusive=True, group="list")
    async def _fill(self) -> None:
        listing = self.query_one(ConversationList)
        shelf, text = listing.shelf, listing.filter_text
        if time.monotonic() - self._whole_at > _WHOLE_AGAIN or (shelf, text) != self._listed_as:
            self._whole = True
        history, query = self.workspace.history, self.workspace.search.understand(text)
        limit = max(_PAGE, len(self._listed)) if self._whole and (shelf, text) == self._listed_as else _PAGE
        rows = await history.listed(query, shelf, limit=limit)
        if self._whole:
            self._whole, self._whole_at = False, time.monotonic()
        else:
            rows = _continued(rows, self._listed)
        if shelf is Shelf.OPEN and not text:
            rows = await self._as_far_as_focused(rows)
        self._listed, self._listed_as = rows, (shelf, text)
        listing.show(rows, {pane.conversation.id for pane in self.panes}, self.pane.conversation.id)

    async def _as_far_as_focused(self, rows: tuple[Listed, ...]) -> tuple[Listed, ...]:
        """With the pages that it takes to have the focused conversation among them, such as one that was searched."""
        focused, whole = self.pane.conversation, len(rows) < _PAGE
        is_listed = self.pane.stored and not (focused.temporary or focused.archived or focused.deleted_at)
        if focused.id == self._reached or not is_listed:
            return rows
        self._reached = focused.id
        query = self.workspace.search.understand("")
        while not whole and all(row.id != focused.id for row in rows):
            page = await self.workspace.history.listed(query, limit=_PAGE, before=(rows[-1].at, rows[-1].id))
            rows, whole = (*rows, *page), len(page) < _PAGE
        return rows

    @on(ConversationList.MoreRequested)
    @work(exclusive=True, group="more")
    async def _more(self) -> None:
        before, listed_as = self._listed, self._listed_as
        if len(before) < _PAGE or self.program.leaving:
            return
        shelf, text = listed_as
        query = self.workspace.search.understand(text)
        page = await self.workspace.history.listed(query, shelf, limit=_PAGE, before=(before[-1].at, before[-1].id))
        if page and self._listed[-1:] == before[-1:] and listed_as == self._listed_as:
            self._listed = (*self._listed, *page)
            open_ids = {pane.conversation.id for pane in self.panes}
            self.query_one(ConversationList).show(self._listed, open_ids, self.pane.conversation.id)

    @on(ConversationList.Narrowed)
    def _narrowed(self) -> None:
        self.fill_list(whole=True)

    @on(ConversationList.Chosen)
    async def _open(self, event: ConversationList.Chosen) -> None:
        conversation = await self.workspace.history.conversation(event.conversation_id)
        if conversation is not None:
            await self.pane.open(conversation)
        self.take_focus()

    @on(ConversationList.Left)
    def _leave_list(self) -> None:
        self.take_focus()

    @on(ConversationList.Wanted)
    @work(group="list-wanted")
    async def _do(self, event: ConversationList.Wanted) -> None:
        chosen = event.conversation_id
        match event.verb:
            case "new":
                await self.action_chat_new()
            case "restore":
                binned = self.query_one(ConversationList).shelf is Shelf.BIN
                if binned or not await self._take_out():
                    await self._restore(chosen if binned else None)
            case _ if not chosen:
                return
            case "rename":
                self.pane.rename(chosen)
            case "delete":
                await self.delete(chosen)
            case "pin":
                await shelving.pin(self.pane, chosen)
            case "archive":
                await shelving.archive(self.pane, chosen)
                self._archived = chosen
            case "tag":
                await shelving.ask_tags(self.pane, chosen)
                self.query_one(ConversationList).take_focus()
            case _:
                return
        self.fill_list(whole=True)

    async def _take_out(self) -> bool:
        """Undo that a conversation was archived from the list, if nothing was deleted since."""
        archived, self._archived = self._archived, ""
        conversation = await self.workspace.history.conversation(archived) if archived else None
        if conversation is None or not conversation.archived:
            return False
        await shelving.archive(self.pane, archived)
        return True

    async def delete(self, conversation_id: str) -> None:
        """Put a conversation in the bin; it can be brought back."""
        self._archived = ""
        if (live := self.workspace.turns.live(conversation_id)) is not None:
            await self.workspace.turns.stop(live)
        if conversation_id == self.pane.conversation.id:
            await self.pane.begin_new()
        await self.workspace.history.delete(conversation_id)
        self._deleted = conversation_id
        key = self.pane.key_sign_of("list.restore")
        told = _("Deleted. {key} in the list, or the palette, brings it back.").format(key=key)
        self.pane.prompt.say(told, as_long_as=lambda: self._deleted == conversation_id)
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
        """The conversation before this one: the temporary one, if one was left."""
        if await self._return_to_temporary():
            return
        rows = await self.workspace.history.conversations(limit=5 + len(self.panes))
        recent = sorted(rows, key=lambda row: row.updated_at, reverse=True)
        open_ids = {pane.conversation.id for pane in self.panes}
        other = next((row for row in recent if row.id not in open_ids), None)
        if other is not None and (conversation := await self.workspace.history.conversation(other.id)):
            await self.pane.open(conversation)
        else:
            self.program.warn(_("There is no other conversation."))
        self.take_focus()

    async def _return_to_temporary(self) -> bool:
        if not self.left_temporary:
            return False
        # From one of them to the one that was left longest ago, so that the key goes round.
        conversation, stored = self.left_temporary.pop(0 if self.pane.conversation.temporary else -1)
        if stored:
            kept = await self.workspace.conversation(conversation.id)
            if kept is None or kept.deleted_at is not None:
                return await self._return_to_temporary()
            conversation = replace(kept, draft=conversation.draft)
        await self.pane.open(conversation, stored=stored)
        self.take_focus()
        return True

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
        self.fill_list()

    async def action_chat_delete(self) -> None:
        """Delete the open conversation."""
        if self.pane.stored and self.pane.conversation.temporary:
            self._ask_delete()
        elif self.pane.stored:
            await self.delete(self.pane.conversation.id)

    @work(exclusive=True, group="delete")
    async def _ask_delete(self) -> None:
        """Delete the open temporary conversation, which is in no bin afterwards, after asking."""
        pane, conversation = self.pane, self.pane.conversation
        answer = await pane.ask_person(
            _("Delete this temporary conversation? It is kept nowhere, and cannot be brought back."),
            [Choice("no", _("no"), "n"), Choice("yes", _("yes, delete it"), "y")],
        )
        if answer != "yes" or pane.conversation.id != conversation.id:
            return
        if pane.live is not None:
            await self.workspace.turns.stop(pane.live)
        await pane.begin_new()
        self.left_temporary = [one for one in self.left_temporary if one[0].id != conversation.id]
        await self.workspace.scratch.delete(conversation.id)
        self.workspace.touch()
        pane.prompt.say(_("Deleted for good."))

    async def action_chat_restore(self) -> None:
        """Bring back the open conversation if it was deleted elsewhere, else what was deleted last."""
        if not await gone.bring_back(self.pane):
            await self._restore(None)
        elif self._deleted == self.pane.conversation.id:
            self._deleted = None

    async def _restore(self, conversation_id: str | None) -> None:
        """Bring back a conversation from the bin, by default the one that was deleted last."""
        binned = await self.workspace.history.listed(self.workspace.search.understand(""), Shelf.BIN, limit=1)
        found = conversation_id or self._deleted or (binned[0].id if binned else None)
        if found is None:
            self.program.warn(_("Nothing was deleted."))
            return
        await self.workspace.history.restore(found)
        self._deleted = None
        self.fill_list(whole=True)
        self.workspace.touch()


def _continued(page: tuple[Listed, ...], before: tuple[Listed, ...]) -> tuple[Listed, ...]:
    """A first page as it is now, and what was read after it before."""
    if len(page) < _PAGE:
        return page
    known = {row.id for row in page}
    last = (page[-1].at, page[-1].id)
    return (*page, *(row for row in before if (row.at, row.id) < last and row.id not in known and not row.pinned))
