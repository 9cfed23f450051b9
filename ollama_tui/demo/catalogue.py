"""The built-in models, and those that can be pulled: the same, and stand-ins for well-known ones."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ollama_tui.demo import names
from ollama_tui.demo.embedding import hashed
from ollama_tui.demo.machine import Registry
from ollama_tui.demo.models import CHAT_TEMPLATE, Embedder, Model, Program, invented
from ollama_tui.demo.programs.echo import echo
from ollama_tui.demo.programs.eyes import eyes
from ollama_tui.demo.programs.guide import guide
from ollama_tui.demo.programs.manners import mannered
from ollama_tui.demo.programs.page import markdown
from ollama_tui.demo.programs.standin import standin
from ollama_tui.demo.programs.thinker import thinker
from ollama_tui.demo.programs.tools import tools
from ollama_tui.demo.protocol import Json
from ollama_tui.demo.vocabulary import default
from ollama_tui.domain.known_models import KNOWN_MODELS

_HOUR_NS = 3600 * 10**9
_LICENSE = (
    "A rule of the demo that is built into ollama-tui.\n\nMIT License: it may be used, changed and passed on freely."
)
_STOP: Mapping[str, Json] = {"stop": ["<|im_start|>", "<|im_end|>"]}
_VECTOR = 256

_TOOLS = "{{ if .Tools }}{{ range .Tools }}<tools>{{ . }}</tools>\n{{ end }}{{ end }}"
_THINK_TEMPLATE = """{{- range .Messages }}<|im_start|>{{ .Role }}
{{ if and .Thinking $.Think }}<think>{{ .Thinking }}</think>{{ end }}{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
{{ if $.Think }}<think>
{{ end }}"""
_TOOL_TEMPLATE = (
    _TOOLS
    + """{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}{{ range .ToolCalls }}<tool_call>
{"name": "{{ .Function.Name }}", "arguments": {{ .Function.Arguments }}}
</tool_call>{{ end }}<|im_end|>
{{ end }}<|im_start|>assistant
"""
)
_INSERT_TEMPLATE = (
    """{{ if .Suffix }}<|im_start|>prefix
{{ .Prompt }}<|im_end|>
<|im_start|>suffix
{{ .Suffix }}<|im_end|>
{{ else }}"""
    + CHAT_TEMPLATE
    + "{{ end }}"
)


def _info(context: int, *, vision: bool = False, embeds: bool = False) -> dict[str, Json]:
    return {
        "general.architecture": "demo",
        "general.license": "mit",
        "general.parameter_count": 0,
        "demo.context_length": context,
        "demo.embedding_length": _VECTOR,
        **({"demo.vision.block_count": 0} if vision else {}),
        **({"demo.pooling_type": 1} if embeds else {}),
    }


def _own(
    name: str,
    program: Program,
    now_ns: int,
    *,
    template: str = CHAT_TEMPLATE,
    vision: bool = False,
    embed: Embedder | None = None,
    speed: float = 120.0,
) -> Model:
    return Model(
        name=f"{name}:latest",
        program=mannered(program),
        weights=invented(f"ollama-tui demo {name}", 40_000),
        info=_info(32768, vision=vision, embeds=embed is not None),
        vocabulary=default,
        template=template,
        parameters=_STOP,
        licenses=(_LICENSE,),
        modified_ns=now_ns,
        parameter_size="0",
        quantization="unknown",
        tokens_per_second=speed,
        embed=embed,
    )


def installed(now_ns: int) -> list[Model]:
    """What the built-in server has from the start, the guide first."""
    found = [
        _own("guide", guide, now_ns),
        _own("echo", echo, now_ns, template=_INSERT_TEMPLATE),
        _own("markdown", markdown, now_ns, speed=200.0),
        _own("thinker", thinker, now_ns, template=_THINK_TEMPLATE, speed=60.0),
        _own("tools", tools, now_ns, template=_TOOL_TEMPLATE),
        _own("eyes", eyes, now_ns, vision=True),
        _own("embed", standin, now_ns, embed=hashed(_VECTOR)),
    ]
    return [replace(model, modified_ns=now_ns - (age + 1) * _HOUR_NS) for age, model in enumerate(found)]


@dataclass(frozen=True, slots=True)
class _Family:
    """What is said of a well-known model of which there is a stand-in."""

    architecture: str
    context: int
    vector: int
    abilities: str = ""


_FAMILIES: Mapping[str, _Family] = {
    "deepseek-r1": _Family("qwen2", 131072, 3584, "thinking"),
    "llama3.2": _Family("llama", 131072, 3072, "tools"),
    "llama3.1": _Family("llama", 131072, 4096, "tools"),
    "qwen3": _Family("qwen3", 40960, 4096, "thinking"),
    "gemma3": _Family("gemma3", 131072, 2560, "vision"),
    "qwen2.5-coder": _Family("qwen2", 32768, 3584, "tools"),
    "nomic-embed-text": _Family("nomic-bert", 2048, 768, "embedding"),
    "phi4": _Family("phi3", 16384, 5120),
    "moondream": _Family("phi2", 2048, 2048, "vision"),
}
_TEMPLATES = {"thinking": _THINK_TEMPLATE, "tools": _TOOL_TEMPLATE}


def _stand_in(name: names.Name, size: int) -> Model:
    family = _FAMILIES.get(name.model, _Family("llama", 8192, 4096))
    own: dict[str, Json] = {
        "general.architecture": family.architecture,
        "general.parameter_count": 0,
        f"{family.architecture}.context_length": family.context,
        f"{family.architecture}.embedding_length": family.vector,
    }
    if family.abilities == "vision":
        own[f"{family.architecture}.vision.block_count"] = 0
    if family.abilities == "embedding":
        own[f"{family.architecture}.pooling_type"] = 1
    return Model(
        name=name.shown,
        program=standin,
        weights=invented(f"ollama-tui stand-in {name.full}", size),
        info=own,
        vocabulary=default,
        template=_TEMPLATES.get(family.abilities, CHAT_TEMPLATE),
        parameters=_STOP,
        licenses=(f"Nothing of {name.shown} is here: this only stands in for it.\n\n{_LICENSE}",),
        parameter_size=name.tag.upper() if name.tag != names.TAG else "",
        quantization="Q4_K_M",
        load_seconds=1.5,
        tokens_per_second=40.0,
        embed=hashed(family.vector) if family.abilities == "embedding" else None,
    )


def registries() -> Mapping[str, Registry]:
    """What can be pulled: Ollama's own registry, pretended."""
    listed = {f"library/{model.name}": model for model in installed(0)}
    for known in KNOWN_MODELS:
        name = names.parse(known.name)
        if name is not None:
            listed[f"{name.namespace}/{name.model}:{name.tag}"] = _stand_in(name, known.size)
    return {names.HOST: Registry(listed)}
