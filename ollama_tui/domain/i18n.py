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


def languages() -> tuple[str, ...]:
    """What can be spoken."""
    return ("en", *sorted(path.name for path in _LOCALES.iterdir() if path.is_dir()))


def is_spoken(language: str) -> bool:
    """Whether `language` (such as "zh_CN", or any other variety of it) can be spoken."""
    return _is_english(language) or _catalogue_of(language) is not None


def set_language(*languages: str, environment: Mapping[str, str] = os.environ) -> None:
    """Speak the first of `languages` (such as "zh_CN") that has a catalogue, else English.

    Without any, those of the environment, as gettext reads it; English ends the list wherever it stands.
    """
    _catalogue[0] = gettext.NullTranslations()
    for language in languages or _languages(environment):
        if _is_english(language):
            return
        if path := _catalogue_of(language):
            with path.open("rb") as file:
                _catalogue[0] = gettext.GNUTranslations(file)
            return


def _name(language: str) -> tuple[str, str]:
    """A language's name without its encoding, and its family."""
    name = language.partition(".")[0].partition("@")[0].replace("-", "_")
    return name, name.partition("_")[0].lower()


def _is_english(language: str) -> bool:
    return _name(language)[1] in ("en", "c", "posix")


def _catalogue_of(language: str) -> Path | None:
    name, family = _name(language)
    for each in (name, _NEAREST.get(family, family)):
        path = _LOCALES / each / "LC_MESSAGES" / "ollama_tui.mo"
        if path.is_file():
            return path
    return None


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
