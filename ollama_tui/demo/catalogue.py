"""The built-in models, and those that can be pulled."""

from collections.abc import Mapping

from ollama_tui.demo.machine import Registry
from ollama_tui.demo.models import Model, Program, invented
from ollama_tui.demo.programs.echo import echo
from ollama_tui.demo.protocol import Json
from ollama_tui.demo.vocabulary import default

_DAY_NS = 24 * 3600 * 10**9


def _info(context: int) -> dict[str, Json]:
    return {
        "general.architecture": "demo",
        "general.file_type": 0,
        "general.parameter_count": 0,
        "demo.context_length": context,
        "demo.embedding_length": 256,
    }


def _model(name: str, program: Program, modified_ns: int, size: int = 1_000_000) -> Model:
    return Model(
        name=f"{name}:latest",
        program=program,
        weights=invented(name, size),
        info=_info(32768),
        vocabulary=default,
        modified_ns=modified_ns,
        parameter_size="0",
        quantization="none",
    )


def installed(now_ns: int) -> list[Model]:
    """What the built-in server has from the start."""
    return [_model("echo", echo, now_ns - _DAY_NS)]


def registries() -> Mapping[str, Registry]:
    return {}
