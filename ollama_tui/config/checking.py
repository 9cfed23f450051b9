"""Checking what the person configured, each value by itself: one that is wrong takes no other with it."""

from collections.abc import Iterable, Mapping
from typing import Any, cast, get_origin

from ollama_tui.config.setting_value import read_value
from ollama_tui.domain.i18n import _, is_spoken, languages
from ollama_tui.domain.options import BY_NAME, check_option

Wrong = tuple[tuple[str, ...], str]
"""The keys that lead to what cannot be used, and why not."""


def check(values: Mapping[str, object], kinds: Mapping[str, Any]) -> tuple[dict[str, object], list[Wrong]]:
    """What of `values` can be used as settings of these types, by name, and what cannot."""
    sound: dict[str, object] = {}
    wrong: list[Wrong] = []
    for name, value in values.items():
        try:
            if name not in kinds:
                wrong.append(((name,), _unknown_setting(name, kinds)))
            elif get_origin(kinds[name]) is dict and isinstance(value, dict):
                entries, wrong_entries = _check_table(name, cast("dict[str, object]", value), kinds)
                sound[name] = entries
                wrong += wrong_entries
            else:
                sound[name] = read_value(kinds[name], value)
                if name == "language":
                    _check_language(str(value))
        except ValueError as error:
            sound.pop(name, None)
            wrong.append(((name,), str(error)))
    return sound, wrong


def _check_language(name: str) -> None:
    if name and not is_spoken(name):
        raise ValueError(_("it must be one of {words}.").format(words=", ".join(languages())))


def _check_table(
    table: str, values: Mapping[str, object], kinds: Mapping[str, Any]
) -> tuple[dict[str, object], list[Wrong]]:
    sound: dict[str, object] = {}
    wrong: list[Wrong] = []
    for name, value in values.items():
        try:
            if table != "options":
                sound[name] = read_value(str, value)
            elif name in BY_NAME:
                sound[name] = check_option(name, value)
            else:
                wrong.append(((table, name), _unknown_parameter(name, kinds)))
        except ValueError as error:
            wrong.append(((table, name), str(error)))
    return sound, wrong


def _unknown_setting(name: str, kinds: Mapping[str, Any]) -> str:
    if name in BY_NAME:
        return _("there is no such setting. It is a parameter, and belongs below [options].")
    return _near(_("there is no such setting."), name, kinds)


def _unknown_parameter(name: str, kinds: Mapping[str, Any]) -> str:
    if name in kinds:
        return _("there is no such parameter. It is a setting, and belongs above the first [table].")
    return _near(_("there is no such parameter."), name, BY_NAME)


def _near(told: str, name: str, known: Iterable[str]) -> str:
    import difflib

    near = next(iter(difflib.get_close_matches(name.casefold(), list(known), 1)), "")
    return told + " " + _("Did you mean {near}?").format(near=near) if near else told
