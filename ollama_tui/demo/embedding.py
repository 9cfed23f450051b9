"""`POST /api/embed`, and `/api/embeddings`, which came before it."""

import math
import re
import struct
from collections.abc import Callable
from contextlib import AsyncExitStack

from ollama_tui.demo import duration, names, options, remote, replies
from ollama_tui.demo.fields import Fields
from ollama_tui.demo.machine import Knobs, Machine
from ollama_tui.demo.models import Model
from ollama_tui.demo.protocol import JsonView, Response
from ollama_tui.demo.replies import Refusal

_UNABLE = "This server does not support embeddings. Start it with `--embeddings`"
_LONG = "the input length exceeds the context length"
_WORD = re.compile(r"\w+")
_FNV, _PRIME = 0xCBF29CE484222325, 0x100000001B3


def _hash(text: str) -> int:
    """FNV-1a: the same in every process, which Python's own is not."""
    found = _FNV
    for byte in text.encode("utf-8", "replace"):
        found = ((found ^ byte) * _PRIME) & 0xFFFFFFFFFFFFFFFF
    return found ^ (found >> 29)


def hashed(size: int) -> Callable[[str], list[float]]:
    """Vectors of `size` numbers from words and their pieces of two to four letters: alike where those are shared."""

    def embed(text: str) -> list[float]:
        vector = [0.0] * size
        for word in _WORD.findall(text.lower()) or [text]:
            marked = f"<{word}>"
            for length in (2, 3, 4):
                for at in range(max(1, len(marked) - length + 1)):
                    code = _hash(marked[at : at + length])
                    vector[code % size] += 1.0 if code >> 63 else -1.0
            code = _hash(marked)
            vector[code % size] += 2.0 if code >> 63 else -2.0
        return unit(vector)

    return embed


def unit(vector: list[float]) -> list[float]:
    """`vector` with length one."""
    length = math.sqrt(sum(value * value for value in vector))
    return [value / length for value in vector] if length else [1.0, *vector[1:]]


class _Single(float):
    """A number whose shortest form is that of a 32-bit float."""

    def __repr__(self) -> str:
        for digits in range(6, 10):
            shown = f"{float(self):.{digits}g}"
            if struct.pack("f", float(shown)) == struct.pack("f", float(self)):
                return shown
        return super().__repr__()


def _single(value: float) -> float:
    return struct.unpack("f", struct.pack("f", value))[0]


def _model(machine: Machine, named: str) -> Model:
    name = names.parse(remote.here(named))
    if name is None:
        raise Refusal(400, "invalid model name")
    model = machine.store.find(name)
    if model is None:
        raise Refusal(404, f'model "{named}" not found, try pulling it first')
    return model


def _inputs(record: Fields) -> list[str]:
    value = record.value("input")
    if value is None or value == "":
        return []
    found: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, str):
            raise Refusal(400, "invalid input type")
        found.append(item)
    return found


async def embed(machine: Machine, record: Fields, knobs: Knobs) -> Response:
    named, inputs = record.text("model"), _inputs(record)
    keep = duration.keep_alive(record.value("keep_alive"))
    truncate, dimensions, given = record.flag("truncate"), record.whole("dimensions"), record.mapping("options")
    if not named.strip():
        raise Refusal(404, "model '' not found")
    model = _model(machine, named)
    chosen = options.merged(model.parameters, given)
    started = machine.clock.elapsed_ns()
    vocabulary = model.vocabulary()
    async with AsyncExitStack() as stack:
        use = machine.scheduler.use(model, chosen, keep, shift=True, delay=knobs.delay)
        runner = await stack.enter_async_context(use)
        if not inputs:
            return replies.whole({"model": named, "embeddings": []})
        load_ns = max(1, machine.clock.elapsed_ns() - started)
        if model.embed is None:
            raise Refusal(501, _UNABLE)
        counts = [len(vocabulary.encode(text)) for text in inputs]
        if truncate is False and max(counts) > runner.context:
            raise Refusal(400, _LONG)
        vectors: list[JsonView] = []
        for text in inputs:
            vector = model.embed(text)
            if 0 < dimensions < len(vector):
                vector = unit(vector[:dimensions])
            vectors.append([_Single(_single(value)) for value in vector])
    return replies.whole(
        {
            "model": named,
            "embeddings": vectors,
            "total_duration": machine.clock.elapsed_ns() - started,
            "load_duration": load_ns,
            "prompt_eval_count": sum(min(count, runner.context) for count in counts),
        }
    )


async def embeddings(machine: Machine, record: Fields, knobs: Knobs) -> Response:
    named, prompt = record.text("model"), record.text("prompt")
    keep = duration.keep_alive(record.value("keep_alive"))
    if not named.strip():
        raise Refusal(400, "model is required")
    model = _model(machine, named)
    chosen = options.merged(model.parameters, record.mapping("options"))
    async with machine.scheduler.use(model, chosen, keep, shift=True, delay=knobs.delay):
        if not prompt:
            return replies.whole({"embedding": []})
        if model.embed is None:
            raise Refusal(500, _UNABLE)
        vector: list[JsonView] = [_single(value) for value in model.embed(prompt)]
    return replies.whole({"embedding": vector})
