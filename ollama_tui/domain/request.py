"""What is asked of a host: every field of Ollama's chat, generate, embed and create requests, typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ollama_tui.domain.message import Format, KeepAlive, Think, ToolCall
from ollama_tui.domain.options import Options, OptionValue


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """A message as it is sent."""

    role: str
    content: str = ""
    thinking: str = ""
    images: tuple[bytes, ...] = ()
    """Whole files: PNG, JPEG, WebP, or audio."""
    tool_calls: tuple[ToolCall, ...] = ()
    tool_name: str = ""
    tool_call_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """One call of `/api/chat`. What is None is not sent."""

    model: str
    messages: tuple[ChatMessage, ...]
    options: Options = field(default_factory=dict[str, OptionValue])
    think: Think | None = None
    format: Format | None = None
    keep_alive: KeepAlive | None = None
    tools: tuple[Mapping[str, object], ...] = ()
    truncate: bool | None = None
    shift: bool | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateRequest:
    """One call of `/api/generate`. What is None is not sent."""

    model: str
    prompt: str
    suffix: str | None = None
    system: str | None = None
    template: str | None = None
    context: tuple[int, ...] | None = None
    raw: bool | None = None
    images: tuple[bytes, ...] = ()
    options: Options = field(default_factory=dict[str, OptionValue])
    think: Think | None = None
    format: Format | None = None
    keep_alive: KeepAlive | None = None
    truncate: bool | None = None
    shift: bool | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedRequest:
    """One call of `/api/embed`."""

    model: str
    input: tuple[str, ...]
    truncate: bool | None = None
    dimensions: int | None = None
    options: Options = field(default_factory=dict[str, OptionValue])
    keep_alive: KeepAlive | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Embeddings:
    """One vector for each input, in their order."""

    vectors: tuple[tuple[float, ...], ...]
    prompt_tokens: int = 0
    total_duration: int = 0
    load_duration: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRequest:
    """One call of `/api/create`: from a model, or from files whose blobs are at the server already."""

    model: str
    from_model: str | None = None
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    """Relative path to `sha256:` digest."""
    adapters: Mapping[str, str] = field(default_factory=dict[str, str])
    template: str | None = None
    license: tuple[str, ...] = ()
    system: str | None = None
    parameters: Options = field(default_factory=dict[str, OptionValue])
    messages: tuple[ChatMessage, ...] = ()
    quantize: str | None = None
    renderer: str | None = None
    parser: str | None = None
