"""The built-in server: routes, the record of what was asked, and where faults come in."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ollama_tui.demo import catalogue, chat, fields, listing, replies
from ollama_tui.demo.clock import Clock
from ollama_tui.demo.faults import Faults
from ollama_tui.demo.fields import Fields
from ollama_tui.demo.machine import Knobs, Machine, Registry, Speed, machine
from ollama_tui.demo.models import Model
from ollama_tui.demo.protocol import Body, Request, Response
from ollama_tui.demo.replies import Refusal

ROOT = "/usr/share/ollama/.ollama/models"
_BLOB = "/api/blobs/"


@dataclass(slots=True)
class Recorded:
    """One request: what was asked, and when (seconds of a monotonic clock) it was answered or given up."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""
    asked: float = field(default_factory=time.monotonic)
    answered: float | None = None
    finished: float | None = None
    disconnected: float | None = None


class _Watched:
    """A body whose end, or whose abandonment, is noted down."""

    def __init__(self, body: Body, recorded: Recorded) -> None:
        self._body = body
        self._recorded = recorded

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        try:
            return await self._body.__anext__()
        except StopAsyncIteration:
            self._recorded.finished = self._recorded.finished or time.monotonic()
            raise

    async def aclose(self) -> None:
        if self._recorded.finished is None and self._recorded.disconnected is None:
            self._recorded.disconnected = time.monotonic()
        await self._body.aclose()


Handler = Callable[[Machine, Fields, Knobs], Awaitable[Response]]
_JSON: dict[str, tuple[str, str, Handler]] = {
    "/api/chat": ("POST", "ChatRequest", chat.chat),
}
_PLAIN: dict[str, tuple[str, Callable[[Machine], Response]]] = {
    "/": ("GET, HEAD", lambda _: replies.text("Ollama is running", content_type="text/plain; charset=utf-8")),
    "/api/version": ("GET, HEAD", listing.version),
    "/api/status": ("GET", lambda _: listing.status()),
    "/api/tags": ("GET, HEAD", listing.tags),
    "/api/ps": ("GET", listing.ps),
}


class DemoServer:
    """Speaks Ollama's protocol without a socket: a carrier calls `handle` and iterates over the body.

    `models` None means the built-in set; `faults` None means none, and that none can be set from outside.
    """

    def __init__(
        self,
        *,
        faults: Faults | None = None,
        models: Iterable[Model] | None = None,
        registries: Mapping[str, Registry] | None = None,
        clock: Clock | None = None,
        speed: Speed | None = None,
        root: str = ROOT,
        queue: int = 512,
    ) -> None:
        clock = clock or Clock()
        self.faults = faults
        self.requests: list[Recorded] = []
        self.machine = machine(
            catalogue.installed(clock.now_ns()) if models is None else models,
            catalogue.registries() if registries is None else registries,
            clock,
            speed or Speed(),
            root,
            queue,
        )

    async def handle(self, request: Request) -> Response:
        """Answer; returns when the status is known, which for a stream is when its first object is ready."""
        recorded = Recorded(request.method, request.path, dict(request.headers))
        self.requests.append(recorded)
        try:
            response = await self._answer(request, recorded)
        except BaseException:
            recorded.disconnected = time.monotonic()
            raise
        recorded.answered = time.monotonic()
        if request.method == "HEAD":
            await response.body.aclose()
            response = Response(response.status, response.headers, replies.Bytes(b""))
        return Response(response.status, response.headers, _Watched(response.body, recorded))

    async def _answer(self, request: Request, recorded: Recorded) -> Response:
        path = request.path.partition("?")[0]
        try:
            return await self._route(path, request, recorded)
        except Refusal as refusal:
            return replies.refused(refusal)

    async def _route(self, path: str, request: Request, recorded: Recorded) -> Response:
        if path in _PLAIN:
            allowed, plain = _PLAIN[path]
            return plain(self.machine) if request.method in allowed else _not_allowed(allowed)
        if path in _JSON:
            method, struct, handler = _JSON[path]
            if request.method != method:
                return _not_allowed(method)
            recorded.body = await fields.spooled(request.body)
            return await handler(self.machine, await fields.read(struct, recorded.body), Knobs())
        return replies.text("404 page not found", 404)


def _not_allowed(allowed: str) -> Response:
    return replies.text("405 method not allowed", 405, allow=allowed)
