"""A server on a real socket that does exactly what a test says, for what no honest server does."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

JSON, LINES = "application/json; charset=utf-8", "application/x-ndjson"


def line(content: str = "", **fields: object) -> str:
    """One object of a chat, as a server writes it."""
    return json.dumps({"message": {"role": "assistant", "content": content}, "done": False, **fields})


DONE = line(done=True, done_reason="stop")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        return json.loads(self.body)


class Talk:
    """One connection: what the server says on it."""

    def __init__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        self.asked = asked
        self.writer = writer

    async def raw(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def whole(self, status: int, body: str | bytes, kind: str = JSON, *headers: str) -> None:
        """A whole answer."""
        content = body if isinstance(body, bytes) else body.encode()
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(content)}", *headers]
        lines += [f"Content-Type: {kind}"] if kind else []
        await self.raw("\r\n".join((*lines, "", "")).encode() + (b"" if self.asked.method == "HEAD" else content))

    async def begin(self, status: int = 200, kind: str = LINES) -> None:
        """The head of a stream."""
        await self.raw(f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())

    async def piece(self, data: str | bytes) -> None:
        """One chunk of a stream, in a packet of its own."""
        content = data if isinstance(data, bytes) else data.encode()
        await self.raw(b"%x\r\n%s\r\n" % (len(content), content))
        await asyncio.sleep(0.002)

    async def end(self) -> None:
        await self.raw(b"0\r\n\r\n")

    async def stream(self, *lines: str | bytes) -> None:
        """A whole stream, a line a packet."""
        await self.begin()
        for line in lines:
            await self.piece((line if isinstance(line, bytes) else line.encode()) + b"\n")
        await self.end()


Script = Callable[[Talk], Awaitable[None]]


@dataclass(slots=True)
class Scripted:
    """What came in. `gone` is set when a client goes away while it is being answered, or after."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list[Asked])
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    connections: int = 0

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


@asynccontextmanager
async def scripted(script: Script) -> AsyncGenerator[Scripted, None]:
    """A server that answers each request with `script`; the connection breaks where it raises ConnectionResetError."""
    server = Scripted()
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        server.connections += 1
        try:
            while True:
                asked = await _read(reader)
                server.asked.append(asked)
                answer = asyncio.ensure_future(script(Talk(asked, writer)))
                watch = asyncio.ensure_future(reader.read(1))
                await asyncio.wait({answer, watch}, return_when=asyncio.FIRST_COMPLETED)
                if not answer.done():  # nothing may come before the answer is whole but the end
                    server.gone.set()
                    answer.cancel()
                    return
                watch.cancel()
                await asyncio.gather(watch, return_exceptions=True)
                await answer
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            server.gone.set()
            writer.transport.abort()
        finally:
            writer.close()

    listening = await asyncio.start_server(connected, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _version = head[0].split(" ")
    headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in head[1:-2])}
    if headers.get("transfer-encoding"):
        raise AssertionError("a body without a length: the server would notice a disconnect only when it writes")
    return Asked(method, target, headers, await reader.readexactly(int(headers.get("content-length", 0))))
