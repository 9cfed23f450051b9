"""Why a part of an answer is not what a schema describes, in words."""

import json
from collections.abc import Sequence
from typing import Any, cast

from ollama_tui.domain.i18n import _, drawn


def kind_of(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return _("true or false")
        case int() | float():
            return _("a number")
        case str():
            return _("a text")
        case list():
            return _("a list")
        case _:
            return _("an object")


_LENGTH = 60


def shown(value: object) -> str:
    """A value as JSON, cut where it is long."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        text = drawn("…")
    return text if len(text) <= _LENGTH else text[:_LENGTH] + drawn("…")


def reason(error: Any) -> str:
    """Why a value does not fit, in one clause without its path."""
    wanted, value = error.validator_value, error.instance
    match error.validator:
        case "type":
            kinds = cast("Sequence[str]", [wanted] if isinstance(wanted, str) else wanted)
            return _("needs {kind}, is {value}").format(kind=_(" or ").join(kinds), value=shown(value))
        case "required":
            missing = [name for name in wanted if name not in value]
            return _("lacks {names}").format(
                names=", ".join(json.dumps(name, ensure_ascii=False) for name in missing[:5])
            )
        case "enum":
            return _("is {value}, not one of {wanted}").format(value=shown(value), wanted=shown(wanted))
        case "const":
            return _("is {value}, not {wanted}").format(value=shown(value), wanted=shown(wanted))
        case "anyOf":
            return _("{value} fits none of {count} descriptions").format(value=shown(value), count=len(wanted))
        case "oneOf":
            return _("{value} does not fit exactly one of {count} descriptions").format(
                value=shown(value), count=len(wanted)
            )
        case "pattern" | "additionalProperties":
            return str(error.message)
        case None:
            return _("nothing is allowed here")
        case keyword:
            return _("{value} breaks {keyword}: {wanted}").format(
                value=shown(value), keyword=keyword, wanted=shown(wanted)
            )
