"""The arrangement of the panes over restarts: kept whenever it changes, and made again at the start."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.failure import LocalFailure
from ollama_tui.domain.host import HostAddress
from ollama_tui.domain.identity import new_id
from ollama_tui.tui.pane.deeds import ConversationPane
from ollama_tui.tui.panes.arrangement import Arrangement, Slot, read_arrangement
from ollama_tui.tui.panes.plan import MOST

if TYPE_CHECKING:
    from textual.widget import Widget

    from ollama_tui.tui.screens.chat import ChatScreen

ARRANGEMENT = "panes.arrangement"


class Keeping:
    """Keeps the arrangement of a screen."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._kept: object = None
        self._writing = False
        self._restored = False
        self._begun_with: HostAddress | None = None

    # To the disk

    def keep_soon(self) -> None:
        """Keep the arrangement, unless it is as it was."""
        if self._restored and not self._writing and self._now() != self._kept:
            self._writing = True
            self._screen.run_worker(self.keep, group="arrangement")

    async def keep(self) -> None:
        """Keep the arrangement, now. What cannot be kept is tried again with the next change."""
        self._writing = True
        try:
            while self._restored and (now := self._now()) != self._kept:
                await self._screen.workspace.state.set(ARRANGEMENT, now)
                self._kept = now
        except LocalFailure:
            pass
        finally:
            self._writing = False

    def _now(self) -> object:
        """The arrangement as JSON; None for one pane, which needs none."""
        screen = self._screen
        panes = screen.row.panes
        if not all(pane.is_open for pane in screen.panes):
            return self._kept  # one is being opened: soon
        if len(panes) < 2:
            return None
        comparing = screen.comparing
        compared = comparing.comparison
        if any(pane.conversation.temporary for pane in screen.panes if pane.conversation.id in comparing.names):
            compared = None
        return Arrangement(
            slots=tuple(self._slot(pane) for pane in panes),
            focused=panes.index(screen.row.current),
            tied=comparing.tied,
            asks_all=comparing.together is not None,
            comparison=compared.as_json() if compared is not None else {},
            begun_with=self._begun_with,
        ).as_json()

    def _slot(self, pane: "Widget") -> Slot:
        share = self._screen.row.share_of(pane)
        if not isinstance(pane, ConversationPane):
            return Slot(models=True, share=share)
        conversation = pane.conversation
        return Slot(
            conversation_id="" if conversation.temporary else conversation.id,
            share=share,
            own=pane.own_server.address,
            asked=pane.here.address,
            setup=None if pane.stored or conversation.temporary else conversation.setup,
        )

    # From the disk

    async def restore(self) -> None:
        """Give the first pane its conversation, and put the others beside it.

        What was asked before the workspace was there, or with a model of the command line, begins a new conversation.
        """
        screen = self._screen
        first = screen.pane
        self._begun_with = begun_with = screen.workspace.address
        try:
            kept = read_arrangement(await screen.workspace.state.get(ARRANGEMENT), MOST)
            arrangement = kept.for_start_with(begun_with) if kept is not None else None
            found = [(slot, await self._conversation(slot)) for slot in arrangement.slots] if arrangement else []
        except LocalFailure:
            arrangement, found = None, []
        found = [(slot, conversation) for slot, conversation in found if slot.models or conversation is not None]
        talking = [number for number, (slot, _conversation) in enumerate(found) if not slot.models]
        if arrangement is None or len(found) < 2 or not talking:
            await first.attach(screen.workspace)
            self._restored = True
            return
        focused = arrangement.slots[arrangement.focused]
        at = next((number for number in talking if found[number][0] is focused), talking[0])
        await self._build(first, found, at)
        panes = screen.row.panes
        begins_new = first.held or first.wanted_model
        wanted = next((pane for pane, (slot, _c) in zip(panes, found, strict=True) if slot is focused), first)
        screen.row.focus_on(first if begins_new else wanted)
        screen.comparing.tied = arrangement.tied
        if arrangement.comparison:
            from ollama_tui.services.comparison import Comparison

            screen.comparing.comparison = Comparison.read(arrangement.comparison)
        if arrangement.asks_all and len(screen.panes) > 1:
            await screen.comparing.join()
        self._restored = True

    async def _build(self, first: ConversationPane, found: "list[tuple[Slot, Conversation | None]]", at: int) -> None:
        screen, workspace = self._screen, self._screen.workspace
        begins_new = bool(first.held or first.wanted_model)
        for slot, _conversation in found:
            for address in (slot.own, slot.asked):
                if address is not None and address.id != workspace.address.id:
                    workspace.at(address)
        for number, (slot, _conversation) in enumerate(found):
            if number == at:
                screen.row.give_share(first, slot.share)
                continue
            pane = screen.new_manager() if slot.models else ConversationPane(address=slot.own)
            await screen.row.add(pane, before=first if number < at else None, share=slot.share)
        for pane, (slot, conversation) in zip(screen.row.panes, found, strict=True):
            if not isinstance(pane, ConversationPane):
                continue
            if pane is first and begins_new:
                await pane.attach(workspace)
                continue
            pane.address = slot.own
            await pane.attach(workspace, conversation, stored=slot.setup is None and bool(slot.conversation_id))

    async def _conversation(self, slot: Slot) -> Conversation | None:
        """The conversation of a slot; None if it was deleted meanwhile."""
        if slot.models:
            return None
        if not slot.conversation_id:
            return Conversation(id=new_id(), setup=slot.setup or Conversation(id="").setup)
        kept = await self._screen.workspace.history.conversation(slot.conversation_id)
        if kept is not None:
            return kept if kept.deleted_at is None else None
        if slot.setup is None:
            return None
        return replace(Conversation(id=slot.conversation_id), setup=slot.setup)
