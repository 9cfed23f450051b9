"""What is wrong with keys: ids and keys that there are none of, and keys of which one action takes another's."""

import difflib
from collections.abc import Iterable, Mapping

from textual.binding import Binding
from textual.widgets import Input

from ollama_tui.domain.i18n import _, mark
from ollama_tui.tui.actions import ACTIONS, BY_ID, Action, keys_of
from ollama_tui.tui.key_names import limits_of, problem_of
from ollama_tui.tui.keymaps import changed_keys
from ollama_tui.tui.places import PLACE_NAMES, PLACES, TALKING
from ollama_tui.tui.widgets.prompt_keys import EDITING

_MAIN_PLACES = ("prompt", "transcript")
"""Where the keys of the conversation and of the program must work; what is opened over them may take them."""

TEXTUALS: Mapping[str, str] = {
    "tab": mark("goes to the next part of the screen"),
    "shift+tab": mark("goes to the part before"),
    "ctrl+c": mark("copies what is selected"),
    "f12": mark("opens the palette"),
}
"""What Textual's own keys do, which have no ids (8.2.8, screen.py:269)."""

_FIELD = frozenset(key for binding in Input.BINDINGS if isinstance(binding, Binding) for key in binding.key.split(","))
"""What edits in a field to fill in."""


def conflicts(preset: str, own: Mapping[str, str]) -> list[str]:
    """What is wrong with the configuration's keys over a preset, a sentence each."""
    changed = changed_keys(preset, own)
    return list(
        dict.fromkeys(
            [
                *(_no_action(name) for name in own if name not in BY_ID),
                *_bad_keys(own),
                *(sentence for sentence in _clashes(changed, own)),
            ]
        )
    )


def _no_action(name: str) -> str:
    nearest = difflib.get_close_matches(name, BY_ID, 1, 0.5)
    if nearest:
        return _("There is no action {name!r} to give a key. Did you mean {nearest}?").format(
            name=name, nearest=nearest[0]
        )
    return _("There is no action {name!r} to give a key; F1 lists them.").format(name=name)


def _bad_keys(own: Mapping[str, str]) -> Iterable[str]:
    for name in own:
        if name not in BY_ID:
            continue
        keys = keys_of(name, own)
        wrong = [problem for key in keys if (problem := problem_of(key))]
        yield from (f"{name}: {problem}" for problem in wrong)
        limits = [limit for key in keys if not problem_of(key) and (limit := limits_of(key))]
        if limits and len(limits) + len(wrong) == len(keys):  # no other key does it either
            yield f"{name}: {limits[0]}"


def _clashes(changed: Mapping[str, str], own: Mapping[str, str]) -> Iterable[str]:
    """One key for two actions of a place. In the table itself, what an inner area means to hide is none."""
    by_key: dict[str, list[Action]] = {}
    for action in ACTIONS:
        for key in keys_of(action.id, changed):
            by_key.setdefault(key, []).append(action)
    told: set[tuple[str, str, str]] = set()
    for place, areas in PLACES.items():
        for key, actions in by_key.items():
            here = sorted(
                (action for action in actions if action.area in areas), key=lambda one: _rank(one, areas, changed)
            )
            for at, hidden in enumerate(here[1:], 1):
                winner = here[at - 1]
                if winner.yields or not _matters(winner, hidden, place, own) or (key, winner.id, hidden.id) in told:
                    continue
                told.add((key, winner.id, hidden.id))
                yield _("{key} is on {winner} and on {hidden}: {place}, {winner} wins.").format(
                    key=key, winner=winner.id, hidden=hidden.id, place=_(PLACE_NAMES[place])
                )
    for name in own:
        if name in BY_ID:
            yield from _over_textuals(BY_ID[name], changed)


def _rank(action: Action, areas: tuple[str, ...], changed: Mapping[str, str]) -> tuple[int, bool, bool, int]:
    """Who comes first: the inner area; in the prompt its text; then changed keys, in the order of the table."""
    return (
        _depth(action, areas),
        action.area == "prompt" and action.id not in EDITING,
        action.id not in changed,
        ACTIONS.index(action),
    )


def _depth(action: Action, areas: tuple[str, ...]) -> int:
    """Where an action's area stands; those of the screen with the conversations are one."""
    area = areas.index(action.area)
    talking = [areas.index(each) for each in TALKING if each in areas and each != "app"]
    return min(talking) if area in talking else area


def _matters(winner: Action, hidden: Action, place: str, own: Mapping[str, str]) -> bool:
    if winner.id in own or hidden.id in own:
        return True
    return winner.area == hidden.area or (hidden.area in TALKING and place in _MAIN_PLACES)


def _over_textuals(action: Action, changed: Mapping[str, str]) -> Iterable[str]:
    for key in keys_of(action.id, changed):
        if key in BY_ID[action.id].keys.split(","):
            continue
        if key in TEXTUALS and action.area in TALKING:
            yield _("{key} is on {id}: otherwise it {does}, which it does no more.").format(
                key=key, id=action.id, does=_(TEXTUALS[key])
            )
        elif key in _FIELD and action.area in TALKING:
            yield _("{key} is on {id}, but edits in a field to fill in.").format(key=key, id=action.id)
