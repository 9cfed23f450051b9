"""Finding in a pane's conversation, and opening a conversation at what was found in it."""

from functools import partial
from typing import TYPE_CHECKING

from ollama_tui.domain.i18n import _
from ollama_tui.tui.pane import branching

if TYPE_CHECKING:  # imported where they are first needed: not before the first paint
    from ollama_tui.domain.hit import Hit
    from ollama_tui.domain.query import Query
    from ollama_tui.tui.pane.pane import Pane
    from ollama_tui.tui.widgets.find_bar import FindBar


def bar_of(pane: "Pane") -> "FindBar | None":
    """The bar, if it is open."""
    from ollama_tui.tui.widgets.find_bar import FindBar

    return next(iter(pane.query(FindBar)), None)


def is_finding(pane: "Pane") -> bool:
    """Whether keys go to the bar."""
    return (bar := bar_of(pane)) is not None and bar.has_focus_within


def open_bar(pane: "Pane", *, reading: bool = False) -> None:
    """Open the bar, or go back to it; with `reading`, one comes from the conversation, and goes back there."""
    pane.run_worker(partial(_open_bar, pane, reading=reading), group="find-bar", exclusive=True)


async def find(pane: "Pane", text: str) -> None:
    """Open the bar with this in it, and look for it."""
    await _open_bar(pane, text)
    look_for(pane, text)


async def _open_bar(pane: "Pane", text: str = "", *, reading: bool = False) -> "FindBar":
    from ollama_tui.tui.widgets.find_bar import FindBar

    bar = bar_of(pane)
    if bar is None:
        bar = FindBar(text, reading=reading)
        await pane.mount(bar, before=pane.prompt)
    elif text:
        bar.write(text)
    bar.take_focus()
    return bar


def close_bar(pane: "Pane") -> None:
    """Take the bar and the marks away, and stay where one is."""
    bar = bar_of(pane)
    forget(pane)
    if bar is not None and bar.reading:
        pane.transcript.focus()
    else:
        pane.prompt.take_focus()


def read_on(pane: "Pane") -> None:
    """Take the bar away, leave the marks, and read: keys there go on from place to place."""
    if (bar := bar_of(pane)) is not None:
        bar.remove()
    pane.transcript.focus()


def forget(pane: "Pane") -> None:
    """Take the marks away, and the bar if it stands."""
    look_for(pane, "")
    pane.prompt.say("")  # which of the places it was
    if (bar := bar_of(pane)) is not None:
        bar.remove()


def look_for(pane: "Pane", text: str) -> None:
    """Mark a text in the conversation, and go to the first place from here on. The next key makes it give up."""
    from ollama_tui.domain.occurrence import Sought

    pane.run_worker(partial(pane.transcript.find, Sought.literal(text)), group="find", exclusive=True)


def show_found(pane: "Pane", which: int, count: int) -> None:
    """Say which of how many places is looked at."""
    if (bar := bar_of(pane)) is not None:
        bar.show_places(which, count)
    elif which and pane.transcript.has_focus:
        pane.prompt.say(_("{which} of {count}").format(which=which, count=count))


async def open_hit(pane: "Pane", hit: "Hit", query: "Query") -> None:
    """Open the conversation of a hit at its message, on the branch that has it, with the words marked."""
    if pane.conversation.id != hit.conversation_id:
        conversation = await pane.workspace.history.conversation(hit.conversation_id)
        if conversation is None:
            return
        await pane.open(conversation)
    if hit.message_id is None:
        pane.prompt.take_focus()
        return
    if all(message.id != hit.message_id for message in pane.messages):
        if pane.live is not None:
            pane.prompt.complain(_("That is on another branch: it can be opened when the answer has ended."))
            return
        await branching.go_to(pane, await pane.workspace.history.leaf_below(hit.message_id))
    words = " ".join(term.text for term in query.terms)
    await _open_bar(pane, words)
    await pane.transcript.find(query.sought, hit.message_id)
