"""Themes of one's own, a TOML file each: Textual's fields of a theme, checked before they are drawn with."""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import cast

from textual.color import Color, ColorParseError
from textual.theme import Theme

from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import one_line

_COLOURS = frozenset(
    {"primary", "secondary", "warning", "error", "success", "accent"}
    | {"foreground", "background", "surface", "panel", "boost"}
)
_NUMBERS = {"luminosity_spread": (0.0, 1.0), "text_alpha": (0.0, 1.0)}
_FLAGS = frozenset({"dark", "ansi"})
_FIELDS = frozenset(field.name for field in fields(Theme))
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_VARIABLE = re.compile(r"[a-z][a-z0-9-]*")
_STYLE_WORDS = frozenset(["auto", "bold", "italic", "underline", "reverse", "dim", "strike", "none", "not", "blink"])


class ThemeFault(ValueError):
    """A file is no theme; `str()` says why."""


def read_themes(folder: Path) -> tuple[list[Theme], list[str]]:
    """The themes in a folder, which need not exist, and what is wrong with the files that are none."""
    themes: list[Theme] = []
    problems: list[str] = []
    try:
        paths = sorted(folder.glob("*.toml"))
    except OSError as error:
        return [], [_("{path} cannot be read: {why}").format(path=folder, why=error.strerror or error)]
    for path in paths:
        try:
            themes.append(_theme_in(path))
        except ThemeFault as fault:
            problems.append(_("The theme {path} is left out: {why}").format(path=path, why=fault))
    return themes, problems


def _theme_in(path: Path) -> Theme:
    try:
        values = cast("dict[str, object]", tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ThemeFault(error.strerror or str(error)) from None
    except ValueError as error:  # no TOML, no UTF-8
        raise ThemeFault(one_line(str(error))) from None
    values.setdefault("name", path.stem)
    return theme_of(values)


def theme_of(values: Mapping[str, object]) -> Theme:
    """The theme that a file's values describe.

    Raises:
        ThemeFault: a value is missing, is no colour, or is called like nothing in a theme.
    """
    for name, value in values.items():
        _check(name, value)
    if "primary" not in values:
        raise ThemeFault(_("it needs a primary colour"))
    if not _NAME.fullmatch(str(values["name"])):
        raise ThemeFault(
            _("{name!r} is no name for a theme: letters, digits, - and _").format(name=one_line(str(values["name"])))
        )
    theme = Theme(**values)  # pyright: ignore[reportArgumentType] - each was checked
    try:
        theme.to_color_system().generate()
    except (ValueError, ColorParseError) as error:
        raise ThemeFault(one_line(str(error))) from None
    return theme


def _check(name: str, value: object) -> None:
    if name not in _FIELDS:
        near = next(iter(difflib.get_close_matches(name, _FIELDS, 1)), "")
        hint = " " + _("did you mean {near}?").format(near=near) if near else ""
        raise ThemeFault(_("a theme has no {name!r}").format(name=one_line(name)) + (f":{hint}" if hint else ""))
    if name in _COLOURS:
        _check_colour(name, value)
    elif name in _FLAGS:
        if not isinstance(value, bool):
            raise ThemeFault(_("{name} is true or false").format(name=name))
    elif name in _NUMBERS:
        low, high = _NUMBERS[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ThemeFault(_("{name} is a number from {low:g} to {high:g}").format(name=name, low=low, high=high))
    elif name == "variables":
        if not isinstance(value, dict):
            raise ThemeFault(_("variables is a table of names and values"))
        for variable, its in cast("dict[str, object]", value).items():
            _check_variable(variable, its)


def _check_variable(name: str, value: object) -> None:
    """A colour, maybe with an opacity (`#ffffff 30%`, `auto 80%`), or words of a text style."""
    if not _VARIABLE.fullmatch(name) or not isinstance(value, str) or not value.strip():
        raise ThemeFault(_("the variable {name!r} needs a text").format(name=one_line(name)))
    words = value.split()
    if all(word in _STYLE_WORDS or re.fullmatch(r"\d{1,3}%", word) for word in words):
        return
    if len(words) > 1 and re.fullmatch(r"\d{1,3}%", words[-1]):
        words = words[:-1]
    _check_colour(name, " ".join(words))


def _check_colour(name: str, value: object) -> None:
    try:
        if not isinstance(value, str):
            raise ColorParseError("")
        Color.parse(value)
    except ColorParseError:
        raise ThemeFault(
            _("{name} is no colour: {value}; colours are written #2f5f9e, rgb(47,95,158) or by name").format(
                name=one_line(name), value=one_line(repr(value))
            )
        ) from None
