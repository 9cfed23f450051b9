"""Pins, tags and the archive, for the conversation of a pane or another one."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import tag_of, tag_words
from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import one_line

if TYPE_CHECKING:
    from ollama_tui.domain.conversation import Conversation
    from ollama_tui.tui.pane.pane import Pane


async def pin(pane: "Pane", conversation_id: str | None = None) -> None:
    """Pin a conversation, by default the open one, above the others; a pinned one goes back among them."""
    if (conversation := await _kept(pane, conversation_id)) is not None:
        await pane.workspace.history.pin(conversation.id, not conversation.pinned)
        pane.prompt.say(_("Back among the others.") if conversation.pinned else _("Pinned above the others."))
        pane.workspace.touch()


async def archive(pane: "Pane", conversation_id: str | None = None) -> None:
    """Put a conversation, by default the open one, into the archive; one from there goes back among the others."""
    if (conversation := await _kept(pane, conversation_id)) is not None:
        await pane.workspace.history.archive(conversation.id, not conversation.archived)
        key = pane.key_sign_of("list.shelf")
        told = _("Archived: out of the list, still found by the search. {key} in the list shows the archive.")
        pane.prompt.say(_("Back among the others.") if conversation.archived else told.format(key=key))
        pane.workspace.touch()


async def tag(pane: "Pane", words: Iterable[str], conversation_id: str | None = None) -> None:
    """Give tags; a word with a minus before it takes one away."""
    if (conversation := await _kept(pane, conversation_id)) is None:
        return
    words = tag_words(" ".join(words))
    add = [made for word in words if not word.startswith("-") and (made := tag_of(word))]
    remove = [tag_of(word[1:]) for word in words if word.startswith("-")]
    _say_tags(pane, await pane.workspace.history.change_tags(conversation.id, add=add, remove=remove))
    pane.workspace.touch()


async def ask_tags(pane: "Pane", conversation_id: str | None) -> None:
    """Ask for all tags of a conversation, those that it has being written already."""
    if (conversation := await _kept(pane, conversation_id)) is None:
        return
    history = pane.workspace.history
    had = await history.tags(conversation.id)
    question = _("Tags of “{title}”, separated by blanks or commas:").format(
        title=one_line(conversation.title) or _("Untitled")
    )
    answer = await pane.ask_person(question, field=" ".join(had), placeholder=_("such as: work python"))
    if answer is None:
        return
    wanted = [made for word in tag_words(answer) if (made := tag_of(word))]
    gone = [one for one in had if one not in wanted]
    _say_tags(pane, await history.change_tags(conversation.id, add=wanted, remove=gone))
    pane.workspace.touch()


def _say_tags(pane: "Pane", tags: tuple[str, ...]) -> None:
    told = _("Tags: {tags}").format(tags=" ".join(f"#{one}" for one in tags)) if tags else _("It has no tags.")
    pane.prompt.say(told)


async def _kept(pane: "Pane", conversation_id: str | None) -> "Conversation | None":
    """The conversation as it is kept; None, with a word about it, where it is not."""
    if conversation_id is None and pane.conversation.temporary:
        pane.prompt.complain(_("A temporary conversation is not kept, so it is in no list."))
        return None
    conversation = await pane.workspace.history.conversation(conversation_id or pane.conversation.id)
    if conversation is None:
        pane.prompt.complain(_("There is nothing to keep yet: ask something first."))
    return conversation
