"""Requests as the JSON that Ollama reads. What was not set is not sent, so that the model's own defaults hold."""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping

from ollama_tui.domain.message import Format, KeepAlive, Think
from ollama_tui.domain.options import Options
from ollama_tui.domain.request import ChatMessage, ChatRequest, CreateRequest, GenerateRequest
from ollama_tui.domain.text import storable

Body = dict[str, object]


def encode(body: Mapping[str, object]) -> bytes:
    """`body` as JSON in UTF-8; a lone surrogate, which a shell's argument can hold, becomes U+FFFD."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=_plain)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return storable(text).encode()


def chat_body(request: ChatRequest) -> Body:
    return {
        "model": request.model,
        "messages": [_message(message) for message in request.messages],
        "stream": True,
        **_common(request.options, request.think, request.format, request.keep_alive),
        **({"tools": list(request.tools)} if request.tools else {}),
        **_set(
            truncate=request.truncate,
            shift=request.shift,
            logprobs=request.logprobs,
            top_logprobs=request.top_logprobs,
        ),
    }


def render_body(request: ChatRequest) -> Body:
    """A chat that is only rendered: the stream is asked for so that a server that does not know how can be stopped."""
    return chat_body(request) | {"_debug_render_only": True}


def generate_body(request: GenerateRequest) -> Body:
    return {
        "model": request.model,
        "prompt": request.prompt,
        "stream": True,
        **_common(request.options, request.think, request.format, request.keep_alive),
        **({"images": _images(request.images)} if request.images else {}),
        **_set(
            suffix=request.suffix,
            system=request.system,
            template=request.template,
            context=list(request.context) if request.context is not None else None,
            raw=request.raw,
            truncate=request.truncate,
            shift=request.shift,
            logprobs=request.logprobs,
            top_logprobs=request.top_logprobs,
        ),
    }


def load_body(model: str, options: Options | None, keep_alive: KeepAlive | None, shift: bool | None) -> Body:
    """A generate without a prompt, which only loads the model."""
    return {"model": model, "stream": False, **_common(options or {}, None, None, keep_alive), **_set(shift=shift)}


def load_embedding_body(model: str, options: Options | None, keep_alive: KeepAlive | None) -> Body:
    """An embed of nothing, which only loads the model."""
    return {"model": model, "input": [], **_common(options or {}, None, None, keep_alive)}


def create_body(request: CreateRequest) -> Body:
    """A create; an empty system prompt is sent, since it takes away that of the model it is made from."""
    lists: Body = {
        "files": dict(request.files),
        "adapters": dict(request.adapters),
        "license": list(request.license),
        "parameters": plain_options(request.parameters),
        "messages": [_message(message) for message in request.messages],
    }
    return {
        "model": request.model,
        "stream": True,
        **_set(
            template=request.template,
            system=request.system,
            quantize=request.quantize,
            renderer=request.renderer,
            parser=request.parser,
        ),
        **({"from": request.from_model} if request.from_model is not None else {}),
        **{name: value for name, value in lists.items() if value},
    }


def plain_options(options: Options) -> Body:
    """`options` as JSON has them: `stop` is a list even for one text."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in options.items()}


def _common(options: Options, think: Think | None, form: Format | None, keep_alive: KeepAlive | None) -> Body:
    return {
        **({"options": plain_options(options)} if options else {}),
        **_set(think=think, format=form, keep_alive=keep_alive),
    }


def _set(**fields: object) -> Body:
    return {name: value for name, value in fields.items() if value is not None}


def _message(message: ChatMessage) -> Body:
    body: Body = {"role": message.role, "content": message.content}
    if message.thinking:
        body["thinking"] = message.thinking
    if message.images:
        body["images"] = _images(message.images)
    if message.tool_calls:
        body["tool_calls"] = [
            {
                **({"id": call.id} if call.id else {}),
                "function": {"index": call.index, "name": call.name, "arguments": dict(call.arguments)},
            }
            for call in message.tool_calls
        ]
    if message.tool_name:
        body["tool_name"] = message.tool_name
    if message.tool_call_id:
        body["tool_call_id"] = message.tool_call_id
    return body


def _images(images: Iterable[bytes]) -> list[str]:
    """Standard base64 with its padding: the server takes no data URL."""
    return [b64encode(image).decode("ascii") for image in images]


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    raise TypeError(f"{type(value).__name__} is no JSON")
