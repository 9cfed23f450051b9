"""A host: a named server, as the rest of the program sees it, whoever speaks its protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:  # an address is needed before the first paint, the rest of the vocabulary is not
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from ollama_tui.domain.event import Progress, TurnEvent
    from ollama_tui.domain.message import KeepAlive
    from ollama_tui.domain.model import LoadedModel, Model, ModelCard
    from ollama_tui.domain.options import Options
    from ollama_tui.domain.request import ChatRequest, CreateRequest, Embeddings, EmbedRequest, GenerateRequest

DEMO_HOST_ID = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostAddress:
    """Where a server is. The id is a stable slug: conversations keep it, and an address may change."""

    id: str
    url: str
    """Scheme, host, port and path prefix, without a slash at the end; empty for the built-in demo."""
    source: Literal["flag", "environment", "config", "remembered", "default", "demo"] = "default"


class Host(Protocol):
    """A server. Every method raises a `domain.failure.HostFailure` when the server cannot do it.

    The generators must be closed (`contextlib.aclosing`) by whoever leaves them early: closing is how the server is
    told to stop.
    """

    @property
    def address(self) -> HostAddress:
        """Where it is."""
        ...

    async def version(self) -> str:
        """The server's version; also the cheapest way to learn whether it is there."""
        ...

    async def cloud_disabled(self) -> bool:
        """Whether the server refuses remote models."""
        ...

    async def models(self) -> tuple[Model, ...]:
        """The installed models, newest first."""
        ...

    async def show(self, model: str, *, verbose: bool = False) -> ModelCard:
        """All that is known of one model; `verbose` adds the vocabulary (tens of MB)."""
        ...

    async def loaded(self) -> tuple[LoadedModel, ...]:
        """The models in memory."""
        ...

    def chat(self, request: ChatRequest) -> AsyncGenerator[TurnEvent, None]:
        """An answer as it comes: Thinking, Text, ToolCall and Logprobs, then Ended (complete or length).

        A stream that ends without a last word raises Unfinished; one that ends with an error raises that.
        """
        ...

    def generate(self, request: GenerateRequest) -> AsyncGenerator[TurnEvent, None]:
        """A completion as it comes; events as for `chat`."""
        ...

    async def render(self, request: ChatRequest) -> str:
        """The prompt that the model would be given, rendered by the server."""
        ...

    async def load(
        self,
        model: str,
        *,
        options: Options | None = None,
        keep_alive: KeepAlive | None = None,
        shift: bool | None = None,
    ) -> None:
        """Bring a model into memory; returns when it is there. Works for embedding models too."""
        ...

    async def unload(self, model: str) -> None:
        """Ask for a model to leave memory; returns before the memory is free."""
        ...

    async def embed(self, request: EmbedRequest) -> Embeddings:
        """Vectors of texts."""
        ...

    def pull(self, model: str, *, insecure: bool = False) -> AsyncGenerator[Progress, None]:
        """Fetch a model; ends after success. Closing it stops the download, and a later pull goes on from there."""
        ...

    def push(self, model: str, *, insecure: bool = False) -> AsyncGenerator[Progress, None]:
        """Publish a model; ends after success."""
        ...

    def create(self, request: CreateRequest) -> AsyncGenerator[Progress, None]:
        """Make a model; ends after success."""
        ...

    async def upload(self, path: Path) -> str:
        """Put a file among the server's blobs; its `sha256:` digest."""
        ...

    async def copy(self, source: str, destination: str) -> None:
        """Give a model a second name, silently taking it from whatever had it."""
        ...

    async def delete(self, model: str) -> None:
        """Remove a name and what no other model needs of it."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...
