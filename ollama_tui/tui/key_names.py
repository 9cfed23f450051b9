"""The names of keys: which there are, and which of them only some terminals can send."""

import difflib
import string

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.keys import Keys, _character_to_key  # pyright: ignore[reportPrivateUsage] - its names are the ones meant

from ollama_tui.domain.i18n import _

_MODIFIERS = ("alt", "ctrl", "hyper", "meta", "shift", "super")
_OTHER_NAMES = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+left_square_bracket": "escape"}
"""What a terminal without the Kitty protocol sends for them."""

_CHARACTERS = frozenset(_character_to_key(character) for character in string.printable if character.isprintable())
_SPECIAL = frozenset(
    name for key in Keys for name in [key.value.rpartition("+")[2]] if len(name) > 1 and not name.startswith("<")
)
_NAMES = sorted(_CHARACTERS | _SPECIAL)
_SENT = frozenset(key.value for keys in ANSI_SEQUENCES_KEYS.values() if isinstance(keys, tuple) for key in keys)
"""What any terminal can send."""


_CODED = frozenset(("up", "down", "left", "right", "home", "end", "insert", "delete", "pageup", "pagedown")) | {
    f"f{number}" for number in range(1, 13)
}
"""Keys whose codes have a place for shift, alt and ctrl."""


def problem_of(key: str) -> str:
    """Why there is no such key, with the nearest that there is; empty if there is."""
    *modifiers, name = key.split("+") if key != "+" else ["plus"]
    if key.endswith("++"):
        return _("There is no key {key}: the plus sign is called “plus”.").format(key=key)
    if key == "none":
        return _("There is no key none: two quotes with nothing between take an action's keys away.")
    for at, modifier in enumerate(modifiers):
        if modifier not in _MODIFIERS:
            nearest = _nearest(modifier, _MODIFIERS)
            better = [*modifiers[:at], nearest, *modifiers[at + 1 :], name]
            return _there_is_none(key, "+".join(better).lower() if nearest else "")
    if modifiers and len(name) == 1 and name.isupper():
        return _("A terminal sends {key} as {other}.").format(
            key=key, other="+".join([*(each for each in modifiers if each != "shift"), "shift", name.lower()])
        )
    if modifiers == ["shift"] and len(name) == 1:
        return _("A terminal sends {key} as {other}.").format(key=key, other=name.upper())
    if len(name) == 1 or name in _CHARACTERS or name in _SPECIAL:
        return ""
    nearest = _nearest(name, _NAMES)
    return _there_is_none(key, "+".join([*modifiers, nearest]) if nearest else "")


def _nearest(name: str, names: "tuple[str, ...] | list[str]") -> str:
    return next(iter(difflib.get_close_matches(name.lower(), names, 1)), "")


def _there_is_none(key: str, nearest: str) -> str:
    if nearest:
        return _("There is no key {key}. Did you mean {nearest}?").format(key=key, nearest=nearest)
    return _("There is no key {key}. Keys are called like ctrl+n, alt+enter, f5, pageup, question_mark.").format(
        key=key
    )


def limits_of(key: str) -> str:
    """Which terminals cannot send a key that there is; empty if all can."""
    if key in _OTHER_NAMES:
        return _("{key} is {other} but in terminals with the Kitty protocol.").format(key=key, other=_OTHER_NAMES[key])
    *modifiers, name = key.split("+")
    if name in _CODED and not {"super", "meta", "hyper"} & set(modifiers):
        return ""
    if not modifiers or key in _SENT or key in ("alt+enter", "ctrl+space"):
        return ""
    if modifiers == ["alt"] and name in _CHARACTERS:
        return ""
    if sorted(modifiers) == ["alt", "shift"] and len(name) == 1 and name.isalpha():
        return ""
    return _("Only terminals with the Kitty protocol send {key}.").format(key=key)
