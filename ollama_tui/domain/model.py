"""Models: what is installed at a host, what is loaded there, and all that the server tells of one."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def canonical_name(name: str) -> str:
    """`name` with its tag: `llama3.2` is `llama3.2:latest`. A registry's port is not a tag."""
    name = name.strip()
    last = name.rsplit("/", 1)[-1]
    return name if ":" in last or not name else f"{name}:latest"


def same_model(one: str, other: str) -> bool:
    """Whether two spellings name one model; servers find names whatever their case."""
    return canonical_name(one).casefold() == canonical_name(other).casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRef:
    """Which model: of which host, by which name, with which weights (64 hexadecimal digits, or empty if unknown)."""

    host_id: str
    name: str
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """An installed model, as `/api/tags` lists it."""

    name: str
    digest: str = ""
    size: int = 0
    """Bytes of all its layers."""
    modified_at: int = 0
    """Milliseconds since 1970, UTC."""
    format: str = ""
    family: str = ""
    families: tuple[str, ...] = ()
    parent: str = ""
    parameter_size: str = ""
    quantization: str = ""
    context_length: int = 0
    """The longest context it was trained for, in tokens; 0 if the server does not tell."""
    embedding_length: int = 0
    capabilities: frozenset[str] | None = None
    """Of completion, tools, insert, vision, embedding, thinking, image, audio; None if the server does not tell."""
    remote_model: str = ""
    remote_host: str = ""

    @property
    def is_remote(self) -> bool:
        """Whether its text would leave this host for another."""
        return bool(self.remote_host or self.remote_model) or is_remote_name(self.name)

    @property
    def can_chat(self) -> bool:
        """Whether it completes text, as far as the server tells: embedding models do not."""
        if self.capabilities is not None:
            return "completion" in self.capabilities
        return not any("bert" in family for family in (self.family, *self.families))

    def can(self, capability: str) -> bool:
        """Whether the server lists `capability` for it."""
        return capability in (self.capabilities or ())


def is_remote_name(name: str) -> bool:
    """Whether a name by itself means a model that runs elsewhere: `x:cloud`, `x:20b-cloud`."""
    tag = name.rsplit("/", 1)[-1].partition(":")[2].casefold()
    return tag == "cloud" or tag.endswith(("-cloud", ":cloud"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedModel:
    """A model in memory, as `/api/ps` lists it."""

    name: str
    digest: str = ""
    size: int = 0
    """Bytes it takes in all."""
    size_vram: int = 0
    """Bytes of them on GPUs."""
    context_length: int = 0
    """The context that was allocated, in tokens."""
    expires_at: int | None = None
    """Milliseconds since 1970, UTC; None if the server gives no time. May lie in the past while it is in use."""
    parameter_size: str = ""
    quantization: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """All that `/api/show` tells of a model."""

    name: str
    license: str = ""
    modelfile: str = ""
    parameters: str = ""
    """One line per parameter, as the server prints them."""
    template: str = ""
    system: str = ""
    format: str = ""
    family: str = ""
    families: tuple[str, ...] = ()
    parent: str = ""
    parameter_size: str = ""
    quantization: str = ""
    messages: tuple[tuple[str, str], ...] = ()
    """Role and content of each MESSAGE of its Modelfile."""
    model_info: Mapping[str, object] = field(default_factory=dict[str, object])
    """The GGUF's keys and values; arrays are None unless it was asked for verbosely."""
    projector_info: Mapping[str, object] = field(default_factory=dict[str, object])
    tensors: tuple[tuple[str, str, tuple[int, ...]], ...] = ()
    """Name, type and shape of each tensor."""
    capabilities: frozenset[str] | None = None
    modified_at: int = 0
    remote_model: str = ""
    remote_host: str = ""
    requires: str = ""

    def can(self, capability: str) -> bool:
        """Whether the server lists `capability` for it."""
        return capability in (self.capabilities or ())

    @property
    def architecture(self) -> str:
        """Such as `llama` or `qwen2`."""
        return str(self.model_info.get("general.architecture") or self.family)

    def number(self, key: str) -> int:
        """The whole number at `<architecture>.<key>` of `model_info`; 0 if there is none."""
        value = self.model_info.get(f"{self.architecture}.{key}")
        return int(value) if isinstance(value, int | float) else 0

    @property
    def context_length(self) -> int:
        """The longest context it was trained for, in tokens; 0 if unknown."""
        return self.number("context_length")

    @property
    def embedding_length(self) -> int:
        """The length of its vectors; 0 if unknown."""
        return self.number("embedding_length")
