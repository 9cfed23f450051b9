"""What a person does with panes by key or palette: split, close, go between them, move them, change their sizes."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from ollama_tui.domain.i18n import _
from ollama_tui.tui.pane import drafting
from ollama_tui.tui.pane.deeds import ConversationPane
from ollama_tui.tui.panes.plan import MOST

if TYPE_CHECKING:
    from ollama_tui.domain.conversation import Conversation
    from ollama_tui.tui.screens.chat import ChatScreen

_STEP = 4
"""Cells by which a pane grows or shrinks."""


class PaneDeeds:
    """The actions of the area `pane`."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    async def action_pane_split(self) -> None:
        """A new conversation in a pane of its own, behind the one that has the focus, with its server."""
        await self.open_beside(None)

    async def action_pane_twin(self) -> None:
        """The same conversation once more, such as to read its beginning while it goes on."""
        pane = self._screen.pane
        await pane.save_draft()
        await self.open_beside(pane.conversation if pane.stored else None)

    async def open_beside(self, conversation: "Conversation | None") -> ConversationPane | None:
        """Open a conversation, or a new one, in a pane of its own; None if there is no room for more panes."""
        screen, row = self._screen, self._screen.row
        if not self.has_room():
            return None
        beside = screen.pane
        pane = ConversationPane(address=beside.own_server.address)
        await row.add(pane, after=row.current)
        await pane.attach(screen.workspace, conversation)
        if conversation is None and beside.conversation.setup.model is not None:
            await pane.begin_like(beside.conversation.setup)
        row.focus_on(pane)
        return pane

    def has_room(self) -> bool:
        """Whether one more pane may stand; says so if not."""
        if len(self._screen.row.panes) < MOST:
            return True
        self._screen.program.warn(_("There are {most} panes, which is the most.").format(most=MOST))
        return False

    async def action_pane_close(self) -> None:
        """Close the pane. What runs in it goes on, and what is typed in it is kept."""
        screen, row = self._screen, self._screen.row
        pane = row.current
        if isinstance(pane, ConversationPane) and len(row.conversations) == 1:
            _say_that_it_stays(screen)
            return
        live, is_left = None, False
        if isinstance(pane, ConversationPane):
            await pane.save_draft()
            live, is_left = pane.live, drafting.leave_temporary(pane)
        await row.take_away(pane)
        row.focus_on(row.current)
        if is_left:
            drafting.tell_temporary(screen.pane)
        if live is not None:
            told = _("The answer in the closed pane goes on, and is kept.")
            screen.pane.prompt.say(told, as_long_as=lambda: not live.done)

    def action_pane_next(self) -> None:
        """To the next pane, after the last to the first."""
        self._go(1)

    def action_pane_previous(self) -> None:
        """To the pane before."""
        self._go(-1)

    def _go(self, step: int) -> None:
        row = self._screen.row
        panes = row.panes
        row.focus_on(panes[(panes.index(row.current) + step) % len(panes)])

    def action_pane_left(self) -> None:
        """Let the pane change places with the one before it."""
        self._move(-1)

    def action_pane_right(self) -> None:
        """Let the pane change places with the next."""
        self._move(1)

    def _move(self, step: int) -> None:
        row = self._screen.row
        row.move(row.current, step)

    def action_pane_larger(self) -> None:
        """More room for the pane."""
        self._grow(_STEP)

    def action_pane_smaller(self) -> None:
        """Less room for it."""
        self._grow(-_STEP)

    def _grow(self, cells: int) -> None:
        """Grow in the line, or, alone in its line, in height."""
        row = self._screen.row
        at = row.panes.index(row.current)
        now = row.plan()
        line = now.line_of(at)
        if len(line) > 1:
            last = at == line.stop - 1
            row.resize(at - last, -cells if last else cells, upright=True)
        elif len(now.lines) > 1:
            last = line is now.lines[-1]
            row.resize(at - last, -cells if last else cells, upright=False)

    def action_pane_even(self) -> None:
        """The same room for all."""
        self._screen.row.make_even()

    async def action_pane_models(self) -> None:
        """The models in a pane; again, and it is closed."""
        screen, row = self._screen, self._screen.row
        if (manager := row.manager) is not None:
            await row.take_away(manager)
            row.focus_on(row.current)
        elif self.has_room():
            manager = screen.new_manager()
            await row.add(manager, after=row.panes[-1])
            row.focus_on(manager)

    def action_pane_menu(self) -> None:
        """Ask in the pane what is to be done with it."""
        from ollama_tui.tui.panes import menu

        self._screen.run_worker(partial(menu.ask, self._screen), group="menu", exclusive=True)

    async def action_pane_stop_all(self) -> None:
        """Stop every answer that is being written in a pane."""
        screen = self._screen
        lives = {live.conversation.id: live for pane in screen.panes if (live := pane.live) is not None}
        await asyncio.gather(*(screen.workspace.turns.stop(live) for live in lives.values()))


def _say_that_it_stays(screen: "ChatScreen") -> None:
    if screen.row.manager is None:
        words, key = _("The last conversation stays. {key} leaves the program."), "app.quit"
    else:
        words, key = _("The last conversation stays. {key} closes the models beside it."), "pane.models"
    screen.program.warn(words.format(key=screen.pane.key_sign_of(key)))
