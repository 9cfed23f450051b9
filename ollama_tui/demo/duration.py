"""Go durations, and `keep_alive`, which is one or a number of seconds."""

import re

from ollama_tui.demo.clock import FOREVER_NS
from ollama_tui.demo.protocol import Json
from ollama_tui.demo.replies import Refusal

_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_PIECE = re.compile(r"([0-9]*\.?[0-9]*)([^0-9.]*)")


def _invalid(text: str, why: str = "invalid duration") -> Refusal:
    return Refusal(400, f'time: {why} "{text}"')


def parse(text: str) -> int:
    """Nanoseconds of a Go duration such as `1h30m`. Raises Refusal with Go's words."""
    rest = text
    sign = 1
    if rest[:1] in {"+", "-"}:
        sign = -1 if rest[0] == "-" else 1
        rest = rest[1:]
    if rest == "0":
        return 0
    if not rest:
        raise _invalid(text)
    total = 0
    while rest:
        match = _PIECE.match(rest)
        if not match or not match[1].strip("."):
            raise _invalid(text)
        if not match[2]:
            raise _invalid(text, "missing unit in duration")
        if match[2] not in _UNITS:
            raise Refusal(400, f'time: unknown unit "{match[2]}" in duration "{text}"')
        total += round(float(match[1]) * _UNITS[match[2]])
        rest = rest[match.end() :]
    return sign * total


def keep_alive(value: Json) -> int | None:
    """Nanoseconds that a model stays loaded after use; None if unset. Negative means forever."""
    if value is None:
        return None
    if isinstance(value, bool):
        raise Refusal(400, "Unsupported type: 'bool'")
    if isinstance(value, int | float):
        return FOREVER_NS if value < 0 else round(value * 10**9)
    if isinstance(value, str):
        duration = parse(value)
        return FOREVER_NS if duration < 0 else duration
    kind = "map[string]interface {}" if isinstance(value, dict) else "[]interface {}"
    raise Refusal(400, f"Unsupported type: '{kind}'")
