"""The branches of the open conversation: which variants there are, going between them, forks, what is deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.failure import Failure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import Message, Role
from ollama_tui.domain.tree import Tree

if TYPE_CHECKING:
    from ollama_tui.services.live import LiveTurn
    from ollama_tui.tui.pane.pane import Pane


async def variants(pane: "Pane", messages: Sequence[Message]) -> Mapping[str, tuple[int, int]]:
    """Which of how many each message is, where there is more than one."""
    history = pane.workspace.history_of(pane.conversation)
    if not pane.stored or not await history.has_variants(pane.conversation.id):
        return {}
    tree = await history.tree(pane.conversation.id)
    found = {message.id: tree.variant(message.id) for message in messages}
    if (live := pane.live) is not None:
        found[live.answer.id] = tree.variant(live.answer.id)
    return {message_id: place for message_id, place in found.items() if place[1] > 1}


async def as_kept(pane: "Pane") -> Conversation:
    """The open conversation as it is kept now, on the branch that is open here.

    That is the view's own: another window may have another one open, and what is typed here belongs to this one. What
    was asked below it, wherever, is followed.
    """
    shown = pane.conversation
    history = pane.workspace.history_of(shown)
    kept = await history.conversation(shown.id)
    leaf = shown.leaf_id
    if kept is not None and leaf is not None and leaf != kept.leaf_id:
        tree = await history.tree(kept.id)
        kept = replace(kept, leaf_id=tree.leaf_below(leaf) if tree.node(leaf) else leaf)
    return kept if kept is not None and pane.conversation is shown else pane.conversation  # another may be open by now


def live_here(pane: "Pane") -> "LiveTurn | None":
    """The answer that is being written on the branch that is open here; not one that another pane began elsewhere."""
    live = pane.live
    if live is None or pane.followed is live:
        return live
    first = live.question or live.answer
    leaf = pane.conversation.leaf_id
    shown = [message.id for message in pane.messages]
    return live if live.answer.id in (leaf, *shown) or first.parent_id in (leaf, *shown[-1:]) else None


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
    return await variants(pane, pane.messages)


def numbered(pane: "Pane", number: int) -> Message | None:
    """The message of a number, as the person counts them: from 1, along the branch."""
    return pane.messages[number - 1] if 0 < number <= len(pane.messages) else None


def number_of(pane: "Pane", message: Message) -> int:
    """The number of a shown message; 0 for another one."""
    return place_of(pane, message.id)


def place_of(pane: "Pane", message_id: str | None) -> int:
    """The number of the shown message with this id; 0 for another one."""
    return next((number for number, one in enumerate(pane.messages, 1) if one.id == message_id), 0)


def subject(pane: "Pane", *roles: Role) -> Message | None:
    """The message that the reading cursor is on, else the last one of these roles."""
    marked = pane.transcript.marked_message
    if marked is not None:
        return marked
    return next((message for message in reversed(pane.messages) if message.role in roles), None)


def is_busy(pane: "Pane") -> bool:
    """Whether an answer is being written here, which is said: the tree waits for it."""
    if pane.live is not None:
        say_busy(pane)
    return pane.live is not None


def say_busy(pane: "Pane") -> None:
    """Say that an answer is being written here."""
    words = _("An answer is being written here. {key} stops it; then this can be done.")
    pane.prompt.complain(words.format(key=pane.key_sign_of("chat.stop")), as_long_as=lambda: pane.live is not None)


async def step(pane: "Pane", message_id: str, by: int) -> None:
    """To another variant of a message, and what followed it."""
    if is_busy(pane) or (tree := await _tree(pane)) is None:
        return
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


async def open_at(pane: "Pane", message_id: str) -> bool:
    """Open a branch with a message, and bring it into view; whether that can be done now."""
    tree = await _tree(pane)
    if tree is None:
        return False
    if message_id in tree.way(pane.conversation.leaf_id):
        pane.transcript.bring(message_id)
        return True
    if message_id not in tree or is_busy(pane):
        return False
    await go_to(pane, tree.leaf_below(message_id), show=message_id)
    return True


async def _tree(pane: "Pane") -> Tree | None:
    """The tree of the open conversation; None, which is said, if it cannot be read."""
    try:
        return await pane.workspace.history_of(pane.conversation).tree(pane.conversation.id)
    except Failure as failure:
        _tell(pane, failure)
        return None


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


async def fork(pane: "Pane", message: Message | None = None) -> None:
    """A new conversation from the beginning up to a message, opened here."""
    from ollama_tui.services import branching
    from ollama_tui.services.asking import StillAnswering

    message = message or subject(pane, *Role)
    if message is None or not pane.stored:
        pane.prompt.say(_("There is nothing to fork yet."))
        return
    try:
        made = await branching.fork(pane.workspace, pane.conversation, message.id)
    except (StillAnswering, Failure) as failure:
        _tell(pane, failure)
        return
    await pane.open(made)
    words = _("A conversation of its own, up to there. {key} goes back to the one it was made of.")
    if message.role is Role.USER:
        words = _("A conversation of its own, up to there: {retry} has it answered, {key} goes back to the old one.")
    pane.prompt.say(words.format(key=pane.key_sign_of("chat.last"), retry=pane.key_sign_of("chat.retry")))


async def delete(pane: "Pane", message: Message | None = None) -> None:
    """Let a message leave the branch; it can be brought back."""
    from ollama_tui.services import branching
    from ollama_tui.services.asking import StillAnswering

    message = message or subject(pane, Role.USER)
    if message is None or not pane.stored:
        pane.prompt.say(_("There is nothing to delete yet."))
        return
    if is_busy(pane):
        return
    number = number_of(pane, message)
    try:
        gone, leaf = await branching.delete_message(pane.workspace, pane.conversation, message.id)
    except (StillAnswering, Failure) as failure:
        _tell(pane, failure)
        return
    if not gone:
        pane.prompt.complain(_("It is being written in another window, or was deleted there already."))
        return
    pane.conversation = replace(pane.conversation, leaf_id=leaf)
    await pane.reload()
    key = pane.key_sign_of("chat.restore_message")
    if not number:
        words = _("The message is deleted. {key} brings it back.")
    elif message.role is Role.USER:
        words = _("Message {number} is deleted, with its answers. {key} brings it back.")
    else:
        words = _("Message {number} is deleted. {key} brings it back.")
    pane.prompt.say(words.format(number=number, key=key))


async def restore(pane: "Pane") -> None:
    """Bring back what was deleted last."""
    from ollama_tui.services import branching
    from ollama_tui.services.asking import StillAnswering

    if is_busy(pane):
        return
    try:
        ids, leaf = await branching.restore_message(pane.workspace, pane.conversation)
    except (StillAnswering, Failure) as failure:
        _tell(pane, failure)
        return
    if not ids:
        pane.prompt.say(_("No message was deleted here, or it is too long ago."))
        return
    pane.conversation = replace(pane.conversation, leaf_id=leaf)
    await pane.reload()
    pane.transcript.bring(ids[0])
    pane.prompt.say(_("Brought back."))


def _tell(pane: "Pane", failure: Exception) -> None:
    if isinstance(failure, Failure):
        pane.prompt.complain(f"{failure.message} {failure.hint}".strip())
    else:
        say_busy(pane)
