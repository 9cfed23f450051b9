"""The words a person reads: gettext, looked up when they are shown, so that a language can be set after import."""

import gettext
from pathlib import Path

_LOCALES = Path(__file__).parent.parent / "locales"
_catalogue: list[gettext.NullTranslations] = [gettext.NullTranslations()]


def set_language(*languages: str) -> None:
    """Speak the first of `languages` (such as "zh_CN") that has a catalogue, else English."""
    _catalogue[0] = gettext.translation("ollama_tui", _LOCALES, languages or None, fallback=True)


def _(text: str) -> str:
    """`text` in the person's language."""
    return _catalogue[0].gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """`one` or `many` in the person's language, as `count` asks."""
    return _catalogue[0].ngettext(one, many, count)


def mark(text: str) -> str:
    """`text` itself, marked for translation: for tables that are written at import and looked up when shown."""
    return text
