"""The server on a real socket: HTTP/1.1, chunked, keep-alive; a client that goes away is noticed at once."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import formatdate

import h11

from ollama_tui.demo import replies
from ollama_tui.demo.guard import allowed
from ollama_tui.demo.protocol import Request, Response
from ollama_tui.demo.server import DemoServer

_READ = 256 * 1024
_LIMIT = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Serving:
    """A listening server. `wait` returns when it is closed."""

    url: str
    port: int
    server: asyncio.Server

    async def wait(self) -> None:
        await self.server.serve_forever()


class _Connection:
    def __init__(self, server: DemoServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server = server
        self.reader = reader
        self.writer = writer
        self.http = h11.Connection(h11.SERVER, max_incomplete_event_size=256 * 1024)

    async def run(self) -> None:
        while True:
            event = await self.event()
            if isinstance(event, h11.ConnectionClosed):
                return
            if not isinstance(event, h11.Request):
                continue
            if not await self.exchange(event):
                return
            self.http.start_next_cycle()

    async def event(self) -> h11.Event:
        while True:
            event = self.http.next_event()
            if isinstance(event, h11.Event):
                return event
            if event is h11.PAUSED:
                raise ConnectionResetError
            if self.http.they_are_waiting_for_100_continue:
                self.writer.write(self.http.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
            self.http.receive_data(await self.reader.read(_READ))

    async def body(self) -> AsyncGenerator[bytes, None]:
        while True:
            event = await self.event()
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return
            else:
                raise ConnectionResetError

    async def gone(self) -> None:
        """Return when the client has closed its side, or sends what nobody asked for."""
        while data := await self.reader.read(_READ):
            self.http.receive_data(data)  # a pipelined request: it waits its turn

    async def exchange(self, asked: h11.Request) -> bool:
        """One request and its answer; whether another may follow."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in asked.headers}
        body = self.body()
        whole: AsyncIterator[bytes] | bytes = body
        upload = asked.target.startswith(b"/api/blobs/") and asked.method == b"POST"
        if not upload:
            whole = b"".join([piece async for piece in body])
        request = Request(asked.method.decode(), asked.target.decode("latin-1"), headers, whole)
        return await self.watched(request, streaming=upload)

    async def watched(self, request: Request, *, streaming: bool) -> bool:
        answer = asyncio.create_task(self.answer(request))
        watch = None if streaming else asyncio.create_task(self.gone())
        try:
            await asyncio.wait({answer, watch} if watch else {answer}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                return False
            return await answer
        finally:
            for task in (answer, watch):
                if task is not None:
                    task.cancel()
                    with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                        await task

    async def answer(self, request: Request) -> bool:
        response = await self.server.handle(request) if allowed(request.headers) else replies.raw(b"", status=403)
        try:
            await self.send(request, response)
        finally:
            await response.body.aclose()
        return self.http.our_state is h11.DONE and self.http.their_state is h11.DONE

    async def send(self, request: Request, response: Response) -> None:
        headers = [*response.headers.items(), ("Date", formatdate(usegmt=True))]
        head = self.http.send(h11.Response(status_code=response.status, headers=headers)) or b""
        if "Transfer-Encoding" not in response.headers:
            # A whole answer goes out in one piece.
            data = b"" if request.method == "HEAD" else b"".join([piece async for piece in response.body])
            head += (self.http.send(h11.Data(data=data)) or b"") if data else b""
            self.writer.write(head + (self.http.send(h11.EndOfMessage()) or b""))
            await self.writer.drain()
            return
        async for piece in response.body:
            self.writer.write(head + (self.http.send(h11.Data(data=piece)) or b""))
            head = b""
            await self.writer.drain()
        self.writer.write(head + (self.http.send(h11.EndOfMessage()) or b""))
        await self.writer.drain()


@asynccontextmanager
async def serve(server: DemoServer, host: str = "127.0.0.1", port: int = 11434) -> AsyncGenerator[Serving]:
    """Listen while the context lasts; port 0 takes a free one. Raises OSError if the port is taken."""
    connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            connections[task] = writer
            task.add_done_callback(lambda done: connections.pop(done, None))
        try:
            await _Connection(server, reader, writer).run()
        except (ConnectionError, h11.RemoteProtocolError, h11.LocalProtocolError):
            writer.transport.abort()
        finally:
            writer.close()

    listening = await asyncio.start_server(connected, host, port, limit=_LIMIT)
    try:
        taken = int(listening.sockets[0].getsockname()[1])
        shown = f"[{host}]" if ":" in host else host
        yield Serving(f"http://{shown}:{taken}", taken, listening)
    finally:
        listening.close()
        for writer in list(connections.values()):
            writer.transport.abort()
        if connections:
            await asyncio.wait(list(connections), timeout=2)
