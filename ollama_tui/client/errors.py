"""What a server said went wrong, as one of the domain's failures.

A server's words come as `{"error": "<text>"}`, but the text can itself be JSON from the runner below it (sometimes with
a line of the runner's log after it), have siblings (`signin_url`, `StatusCode`), be plain text, or be missing.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from ollama_tui.domain.failure import (
    Busy,
    ContextExceeded,
    Disconnected,
    Forbidden,
    HostFailure,
    ModelMissing,
    NotOllama,
    PlainRegistry,
    Refused,
    ServerFailed,
    Unlisted,
    Unsupported,
)
from ollama_tui.domain.text import drawable, one_line

_DETAIL = 2_000
_BEGINNING = 200

_MISSING = re.compile(r"""model ['"]?(?P<model>[^'"]*?)['"]? not found""")
_INCAPABLE = re.compile(r"""^(?:"(?P<quoted>[^"]*)"|(?P<bare>\S+)) does not support (?P<capability>\w+)""")
_TOO_LONG = re.compile(
    r"exceeds? the (?:available |maximum )?context (?:size|length)|prompt is longer than the context length",
    re.IGNORECASE,
)
_TOKENS = re.compile(r"(\d+) tokens\D+?(\d+) tokens")
_PLAIN = re.compile(r"first record does not look like a TLS handshake|server gave HTTP response to HTTPS client")
_WRONG_VALUE = re.compile(r'^(?:option "|invalid format:)')
_RUNNER_LACKS = {
    "does not support multimodal requests": "vision",
    "does not support embeddings": "embedding",
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """An error's words, taken out of whatever they were wrapped in."""

    text: str
    fields: Mapping[str, object] = field(default_factory=dict[str, object])
    """What stood beside the words, at any depth."""

    def number(self, name: str) -> int | None:
        value = self.fields.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def read_complaint(answer: Mapping[str, object]) -> Complaint:
    """The words of an `{"error": …}` object."""
    fields: dict[str, object] = {}
    log: list[str] = []
    error: object = dict(answer)
    while isinstance(error, dict):
        wrapping: Mapping[str, object] = cast("dict[str, object]", error)  # pyright: ignore[reportUnnecessaryCast]
        fields |= {name: value for name, value in wrapping.items() if name not in ("error", "message")}
        inner = wrapping.get("error", wrapping.get("message"))
        if inner is None and wrapping != answer:
            break
        error, rest = _unwrapped(inner)
        log += [rest] if rest else []
    text = error if isinstance(error, str) else json.dumps(error, ensure_ascii=False)
    return Complaint(drawable("\n".join((text.strip(), *reversed(log))))[:_DETAIL], fields)


def _unwrapped(error: object) -> tuple[object, str]:
    """The object that an error's text is, with what stands after it; or `error` as it is."""
    if isinstance(error, str) and (text := error.lstrip()).startswith("{"):
        try:
            inner, end = json.JSONDecoder().raw_decode(text)
        except (ValueError, RecursionError):
            return error, ""
        return inner, text[end:].strip()
    return error, ""


def failure_of_status(status: int, body: bytes, *, url: str, model: str = "", location: str = "") -> HostFailure:
    """The failure that an answer with an error's `status` and `body` tells; `model` is the one that was asked for."""
    try:
        answer: object = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict) and "error" in answer:
        return _classify(status, read_complaint(cast("dict[str, object]", answer)), model=model)
    words = beginning(location or body)
    if status in (401, 403):
        return Forbidden(status=status, detail=words)
    return NotOllama(url=url, status=status, detail=f"{status} {words}".strip())


def failure_of_line(answer: Mapping[str, object], *, model: str = "") -> HostFailure:
    """The failure that an `{"error": …}` line in the middle of a stream tells."""
    complaint = read_complaint(answer)
    return _classify(complaint.number("StatusCode") or 200, complaint, model=model)


def beginning(text: bytes | str) -> str:
    """The first characters of what something unknown sent, fit for one line of a terminal."""
    if isinstance(text, bytes):
        text = text[: 4 * _BEGINNING].decode("utf-8", "replace")
    return one_line(" ".join(text.split())[:_BEGINNING])


def _classify(status: int, complaint: Complaint, *, model: str) -> HostFailure:
    text = complaint.text
    if status in (401, 403):
        signin = complaint.fields.get("signin_url")
        extra = {"signin_url": one_line(signin)} if isinstance(signin, str) else {}
        return Forbidden(status=status, detail=text, **extra)
    if complaint.fields.get("type") == "exceed_context_size_error" or _TOO_LONG.search(text):
        return ContextExceeded(detail=text, **_sizes(complaint))
    if found := _INCAPABLE.match(text):
        named = model or found["quoted"] or found["bare"]
        return Unsupported(model=one_line(named), capability=found["capability"], detail=text)
    for words, capability in _RUNNER_LACKS.items():
        if words in text:
            return Unsupported(model=one_line(model), capability=capability, detail=text)
    if status in (200, 400, 404, 500) and (found := _MISSING.search(text)):
        return ModelMissing(model=one_line(model or found["model"]), detail=text)
    if "file does not exist" in text and text.startswith("pull model manifest"):
        return Unlisted(model=one_line(model), status=status, detail=text)
    if status == 503 and "server busy" in text:
        return Busy(detail=text)
    if status == 499:
        return Disconnected(detail=text)
    if status == 404 and model:
        return ModelMissing(model=one_line(model), detail=text)
    if 400 <= status < 500 or _WRONG_VALUE.match(text):
        return Refused(status=status, detail=text)
    if _PLAIN.search(text):
        return PlainRegistry(status=status, detail=text)
    return ServerFailed(status=status, detail=text)


def _sizes(complaint: Complaint) -> dict[str, int]:
    """`prompt_tokens` and `context`, from the runner's own fields or else from its words."""
    sizes = {"prompt_tokens": complaint.number("n_prompt_tokens"), "context": complaint.number("n_ctx")}
    if None in sizes.values() and (found := _TOKENS.search(complaint.text)):
        sizes = {"prompt_tokens": int(found[1]), "context": int(found[2])}
    return {name: value for name, value in sizes.items() if value is not None}
