"""What is typed in a pane and not sent: kept with its conversation, and shown again where that is opened."""

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ollama_tui.domain.conversation import Conversation
    from ollama_tui.tui.pane.pane import Pane


def note(pane: "Pane") -> None:
    """Keep what is typed, soon. What was held back for want of a model counts as typed."""
    texts = (*(held.text for held in pane.held), pane.prompt.text)
    pane.workspace.drafts.save(pane.conversation, "\n\n".join(text for text in texts if text))


def mirror(pane: "Pane") -> None:
    """Show what is typed in the other panes of the same conversation: it is one draft, typed in one place at a time."""
    text = pane.prompt.text
    for other in pane.program.chat_screen.panes:
        if other is not pane and other.conversation.id == pane.conversation.id and other.prompt.text != text:
            other.prompt.put_draft(text)


async def take(pane: "Pane") -> None:
    """In a new conversation, go on with what was typed into one and not sent, unless that is open in another pane."""
    others = [other.conversation.id for other in pane.program.chat_screen.panes if other is not pane]
    show(pane, await pane.workspace.drafts.take(pane.conversation, besides=others))


async def take_up(pane: "Pane", conversation: "Conversation", *, stored: bool = True) -> None:
    """Open a conversation with its draft, as it is kept."""
    await pane.workspace.drafts.flush()
    pane.conversation = conversation
    pane.stored = stored
    if pane.is_open:
        pane.held.clear()
    text = conversation.draft if conversation.temporary else await pane.workspace.drafts.of(conversation.id)
    pane.conversation = replace(conversation, draft=text)
    if pane.is_open:
        pane.prompt.load_draft(text)
    else:
        show(pane, text)


def show(pane: "Pane", draft: str) -> None:
    """Show a draft; where something is typed already, it follows that."""
    typed = pane.prompt.text
    if draft and draft != typed:
        pane.prompt.load_draft(f"{draft}\n{typed}" if typed else draft)
    if typed:
        note(pane)
