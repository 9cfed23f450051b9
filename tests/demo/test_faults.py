"""Every fault does what it says, and befalls whom it names."""

import asyncio
import json
import time

import httpx
import pytest

from ollama_tui.demo.faults import Fault, Faults
from ollama_tui.demo.machine import Speed
from ollama_tui.demo.server import DemoServer
from ollama_tui.demo.socket import serve
from tests.demo.carrier import Reply, ask, chat, opened, taken

CHINESE = chat("你好吗")


def faulty(*faults: Fault) -> DemoServer:
    return DemoServer(faults=Faults(*faults), speed=Speed(tokens=100_000, load=0.0))


async def packets(server: DemoServer) -> list[bytes]:
    response = await opened(server, "/api/chat", CHINESE)
    return [piece async for piece in response.body]


async def test_headers_are_held() -> None:
    started = time.monotonic()
    await opened(faulty(Fault(hold=0.2)), "/api/chat", CHINESE)
    assert time.monotonic() - started >= 0.2


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault(status=503, text="busy"), Reply(503, "application/json", b'{"error":"busy"}')),
        (Fault(status=404, text="404 page not found", plain=True), Reply(404, "text/plain", b"404 page not found")),
        (Fault(status=403), Reply(403, "", b"")),
        (Fault(status=499, text="request canceled"), Reply(499, "application/json", b'{"error":"request canceled"}')),
        (
            Fault(status=401, text="unauthorized", extra={"signin_url": "https://ollama.com/connect"}),
            Reply(401, "application/json", b'{"error":"unauthorized","signin_url":"https://ollama.com/connect"}'),
        ),
        (Fault(status=400, text='{"error":{}}'), Reply(400, "application/json", b'{"error":"{\\"error\\":{}}"}')),
    ],
)
async def test_another_answer(fault: Fault, expected: Reply) -> None:
    assert await ask(faulty(fault), "/api/chat", CHINESE) == expected


async def test_the_connection_ends_before_any_answer() -> None:
    with pytest.raises(ConnectionResetError):
        await opened(faulty(Fault(status=0)), "/api/chat", CHINESE)


async def test_an_error_after_some_lines() -> None:
    reply = await ask(faulty(Fault(after=3, ending="error", text="boom")), "/api/chat", CHINESE)
    assert reply.status == 200
    assert len(reply.objects) == 4
    assert reply.objects[-1] == {"error": "boom"}


async def test_the_stream_ends_without_done() -> None:
    reply = await ask(faulty(Fault(after=3, ending="end")), "/api/chat", CHINESE)
    assert len(reply.objects) == 3
    assert not reply.objects[-1]["done"]


async def test_the_connection_breaks_after_some_lines() -> None:
    response = await opened(faulty(Fault(after=3, ending="close")), "/api/chat", CHINESE)
    pieces = aiter(response.body)
    seen = [await anext(pieces) for _ in range(3)]
    assert all(piece.endswith(b"\n") for piece in seen)
    with pytest.raises(ConnectionResetError):
        await anext(pieces)


async def test_silence() -> None:
    response = await opened(faulty(Fault(after=2, ending="silence")), "/api/chat", CHINESE)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(taken(response), 0.2)


@pytest.mark.parametrize("char", ["\u0085", "\u2028"])
async def test_raw_line_separators_within_a_line(char: str) -> None:
    reply = await ask(faulty(Fault(after=1, insert=char)), "/api/chat", CHINESE)
    assert char.encode() in reply.body
    assert char in reply.said


async def test_a_line_that_is_not_json() -> None:
    reply = await ask(faulty(Fault(after=1, line="<html>")), "/api/chat", CHINESE)
    assert reply.body.split(b"\n")[1] == b"<html>"


async def test_a_character_over_two_packets() -> None:
    seen = await packets(faulty(Fault(packets="halves")))
    assert any(_broken(piece) for piece in seen)
    assert "你好吗" in Reply(200, "", b"".join(seen)).said


def _broken(piece: bytes) -> bool:
    try:
        piece.decode()
    except UnicodeDecodeError:
        return True
    return False


async def test_a_line_over_many_packets_and_many_lines_in_one() -> None:
    assert max(len(piece) for piece in await packets(faulty(Fault(packets="bytes", cut=7)))) == 7
    assert any(piece.count(b"\n") == 8 for piece in await packets(faulty(Fault(packets="together"))))


async def test_a_line_of_20_mb() -> None:
    seen = await packets(faulty(Fault(after=1, fill=20_000_000)))
    assert max(len(piece) for piece in seen) > 20_000_000
    assert json.loads(max(seen, key=len))["message"]["content"].startswith("xxx")


async def test_slow_tokens_and_a_slow_load() -> None:
    server = faulty(Fault(tokens_per_second=50, load=0.2))
    started = time.monotonic()
    response = await opened(server, "/api/chat", CHINESE)
    assert time.monotonic() - started >= 0.2
    first = time.monotonic()
    for _ in range(10):
        await anext(aiter(response.body))
    assert time.monotonic() - first >= 0.15
    await response.body.aclose()


async def test_a_pull_that_stalls_and_one_that_drops() -> None:
    server = faulty(
        Fault(path="/api/pull", after=5, stall=30, times=1), Fault(path="/api/pull", after=5, ending="close")
    )
    response = await opened(server, "/api/pull", {"model": "llama3.2:3b"})
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(taken(response), 0.6)
    await response.body.aclose()


async def test_whom_it_befalls() -> None:
    faults = Faults(Fault(path="/api/chat", model="echo", skip=1, times=2, status=500, text="x"))
    server = DemoServer(faults=faults, speed=Speed(tokens=100_000, load=0.0))
    assert (await ask(server, "/api/chat", chat("hi", "guide"))).status == 200
    assert (await ask(server, "/api/generate", {"model": "echo", "prompt": "x"})).status == 200
    assert [(await ask(server, "/api/chat", CHINESE)).status for _ in range(4)] == [200, 500, 500, 200]


async def test_over_a_socket_they_can_be_set_only_where_they_are_allowed() -> None:
    fault = {"path": "/api/tags", "status": 500, "text": "boom"}
    async with (
        serve(DemoServer(), port=0) as serving,
        httpx.AsyncClient(base_url=serving.url, trust_env=False) as client,
    ):
        assert (await client.post("/demo/faults", json=fault)).status_code == 404
    async with serve(faulty(), port=0) as serving, httpx.AsyncClient(base_url=serving.url, trust_env=False) as client:
        assert (await client.post("/demo/faults", json={"no": 1})).status_code == 400
        assert (await client.post("/demo/faults", json=fault)).status_code == 200
        assert (await client.get("/api/tags")).json() == {"error": "boom"}
        await client.delete("/demo/faults")
        assert (await client.get("/api/tags")).status_code == 200
