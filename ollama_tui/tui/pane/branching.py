"""The branches of the open conversation: which variants there are, going between them, forks, what is deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.failure import Failure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import Message, Role

if TYPE_CHECKING:
    from ollama_tui.services.live import LiveTurn
    from ollama_tui.tui.pane.pane import Pane


async def variants(pane: "Pane") -> Mapping[str, tuple[int, int]]:
    """Which of how many each shown message is, where there is more than one."""
    if not pane.stored:
        return {}
    tree = await pane.workspace.history_of(pane.conversation).tree(pane.conversation.id)
    found = {message.id: tree.variant(message.id) for message in pane.messages}
    if (live := pane.live) is not None:
        found[live.answer.id] = tree.variant(live.answer.id)
    return {message_id: place for message_id, place in found.items() if place[1] > 1}


async def as_kept(pane: "Pane") -> Conversation:
    """The open conversation as it is kept now, on the branch that is open here.

    That is the view's own: another window may have another one open, and what is typed here belongs to this one. What
    was asked below it, wherever, is followed.
    """
    history = pane.workspace.history_of(pane.conversation)
    kept = await history.conversation(pane.conversation.id)
    leaf = pane.conversation.leaf_id
    if kept is None:
        return pane.conversation
    if leaf is None or leaf == kept.leaf_id:
        return kept
    tree = await history.tree(kept.id)
    return replace(kept, leaf_id=tree.leaf_below(leaf) if tree.node(leaf) else leaf)


def until(messages: Sequence[Message], live: "LiveTurn") -> tuple[Message, ...]:
    """The messages that come before a live answer: what followed its question, or stands beside it, is left out."""
    ids = [message.id for message in messages]
    question, answer = live.question, live.answer
    follows = question.parent_id if question is not None else answer.parent_id
    if question is not None and question.id in ids:
        return tuple(messages[: ids.index(question.id) + 1])
    if follows is None:
        messages = ()
    elif follows in ids:
        messages = messages[: ids.index(follows) + 1]
    return (*messages, question) if question is not None else tuple(messages)


async def look_around(pane: "Pane", live: "LiveTurn") -> Mapping[str, tuple[int, int]]:
    """Know what a turn that has just begun stands behind, also where that is a deleted message; the variants there."""
    first = live.question or live.answer
    if first.parent_id is not None and first.parent_id not in {message.id for message in pane.messages}:
        branch = await pane.workspace.turns.branch(live.conversation)
        pane.messages = tuple(message for message in branch if message.id != live.answer.id)
    return await variants(pane)


def numbered(pane: "Pane", number: int) -> Message | None:
    """The message of a number, as the person counts them: from 1, along the branch."""
    return pane.messages[number - 1] if 0 < number <= len(pane.messages) else None


def number_of(pane: "Pane", message: Message) -> int:
    """The number of a shown message; 0 for another one."""
    return next((number for number, one in enumerate(pane.messages, 1) if one.id == message.id), 0)


def subject(pane: "Pane", *roles: Role) -> Message | None:
    """The message that the reading cursor is on, else the last one of these roles."""
    marked = pane.transcript.marked_message
    if marked is not None:
        return marked
    return next((message for message in reversed(pane.messages) if message.role in roles), None)


def is_busy(pane: "Pane") -> bool:
    """Whether an answer is being written here, which is said: the tree waits for it."""
    if pane.live is None:
        return False
    words = _("An answer is being written here. {key} stops it; then this can be done.")
    pane.prompt.complain(words.format(key=pane.key_sign_of("chat.stop")))
    return True


async def step(pane: "Pane", message_id: str, by: int) -> None:
    """To another variant of a message, and what followed it."""
    if is_busy(pane):
        return
    history = pane.workspace.history_of(pane.conversation)
    tree = await history.tree(pane.conversation.id)
    siblings = tree.siblings(message_id)
    at = siblings.index(message_id) + by if message_id in siblings else -1
    if 0 <= at < len(siblings):
        await go_to(pane, tree.leaf_below(siblings[at]), show=siblings[at])


async def step_last(pane: "Pane", by: int) -> None:
    """To another variant of the message under the reading cursor, else of the last answer or the last question."""
    shown = pane.transcript.variants
    marked = pane.transcript.marked_message
    last = [marked] if marked is not None else [*reversed(pane.messages[-2:])]
    message = next((message for message in last if message.id in shown), None)
    if message is not None:
        await step(pane, message.id, by)
    else:
        words = _("There is one variant only. {retry} answers again, {edit} asks otherwise.")
        pane.prompt.say(words.format(retry=pane.key_sign_of("chat.retry"), edit=pane.key_sign_of("chat.edit")))


async def go_to(pane: "Pane", leaf_id: str, *, show: str = "") -> None:
    """Open the branch to a leaf, with the message `show` in view."""
    try:
        await pane.workspace.history_of(pane.conversation).go_to(pane.conversation.id, leaf_id)
    except Failure as failure:  # shown all the same: only the next start opens another branch
        pane.prompt.complain(f"{failure.message} {failure.hint}".strip())
    pane.conversation = replace(pane.conversation, leaf_id=leaf_id)
    await pane.reload()
    if show:
        pane.transcript.bring(show)
