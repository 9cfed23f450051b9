"""Keys and what they do, as one line shows them: only those that work where the focus is; each can be clicked."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.style import Style

from ollama_tui.tui.actions import BY_ID, UNBOUND, key_sign, keys_of
from ollama_tui.tui.terminal import app_of

if TYPE_CHECKING:
    from textual.widget import Widget

_BEHIND = ("app", "chat")
"""The areas whose keys are taken last: one that yields lets its keys through to them."""


class Hint(NamedTuple):
    """A few keys and a word."""

    keys: tuple[tuple[str, str], ...]
    """Signs, each with the id of what it does, or with `!` and the key for one that is no binding."""
    word: str

    @property
    def width(self) -> int:
        """Cells."""
        return sum(cell_len(sign) for sign, _does in self.keys) + 1 + cell_len(self.word)


def working_keys(screen: Screen[Any]) -> Mapping[str, str]:
    """For each action that a key does now, by id: the first key that does it."""
    changed: Mapping[str, str] = getattr(app_of(screen), "changed_keys", {})
    bound = screen.active_bindings
    keys: dict[str, str] = {}
    yielded: list[str] = []
    for key, active in bound.items():
        action_id = active.binding.id
        if action_id and active.enabled and not key.startswith(UNBOUND):
            keys.setdefault(action_id, key)
            if action_id in BY_ID and BY_ID[action_id].yields:
                yielded.append(key)
    if yielded:
        for action in BY_ID.values():
            if action.area in _BEHIND and action.id not in keys:
                key = next((key for key in keys_of(action.id, changed) if key in yielded), None)
                if key is not None:
                    keys[action.id] = key
    return keys


def hints(screen: Screen[Any], wanted: Sequence[tuple[str, str]]) -> tuple[Hint, ...]:
    """The wanted ones that work now: ids of actions, separated by blanks, and a word for them all.

    Of `id|id` the first that works is meant; `!id` is taken to work: there a widget looks at its keys itself.
    """
    keys = working_keys(screen)
    changed: Mapping[str, str] = getattr(app_of(screen), "changed_keys", {})
    shown: list[Hint] = []
    for ids, word in wanted:
        signs: list[tuple[str, str]] = []
        for either in ids.split():
            if either.startswith("!"):
                signs += [(key_sign(key), f"!{key}") for key in keys_of(either[1:], changed)[:1]]
            elif works := [action_id for action_id in either.split("|") if action_id in keys]:
                signs.append((key_sign(keys[works[0]]), works[0]))
        if signs:
            shown.append(Hint(tuple(signs), word))
    return tuple(shown)


def line_of(shown: Sequence[Hint], room: int, between: str) -> Content:
    """As many as fit, whole; the first ones are the most important."""
    pieces: list[Content] = []
    for hint in shown:
        width = hint.width + (cell_len(between) if pieces else 0)
        if width > room:
            break
        room -= width
        if pieces:
            pieces.append(Content(between))
        signs = [Content.styled(sign, "bold $text").stylize(does(action)) for sign, action in hint.keys]
        pieces += [*signs, Content(f" {hint.word}").stylize(does(hint.keys[0][1]))]
    return Content("").join(pieces)


def does(action_id: str) -> Style:
    """For words whose click does this."""
    return Style.from_meta({"does": action_id})


async def click(widget: "Widget", event: events.Click) -> None:
    """Do what the words under the pointer say."""
    action_id = str(event.style.meta.get("does", ""))
    if action_id.startswith("!"):
        event.stop()
        app_of(widget).simulate_key(action_id[1:])
        return
    for active in cast("Screen[Any]", widget.screen).active_bindings.values():
        if action_id and active.binding.id == action_id:
            event.stop()
            await app_of(widget).run_action(active.binding.action, active.node)
            return
    if action_id and BY_ID[action_id].area in _BEHIND:  # all its keys are taken first by one that yields them
        event.stop()
        await app_of(widget).run_action(f"app.act('{action_id}')")
