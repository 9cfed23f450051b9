"""Work on the tree of a conversation: forks, answers that the person changes, what is deleted. Each is one step."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Conversation, TitleSource
from ollama_tui.domain.failure import LocalFailure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.identity import new_id, now
from ollama_tui.domain.message import Ending, Message
from ollama_tui.domain.text import storable
from ollama_tui.services.asking import StillAnswering

if TYPE_CHECKING:
    from ollama_tui.services.workspace import Workspace
    from ollama_tui.storage.history import History


async def fork(
    workspace: "Workspace", conversation: Conversation, leaf_id: str | None = None, *, title: str = ""
) -> Conversation:
    """A new conversation that begins as a copy of the branch up to `leaf_id`, or to the leaf that is open.

    It is asked as the conversation is, and stays temporary if that is. Its title says what it is, unless one is given.

    Raises:
        StillAnswering: the answer there is still being written.
        LocalFailure: `message-gone`, or the disk failed.
    """
    leaf_id = leaf_id or conversation.leaf_id or ""
    _check_written(workspace, conversation, leaf_id)
    moment = now()
    into = replace(
        conversation,
        id=new_id(),
        title=title or fork_title(conversation.title),
        title_source=TitleSource.PERSON if title else TitleSource.FIRST_WORDS,
        created_at=moment,
        updated_at=moment,
        leaf_id=None,
        draft="",
        pinned=False,
        archived=False,
        deleted_at=None,
    )
    made = await _history(workspace, conversation).fork(conversation.id, leaf_id, into)
    if made is None:
        raise LocalFailure(what="message-gone")
    workspace.touch()
    return made


def fork_title(title: str) -> str:
    """`Fork: Why is the sky blue?`, also for a fork of a fork."""
    words = _("Fork: {title}")
    head, _mark, tail = words.partition("{title}")
    return words.format(title=title.removeprefix(head).removesuffix(tail))


async def graft(workspace: "Workspace", fork: Conversation, into: Conversation, *, opened: bool = False) -> str:
    """Add what a fork has more, up to its leaf, to the conversation that it was made of; the leaf there.

    What is new stands beside what followed there. With `opened`, it is the branch that is open from now on. Both
    conversations must be kept in the same place: on the disk, or both temporary.

    Raises:
        StillAnswering: an answer is being written in one of the two.
        LocalFailure: `message-gone`, or the disk failed.
    """
    _check_written(workspace, fork, fork.leaf_id or "")
    if opened and workspace.turns.live(into.id) is not None:
        raise StillAnswering(into.id)
    leaf = await _history(workspace, into).graft(fork.id, fork.leaf_id or "", into.id, opened=opened)
    if leaf is None:
        raise LocalFailure(what="message-gone")
    workspace.touch()
    return leaf


async def change_answer(workspace: "Workspace", conversation: Conversation, answer: Message, text: str) -> Message:
    """Keep `text` as a variant of an answer, marked as changed by the person, and open it.

    Raises:
        StillAnswering: an answer is being written there.
        LocalFailure: the disk failed.
    """
    _check_idle(workspace, conversation)
    variant = replace(
        answer,
        id=new_id(),
        text=storable(text),
        created_at=now(),
        ending=Ending.COMPLETE,
        end_reason="",
        failure=None,
        figures=None,
        edited_from=answer.id,
    )
    kept = await _history(workspace, conversation).put_beside(variant)
    workspace.touch()
    return kept


async def delete_message(
    workspace: "Workspace", conversation: Conversation, message_id: str
) -> tuple[tuple[str, ...], str]:
    """Let a message leave its branches, a question with its answers; what followed stays. It can be brought back.

    The ids of what left, none if it was gone already, and the leaf that is open then.

    Raises:
        StillAnswering: an answer is being written there.
        LocalFailure: the disk failed.
    """
    _check_idle(workspace, conversation)
    gone, leaf = await _history(workspace, conversation).delete_message(message_id, conversation.leaf_id or message_id)
    workspace.touch()
    return gone, leaf


async def restore_message(workspace: "Workspace", conversation: Conversation) -> tuple[tuple[str, ...], str]:
    """Bring back what was deleted last; its ids, none if there was nothing, and the leaf of a branch that shows it.

    Raises:
        StillAnswering: an answer is being written there.
        LocalFailure: the disk failed.
    """
    _check_idle(workspace, conversation)
    history = _history(workspace, conversation)
    ids = await history.restore_message(conversation.id)
    leaf = conversation.leaf_id or ""
    if ids:
        tree = await history.tree(conversation.id)
        if ids[0] not in tree.way(leaf):
            leaf = tree.leaf_below(ids[0])
            await history.go_to(conversation.id, leaf)
    workspace.touch()
    return ids, leaf


def _check_idle(workspace: "Workspace", conversation: Conversation) -> None:
    if workspace.turns.live(conversation.id) is not None:
        raise StillAnswering(conversation.id)


def _check_written(workspace: "Workspace", conversation: Conversation, leaf_id: str) -> None:
    live = workspace.turns.live(conversation.id)
    if live is not None and leaf_id == live.answer.id:
        raise StillAnswering(conversation.id)


def _history(workspace: "Workspace", conversation: Conversation) -> "History":
    return workspace.history_of(conversation)
