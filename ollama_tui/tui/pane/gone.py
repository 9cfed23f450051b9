"""A conversation that was deleted elsewhere while it is open here: it says so, and can be brought back."""

from typing import TYPE_CHECKING

from textual import events
from textual.widgets import Static

from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.i18n import _
from ollama_tui.domain.identity import new_id

if TYPE_CHECKING:
    from ollama_tui.tui.pane.pane import Pane


class Gone(Static):
    """A line above the prompt; a click brings the conversation back, where that can be done."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Gone { height: auto; padding: 0 1; background: $surface; color: $text-warning; text-style: bold; }
    """

    def __init__(self, pane: "Pane", text: str) -> None:
        super().__init__(text, markup=False)
        self._pane = pane

    async def on_click(self, event: events.Click) -> None:
        """Bring it back."""
        event.stop()
        await bring_back(self._pane)


async def look(pane: "Pane") -> None:
    """Say so if the open conversation was deleted, as long as it is."""
    pane.deleted = await _how(pane) if pane.stored else None
    words = ""
    if pane.deleted == "binned":
        key = pane.key_sign_of("chat.restore")
        words = _("This conversation was deleted. {key}, a click here, or a new question brings it back.")
        words = words.format(key=key)
    elif pane.deleted == "purged":
        words = _("This conversation was deleted for good: it stands on this screen only. A question begins a new one.")
    shown = pane.query(Gone)
    if words and not shown:
        await pane.mount(Gone(pane, words), before=pane.prompt)
    elif words:
        shown.only_one().update(words)
    else:
        await shown.remove()


async def _how(pane: "Pane") -> str | None:
    kept = await pane.workspace.conversation(pane.conversation.id)
    if kept is None:
        return None if pane.workspace.turns.is_unsaved(pane.conversation.id) else "purged"
    return "binned" if kept.deleted_at is not None else None


async def bring_back(pane: "Pane") -> bool:
    """Take the open conversation out of the bin; whether it was there."""
    if pane.deleted != "binned":
        return False
    await pane.workspace.history.restore(pane.conversation.id)
    pane.workspace.touch()
    await pane.reload()
    return True


def leave(pane: "Pane") -> None:
    """Before a question: one that is deleted for good is followed by a new conversation that asks alike."""
    if pane.deleted == "purged":
        pane.conversation = Conversation(
            id=new_id(), setup=pane.conversation.setup, temporary=pane.conversation.temporary
        )
        pane.stored, pane.messages, pane.deleted = False, (), None
        pane.query(Gone).remove()
