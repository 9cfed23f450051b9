"""The README names every setting, and every key of what can be done from a conversation."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from ollama_tui.config.settings import Settings, read_settings
from ollama_tui.tui.actions import ACTIONS, key_sign

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
ARROWS = "↑↓←→"


def keys_named() -> set[str]:
    """The keys in backticks, as the program shows them; `Alt+Shift+←→` are two."""
    named: set[str] = set()
    for found in re.findall(r"`([^`\n]+)`", README):
        stem = found.rstrip(ARROWS)
        named |= {stem + arrow for arrow in found[len(stem) :]} or {re.sub(r"Ctrl\+(.)$", r"^\1", found)}
    return named


def test_every_setting_stands_in_the_example_and_the_example_can_be_used(tmp_path: Path) -> None:
    example = next(block for block in re.findall(r"```toml\n(.*?)```", README, re.DOTALL) if block.startswith("host"))
    (file := tmp_path / "config.toml").write_text(example, encoding="utf-8")
    settings, problems = read_settings(file, {})
    assert (settings.keymap, problems) == ("vim", ())
    assert set(tomllib.loads(example)) == {field.name for field in fields(Settings)}


@pytest.mark.parametrize("area", ["app", "chat", "pane", "compare"])
def test_every_key_of_a_conversation_is_named(area: str) -> None:
    named = keys_named()
    missing = [
        f"{action.id}: {key_sign(key)}"
        for action in ACTIONS
        if action.area == area and action.keys
        for key in action.keys.split(",")
        if key_sign(key) not in named
    ]
    assert not missing


def test_every_key_that_is_named_does_something() -> None:
    keys = {key_sign(key) for action in ACTIONS for key in action.keys.split(",") if key}
    named = {key for key in keys_named() if re.fullmatch(r"(Alt\+|\^).*|F\d+", key)}
    assert len(named) > 50
    assert named <= keys
