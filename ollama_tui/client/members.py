"""The members of a JSON object. One that is missing, null or mistyped is as good as empty: the rest is of use."""

from collections.abc import Mapping
from typing import cast

from ollama_tui.domain.text import storable

JsonObject = Mapping[str, object]

_LARGEST = 2**63
"""The first number that neither the server nor the database can hold."""


def text(of: JsonObject, name: str) -> str:
    value = of.get(name)
    return storable(value) if isinstance(value, str) else ""


def number(of: JsonObject, name: str) -> int:
    """A whole number; a fraction is cut off."""
    return as_number(of.get(name))


def items(of: JsonObject, name: str) -> list[object]:
    value = of.get(name)
    return cast("list[object]", value) if isinstance(value, list) else []


def texts(of: JsonObject, name: str) -> tuple[str, ...]:
    """The texts of a list, without what else is in it."""
    return tuple(storable(item) for item in items(of, name) if isinstance(item, str))


def member(of: JsonObject, name: str) -> dict[str, object]:
    """An object."""
    value = of.get(name)
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def members(of: JsonObject, name: str) -> list[JsonObject]:
    """The objects of a list, without what else is in it."""
    return [cast("dict[str, object]", item) for item in items(of, name) if isinstance(item, dict)]


def as_number(value: object) -> int:
    return int(value) if isinstance(value, int | float) and abs(value) < _LARGEST else 0
