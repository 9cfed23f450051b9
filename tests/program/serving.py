"""The built-in server on a real socket, with a record of every byte that it sent and when."""

import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from ollama_tui.demo.faults import Faults
from ollama_tui.demo.models import Model
from ollama_tui.demo.protocol import Body, Request, Response
from ollama_tui.demo.server import DemoServer, Recorded
from ollama_tui.demo.socket import serve

CHAT = "/api/chat"


@dataclass(slots=True)
class Sent:
    """One answer, as it was sent: pieces of its stream with the moment (monotonic seconds) each was handed over."""

    question: str
    pieces: list[tuple[float, bytes]] = field(default_factory=list[tuple[float, bytes]])

    def text(self, before: float = float("inf")) -> str:
        """The answer's text that was sent before a moment."""
        lines = b"".join(piece for moment, piece in self.pieces if moment < before).split(b"\n")
        return "".join(json.loads(line)["message"]["content"] for line in lines if line.endswith(b"}"))


class _Noted:
    """A body that is passed on and noted down."""

    def __init__(self, body: Body, sent: Sent) -> None:
        self._body = body
        self._sent = sent

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        piece = await self._body.__anext__()
        self._sent.pieces.append((time.monotonic(), piece))
        return piece

    async def aclose(self) -> None:
        await self._body.aclose()


class RecordingServer(DemoServer):
    """The built-in server, with a memory."""

    def __init__(self, models: Sequence[Model] | None = None) -> None:
        self.knobs = Faults()
        super().__init__(faults=self.knobs, models=models)
        self.answers: list[Sent] = []
        self.url = ""

    async def handle(self, request: Request) -> Response:
        response = await super().handle(request)
        if request.path != CHAT or response.status != 200:
            return response
        asked = json.loads(self.requests_to(CHAT)[-1].body)
        sent = Sent((asked.get("messages") or [{}])[-1].get("content", ""))
        if sent.question and not asked.get("_debug_render_only"):
            self.answers.append(sent)
        return Response(response.status, response.headers, _Noted(response.body, sent))

    def requests_to(self, path: str) -> list[Recorded]:
        """The requests to one path."""
        return [request for request in self.requests if request.path == path]

    def questions(self) -> list[str]:
        """The last message of every chat that was asked; of those that were to be answered, not only looked at."""
        bodies = [json.loads(request.body) for request in self.requests_to(CHAT)]
        asked = [body for body in bodies if body.get("messages") and not body.get("_debug_render_only")]
        return [body["messages"][-1]["content"] for body in asked]


@asynccontextmanager
async def serving(models: Sequence[Model] | None = None, port: int = 0) -> AsyncGenerator[RecordingServer]:
    """A server that listens meanwhile."""
    server = RecordingServer(models)
    async with serve(server, port=port) as listening:
        server.url = listening.url
        yield server
