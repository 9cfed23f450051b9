"""Two answers side by side: what of the one is not as in the other, figures, times, made-up text and ids aside."""

import json
import re
from typing import Any

from tests.demo.recorded import Exchange

_TIMES = {"created_at", "modified_at", "expires_at"}
_SAID = {"content", "thinking", "response", "token"}
_UNORDERED = {"modelfile", "parameters"}  # the server writes a model's parameters in any order
_MANIFEST = re.compile(r"^[0-9a-f]{64}$")
_CALL = re.compile(r"^call_[a-z0-9]{8}$")


def _shape(value: Any) -> Any:
    """The keys, recursively; neighbours of one shape in a list count once."""
    if isinstance(value, dict):
        return {key: _shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return _runs([_shape(inner) for inner in value])
    return type(value).__name__ if not isinstance(value, int | float) or isinstance(value, bool) else "number"


def _runs(items: list[Any]) -> list[Any]:
    return [item for index, item in enumerate(items) if not index or items[index - 1] != item]


def _texts(key: str, value: Any) -> Any:
    """The texts, with what may differ masked."""
    if isinstance(value, dict):
        return {name: _texts(name, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return _runs([_texts(key, inner) for inner in value])
    if not isinstance(value, str):
        return value if isinstance(value, bool) or value is None else 0
    if key in _TIMES or key in _SAID:
        return key
    if key == "digest" and _MANIFEST.match(value):
        return "manifest"
    if key == "id" and _CALL.match(value):
        return "call"
    if key == "error":
        return re.sub(r"\d+", "0", value)
    return sorted(value.splitlines()) if key in _UNORDERED else value


def differences(recorded: Exchange, status: int, content_type: str, body: str) -> list[str]:
    """What differs, in words; empty if nothing does."""
    found: list[str] = []
    if status != recorded.status:
        found.append(f"status {status}, recorded {recorded.status}")
    if content_type != recorded.content_type:
        found.append(f"content type {content_type!r}, recorded {recorded.content_type!r}")
    lines = body.split("\n")
    if lines[-1] == "":
        lines.pop()
    try:
        theirs, ours = [json.loads(line) for line in recorded.lines], [json.loads(line) for line in lines]
    except ValueError:
        return found + ([] if lines == recorded.lines else [f"text {lines}, recorded {recorded.lines}"])
    if _runs([_shape(line) for line in ours]) != _runs([_shape(line) for line in theirs]):
        found.append(
            f"keys {_runs([_shape(line) for line in ours])}, recorded {_runs([_shape(line) for line in theirs])}"
        )
    said, heard = _runs([_texts("", line) for line in ours]), _runs([_texts("", line) for line in theirs])
    if said != heard:
        found.append(
            "texts: " + "; ".join(f"{a!r}, recorded {b!r}" for a, b in zip(said, heard, strict=False) if a != b)
        )
    return found
