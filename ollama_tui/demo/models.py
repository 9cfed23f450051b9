"""What the server has installed: a model's definition, and the layers it comes to on disk."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ollama_tui.demo import gojson, names
from ollama_tui.demo.conversation import Ask, Call, Message
from ollama_tui.demo.protocol import Json, JsonView
from ollama_tui.demo.vocabulary import Vocabulary

CHAT_TEMPLATE = """{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
"""


@dataclass(frozen=True, slots=True)
class Script:
    """What a program answers, whole: the server brings it out token by token.

    `tokens_per_second` and `load` (seconds) override the model's own pace.
    """

    content: str = ""
    thinking: str = ""
    calls: tuple[Call, ...] = ()
    tokens_per_second: float | None = None


Program = Callable[[Ask], Script]
Embedder = Callable[[str], list[float]]


@dataclass(frozen=True, slots=True)
class Layer:
    """One blob of a model: its kind, SHA-256 (`sha256:…`) and size in bytes."""

    kind: str
    digest: str
    size: int


def _layer(kind: str, content: str) -> Layer:
    data = content.encode()
    return Layer(kind, f"sha256:{hashlib.sha256(data).hexdigest()}", len(data))


def invented(seed: str, size: int) -> Layer:
    """A layer of weights that exists in name only."""
    return Layer("model", f"sha256:{hashlib.sha256(seed.encode()).hexdigest()}", size)


@dataclass(frozen=True)
class Model:
    """A model by its parts. `info` are the key-values of its GGUF file; what it can do is read from them.

    `inherited` are the digests of the layers it has from its parent: they come first, in that order.
    `bytes_loaded` and `bytes_video` are what it takes once loaded, `load_seconds` how long that lasts.
    """

    name: str
    program: Program
    weights: Layer
    info: Mapping[str, Json]
    vocabulary: Callable[[], Vocabulary]
    template: str = CHAT_TEMPLATE
    system: str = ""
    parameters: Mapping[str, Json] = field(default_factory=dict[str, Json])
    licenses: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()
    tensors: tuple[Mapping[str, JsonView], ...] = ()
    projector: Mapping[str, Json] = field(default_factory=dict[str, Json])
    parent: str = ""
    inherited: tuple[str, ...] = ()
    parameter_size: str = ""
    quantization: str = ""
    modified_ns: int = 0
    bytes_loaded: int = 0
    bytes_video: int = 0
    load_seconds: float = 0.25
    tokens_per_second: float = 100.0
    embed: Embedder | None = None
    calls_at_end: bool = False
    remote_host: str = ""
    remote_model: str = ""

    @cached_property
    def parsed(self) -> names.Name:
        name = names.parse(self.name)
        if name is None:
            raise ValueError(self.name)
        return name

    @cached_property
    def described(self) -> Mapping[str, Json]:
        """All key-values: with those of the tokenizer, if `info` has none."""
        if "tokenizer.ggml.model" in self.info:
            return self.info
        return {**self.info, **self.vocabulary().described()}

    @property
    def family(self) -> str:
        return str(self.info.get("general.architecture", ""))

    def number(self, key: str) -> int:
        """A number of the family's own among the key-values; 0 if it is not there."""
        value = self.info.get(f"{self.family}.{key}")
        return int(value) if isinstance(value, int | float) else 0

    @cached_property
    def capabilities(self) -> list[str]:
        if self.number("pooling_type"):
            return ["embedding"]
        found = ["completion"]
        if any(".vision." in key for key in self.info) or self.projector:
            found.append("vision")
        if ".Tools" in self.template:
            found.append("tools")
        if ".Suffix" in self.template:
            found.append("insert")
        if ".Think" in self.template:
            found.append("thinking")
        return found

    def details(self, *, sizes: bool = False) -> dict[str, JsonView]:
        return {
            "parent_model": self.parent,
            "format": "gguf",
            "family": self.family,
            "families": [self.family],
            "parameter_size": self.parameter_size,
            "quantization_level": self.quantization,
            **({"context_length": self.number("context_length")} if sizes and self.number("context_length") else {}),
            **(
                {"embedding_length": self.number("embedding_length")}
                if sizes and self.number("embedding_length")
                else {}
            ),
        }

    @cached_property
    def layers(self) -> list[Layer]:
        """In the order of the manifest, the configuration last."""
        found = [self.weights, _layer("template", self.template)]
        if self.system:
            found.append(_layer("system", self.system))
        found += [_layer("license", text) for text in self.licenses]
        if self.parameters:
            ordered: dict[str, JsonView] = dict(sorted(self.parameters.items()))
            found.append(_layer("params", gojson.encode(ordered) + "\n"))
        if self.messages:
            spoken: list[JsonView] = [{"role": message.role, "content": message.content} for message in self.messages]
            found.append(_layer("messages", gojson.encode(spoken) + "\n"))
        rank = {digest: index for index, digest in enumerate(self.inherited)}
        found.sort(key=lambda layer: rank.get(layer.digest, len(rank)))
        config: dict[str, JsonView] = {
            "model_format": "gguf",
            "model_family": self.family,
            "model_families": [self.family],
            "model_type": self.parameter_size,
            "file_type": self.quantization,
            "architecture": "amd64",
            "os": "linux",
        }
        found.append(_layer("config", gojson.encode(config) + "\n"))
        return found

    @cached_property
    def digest(self) -> str:
        """Of the manifest: 64 hexadecimal digits."""
        return hashlib.sha256(json.dumps([layer.digest for layer in self.layers]).encode()).hexdigest()

    @property
    def size(self) -> int:
        return sum(layer.size for layer in self.layers)
