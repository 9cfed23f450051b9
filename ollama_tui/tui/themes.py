"""The program's own colours, beside Textual's: calm ones for a dark and a light terminal."""

import difflib
from collections.abc import Iterable

from textual.theme import Theme

from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import one_line

DEFAULT_THEME = "lamp"

THEMES = (
    Theme(
        name="lamp",
        primary="#7aa2d6",
        secondary="#9aa7b8",
        accent="#e0b25b",
        warning="#e0a35b",
        error="#e06c75",
        success="#8fbf7f",
        foreground="#d8dce2",
        background="#16181d",
        surface="#1c1f26",
        panel="#242832",
        dark=True,
    ),
    Theme(
        name="paper",
        primary="#2f5f9e",
        secondary="#5d6673",
        accent="#9a6a00",
        warning="#a85a00",
        error="#b3261e",
        success="#3b7a2a",
        foreground="#22262c",
        background="#fbfaf7",
        surface="#f3f1ec",
        panel="#e8e5de",
        dark=False,
    ),
)


def no_theme(name: str, known: Iterable[str]) -> str:
    """That there is no theme of that name, with the nearest one."""
    near = next(iter(difflib.get_close_matches(name, list(known), 1)), "")
    told = _("There is no theme {name}.").format(name=one_line(name))
    return told + " " + (_("Did you mean {near}?").format(near=near) if near else _("/theme alone shows all."))
