"""The built-in server: routes, the record of what was asked, and where faults come in."""

import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ollama_tui.demo import (
    catalogue,
    chat,
    creating,
    embedding,
    faults,
    fields,
    generate,
    library,
    listing,
    pulling,
    remote,
    replies,
    showing,
)
from ollama_tui.demo.clock import Clock
from ollama_tui.demo.faults import Fault, Faults
from ollama_tui.demo.fields import Fields
from ollama_tui.demo.machine import Knobs, Machine, Registry, Speed, machine
from ollama_tui.demo.models import Model
from ollama_tui.demo.protocol import Body, Request, Response
from ollama_tui.demo.replies import Refusal

ROOT = "/usr/share/ollama/.ollama/models"
FAULTS = "/demo/faults"
_BLOB = "/api/blobs/"
_DOUBLED = re.compile("/{2,}")
_REMEMBERED = 1000  # requests


@dataclass(slots=True)
class Recorded:
    """One request: what was asked, and when (seconds of a monotonic clock) it was answered or given up.

    `finished`: the whole answer was taken. `disconnected`: the client went away before that.
    """

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
    "/api/generate": ("POST", "GenerateRequest", generate.generate),
    "/api/embed": ("POST", "EmbedRequest", embedding.embed),
    "/api/embeddings": ("POST", "EmbeddingRequest", embedding.embeddings),
    "/api/show": ("POST", "ShowRequest", showing.show),
    "/api/pull": ("POST", "PullRequest", pulling.pull),
    "/api/push": ("POST", "PushRequest", pulling.push),
    "/api/create": ("POST", "CreateRequest", creating.create),
    "/api/copy": ("POST", "CopyRequest", library.copy),
    "/api/delete": ("DELETE", "DeleteRequest", library.delete),
}
_PLAIN: dict[str, tuple[str, Callable[[Machine], Response]]] = {
    "/": ("GET, HEAD", lambda _: replies.text("Ollama is running", content_type="text/plain; charset=utf-8")),
    "/api/version": ("GET, HEAD", listing.version),
    "/api/status": ("GET", lambda _: listing.status()),
    "/api/tags": ("GET, HEAD", listing.tags),
    "/api/ps": ("GET", listing.ps),
    "/api/me": ("POST", lambda _: remote.me()),
    "/api/signout": ("POST", lambda _: remote.signout()),
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
        """Answer; returns when the status is known, which for a stream is when its first object is ready.

        Raises ConnectionResetError where the server is to vanish without an answer.
        """
        recorded = Recorded(request.method, request.path, dict(request.headers))
        self.requests.append(recorded)
        del self.requests[:-_REMEMBERED]
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
        if path.startswith(_BLOB) and len(path) > len(_BLOB):
            return await self._blob(path, request)
        recorded.body = await fields.spooled(request.body)
        fault = self.faults.next(path, _model(recorded.body)) if self.faults and path != FAULTS else None
        try:
            if fault is None:
                return await self._route(path, request.method, recorded.body, Knobs())
            return await self._faulty(fault, path, request.method, recorded.body)
        except Refusal as refusal:
            return replies.refused(refusal)

    async def _blob(self, path: str, request: Request) -> Response:
        digest = path.removeprefix(_BLOB)
        fault = self.faults.next(path, "") if self.faults else None
        if fault is not None and fault.status is not None:
            return faults.answer(fault)
        if request.method not in {"POST", "HEAD"}:
            return _not_allowed("POST, HEAD")
        try:
            return await library.blob(self.machine, request.method, digest, request.body)
        except Refusal as refusal:
            return replies.refused(refusal)

    async def _faulty(self, fault: Fault, path: str, method: str, body: bytes) -> Response:
        if fault.hold:
            await self.machine.clock.sleep(fault.hold)
        if fault.status == 0:
            raise ConnectionResetError
        if fault.status is not None:
            return faults.answer(fault)
        knobs = Knobs(fault.load, fault.tokens_per_second)
        response = await self._route(path, method, body, knobs)
        return faults.disturbed(fault, response, self.machine.clock)

    async def _route(self, path: str, method: str, body: bytes, knobs: Knobs) -> Response:
        if path in _PLAIN:
            allowed, plain = _PLAIN[path]
            return plain(self.machine) if method in allowed.split(", ") else _not_allowed(allowed)
        if path in _JSON:
            allowed, struct, handler = _JSON[path]
            if method != allowed:
                return _not_allowed(allowed)
            return await handler(self.machine, await fields.read(struct, body), knobs)
        if path == FAULTS and self.faults is not None:
            return await self._set_faults(self.faults, method, body)
        if "//" in path:
            return replies.raw(b"", status=307, headers={"Location": _DOUBLED.sub("/", path)})
        if path != "/" and path.endswith("/") and (path[:-1] in _PLAIN or path[:-1] in _JSON):
            moved = 301 if method == "GET" else 307
            return replies.raw(b"", status=moved, headers={"Location": path[:-1]})
        return replies.text("404 page not found", 404)

    async def _set_faults(self, known: Faults, method: str, body: bytes) -> Response:
        """For tests over a socket: `POST` one fault as JSON, `DELETE` all."""
        if method == "DELETE":
            known.clear()
            return replies.raw(b"")
        if method != "POST":
            return _not_allowed("POST, DELETE")
        record = await fields.read("Fault", body)
        known.add(faults.parsed(record.all()))
        return replies.raw(b"")


def _model(body: bytes) -> str:
    """The model that a request names, if it names one."""
    if not body.strip():
        return ""
    try:
        record = Fields("Request", fields.decoded(body))
        return record.model()
    except Refusal:
        return ""


def _not_allowed(allowed: str) -> Response:
    return replies.text("405 method not allowed", 405, allow=allowed)
