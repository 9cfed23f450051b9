"""HTTP/1.1 over a real socket: chunks, keep-alive, clients that go away."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from ollama_tui.demo.faults import Fault, Faults
from ollama_tui.demo.machine import Speed
from ollama_tui.demo.server import DemoServer
from ollama_tui.demo.socket import serve
from tests.demo.carrier import chat

LONG = chat("5000 tokens at 500 tokens/s", "markdown")


def request(value: object, path: str = "/api/chat", extra: str = "") -> bytes:
    body = json.dumps(value).encode()
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{extra}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def noticed(server: DemoServer) -> bool:
    """Whether the last request is soon known to be given up."""
    for _ in range(100):
        if server.requests and server.requests[-1].disconnected is not None:
            return True
        await asyncio.sleep(0.01)
    return False


@pytest.mark.parametrize("way", ["close", "abort", "half"])
@pytest.mark.parametrize("moment", ["before the headers", "in the middle"])
async def test_a_client_that_goes_away_is_noticed(way: str, moment: str) -> None:
    server = DemoServer(speed=Speed(load=20.0 if moment == "before the headers" else 0.0))
    async with serve(server, port=0) as serving:
        reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
        writer.write(request(LONG))
        if moment == "in the middle":
            await reader.readuntil(b'"done":false')
        else:
            await asyncio.sleep(0.05)
        if way == "half":
            writer.write_eof()
        elif way == "abort":
            writer.transport.abort()
        else:
            writer.close()
        assert await noticed(server)
        writer.close()


async def test_many_requests_on_one_connection(quick: DemoServer) -> None:
    async with serve(quick, port=0) as serving:
        reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
        for content in ("one", "two", "three"):
            writer.write(request(chat(content)))
            answer = await asyncio.wait_for(reader.readuntil(b"0\r\n\r\n"), 5)
            assert b"Transfer-Encoding: chunked" in answer
            assert b'"done":true' in answer
        writer.write(b"HEAD /api/tags HTTP/1.1\r\nHost: localhost\r\n\r\n")
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
        assert head.startswith(b"HTTP/1.1 200")
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"Ollama is running" in await asyncio.wait_for(reader.readuntil(b"running"), 5)
        writer.close()


async def test_one_line_to_a_chunk(quick: DemoServer) -> None:
    async with serve(quick, port=0) as serving, httpx.AsyncClient(base_url=serving.url, trust_env=False) as client:
        reply = await client.post("/api/chat", json=chat("hello there"))
        assert all(json.loads(line) for line in reply.text.split("\n") if line)
    packed = DemoServer(speed=Speed(tokens=100_000, load=0.0, packet=10))
    async with serve(packed, port=0) as serving:
        reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
        writer.write(request(chat("hello there")))
        answer = await asyncio.wait_for(reader.readuntil(b"0\r\n\r\n"), 5)
        assert answer.count(b'"done":false') > 5 * answer.count(b"\n\r\n")
        writer.close()


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_blob_with_a_length_and_in_chunks(quick: DemoServer, chunked: bool) -> None:
    data = b"weights" * 1_000_000
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(data), 100_000):
            yield data[at : at + 100_000]

    async with serve(quick, port=0) as serving, httpx.AsyncClient(base_url=serving.url, trust_env=False) as client:
        reply = await client.post(f"/api/blobs/{digest}", content=pieces() if chunked else data)
        assert (reply.status_code, reply.content) == (201, b"")
        assert (await client.head(f"/api/blobs/{digest}")).status_code == 200
        assert (await client.get("/api/version")).status_code == 200


async def test_a_break_ends_the_chunks_in_the_middle() -> None:
    server = DemoServer(faults=Faults(Fault(after=3, ending="close")), speed=Speed(tokens=1000, load=0.0))
    async with serve(server, port=0) as serving, httpx.AsyncClient(base_url=serving.url, trust_env=False) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post("/api/chat", json=chat("hi"))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "box.local:11434"}, 200),
        ({"Host": "192.168.1.5"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://localhost:3000"}, 200),
        ({"Origin": "app://obsidian"}, 200),
    ],
)
async def test_strangers_are_turned_away(quick: DemoServer, headers: dict[str, str], status: int) -> None:
    async with serve(quick, port=0) as serving, httpx.AsyncClient(base_url=serving.url, trust_env=False) as client:
        reply = await client.get("/api/version", headers=headers)
        assert reply.status_code == status
        assert bool(reply.content) == (status == 200)


async def test_what_is_no_http_ends_the_connection(quick: DemoServer) -> None:
    async with serve(quick, port=0) as serving:
        reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
        writer.write(b"\x16\x03\x01 hello\r\n\r\n")
        with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
            await asyncio.wait_for(reader.readuntil(b"never"), 2)
        writer.close()


async def test_a_taken_port_is_an_error(quick: DemoServer) -> None:
    async with serve(quick, port=0) as serving:
        with pytest.raises(OSError, match="address already in use"):
            async with serve(quick, port=serving.port):
                pass
