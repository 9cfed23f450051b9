"""The value of one setting: TOML has types, the environment has only text."""

from contextlib import suppress
from typing import Any, Literal, get_args, get_origin

from ollama_tui.domain.i18n import _

_YES = ("true", "yes", "on", "t", "y", "1")
_NO = ("false", "no", "off", "f", "n", "0")


def read_value(kind: Any, given: object) -> object:
    """`given` as a setting of the type `kind` has it: text, a number, yes or no, one of some words; no table is.

    Raises:
        ValueError: it is none of that kind; `str()` says what would be.
    """
    if get_origin(kind) is Literal:
        if given in get_args(kind):
            return given
        raise ValueError(_("it must be one of {words}.").format(words=", ".join(get_args(kind))))
    if get_origin(kind) is dict:
        raise ValueError(_("it must be a table."))
    kinds = get_args(kind) or (kind,)
    if bool in kinds:
        return _flag(given)
    return _number(given) if float in kinds else _text(given)


def _flag(given: object) -> bool:
    word = str(given).casefold()
    if word not in (*_YES, *_NO):
        raise ValueError(_("it must be true or false."))
    return word in _YES


def _number(given: object) -> float:
    number = float("nan")
    if isinstance(given, int | float | str) and not isinstance(given, bool):
        with suppress(ValueError, OverflowError):
            number = float(given)
    if number != number:
        raise ValueError(_("it must be a number."))
    return number


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise ValueError(_("it must be a text in quotes."))
    if any("\ud800" <= character <= "\udfff" for character in given):  # bytes of the environment that are none
        raise ValueError(_("it must be text in UTF-8."))
    return given
