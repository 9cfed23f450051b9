"""The recordings in tests/wire, and the models that the recorded server had: as definitions for the demo server."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from ollama_tui.demo.conversation import Ask, Call
from ollama_tui.demo.embedding import hashed
from ollama_tui.demo.machine import Registry, Speed
from ollama_tui.demo.models import CHAT_TEMPLATE, Layer, Model, Program, Script
from ollama_tui.demo.protocol import Json
from ollama_tui.demo.server import DemoServer
from ollama_tui.demo.vocabulary import Vocabulary
from tests.demo.virtual import VirtualClock

WIRE = Path(__file__).parent.parent / "wire"
ROOT = "/home/user/.ollama/models"
SIZES = {"tiny": 2755808, "tiny-embed": 2755840}  # bytes of the weights, where a recorded pull tells
REGISTRY = "127.0.0.1:5001"
THINKING_TEMPLATE = "{{ if .Tools }}{{ .Tools }}{{ end }}{{ if $.Think }}{{ end }}" + CHAT_TEMPLATE


@dataclass(frozen=True)
class Exchange:
    name: str
    order: int
    given: Mapping[str, list[str]]
    method: str
    path: str
    body: bytes
    status: int
    content_type: str
    lines: list[str]


def _body(request: Mapping[str, Any]) -> bytes:
    if "json" in request:
        return json.dumps(request["json"]).encode()
    return str(request.get("body", "")).encode()


@cache
def exchange(name: str) -> Exchange:
    record = json.loads((WIRE / f"{name}.json").read_text("utf-8"))
    request = record["request"]
    return Exchange(
        name=name,
        order=record.get("order", 0),
        given=record.get("given", {}),
        method=request["method"],
        path=request["path"],
        body=_body(request),
        status=record["status"],
        content_type=record["content_type"],
        lines=[text for _, text in record["lines"]],
    )


def exchanges() -> list[Exchange]:
    """Those of the one sequence, in its order."""
    found = [exchange(path.stem) for path in WIRE.glob("*.json")]
    return sorted((one for one in found if one.order), key=lambda one: one.order)


def _objects(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in exchange(name).lines]


def _said(name: str, key: str) -> str:
    return "".join(record["message"].get(key, "") for record in _objects(name))


def _reason(ask: Ask) -> Script:
    """Recites; asked not to think, it says its thoughts aloud, as the recorded model did."""
    if ask.think:
        return Script(_said("chat-think", "content"), _said("chat-think", "thinking"))
    return Script(_said("chat", "content"))


def _long(_: Ask) -> Script:
    return Script(_said("chat-noshift", "content") * 8)


def _toolcall(_: Ask) -> Script:
    return Script(calls=(Call("get_weather", {"city": "Paris"}),))


def _babble(ask: Ask) -> Script:
    if ask.format == "json":
        return Script("{}")
    chance = random.Random(ask.seed if ask.seed >= 0 else None)
    return Script("".join(chance.choices("abcdefghijklmnopqrstuvwxyz \n", k=400)))


def _shown(name: str) -> dict[str, Any]:
    return _objects(name)[0]


@cache
def _merges() -> tuple[str, ...]:
    info = _shown("show-verbose")["model_info"]
    return tuple(info["tokenizer.ggml.merges"])


@cache
def small() -> Vocabulary:
    """The smaller models' vocabulary has the first of the merges, and no marks for thinking."""
    return Vocabulary(_merges()[: 2048 - 256], thinking_marks=False)


@cache
def large() -> Vocabulary:
    return Vocabulary(_merges())


def _parameters(record: Mapping[str, Any]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for line in record.get("parameters", "").splitlines():
        key, value = line.split(None, 1)
        read = json.loads(value)
        if key == "stop":
            found[key] = [*cast("list[Json]", found.get(key, [])), read]
        else:
            found[key] = read
    return found


def _weights(record: Mapping[str, Any], size: int) -> Layer:
    path = next(line for line in record["modelfile"].splitlines() if line.startswith("FROM "))
    return Layer("model", path.rpartition("/")[2].replace("-", ":"), size)


def _model(tag: Mapping[str, Any], record: Mapping[str, Any] | None, program: Program, size: int) -> Model:
    details = tag["details"]
    info: dict[str, Json] = {
        "general.architecture": details["family"],
        "qwen2.context_length": details["context_length"],
        "qwen2.embedding_length": details["embedding_length"],
    }
    weights = Layer("model", "sha256:" + "0" * 60 + f"{tag['size'] % 10000:04d}", size)
    model = Model(
        name=tag["name"],
        program=program,
        weights=weights,
        info=info,
        vocabulary=small if details["embedding_length"] == 256 else large,
        modified_ns=_nanoseconds(tag["modified_at"]),
        parent=details["parent_model"],
        parameter_size=details["parameter_size"],
        quantization=details["quantization_level"],
        load_seconds=0.01,
    )
    if "thinking" in tag["capabilities"]:
        model = replace(model, template=THINKING_TEMPLATE)
    if record is None:
        return model
    license_text = record.get("license")
    return replace(
        model,
        weights=_weights(record, size),
        info=record["model_info"],
        template=record["template"],
        system=record.get("system", ""),
        parameters=_parameters(record),
        licenses=(license_text,) if license_text else (),
        tensors=tuple(record["tensors"]),
    )


def _nanoseconds(moment: str) -> int:
    whole, _, fraction = moment.removesuffix("Z").partition(".")
    seconds = int(datetime.fromisoformat(whole + "+00:00").timestamp())
    return seconds * 10**9 + int(fraction.ljust(9, "0"))


def models() -> list[Model]:
    """What the recorded server had installed."""
    tags = {tag["name"]: tag for tag in _objects("tags")[0]["models"]}
    tiny = {**_shown("show-license"), "model_info": _shown("show-verbose")["model_info"]}
    shown = {
        "reason": _shown("show"),
        "tiny": tiny,
        "tiny-embed": _shown("show-embed"),
        "toolcall": _shown("show-tools"),
    }
    programs = {"reason": _reason, "long": _long, "hostile": _long, "toolcall": _toolcall}
    found: list[Model] = []
    for name, tag in tags.items():
        bare = name.removesuffix(":latest")
        size = SIZES.get(bare) or int(tag["size"])
        model = _model(tag, shown.get(bare), programs.get(bare, _babble), size)
        found.append(replace(model, embed=hashed(64)) if bare == "tiny-embed" else model)
    return found


def registry() -> Registry:
    """The registry on loopback that the recorded server pulled from."""
    by_name = {model.name.removesuffix(":latest"): model for model in models()}
    listed = {"tiny-tiny": "tiny", "tiny-embed": "tiny-embed", "tiny-think": "tiny-think"}
    return Registry({f"library/{name}:latest": by_name[source] for name, source in listed.items()}, plain=True)


def server() -> DemoServer:
    """The recorded server as it was before the first exchange, on its own time: a load takes a quarter of a second."""
    speed = Speed(tokens=5_000, load=0.25)
    clock = VirtualClock(_nanoseconds("2026-11-23T23:43:40.9Z"))
    return DemoServer(models=models(), registries={REGISTRY: registry()}, clock=clock, speed=speed, root=ROOT)
