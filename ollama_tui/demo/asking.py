"""What chat and generate have in common: finding the model, its abilities, room for the prompt, the stream."""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

from ollama_tui.demo import duration, generation, gojson, logprobs, names, options, remote, rendering, shaping
from ollama_tui.demo.clock import Stamps
from ollama_tui.demo.conversation import Ask, Call, Message, think
from ollama_tui.demo.fields import Fields
from ollama_tui.demo.generation import Ending
from ollama_tui.demo.machine import Knobs, Machine
from ollama_tui.demo.models import Model, Script
from ollama_tui.demo.options import Options
from ollama_tui.demo.protocol import Json, JsonView
from ollama_tui.demo.replies import Refusal
from ollama_tui.demo.scheduler import Loaded

_TOO_LONG = (
    "the prompt is longer than the context length currently available to the model; shorten the prompt, adjust the "
    "context length in settings, or use a model with a longer context length"
)
_NO_IMAGES = "Multimodal data provided, but model does not support multimodal requests."
IMAGE_TOKENS = 768


@dataclass(slots=True)
class Wish:
    """The fields that chat and generate share."""

    named: str
    stream: bool
    keep_ns: int | None
    think: bool | str | None
    format: Json
    options: dict[str, Json]
    truncate: bool
    shift: bool
    logprobs: bool
    top_logprobs: int
    render_only: bool
    knobs: Knobs = field(default_factory=Knobs)
    tools: tuple[Mapping[str, Json], ...] = ()


def wish(record: Fields) -> Wish:
    """Read and check what needs no model."""
    stream, truncate, shift = record.flag("stream"), record.flag("truncate"), record.flag("shift")
    found = Wish(
        named=record.text("model"),
        stream=stream is not False,
        keep_ns=duration.keep_alive(record.value("keep_alive")),
        think=think(record.value("think")),
        format=record.value("format"),
        options=record.mapping("options"),
        truncate=truncate is not False,
        shift=shift is not False,
        logprobs=record.flag("logprobs") is True,
        top_logprobs=record.whole("top_logprobs"),
        render_only=record.flag("_debug_render_only") is True,
    )
    if not 0 <= found.top_logprobs <= 20:
        raise Refusal(400, "top_logprobs must be between 0 and 20")
    return found


def installed(machine: Machine, named: str) -> Model:
    """The model of that name. Raises Refusal if it is no name or not there."""
    name = names.parse(remote.here(named))
    if name is None:
        raise Refusal(400, "invalid model name")
    model = machine.store.find(name)
    if model is None:
        raise Refusal(404, f"model '{named}' not found")
    return model


def able(model: Model, wished: Wish, verb: str) -> bool | str:
    """Check what the model can do; what `think` comes to."""
    thinks = "thinking" in model.capabilities
    if wished.think and not thinks:
        raise Refusal(400, f'"{wished.named}" does not support thinking')
    if "completion" not in model.capabilities:
        raise Refusal(400, f'"{wished.named}" does not support {verb}')
    return thinks if wished.think is None else wished.think


def needs(model: Model, capability: str) -> None:
    if capability not in model.capabilities:
        raise Refusal(400, f"{model.parsed.full} does not support {capability}")


def shape(value: Json) -> Json:
    """The field `format`, checked: None, `json` or a schema."""
    if value is None or value == "" or value == "json" or isinstance(value, dict):
        return value or None
    quoted = gojson.string(gojson.encode(value))
    raise Refusal(500, f'invalid format: {quoted}; expected "json" or a valid JSON Schema object')


@dataclass(slots=True)
class Prompt:
    """A rendered prompt that fits."""

    text: str
    count: int
    messages: list[Message]


def _runner_refusal(status: int, record: Mapping[str, JsonView]) -> Refusal:
    """A failure of the runner itself: its JSON is the text of the error."""
    return Refusal(status, gojson.encode({"error": record}))


def fitted(
    model: Model, wished: Wish, chosen: Options, runner: Loaded, messages: list[Message], thinks: bool | str | None
) -> Prompt:
    """The conversation as a prompt that the context has room for: the oldest messages go first, then the middle."""
    vocabulary = model.vocabulary()
    messages = list(messages)
    while True:
        text = rendering.prompt(model.template, messages, wished.tools, thinks)
        images = sum(len(message.images) for message in messages)
        count = vocabulary.count(text) + images * IMAGE_TOKENS
        oldest = next((i for i, message in enumerate(messages[:-1]) if message.role != "system"), None)
        if count <= runner.context or not wished.truncate or oldest is None:
            break
        del messages[oldest]
    return Prompt(text, room(wished, chosen, runner, count), messages)


