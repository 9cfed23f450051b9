"""`POST /api/chat`."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack

from ollama_tui.demo import asking, conversation, gojson, rendering, replies
from ollama_tui.demo.asking import Part, Wish
from ollama_tui.demo.clock import Stamps, stamp
from ollama_tui.demo.conversation import Ask, Message
from ollama_tui.demo.fields import Fields
from ollama_tui.demo.generation import Ending
from ollama_tui.demo.machine import Knobs, Machine
from ollama_tui.demo.models import Model
from ollama_tui.demo.protocol import JsonView, Response
from ollama_tui.demo.replies import Refusal


def _calls(part: Part) -> list[JsonView]:
    return [
        {
            **({"id": call.id} if call.id else {}),
            "function": {"index": index, "name": call.name, "arguments": dict(call.arguments)},
        }
        for index, call in enumerate(part.calls)
    ]


def _object(named: str, moment: str, part: Part, total_ns: int = 0) -> dict[str, JsonView]:
    message: dict[str, JsonView] = {"role": "assistant", "content": part.content}
    if part.thinking:
        message["thinking"] = part.thinking
    if part.calls:
        message["tool_calls"] = _calls(part)
    found: dict[str, JsonView] = {"model": named, "created_at": moment, "message": message, "done": bool(part.ending)}
    if part.ending:
        found["done_reason"] = part.ending.reason
        found.update(asking.metrics(part.ending, total_ns))
    if part.logprobs:
        found["logprobs"] = part.logprobs
    return found


def _whole(machine: Machine, wished: Wish, reason: str) -> Response:
    moment = stamp(machine.clock.now_ns())
    return replies.whole(_object(wished.named, moment, Part(ending=Ending(reason))))


async def chat(machine: Machine, record: Fields, knobs: Knobs) -> Response:
    messages = list(conversation.messages(record))
    wished = asking.wish(record)
    wished.tools = conversation.tools(record)
    wished.knobs = knobs
    if not wished.named.strip():
        raise Refusal(400, "model is required")
    model = asking.installed(machine, wished.named)
    if not messages and wished.keep_ns == 0:
        machine.scheduler.unload(model.parsed.key)
        return _whole(machine, wished, "unload")
    thinks = asking.able(model, wished, "chat")
    if wished.tools:
        asking.needs(model, "tools")
    asking.choices(model, wished)
    if not messages:
        async with AsyncExitStack() as stack:
            await asking.loaded(stack, machine, model, wished, asking.choices(model, wished), Ending())
        return _whole(machine, wished, "load")
    if messages[0].role != "system" and model.system:
        messages.insert(0, Message("system", model.system))
    messages = [*model.messages, *messages]
    if wished.render_only:
        return await _rendered(machine, model, wished, messages, thinks)
    return await _answered(machine, model, wished, messages, thinks)


async def _rendered(
    machine: Machine, model: Model, wished: Wish, messages: list[Message], thinks: bool | str
) -> Response:
    async with AsyncExitStack() as stack:
        await asking.loaded(stack, machine, model, wished, asking.choices(model, wished), Ending())
    prompt = rendering.prompt(model.template, messages, wished.tools, thinks)
    images = sum(len(message.images) for message in messages)
    debug: dict[str, JsonView] = {"rendered_template": prompt, **({"image_count": images} if images else {})}
    return replies.whole(
        {
            "model": wished.named,
            "created_at": stamp(machine.clock.now_ns()),
            "message": {"role": "", "content": ""},
            "done": False,
            "_debug_info": debug,
        }
    )


async def _answered(
    machine: Machine, model: Model, wished: Wish, messages: list[Message], thinks: bool | str
) -> Response:
    started = machine.clock.elapsed_ns()
    parts = _parts(machine, model, wished, messages, thinks)
    if not wished.stream:
        part = await asking.together(parts)
        total = machine.clock.elapsed_ns() - started
        return replies.whole(_object(wished.named, stamp(machine.clock.now_ns()), part, total))
    named = gojson.string(wished.named)

    def slow(moment: str, part: Part) -> dict[str, JsonView]:
        return _object(wished.named, moment, part, machine.clock.elapsed_ns() - started)

    def fast(moment: str, part: Part) -> str:
        thinking = f',"thinking":{gojson.string(part.thinking)}' if part.thinking else ""
        content = gojson.string(part.content)
        message = f'{{"role":"assistant","content":{content}{thinking}}}'
        return f'{{"model":{named},"created_at":"{moment}","message":{message},"done":false}}\n'

    stamps = Stamps(machine.clock)
    return await replies.lines(asking.ndjson(parts, slow, stamps, machine.speed.packet, fast))


async def _parts(
    machine: Machine, model: Model, wished: Wish, messages: list[Message], thinks: bool | str
) -> AsyncGenerator[Part, None]:
    chosen = asking.choices(model, wished)
    ending = Ending()
    async with AsyncExitStack() as stack:
        runner = await asking.loaded(stack, machine, model, wished, chosen, ending)
        form = asking.shape(wished.format)
        asking.seeing(model, messages)
        prompt = asking.fitted(model, wished, chosen, runner, messages, thinks)
        ending.prompt_count = prompt.count
        ask = Ask(
            messages=tuple(prompt.messages),
            model=model.parsed.shown,
            tools=wished.tools,
            think=thinks,
            options=wished.options,
            seed=chosen.seed,
            format=form,
        )
        left = None if wished.shift else runner.slot - prompt.count
        script = await asking.written(model, ask)
        apart = bool(thinks)
        stream = asking.parts(machine, model, wished, script, ending, left, chosen, apart=apart)
        try:
            async for part in stream:
                yield part
        finally:
            await stream.aclose()
