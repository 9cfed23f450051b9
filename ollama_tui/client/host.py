"""A host that speaks Ollama's protocol. What costs time to import is imported at its first call."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from ollama_tui.client import bodies
from ollama_tui.client.events import read_chat, read_end, read_generate, read_rendered
from ollama_tui.client.progress import SUCCESS, Layers
from ollama_tui.domain.event import Ended, Progress, TurnEvent
from ollama_tui.domain.failure import Disconnected, NotOllama, Unfinished, Unsupported
from ollama_tui.domain.host import DEMO_HOST_ID, Host, HostAddress
from ollama_tui.domain.message import KeepAlive
from ollama_tui.domain.model import LoadedModel, Model, ModelCard
from ollama_tui.domain.options import Options
from ollama_tui.domain.request import ChatRequest, CreateRequest, Embeddings, EmbedRequest, GenerateRequest

if TYPE_CHECKING:
    import httpx

    from ollama_tui.client.wire import Wire

OpenTransport = Callable[[], "httpx.AsyncBaseTransport"]

_DEMO_URL = "http://localhost"


def connect(address: HostAddress, environment: Mapping[str, str]) -> Host:
    """The host at `address`: the built-in demo, or a server over HTTP, through the proxies that `environment` names."""
    if address.id == DEMO_HOST_ID or not address.url:

        def open_demo() -> "httpx.AsyncBaseTransport":
            from ollama_tui.client.demo import DemoTransport

            return DemoTransport()

        return OllamaHost(address, open_demo)

    def open_network() -> "httpx.AsyncBaseTransport":
        from ollama_tui.client.transport import open_transport

        return open_transport(address.url, environment)

    return OllamaHost(address, open_network)


class OllamaHost:
    """A server that speaks Ollama's protocol. `open_transport` is called at the first request."""

    def __init__(self, address: HostAddress, open_transport: OpenTransport) -> None:
        self._address = address
        self._open_transport = open_transport
        self._wire: Wire | None = None

    @property
    def address(self) -> HostAddress:
        return self._address

    async def version(self) -> str:
        wire = await self._open()
        from ollama_tui.client.answers import read_version

        return await wire.ask("GET", "/api/version", read_version)

    async def cloud_disabled(self) -> bool:
        wire = await self._open()
        from ollama_tui.client.answers import read_cloud_disabled

        try:
            return await wire.ask("GET", "/api/status", read_cloud_disabled)
        except NotOllama as failure:
            if failure.params.get("status") == 404:  # an older server, which has no such path
                return False
            raise

    async def models(self) -> tuple[Model, ...]:
        wire = await self._open()
        from ollama_tui.client.answers import read_models

        return await wire.ask("GET", "/api/tags", read_models)

    async def show(self, model: str, *, verbose: bool = False) -> ModelCard:
        wire = await self._open()
        from ollama_tui.client.answers import read_card

        body = {"model": model, **({"verbose": True} if verbose else {})}
        return await wire.ask("POST", "/api/show", lambda answer: read_card(model, answer), body, model=model)

    async def loaded(self) -> tuple[LoadedModel, ...]:
        wire = await self._open()
        from ollama_tui.client.answers import read_loaded

        return await wire.ask("GET", "/api/ps", read_loaded)

    def chat(self, request: ChatRequest) -> AsyncGenerator[TurnEvent, None]:
        return self._turn("/api/chat", bodies.chat_body(request), request.model, read_chat)

    def generate(self, request: GenerateRequest) -> AsyncGenerator[TurnEvent, None]:
        return self._turn("/api/generate", bodies.generate_body(request), request.model, read_generate)

    async def render(self, request: ChatRequest) -> str:
        wire = await self._open()
        async with aclosing(wire.stream("/api/chat", bodies.render_body(request), model=request.model)) as answers:
            async for answer in answers:
                if (prompt := read_rendered(answer)) is not None:
                    return prompt
                break
        raise Unsupported(model=request.model, capability="rendering", detail="")

    async def load(
        self,
        model: str,
        *,
        options: Options | None = None,
        keep_alive: KeepAlive | None = None,
        shift: bool | None = None,
    ) -> None:
        wire = await self._open()
        try:
            body = bodies.load_body(model, options, keep_alive, shift)
            await wire.ask("POST", "/api/generate", _any, body, model=model)
        except Unsupported:  # a model that only embeds is loaded by embedding nothing
            body = bodies.load_embedding_body(model, options, keep_alive)
            await wire.ask("POST", "/api/embed", _any, body, model=model)

    async def unload(self, model: str) -> None:
        wire = await self._open()
        await wire.ask("POST", "/api/generate", _any, bodies.load_body(model, None, 0, None), model=model)

    async def embed(self, request: EmbedRequest) -> Embeddings:
        wire = await self._open()
        return await (await _official()).embed(wire, request)

    def pull(self, model: str, *, insecure: bool = False) -> AsyncGenerator[Progress, None]:
        return self._transfer("/api/pull", {"model": model, "insecure": insecure, "stream": True}, model)

    def push(self, model: str, *, insecure: bool = False) -> AsyncGenerator[Progress, None]:
        return self._transfer("/api/push", {"model": model, "insecure": insecure, "stream": True}, model)

    def create(self, request: CreateRequest) -> AsyncGenerator[Progress, None]:
        return self._transfer("/api/create", bodies.create_body(request), request.from_model or request.model)

    async def upload(self, path: Path) -> str:
        wire = await self._open()
        from ollama_tui.client.blobs import upload

        return await upload(wire, path)

    async def copy(self, source: str, destination: str) -> None:
        wire = await self._open()
        await (await _official()).copy(wire, source, destination)

    async def delete(self, model: str) -> None:
        wire = await self._open()
        await (await _official()).delete(wire, model)

    async def aclose(self) -> None:
        if self._wire is not None:
            wire, self._wire = self._wire, None
            await wire.aclose()

    async def _open(self) -> "Wire":
        """The connections. The imports that they need take a tenth of a second, so a thread does them."""
        if self._wire is None:
            for name in ("wire", "answers"):
                await asyncio.to_thread(import_module, f"ollama_tui.client.{name}")
            transport = await asyncio.to_thread(self._open_transport)
            if self._wire is None:
                from ollama_tui.client.wire import Wire

                self._wire = Wire(self._address.url or _DEMO_URL, transport)
        return self._wire

    async def _turn(
        self, path: str, body: bodies.Body, model: str, read: Callable[[Mapping[str, object]], list[TurnEvent]]
    ) -> AsyncGenerator[TurnEvent, None]:
        wire = await self._open()
        last: Ended | None = None
        async with aclosing(wire.stream(path, body, model=model)) as answers:
            try:
                async for answer in answers:
                    for event in read(answer):
                        yield event
                    if answer.get("done") is True:
                        last = read_end(answer)
            except Disconnected:
                if last is None:
                    raise
        if last is None:
            raise Unfinished
        yield last

    async def _transfer(self, path: str, body: bodies.Body, model: str) -> AsyncGenerator[Progress, None]:
        wire = await self._open()
        layers = Layers()
        status = ""
        async with aclosing(wire.stream(path, body, model=model)) as answers:
            async for answer in answers:
                progress = layers.read(answer)
                status = progress.status
                yield progress
        if status != SUCCESS:
            raise Disconnected(detail="the stream ended before success")


def _any(answer: Mapping[str, object]) -> None:
    """Nothing of `answer` matters but that it came."""


async def _official() -> ModuleType:
    return await asyncio.to_thread(import_module, "ollama_tui.client.official")
