"""The objects of a stream of chat or generate as events. One slotted value a piece: this runs for every token."""

import secrets
import string
from collections.abc import Mapping
from typing import cast

from ollama_tui.domain.event import Ended, Logprobs, Text, Thinking, TokenLogprob, ToolCall, TurnEvent
from ollama_tui.domain.message import Ending, Figures
from ollama_tui.domain.message import ToolCall as Call
from ollama_tui.domain.text import storable


def read_chat(answer: Mapping[str, object]) -> list[TurnEvent]:
    """What one object of `/api/chat` brings. The last one can bring text, thinking and calls too."""
    message = answer.get("message")
    if not isinstance(message, dict):
        return []
    fields = cast("dict[str, object]", message)
    return _pieces(fields.get("thinking"), fields.get("content"), fields.get("tool_calls"), answer.get("logprobs"))


def read_generate(answer: Mapping[str, object]) -> list[TurnEvent]:
    """What one object of `/api/generate` brings."""
    return _pieces(answer.get("thinking"), answer.get("response"), answer.get("tool_calls"), answer.get("logprobs"))


def read_end(answer: Mapping[str, object]) -> Ended:
    """The last word of a stream: the object with `done` true. Figures that are zero are not in it."""
    reason = answer.get("done_reason")
    reason = reason if isinstance(reason, str) else ""
    context = answer.get("context")
    return Ended(
        ending=Ending.LENGTH if reason == "length" else Ending.COMPLETE,
        reason=reason,
        figures=Figures(
            prompt_tokens=_number(answer, "prompt_eval_count"),
            answer_tokens=_number(answer, "eval_count"),
            total_duration=_number(answer, "total_duration"),
            load_duration=_number(answer, "load_duration"),
            prompt_duration=_number(answer, "prompt_eval_duration"),
            answer_duration=_number(answer, "eval_duration"),
        ),
        context=tuple(item for item in _list(context) if isinstance(item, int)),
    )


def read_rendered(answer: Mapping[str, object]) -> str | None:
    """The prompt that a server was asked to render, or None from one that generates instead."""
    rendering = answer.get("_debug_info")
    prompt = cast("dict[str, object]", rendering).get("rendered_template") if isinstance(rendering, dict) else None
    return storable(prompt) if isinstance(prompt, str) else None


def _pieces(thinking: object, text: object, calls: object, logprobs: object) -> list[TurnEvent]:
    events: list[TurnEvent] = []
    if thinking and isinstance(thinking, str):
        events.append(Thinking(storable(thinking)))
    if text and isinstance(text, str):
        events.append(Text(storable(text)))
    if calls:
        events.extend(ToolCall(_call(item, index)) for index, item in enumerate(_objects(calls)))
    if logprobs:
        events.append(Logprobs(tuple(_logprob(item) for item in _objects(logprobs))))
    return events


def _call(item: Mapping[str, object], position: int) -> Call:
    function = item.get("function")
    fields = cast("dict[str, object]", function) if isinstance(function, dict) else {}
    arguments = fields.get("arguments")
    return Call(
        name=_text(fields, "name"),
        arguments=cast("dict[str, object]", arguments) if isinstance(arguments, dict) else {},
        id=_text(item, "id") or _call_id(),
        index=_number(fields, "index") or position,
    )


def _call_id() -> str:
    """An id in the server's own form, for models whose calls come without: the result must name its call."""
    letters = string.ascii_lowercase + string.digits
    return "call_" + "".join(secrets.choice(letters) for _place in range(8))


def _logprob(item: Mapping[str, object]) -> TokenLogprob:
    value = item.get("logprob")
    raw = [number for number in _list(item.get("bytes")) if isinstance(number, int) and 0 <= number < 256]
    return TokenLogprob(
        token=_text(item, "token"),
        logprob=float(value) if isinstance(value, int | float) else 0.0,
        raw=bytes(raw),
        top=tuple(_logprob(other) for other in _objects(item.get("top_logprobs"))),
    )


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    return storable(value) if isinstance(value, str) else ""


def _number(fields: Mapping[str, object], name: str) -> int:
    value = fields.get(name)
    return int(value) if isinstance(value, int | float) and value == value and abs(value) != float("inf") else 0


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _objects(value: object) -> list[Mapping[str, object]]:
    return [cast("dict[str, object]", item) for item in _list(value) if isinstance(item, dict)]
