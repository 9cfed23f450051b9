"""Names of models as people type them: `[host/][namespace/]model[:tag]`."""

import re
from collections.abc import Iterable, Sequence

from ollama_tui.domain.i18n import _, mark
from ollama_tui.domain.text import one_line

# Lengths and characters as Ollama's types/model/name.go checks them.
_PART = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}"
_NAMESPACE = r"[A-Za-z0-9_][A-Za-z0-9_-]{0,79}"
_HOST = r"[A-Za-z0-9_][A-Za-z0-9_.:-]{0,349}"
_NAME = re.compile(rf"(?:(?:(?:https?://)?{_HOST}/)?{_NAMESPACE}/)?{_PART}(?::{_PART})?(?::(?:local|cloud))?")

_COMMAND = re.compile(r"^\s*ollama\s+(?:pull|run)\s+(\S+).*$", re.DOTALL)
_LIKE = 0.6
"""How alike a name must be to be offered, from 0 to 1."""
_PAGE = re.compile(r"^(?:https?://)?(?:www\.)?ollama\.com/(?:library/)?", re.IGNORECASE)


def typed_name(text: str) -> str:
    """The name in what was typed or pasted: `ollama run NAME` and a page of ollama.com mean NAME too."""
    command = _COMMAND.match(text)
    return _PAGE.sub("", (command[1] if command else text).strip()).rstrip("/")


def near_names(name: str, installed: Iterable[str]) -> list[str]:
    """Up to two of the `installed` names that are nearly this one, with or without their tags, `:latest` left out."""
    import difflib

    shown = [model.removesuffix(":latest") for model in installed]
    near = difflib.get_close_matches(name.casefold(), shown, 2, _LIKE)
    return near or [model for model in shown if model.partition(":")[0] == name.partition(":")[0]][:2]


def did_you_mean(names: Sequence[str]) -> str:
    """The question whether one of these names was meant; empty if there is none."""
    return _("Did you mean {names}?").format(names=_(" or ").join(map(one_line, names))) if names else ""


def name_problem(name: str) -> str:
    """Why no model can have this name, in one sentence; empty if one can."""
    if not name:
        return _("Type a model's name.")
    if _NAME.fullmatch(name):
        return ""
    if any(character.isspace() for character in name):
        return _("A model's name has no spaces.")
    return _(_FORM)


_FORM = mark("A name is like llama3.2:3b or person/model:tag: letters, digits, and . _ - inside.")
