"""Every action that has keys has one that a plain terminal can send, and that arrives, in each set of keys."""

import string
import time

import pytest
from textual import events
from textual.keys import _character_to_key  # pyright: ignore[reportPrivateUsage] - its names are the ones meant

from ollama_tui.tui.actions import ACTIONS
from ollama_tui.tui.keyboard import KeyParser
from ollama_tui.tui.keymaps import PRESETS

CHARACTERS = {_character_to_key(character): character for character in string.printable if character.isprintable()}
LETTERS = {"up": "A", "down": "B", "right": "C", "left": "D", "home": "H", "end": "F"}
FUNCTIONS = (11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24)
NUMBERS = {"insert": 2, "delete": 3, "pageup": 5, "pagedown": 6, **{f"f{at}": n for at, n in enumerate(FUNCTIONS, 1)}}
BASES = {"enter": "\r", "escape": "\x1b", "tab": "\t", "backspace": "\x7f", "space": " "}
CONTROLS = {"@": "\0", "underscore": "\x1f", "space": "\0", "backspace": "\b"}
SAME = {"ctrl+left": "alt+b", "ctrl+right": "alt+f", "ctrl+w": "alt+backspace"}
"""What arrives as another key that does the same."""


def sent(key: str) -> str:
    """What xterm without any protocol of its own sends for a key; empty if it can send nothing."""
    *modifiers, name = key.split("+")
    number = 1 + ("shift" in modifiers) + 2 * ("alt" in modifiers) + 4 * ("ctrl" in modifiers)
    if "super" in modifiers:
        return ""
    if name in LETTERS:
        return f"\x1b[{LETTERS[name]}" if number == 1 else f"\x1b[1;{number}{LETTERS[name]}"
    if name in NUMBERS:
        return f"\x1b[{NUMBERS[name]}~" if number == 1 else f"\x1b[{NUMBERS[name]};{number}~"
    if key == "shift+tab":
        return "\x1b[Z"
    base = BASES.get(name) or CHARACTERS.get(name, name)
    if "ctrl" in modifiers:
        base = CONTROLS.get(name) or (chr(ord(base.upper()) & 31) if base.isalpha() else "")
    elif "shift" in modifiers:
        base = base.upper()
    return "\x1b" * ("alt" in modifiers) + base if base else ""


def heard(sequence: str) -> str:
    """The key that comes of it."""
    parser = KeyParser()
    messages = list(parser.feed(sequence))
    deadline = time.monotonic() + 1
    while parser.is_waiting and time.monotonic() < deadline:
        time.sleep(0.01)
        messages += parser.tick()
    return "+".join(message.key for message in messages if isinstance(message, events.Key))


@pytest.mark.parametrize("keymap", PRESETS)
def test_every_action_has_a_key_that_arrives(keymap: str) -> None:
    arrives: dict[str, bool] = {}
    for action in ACTIONS:
        keys = [key for key in PRESETS[keymap].get(action.id, action.keys).split(",") if key]
        for key in keys:
            if key not in arrives:
                came = heard(bytes_of) if (bytes_of := sent(key)) else ""
                arrives[key] = key in (came, SAME.get(came))
        assert not keys or any(arrives[key] for key in keys), (action.id, keys)
    assert sum(arrives.values()) > 100
    assert not arrives["super+z"]
