"""`POST /api/create`: a model from another one, or from files that were uploaded as blobs."""

import hashlib
import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, replace

from ollama_tui.demo import conversation, gguf, names, pulling, replies, template
from ollama_tui.demo.conversation import Message
from ollama_tui.demo.fields import Fields
from ollama_tui.demo.machine import Knobs, Machine
from ollama_tui.demo.models import CHAT_TEMPLATE, Layer, Model
from ollama_tui.demo.names import Name
from ollama_tui.demo.programs.standin import standin
from ollama_tui.demo.protocol import Json, Response
from ollama_tui.demo.replies import Refusal
from ollama_tui.demo.template import TemplateFault
from ollama_tui.demo.vocabulary import default

_TYPES = ("F32", "F16", "Q4_K_S", "Q4_K_M", "Q8_0")
_DIGEST = re.compile(r"sha256[:-][0-9a-f]{64}")


@dataclass(slots=True)
class Recipe:
    """The fields of the request; None where a field was not given."""

    origin: str
    files: dict[str, Json]
    template: str
    system: str | None
    parameters: Mapping[str, Json]
    licenses: tuple[str, ...]
    messages: tuple[Message, ...]
    quantize: str


def _licenses(value: Json) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _recipe(record: Fields) -> Recipe:
    system = record.value("system")
    return Recipe(
        origin=record.text("from"),
        files=record.mapping("files", "map[string]string"),
        template=record.text("template"),
        system=None if system is None else record.text("system"),
        parameters=record.mapping("parameters"),
        licenses=_licenses(record.value("license")),
        messages=conversation.messages(record),
        quantize=(record.text("quantize") or record.text("quantization")).upper(),
    )


async def create(machine: Machine, record: Fields, _: Knobs) -> Response:
    recipe, stream = _recipe(record), record.flag("stream") is not False
    for path, digest in recipe.files.items():
        if path.startswith("/") or ".." in path.split("/"):
            raise Refusal(400, "file path must be relative")
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            raise Refusal(400, "invalid digest format")
    name = names.parse(record.model().strip())
    if name is None:
        raise Refusal(400, "invalid model name")
    return await pulling.answered(_created(machine, name, recipe), streamed=stream)


async def _created(machine: Machine, name: Name, recipe: Recipe) -> AsyncGenerator[bytes, None]:
    if not recipe.origin and not recipe.files:
        raise Refusal(400, "neither 'from' or 'files' was specified")
    if recipe.origin:
        origin = names.parse(recipe.origin)
        if origin is None:
            raise Refusal(400, "invalid model name")
        if machine.store.find(origin) is None:
            arriving = pulling.pulled(machine, origin, insecure=False)
            try:
                async for line in arriving:
                    yield line
            finally:
                await arriving.aclose()
        found = machine.store.look(recipe.origin)
        if found is None:
            raise Refusal(500, "pull model manifest: file does not exist")
        source = replace(found, parent=found.parsed.shown, inherited=tuple(layer.digest for layer in found.layers[:-1]))
    else:
        yield _status("parsing GGUF")
        source = _from_files(machine, recipe.files)
    _checked(recipe, source)
    if recipe.quantize and recipe.quantize != source.quantization:
        source = replace(source, quantization=recipe.quantize, weights=_requantized(source.weights, recipe.quantize))
        text = f"quantizing {source.quantization} model to {recipe.quantize}"
        size = source.weights.size
        yield replies.line({"status": text, "digest": "0000000000000000000", "total": size, "completed": size})
    made = _made(machine, name, recipe, source)
    for layer in made.layers[:-1]:
        word = "using existing" if machine.store.has(layer.digest) else "creating new"
        yield _status(f"{word} layer {layer.digest}")
    machine.store.put(made)
    yield _status("writing manifest")
    yield _status("success")


def _status(text: str) -> bytes:
    return replies.line({"status": text})


def _checked(recipe: Recipe, source: Model) -> None:
    if recipe.template:
        try:
            template.parse(recipe.template)
        except TemplateFault as fault:
            raise Refusal(400, f"template error: {fault}") from None
    if recipe.quantize:
        kind = "Q4_K_M" if recipe.quantize == "Q4_K" else recipe.quantize
        if kind not in _TYPES:
            supported = ", ".join(_TYPES)
            raise Refusal(500, f"unsupported quantization type {kind} - supported types are {supported}")
        if source.quantization not in {"F16", "F32", "BF16"}:
            raise Refusal(500, "quantization is only supported for F16, BF16 and F32 models")
        recipe.quantize = kind


def _requantized(layer: Layer, kind: str) -> Layer:
    digest = hashlib.sha256(f"{layer.digest} {kind}".encode()).hexdigest()
    share = {"F32": 2.0, "F16": 1.0, "Q8_0": 0.53, "Q4_K_M": 0.3, "Q4_K_S": 0.29}[kind]
    return Layer(layer.kind, f"sha256:{digest}", int(layer.size * share))


def _from_files(machine: Machine, files: Mapping[str, Json]) -> Model:
    """A model from an uploaded GGUF file. It can be looked at; a rule stands in for what it would say."""
    path, digest = next(((path, str(digest)) for path, digest in files.items()), ("", ""))
    digest = digest.replace("-", ":", 1)
    if not machine.store.has(digest):
        raise Refusal(400, f"open {machine.store.path(digest)}: no such file or directory")
    if not gguf.is_gguf(machine.store.head(digest)):
        if path.endswith((".safetensors", ".json")):
            raise Refusal(400, "unknown type")
        raise Refusal(400, "supplied file was not in GGUF format")
    described = gguf.read(machine.store.head(digest))
    return Model(
        name="file:latest",
        program=standin,
        weights=Layer("model", digest, machine.store.size(digest)),
        info=described.info,
        vocabulary=default,
        template=CHAT_TEMPLATE,
        tensors=described.tensors,
        parameter_size=gguf.human(described.parameters),
        quantization=described.kind,
    )


def _made(machine: Machine, name: Name, recipe: Recipe, source: Model) -> Model:
    return replace(
        source,
        name=name.shown,
        template=recipe.template or source.template,
        system=source.system if recipe.system is None else recipe.system,
        parameters={
            **source.parameters,
            **{key: value for key, value in recipe.parameters.items() if value is not None},
        },
        licenses=(*source.licenses, *recipe.licenses),
        messages=recipe.messages or source.messages,
        modified_ns=machine.clock.now_ns(),
    )
