"""`POST /api/generate`."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from ollama_tui.demo import asking, continuation, gojson, rendering, replies
from ollama_tui.demo.asking import Part, Wish
from ollama_tui.demo.clock import Stamps, stamp
from ollama_tui.demo.conversation import Ask, Message
from ollama_tui.demo.fields import Fields
from ollama_tui.demo.generation import Ending
from ollama_tui.demo.machine import Knobs, Machine
from ollama_tui.demo.models import Model, Script
from ollama_tui.demo.options import Options
from ollama_tui.demo.protocol import JsonView, Response
from ollama_tui.demo.replies import Refusal
from ollama_tui.demo.template import TemplateFault, parse


@dataclass(slots=True)
class Text:
    """The fields that only generate has."""

    prompt: str
    suffix: str
    system: str | None
    template: str
    context: list[int]
    raw: bool
    images: tuple[bytes, ...]


def _text(record: Fields) -> Text:
    system = record.value("system")
    return Text(
        prompt=record.text("prompt"),
        suffix=record.text("suffix"),
        system=None if system is None else record.text("system"),
        template=record.text("template"),
        context=[item for item in record.items("context", "[]int") if isinstance(item, int)],
        raw=record.flag("raw") is True,
        images=record.images("images"),
    )


def _object(
    named: str, moment: str, part: Part, context: list[int] | None = None, total_ns: int = 0
) -> dict[str, JsonView]:
    found: dict[str, JsonView] = {"model": named, "created_at": moment, "response": part.content}
    if part.thinking:
        found["thinking"] = part.thinking
    found["done"] = bool(part.ending)
    if part.ending:
        found["done_reason"] = part.ending.reason
        if context is not None:
            found["context"] = list(context)
        found.update(asking.metrics(part.ending, total_ns))
    if part.logprobs:
        found["logprobs"] = part.logprobs
    return found


async def generate(machine: Machine, record: Fields, knobs: Knobs) -> Response:
    wished, text = asking.wish(record), _text(record)
    wished.knobs = knobs
    if not wished.named.strip():
        raise Refusal(404, "model '' not found")
    model = asking.installed(machine, wished.named)
    if not text.prompt and wished.keep_ns == 0:
        machine.scheduler.unload(model.parsed.key)
        return replies.whole(_object(wished.named, stamp(machine.clock.now_ns()), Part(ending=Ending("unload"))))
    if text.raw and (text.template or text.system or text.context):
        raise Refusal(400, "raw mode does not support template, system, or context")
    thinks = asking.able(model, wished, "generate")
    if text.suffix:
        asking.needs(model, "insert")
    chosen = asking.choices(model, wished)
    if not text.prompt:
        async with AsyncExitStack() as stack:
            await asking.loaded(stack, machine, model, wished, chosen, Ending())
        return replies.whole(_object(wished.named, stamp(machine.clock.now_ns()), Part(ending=Ending("load"))))
    if text.template:
        try:
            parse(text.template)
        except TemplateFault as fault:
            raise Refusal(500, str(fault)) from None
    return await _answered(machine, model, wished, text, thinks)


def _messages(model: Model, text: Text) -> list[Message]:
    system = model.system if text.system is None else text.system
    found = [Message("system", system)] if system else []
    if not text.context:
        found += model.messages
    return [*found, Message("user", text.prompt, images=text.images)]


def _prompt(model: Model, text: Text, messages: list[Message], thinks: bool | str) -> str:
    if text.raw:
        return text.prompt
    source = text.template or model.template
    rendered = rendering.prompt(source, messages, (), thinks, text.suffix)
    return model.vocabulary().decode(text.context) + rendered


async def _script(
    model: Model, wished: Wish, text: Text, messages: list[Message], chosen: Options, thinks: bool | str
) -> tuple[Script, bool]:
    """What is said, and whether thinking is told apart from it."""
    ask = Ask(
        messages=tuple(messages),
        model=model.parsed.shown,
        think=thinks,
        options=wished.options,
        seed=chosen.seed,
        format=asking.shape(wished.format),
        suffix=text.suffix,
        raw=text.raw,
    )
    if not text.raw:
        return await asking.written(model, ask), True
    begun = continuation.read(text.prompt)
    if begun is None:
        return await asking.written(model, replace(ask, think=False)), True
    seen = [replace(message, images=()) for message in begun.messages]
    if text.images and seen:
        seen[-1] = replace(seen[-1], images=text.images)
    whole = await asking.written(
        model, replace(ask, messages=tuple(seen), tools=begun.tools, think=begun.thinks and (thinks or True), raw=False)
    )
    left = continuation.rest(whole, begun)
    if left is None:
        left = Script(
            f"\n\n*I cannot go on from there: those are not my words. I am `{model.parsed.model}`, a rule.*\n"
        )
    return left, begun.fresh and bool(thinks)


async def _answered(machine: Machine, model: Model, wished: Wish, text: Text, thinks: bool | str) -> Response:
    started = machine.clock.elapsed_ns()
    before: list[int] = []
    parts = _parts(machine, model, wished, text, thinks, before)

    def context(part: Part) -> list[int] | None:
        return None if text.raw or part.ending is None else [*before, *part.ending.ids]

    if wished.render_only:
        return await _rendered(machine, model, wished, text, thinks)
    if not wished.stream:
        part = await asking.together(parts)
        total = machine.clock.elapsed_ns() - started
        return replies.whole(_object(wished.named, stamp(machine.clock.now_ns()), part, context(part), total))
    named = gojson.string(wished.named)

    def slow(moment: str, part: Part) -> dict[str, JsonView]:
        return _object(wished.named, moment, part, context(part), machine.clock.elapsed_ns() - started)

    def fast(moment: str, part: Part) -> str:
        thinking = f',"thinking":{gojson.string(part.thinking)}' if part.thinking else ""
        response = gojson.string(part.content)
        return f'{{"model":{named},"created_at":"{moment}","response":{response}{thinking},"done":false}}\n'

    stamps = Stamps(machine.clock)
    return await replies.lines(asking.ndjson(parts, slow, stamps, machine.speed.packet, fast))


async def _rendered(machine: Machine, model: Model, wished: Wish, text: Text, thinks: bool | str) -> Response:
    async with AsyncExitStack() as stack:
        await asking.loaded(stack, machine, model, wished, asking.choices(model, wished), Ending())
    prompt = _prompt(model, text, _messages(model, text), thinks)
    found = _object(wished.named, stamp(machine.clock.now_ns()), Part())
    count = len(text.images)
    found["_debug_info"] = {"rendered_template": prompt, **({"image_count": count} if count else {})}
    return replies.whole(found)


async def _parts(
    machine: Machine, model: Model, wished: Wish, text: Text, thinks: bool | str, before: list[int]
) -> AsyncGenerator[Part, None]:
    chosen = asking.choices(model, wished)
    ending = Ending()
    async with AsyncExitStack() as stack:
        runner = await asking.loaded(stack, machine, model, wished, chosen, ending)
        messages = _messages(model, text)
        asking.seeing(model, messages)
        prompt = _prompt(model, text, messages, thinks)
        before += model.vocabulary().encode(prompt)
        ending.prompt_count = asking.room(wished, chosen, runner, len(before) + len(text.images) * asking.IMAGE_TOKENS)
        script, apart = await _script(model, wished, text, messages, chosen, thinks)
        left = None if wished.shift else runner.slot - ending.prompt_count
        stream = asking.parts(machine, model, wished, script, ending, left, chosen, apart=apart)
        try:
            async for part in stream:
                yield part
        finally:
            await stream.aclose()
