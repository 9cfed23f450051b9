"""The objects of a stream of chat or generate as events. One slotted value a piece: this runs for every token."""

import secrets
import string

from ollama_tui.client.members import JsonObject, items, member, members, number, text
from ollama_tui.domain.event import Ended, Logprobs, Text, Thinking, TokenLogprob, ToolCall, TurnEvent
from ollama_tui.domain.message import Ending, Figures
from ollama_tui.domain.message import ToolCall as Call
from ollama_tui.domain.text import storable


def read_chat(answer: JsonObject) -> list[TurnEvent]:
    """What one object of `/api/chat` brings. The last one can bring text, thinking and calls too."""
    return _pieces(member(answer, "message"), "content", answer)


def read_generate(answer: JsonObject) -> list[TurnEvent]:
    """What one object of `/api/generate` brings."""
    return _pieces(answer, "response", answer)


def read_end(answer: JsonObject) -> Ended:
    """The last word of a stream: the object with `done` true. Figures that are zero are not in it."""
    reason = text(answer, "done_reason")
    return Ended(
        ending=Ending.LENGTH if reason == "length" else Ending.COMPLETE,
        reason=reason,
        figures=Figures(
            prompt_tokens=number(answer, "prompt_eval_count"),
            answer_tokens=number(answer, "eval_count"),
            total_duration=number(answer, "total_duration"),
            load_duration=number(answer, "load_duration"),
            prompt_duration=number(answer, "prompt_eval_duration"),
            answer_duration=number(answer, "eval_duration"),
        ),
        context=tuple(item for item in items(answer, "context") if isinstance(item, int)),
    )


def read_rendered(answer: JsonObject) -> str | None:
    """The prompt that a server was asked to render, or None from one that generates instead."""
    prompt = member(answer, "_debug_info").get("rendered_template")
    return storable(prompt) if isinstance(prompt, str) else None


def _pieces(fields: JsonObject, words: str, answer: JsonObject) -> list[TurnEvent]:
    """What is in `fields`, the answer's text under `words`, and beside it in `answer`."""
    events: list[TurnEvent] = []
    if "thinking" in fields and (thinking := text(fields, "thinking")):
        events.append(Thinking(thinking))
    if content := text(fields, words):
        events.append(Text(content))
    if "tool_calls" in fields:
        events.extend(ToolCall(_call(item, index)) for index, item in enumerate(members(fields, "tool_calls")))
    if "logprobs" in answer:
        events.append(Logprobs(tuple(_logprob(item) for item in members(answer, "logprobs"))))
    return events


def _call(item: JsonObject, position: int) -> Call:
    fields = member(item, "function")
    return Call(
        name=text(fields, "name"),
        arguments=member(fields, "arguments"),
        id=text(item, "id") or _call_id(),
        index=number(fields, "index") or position,
    )


def _call_id() -> str:
    """An id in the server's own form, for models whose calls come without: the result must name its call."""
    letters = string.ascii_lowercase + string.digits
    return "call_" + "".join(secrets.choice(letters) for _place in range(8))


def _logprob(item: JsonObject) -> TokenLogprob:
    value = item.get("logprob")
    raw = [byte for byte in items(item, "bytes") if isinstance(byte, int) and 0 <= byte < 256]
    return TokenLogprob(
        token=text(item, "token"),
        logprob=float(value) if isinstance(value, int | float) else 0.0,
        raw=bytes(raw),
        top=tuple(_logprob(other) for other in members(item, "top_logprobs")),
    )