def room(wished: Wish, chosen: Options, runner: Loaded, count: int) -> int:
    """How many of `count` prompt tokens are read. Raises Refusal if there are too many and none may go."""
    if not wished.truncate:
        if count >= runner.slot:
            message = (
                f"request ({count} tokens) exceeds the available context size ({runner.slot} tokens), try increasing it"
            )
            kind = "exceed_context_size_error"
            record: dict[str, JsonView] = {"code": 400, "message": message, "type": kind}
            raise _runner_refusal(400, {**record, "n_prompt_tokens": count, "n_ctx": runner.slot})
        return count
    if count <= runner.context:
        return count
    if not wished.shift:
        raise Refusal(400, _TOO_LONG)
    return min(count, chosen.num_keep + (runner.context - chosen.num_keep) // 2)


def seeing(model: Model, messages: list[Message]) -> None:
    """Refuse images, in the runner's own words, if the model has no eyes."""
    if any(message.images for message in messages) and "vision" not in model.capabilities:
        raise _runner_refusal(400, {"code": 400, "message": _NO_IMAGES, "type": "invalid_request_error"})


@dataclass(slots=True)
class Part:
    """What one object of the stream carries, before it is given chat's or generate's shape."""

    content: str = ""
    thinking: str = ""
    calls: tuple[Call, ...] = ()
    logprobs: list[JsonView] = field(default_factory=list["JsonView"])
    ending: Ending | None = None


def called(script: Script, chance: random.Random) -> tuple[Call, ...]:
    """The calls of a script, each with an id of the server's making."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    return tuple(replace(call, id="call_" + "".join(chance.choices(letters, k=8))) for call in script.calls)


async def parts(
    machine: Machine,
    model: Model,
    wished: Wish,
    script: Script,
    ending: Ending,
    room_left: int | None,
    chosen: Options,
    *,
    apart: bool,
) -> AsyncGenerator[Part, None]:
    """The answer, object by object, the last with its ending."""
    vocabulary = model.vocabulary()
    script = replace(script, content=generation.stopped(script.content, chosen.stop))
    speed = (
        wished.knobs.tokens_per_second or script.tokens_per_second or machine.speed.tokens or model.tokens_per_second
    )
    most = generation.limit(chosen, room_left)
    started = machine.clock.elapsed_ns()
    await machine.clock.sleep(ending.prompt_count / machine.speed.prompt)
    ending.prompt_ns = machine.clock.elapsed_ns() - started
    run = generation.run(script, vocabulary, ending, machine.clock, speed, most, thinking_apart=apart)
    try:
        async for piece in run:
            known = logprobs.of(vocabulary, piece.tokens, wished.top_logprobs) if wished.logprobs else []
            yield Part(piece.content, piece.thinking, logprobs=known)
    finally:
        await run.aclose()
    calls = called(script, random.Random()) if script.calls and ending.reason == "stop" else ()  # noqa: S311 - names, no secret
    if calls and not model.calls_at_end:
        yield Part(calls=calls)
    bare = tuple(replace(call, id="") for call in calls) if model.calls_at_end else ()
    yield Part(calls=bare, ending=ending)


def metrics(ending: Ending, total_ns: int) -> dict[str, JsonView]:
    """The figures of a final object; whatever is zero is left out."""
    figures = {
        "total_duration": total_ns,
        "load_duration": ending.load_ns,
        "prompt_eval_count": ending.prompt_count,
        "prompt_eval_duration": ending.prompt_ns,
        "eval_count": ending.eval_count,
        "eval_duration": ending.eval_ns,
    }
    return {key: value for key, value in figures.items() if value}


Form = Callable[[str, Part], dict[str, JsonView]]


async def ndjson(
    parts: AsyncGenerator[Part, None], form: Form, stamps: Stamps, packet: int, fast: Callable[[str, Part], str]
) -> AsyncGenerator[bytes, None]:
    """The parts as lines, `packet` of them in a piece."""
    held: list[str] = []
    try:
        async for part in parts:
            if part.ending is None and not part.calls and not part.logprobs:
                held.append(fast(stamps.now(), part))
            else:
                held.append(gojson.encode(form(stamps.now(), part)) + "\n")
            if len(held) >= packet:
                yield "".join(held).encode()
                held.clear()
        if held:
            yield "".join(held).encode()
    finally:
        await parts.aclose()


async def together(parts: AsyncGenerator[Part, None]) -> Part:
    """All parts as one."""
    found = Part()
    content: list[str] = []
    thinking: list[str] = []
    try:
        async for part in parts:
            content.append(part.content)
            thinking.append(part.thinking)
            found.calls += part.calls
            found.logprobs += part.logprobs
            found.ending = part.ending
    finally:
        await parts.aclose()
    found.content, found.thinking = "".join(content), "".join(thinking)
    return found


async def loaded(
    stack: AsyncExitStack, machine: Machine, model: Model, wished: Wish, chosen: Options, ending: Ending
) -> Loaded:
    """The model, loaded for this request until `stack` closes."""
    before = machine.clock.elapsed_ns()
    use = machine.scheduler.use(model, chosen, wished.keep_ns, shift=wished.shift, delay=wished.knobs.delay)
    runner = await stack.enter_async_context(use)
    ending.load_ns = max(1, machine.clock.elapsed_ns() - before)
    return runner


async def written(model: Model, ask: Ask) -> Script:
    """What the model's program answers, in the form that was asked for."""
    if any(message.images for message in ask.messages):
        # Pixels take a while to look at, and nobody else should wait for that.
        script = await asyncio.to_thread(model.program, ask)
    else:
        script = model.program(ask)
    if ask.format is None or shaping.fits(ask.format, script.content):
        return script
    return replace(script, content=shaping.shaped(ask.format, script.content, model.parsed.shown), calls=())


def choices(model: Model, wished: Wish) -> Options:
    return options.merged(model.parameters, wished.options)
