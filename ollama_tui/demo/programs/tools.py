"""Calls the tools that it is offered, by the words of the question."""

import json
import re
from collections.abc import Mapping

from ollama_tui.demo.conversation import Ask, Call
from ollama_tui.demo.models import Script
from ollama_tui.demo.protocol import Json

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_NAMED = re.compile(r"\b(?:in|of|for|to|at|from)\s+([\w][\w' -]*)|[\"“「](.+?)[\"”」]", re.IGNORECASE)
_ME = "I am `tools`, a rule and not a language model."


def _record(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _function(tool: Mapping[str, Json]) -> Mapping[str, Json]:
    return _record(tool.get("function"))


def _score(tool: Mapping[str, Json], question: str) -> int:
    """How many words of a tool's name and description are in the question."""
    function = _function(tool)
    described = f"{function.get('name', '')} {function.get('description', '')}".replace("_", " ").lower()
    asked = set(_WORD.findall(question.lower()))
    return len({word for word in _WORD.findall(described) if len(word) > 2} & asked)


def _value(schema: Mapping[str, Json], question: str) -> Json:
    choices = schema.get("enum")
    if isinstance(choices, list) and choices:
        return next((choice for choice in choices if str(choice).lower() in question.lower()), choices[0])
    kind = schema.get("type")
    number = _NUMBER.search(question)
    match kind[0] if isinstance(kind, list) and kind else kind:
        case "integer":
            return int(float(number[0])) if number else 1
        case "number":
            return float(number[0]) if number else 1.0
        case "boolean":
            return True
        case "array":
            return [_value(_record(schema.get("items")), question)]
        case "object":
            return _arguments(schema, question)
        case _:
            named = _NAMED.search(question)
            return (named[1] or named[2]).strip() if named else question.strip().rstrip("?!.。")


def _arguments(schema: Mapping[str, Json], question: str) -> dict[str, Json]:
    properties = _record(schema.get("properties"))
    required = schema.get("required")
    names = [str(name) for name in required] if isinstance(required, list) else list(properties)
    return {name: _value(_record(properties.get(name)), question) for name in names}


def tools(ask: Ask) -> Script:
    last = ask.messages[-1] if ask.messages else None
    if last is not None and last.role == "tool":
        results = [message for message in ask.messages if message.role == "tool"]
        told = "\n".join(f"- `{message.tool_name or 'a tool'}` says: {message.content}" for message in results)
        return Script(f"{_ME} I asked, and this came back:\n\n{told}\n")
    if not ask.tools:
        return Script(f"{_ME} No tool was offered, so there is nothing that I could call.\n")
    question = ask.question.content
    chosen = max(ask.tools, key=lambda tool: _score(tool, question))
    if not _score(chosen, question) and len(ask.tools) > 1:
        names = ", ".join(f"`{_function(tool).get('name', '')}`" for tool in ask.tools)
        return Script(f"{_ME} I was offered {names}, and none of them is in your question.\n")
    function = _function(chosen)
    arguments = _arguments(_record(function.get("parameters")), question)
    return Script(calls=(Call(str(function.get("name", "")), json.loads(json.dumps(arguments))),))
