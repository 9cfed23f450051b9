"""What can be done with one pane, to choose from: the way to all of it for the mouse."""

from typing import TYPE_CHECKING

from ollama_tui.domain.i18n import _
from ollama_tui.tui.actions import BY_ID
from ollama_tui.tui.widgets.question import Choice

if TYPE_CHECKING:
    from ollama_tui.tui.screens.chat import ChatScreen


async def ask(screen: "ChatScreen") -> None:
    """Ask what is to be done with the conversation's pane that has the focus, and do it. Only from a worker."""
    row, pane = screen.row, screen.pane
    at, last = row.panes.index(pane), len(row.panes) - 1
    can_grow = bool(row.plan().gaps)  # folded panes have the size that there is
    deeds = {
        "pane.split": "n",
        "pane.twin": "o",
        "pane.models": "m",
        "pane.left": "l" if at > 0 else "",
        "pane.right": "r" if at < last else "",
        "pane.larger": "+" if can_grow else "",
        "pane.smaller": "-" if can_grow else "",
        "pane.even": "e" if can_grow else "",
        "chat.rename": "t" if pane.stored else "",
        "pane.close": "c" if len(row.conversations) > 1 else "",
    }
    choices = [Choice(action_id, _(BY_ID[action_id].name), key) for action_id, key in deeds.items() if key]
    chosen = await pane.ask_person(_("What with this pane?"), choices)
    if chosen is not None:
        row.focus_on(pane)
        await screen.program.perform(BY_ID[chosen])
