"""Leaving a pane's conversation for a new one."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Conversation, Setup
from ollama_tui.domain.identity import new_id
from ollama_tui.tui.pane import drafting, serving, welcoming

if TYPE_CHECKING:
    from ollama_tui.tui.pane.pane import Pane


async def begin_new(pane: "Pane", *, temporary: bool, setup: Setup | None) -> None:
    """Leave the pane's conversation as it is and begin another. One at a time: see `Pane.begin_new`."""
    is_left = await drafting.leave(pane)
    pane.given = await serving.first_setup(pane)
    drafting.note(pane)  # what was typed meanwhile
    setup = setup or pane.given
    if pane.held and not pane.stored and not temporary:  # a new one already: what was sent in it is not left alone
        pane.conversation = replace(pane.conversation, setup=setup)
    else:
        pane.conversation = Conversation(id=new_id(), setup=setup, temporary=temporary)
        drafting.forget(pane)
        pane.stored = False
        pane.messages = ()
        drafting.load(pane, "")
        if not temporary:
            await drafting.take(pane)
    pane.settled = pane.settled or setup.model is not None
    await pane.show()
    await welcoming.look(pane)
    welcoming.tell(pane)
    if is_left:
        drafting.tell_temporary(pane)
