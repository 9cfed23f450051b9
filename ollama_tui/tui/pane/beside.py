"""What stands beside a conversation: at the right where the pane is wide, else in place of it.

What was open before comes back when it is left: from the presets one comes back to the options.
"""

from typing import TYPE_CHECKING, TypeVar

from ollama_tui.tui.widgets.aside import Aside

if TYPE_CHECKING:
    from ollama_tui.tui.pane.pane import Pane

_WIDE = 110
"""Columns of a pane from which there is room for both."""

_Shown = TypeVar("_Shown", bound=Aside)


def shown(pane: "Pane", kind: type[_Shown]) -> _Shown | None:
    """What stands beside the conversation, if it is of this kind."""
    return next(iter(pane.query(kind)), None)


async def show(pane: "Pane", aside: Aside) -> None:
    """Put it there, over what was there, and let the keys come to it."""
    await pane.query(type(aside)).remove()
    pane.query(Aside).set(display=False)
    await pane.mount(aside, before=pane.prompt)
    arrange(pane)
    aside.take_focus()


async def leave(pane: "Pane") -> None:
    """Take away what stands there; back to what was there before, else to the prompt."""
    await pane.query(Aside).last().remove()
    arrange(pane)
    left = list(pane.query(Aside))
    if left:
        left[-1].display = True
        left[-1].take_focus()
    else:
        pane.prompt.take_focus()


async def close(pane: "Pane") -> None:
    """Take away all that stands there."""
    await pane.query(Aside).remove()
    arrange(pane)


def arrange(pane: "Pane") -> None:
    """Find the place for the width that the pane has now."""
    asides = pane.query(Aside)
    wide = pane.size.width >= _WIDE
    pane.set_class(bool(asides) and not wide, "-covered")
    asides.set_class(wide, "-beside")
