"""Bringing a pane's screen up to what is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ollama_tui.domain.message import Ending
from ollama_tui.tui.pane import branching, gone

if TYPE_CHECKING:
    from ollama_tui.domain.message import Message
    from ollama_tui.services.live import LiveTurn
    from ollama_tui.tui.pane.pane import Pane


async def draw(pane: "Pane") -> None:
    """Show the open branch as it is kept, and what waits."""
    await gone.look(pane)
    variants: Mapping[str, tuple[int, int]] = {}
    if pane.stored and pane.deleted != "purged":
        shown = pane.conversation
        messages = await pane.workspace.turns.branch(shown)
        await pane.look_at_pictures(messages)
        if await pane.verdicts.look(messages, shown.setup.format):
            pane.run_worker(partial(_look_at_rest, pane, messages), group="verdicts", exclusive=True)
        variants = await branching.variants(pane, messages)
        if shown.id != pane.conversation.id:
            return  # another one was opened meanwhile, and is drawn by whoever did
        if shown.leaf_id != pane.conversation.leaf_id:
            await draw(pane)  # what was read is of the past, and who waits for this wants it as it is
            return
        pane.messages = messages
    live = branching.live_here(pane)
    pane.set_class(bool(pane.messages or live), "-talking")
    pane.transcript.show(pane.messages, live, variants=variants)
    await pane.show_queue()
    pane.show_head()
    if _ended_meanwhile(pane):
        await draw(pane)


def _ended_meanwhile(pane: "Pane") -> bool:
    """Whether the last answer has ended since it was read, too soon to be followed to its end."""
    last = pane.workspace.turns.last(pane.conversation.id)
    if last is None or not last.done or last is pane.followed or last.answer.ending is Ending.UNFINISHED:
        return False
    return any(message.id == last.answer.id and message.ending is Ending.UNFINISHED for message in pane.messages)


async def _look_at_rest(pane: "Pane", messages: "Sequence[Message]") -> None:
    """Check the older answers as JSON, too, and show what is found."""
    await pane.verdicts.look(messages, pane.conversation.setup.format, len(messages))
    if pane.is_open and pane.messages == messages:
        pane.transcript.show(pane.messages, branching.live_here(pane))


async def draw_what_came(pane: "Pane") -> None:
    """Show what was saved since of the answers that others write here."""
    shown = pane.messages
    history = pane.workspace.history_of(pane.conversation)
    came: dict[str, Message] = {}
    for message in shown:
        if message.ending is Ending.UNFINISHED:
            kept = await history.so_far(message.id)
            if kept is not None and kept != (message.text, message.thinking):
                came[message.id] = replace(message, text=kept[0], thinking=kept[1])
    if came and pane.messages is shown:
        pane.messages = tuple(came.get(message.id, message) for message in shown)
        pane.transcript.show(pane.messages, branching.live_here(pane))


def draw_live(pane: "Pane", live: "LiveTurn", variants: Mapping[str, tuple[int, int]]) -> None:
    """Show an answer that has just begun."""
    pane.messages = branching.until(pane.messages, live)
    pane.add_class("-talking")
    pane.transcript.show(pane.messages, live, variants=variants)
    pane.show_head()
    pane.post_message(pane.Changed())
