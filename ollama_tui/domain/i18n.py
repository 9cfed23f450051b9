"""The words a person reads: gettext, looked up when they are shown, so that a language can be set after import."""

import gettext
import os
from collections.abc import Callable, Mapping
from pathlib import Path

_LOCALES = Path(__file__).parent.parent / "locales"
_NEAREST = {"zh": "zh_CN"}
"""The catalogue for a language whose own variety has none."""
_catalogue: list[gettext.NullTranslations] = [gettext.NullTranslations()]
_drawn: list[Callable[[str], str]] = [str]


def set_language(*languages: str, environment: Mapping[str, str] = os.environ) -> None:
    """Speak the first of `languages` (such as "zh_CN") that has a catalogue, else English.

    Without any, those of the environment, as gettext reads it; English ends the list wherever it stands.
    """
    _catalogue[0] = gettext.NullTranslations()
    for language in languages or _languages(environment):
        name = language.partition(".")[0].partition("@")[0].replace("-", "_")
        family = name.partition("_")[0].lower()
        if family in ("en", "c", "posix"):
            return
        for each in (name, _NEAREST.get(family, family)):
            path = _LOCALES / each / "LC_MESSAGES" / "ollama_tui.mo"
            if path.is_file():
                with path.open("rb") as file:
                    _catalogue[0] = gettext.GNUTranslations(file)
                return


def _languages(environment: Mapping[str, str]) -> list[str]:
    """LANGUAGE counts only where a locale is set at all."""
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(name))), "C")
    if locale.partition(".")[0] in ("C", "POSIX"):
        return []
    return [each for each in environment.get("LANGUAGE", "").split(":") if each] or [locale]


def draw_with(drawn: Callable[[str], str]) -> None:
    """Let all words pass through `drawn`, before anything is put into them: a screen may have other signs."""
    _drawn[0] = drawn


def _(text: str) -> str:
    """`text` in the person's language."""
    return _drawn[0](_catalogue[0].gettext(text) if text else text)


def ngettext(one: str, many: str, count: int) -> str:
    """`one` or `many` in the person's language, as `count` asks."""
    return _drawn[0](_catalogue[0].ngettext(one, many, count))


def drawn(text: str) -> str:
    """Signs of ours, which are no words, as they are drawn."""
    return _drawn[0](text)


def mark(text: str) -> str:
    """`text` itself, marked for translation: for tables that are written at import and looked up when shown."""
    return text
