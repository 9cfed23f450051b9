"""The gauge of a pane: the account of its next prompt, kept current beside the keys."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ollama_tui.domain.failure import Failure
from ollama_tui.domain.message import Message, Role

if TYPE_CHECKING:
    from textual.timer import Timer

    from ollama_tui.domain.model import ModelRef
    from ollama_tui.services.context.account import Account
    from ollama_tui.services.context.branch_sum import BranchSum
    from ollama_tui.tui.pane.pane import Pane

_CALM = 1.0
"""Seconds before the model's tokenizer is made: the first keys come first."""
_LOOK = 10.0
"""Seconds after which the server is asked again what context the model has, while somebody writes."""
_LIVE = 0.5
"""Seconds between two looks at a running answer."""


class Gauge:
    """Counts what would be sent now. Whoever shows it reads `account`, and is told by the pane's `show_head`."""

    def __init__(self, pane: "Pane") -> None:
        self._pane = pane
        self._account: Account | None = None
        self._of: object = None
        """What was counted."""
        self._summed: BranchSum | None = None
        self._branch_ids: tuple[str, ...] = ()
        self._key: object = None
        """What was summed up."""
        self._stale = False
        self._running = False
        self._prepared: ModelRef | None = None
        self._looked = 0.0
        self._timer: Timer | None = None
        self.helped = ""
        """The question for which a way out was taken already."""
        self.summing: asyncio.Task[object] | None = None
        """What makes a summary now."""

    @property
    def account(self) -> "Account | None":
        """What was counted last; None while there is no model, or nothing is known yet of what is open now."""
        return self._account if self._of == self._open() else None

    def _open(self) -> object:
        conversation = self._pane.conversation
        model = conversation.setup.model
        return (conversation.id, model and (model.host_id, model.name))

    @property
    def summed(self) -> "BranchSum | None":
        """The branch without the draft; None while the one that is open is not counted yet."""
        return self._summed if self._branch_ids == tuple(message.id for message in self._branch()) else None

    def refresh(self) -> None:
        """Count again what may have changed; soon, and never twice at once."""
        pane = self._pane
        self._stale = True
        if not self._running and pane.is_mounted and not pane.program.leaving:
            self._running = True
            pane.run_worker(self._follow, group="gauge")

    def forget(self) -> None:
        """Sum up the branch anew next time: more is known of the template, or what was allocated may have changed."""
        self._key = None
        self.refresh()

    def look_again(self) -> None:
        """Ask the server again what context the model has."""
        self._looked = 0.0
        self.refresh()

    async def _follow(self) -> None:
        try:
            while self._stale:
                self._stale = False
                try:
                    await self._count()
                except Failure:  # a conversation that cannot be read says so where it is shown
                    self._account = None
                self._pane.draw_head()
                if self._pane.query("ContextDetails"):
                    from ollama_tui.tui.pane import context_panel

                    await context_panel.follow(self._pane)
        finally:
            self._running = False

    async def _count(self) -> None:
        pane = self._pane
        conversation = pane.conversation
        ref = conversation.setup.model
        of = self._open()
        if ref is None:
            self._account = None
            return
        contexts = pane.workspace.contexts
        if ref != self._prepared:
            self._prepared = ref
            self._looked = 0.0
            pane.run_worker(partial(self._prepare, ref), group="gauge-model", exclusive=True)
        if time.monotonic() - self._looked > _LOOK:
            self._looked = time.monotonic()
            await contexts.look(ref)
        live = pane.live
        counter = contexts.counter(ref)
        branch = self._branch()
        ids = tuple(message.id for message in branch)
        key = (conversation.id, conversation.setup, ids, counter)
        if key != self._key or self._summed is None:
            self._summed = await contexts.sum_up(conversation, branch)
            self._key, self._branch_ids = key, ids
        area = pane.prompt.area
        text, files = ("", ()) if live is not None else area.chips.send(area.text)
        account = await contexts.account(conversation, self._summed, text, len(files))
        if not (ids or text or files or conversation.setup.system):
            account = replace(account, template=0)
        if live is not None:
            account = replace(account, history=account.history + len(live.events), exact=False)
            if self._timer is None:
                self._timer = pane.set_timer(_LIVE, self._look_at_answer)
        self._account, self._of = account, of

    def _look_at_answer(self) -> None:
        self._timer = None
        self.refresh()

    def _branch(self) -> Sequence[Message]:
        """What the next question would follow: all that was said, or what comes before a question that is changed."""
        pane = self._pane
        messages, changed, live = pane.messages, pane.revision.message, pane.live
        if changed is not None and changed.role is Role.USER and changed in messages:
            return messages[: messages.index(changed)]
        return [message for message in messages if live is None or message.id != live.answer.id]

    async def _prepare(self, ref: "ModelRef") -> None:
        await asyncio.sleep(_CALM)
        await self._pane.workspace.contexts.prepare(ref)
        self.refresh()

    async def answered(self) -> None:
        """After an answer: see what its figures tell, and let the server render what the next prompt begins with."""
        pane = self._pane
        self._looked = time.monotonic()
        conversation, messages = pane.conversation, pane.messages
        try:
            if conversation.setup.model is not None:  # the server may not have answered before
                await pane.workspace.contexts.prepare(conversation.setup.model)
            await pane.workspace.contexts.render(conversation, messages)
        except Failure:
            return
        if pane.conversation.id == conversation.id:
            self.forget()
