"""How requests travel: straight to this machine, with nothing in them that a server could take amiss."""

import asyncio
import os
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ollama_tui.client.gathering import GatheringBackend
from ollama_tui.client.host import connect
from ollama_tui.client.proxies import proxy_for
from ollama_tui.domain.failure import NotEncrypted, ProxyFailed, Unreachable, Untrusted
from ollama_tui.domain.host import HostAddress
from ollama_tui.domain.request import ChatMessage, ChatRequest, EmbedRequest
from ollama_tui.services.inventory import Inventory
from tests.client.hosts import at
from tests.client.said import chat, question, text
from tests.client.scripted import Asked, Talk, scripted

CERTIFICATE = Path(__file__).parent / "localhost.pem"
VERSION = '{"version":"1.2.3"}'
VECTORS = '{"model":"m","embeddings":[[1.0]]}'


async def answer(talk: Talk) -> None:
    """Answers everything that the tests here ask."""
    path = talk.asked.target
    if path.endswith("/api/chat"):
        await talk.stream('{"message":{"content":"hi"},"done":true}')
    elif path.endswith("/api/embed"):
        await talk.whole(200, VECTORS)
    elif path.endswith("/api/version"):
        await talk.whole(200, VERSION)
    else:
        await talk.whole(200, "", "")


async def ask_everything(url: str) -> None:
    """Calls of each kind: direct, streamed, and through the official client."""
    async with at(url) as host:
        await host.version()
        await chat(host, question("m"))
        await host.embed(EmbedRequest(model="m", input=("x",)))
        await host.copy("a", "b")
        await host.delete("m")


def paths(asked: list[Asked]) -> list[tuple[str, str]]:
    return [(one.method, one.target) for one in asked]


EVERYTHING = [
    ("GET", "/api/version"),
    ("POST", "/api/chat"),
    ("POST", "/api/embed"),
    ("POST", "/api/copy"),
    ("DELETE", "/api/delete"),
]


async def test_requests_carry_nothing_that_a_server_refuses_or_a_stranger_should_see(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "secret")
    async with scripted(answer) as server:
        await ask_everything(server.url)
    assert paths(server.asked) == EVERYTHING
    for one in server.asked:
        assert one.headers["host"] == f"127.0.0.1:{server.port}"
        assert not {"origin", "authorization", "cookie", "referer"} & set(one.headers)
        assert "secret" not in str(one)
        assert one.method == "GET" or one.json


async def test_a_path_prefix_is_kept_and_no_slash_doubled() -> None:
    async with scripted(answer) as server:
        await ask_everything(f"{server.url}/deep/ollama")
    assert paths(server.asked) == [(method, f"/deep/ollama{path}") for method, path in EVERYTHING]


async def test_proxies_of_the_environment_are_never_used_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    async with scripted(answer) as server, scripted(answer) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        await ask_everything(server.url)
        await ask_everything(server.url.replace("127.0.0.1", "localhost"))
    assert len(server.asked) == 2 * len(EVERYTHING)
    assert not proxy.asked


async def test_another_machine_is_reached_through_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    async with scripted(answer) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        await ask_everything("http://ollama.test:11434")
    assert paths(proxy.asked) == [(method, f"http://ollama.test:11434{path}") for method, path in EVERYTHING]


@pytest.mark.parametrize(
    "proxy", ["socks5://p:1", "ftp://p:1", "http://[::1", "http://p:port", "http://p:99999", "http://a..b", "http://"]
)
async def test_a_proxy_that_cannot_be_used_is_said(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    async with at("http://ollama.test:11434") as host:
        with pytest.raises(Unreachable) as caught:
            await host.version()
    assert caught.value.params["detail"]


@pytest.mark.parametrize(
    ("url", "environment", "proxy"),
    [
        ("http://h:11434", {}, None),
        ("http://h:11434", {"HTTP_PROXY": "http://p:1"}, "http://p:1"),
        ("http://h:11434", {"http_proxy": "p:1"}, "http://p:1"),
        ("http://h:11434", {"HTTPS_PROXY": "http://p:1", "ALL_PROXY": "http://p:1"}, None),
        ("https://h", {"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        ("http://h", {"HTTP_PROXY": "http://p:1", "REQUEST_METHOD": "GET"}, None),
        ("http://localhost:1", {"HTTP_PROXY": "http://p:1"}, None),
        ("http://LOCALHOST.:1", {"HTTP_PROXY": "http://p:1"}, None),
        ("http://127.8.0.1:1", {"HTTP_PROXY": "http://p:1"}, None),
        ("http://[::1]:1", {"HTTP_PROXY": "http://p:1"}, None),
        ("http://h:1", {"HTTP_PROXY": "http://p:1", "NO_PROXY": "*"}, None),
        ("http://h:1", {"HTTP_PROXY": "http://p:1", "NO_PROXY": "x, H"}, None),
        ("http://a.h:1", {"HTTP_PROXY": "http://p:1", "no_proxy": "h"}, None),
        ("http://ah:1", {"HTTP_PROXY": "http://p:1", "no_proxy": "h"}, "http://p:1"),
        ("http://a.h:1", {"HTTP_PROXY": "http://p:1", "no_proxy": ".h"}, None),
        ("http://h:1", {"HTTP_PROXY": "http://p:1", "no_proxy": ".h"}, "http://p:1"),
        ("http://a.h:1", {"HTTP_PROXY": "http://p:1", "no_proxy": "*.h"}, None),
        ("http://h:1", {"HTTP_PROXY": "http://p:1", "no_proxy": "h:2"}, "http://p:1"),
        ("http://h:2", {"HTTP_PROXY": "http://p:1", "no_proxy": "h:2"}, None),
        ("http://10.1.2.3:1", {"HTTP_PROXY": "http://p:1", "no_proxy": "10.0.0.0/8"}, None),
        ("http://11.1.2.3:1", {"HTTP_PROXY": "http://p:1", "no_proxy": "10.0.0.0/8"}, "http://p:1"),
        ("http://h:1", {"HTTP_PROXY": "http://p:1", "no_proxy": "10.0.0.0/8,,"}, "http://p:1"),
        ("http://:1", {"HTTP_PROXY": "http://p:1"}, None),
        ("http://[::1", {"HTTP_PROXY": "http://p:1"}, None),
    ],
)
def test_proxies_are_chosen_as_go_chooses_them(url: str, environment: dict[str, str], proxy: str | None) -> None:
    assert proxy_for(url, environment) == proxy


@asynccontextmanager
async def secure() -> AsyncGenerator[int, None]:
    """A server that speaks TLS, and its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(VERSION))
        writer.write(VERSION.encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_https_is_spoken_to_whom_the_system_trusts(monkeypatch: pytest.MonkeyPatch) -> None:
    async with secure() as port:
        async with at(f"https://localhost:{port}") as host:
            with pytest.raises(Untrusted, match="not trusted here: self-signed certificate") as caught:
                await host.version()
            assert "SSL_CERT_FILE" in caught.value.hint
            server = await Inventory(host).state()
            assert (server.kind, type(server.failure)) == ("strange", Untrusted), "it is told, and not as absent"
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        async with at(f"https://localhost:{port}") as host:
            assert await host.version() == "1.2.3"


async def test_who_speaks_no_tls_and_a_proxy_that_is_none_are_told_from_a_server_that_is_not_there() -> None:
    async with scripted(answer) as server:
        async with at(server.url.replace("http://", "https://")) as host:
            with pytest.raises(NotEncrypted):
                await host.version()
        for proxy in ("http://127.0.0.1:9", "socks5://127.0.0.1:9", "nonsense://x"):
            for url in ("http://10.255.255.1:11434", "https://10.255.255.1:443"):
                host = connect(HostAddress(id="far", url=url), {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy})
                with pytest.raises(ProxyFailed):
                    await host.version()
                await host.aclose()
        with pytest.raises(Unreachable) as caught:
            async with at("http://127.0.0.1:9") as host:
                await host.version()
        assert type(caught.value) is Unreachable


async def test_the_official_client_is_used_though_the_environment_is_none_that_it_can(tmp_path: Path) -> None:
    program = """
import asyncio, os, sys
from ollama_tui.client.host import connect
from ollama_tui.domain.host import HostAddress
async def main():
    host = connect(HostAddress(id="x", url=sys.argv[1]), os.environ)
    await host.copy("a", "b")
    await host.aclose()
    print(os.environ["OLLAMA_HOST"])
asyncio.run(main())
"""
    hostile = {"OLLAMA_HOST": "http://[::1", "SSL_CERT_FILE": str(tmp_path / "no.pem"), "ALL_PROXY": "socks5://p:1"}
    async with scripted(answer) as server:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, server.url, env={**os.environ, **hostile}, stdout=subprocess.PIPE
        )
        printed, _errors = await process.communicate()
    assert process.returncode == 0
    assert printed.decode().strip() == hostile["OLLAMA_HOST"]
    assert paths(server.asked) == [("POST", "/api/copy")]


async def test_connecting_to_a_host_imports_nothing_that_takes_long() -> None:
    program = """
import sys
from ollama_tui.client.host import connect
from ollama_tui.domain.host import HostAddress
for address in (HostAddress(id="x", url="http://127.0.0.1:1"), HostAddress(id="demo", url="")):
    connect(address, {})
print({"httpx", "httpcore", "ollama", "pydantic", "ollama_tui.demo"} & set(sys.modules))
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=subprocess.PIPE)
    printed, _errors = await process.communicate()
    assert printed.decode().strip() == "set()"


class Reads:
    """Counts the reads of the connections that are made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        connect_tcp = GatheringBackend.connect_tcp

        async def counted(backend: GatheringBackend, *given: object, **named: object) -> object:
            stream = await connect_tcp(backend, *given, **named)  # pyright: ignore[reportArgumentType]
            read = stream.read

            async def counting(*given: object, **named: object) -> bytes:
                self.count += 1
                return await read(*given, **named)  # pyright: ignore[reportArgumentType]

            monkeypatch.setattr(stream, "read", counting)
            return stream

        monkeypatch.setattr(GatheringBackend, "connect_tcp", counted)


async def test_a_fast_stream_is_read_in_few_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    reads = Reads(monkeypatch)
    tokens = 600

    async def fast(talk: Talk) -> None:
        await talk.begin()
        began = time.perf_counter()
        for number in range(tokens):
            data = b'{"message":{"content":"x"},"done":false}\n'
            talk.writer.write(b"%x\r\n%s\r\n" % (len(data), data))
            await asyncio.sleep(began + number / 1_000 - time.perf_counter())
        await talk.piece('{"message":{"content":"."},"done":true}\n')
        await talk.end()

    async with scripted(fast) as server, at(server.url) as host:
        assert len(text(await chat(host, question("m")))) == tokens + 1
    assert reads.count < tokens / 5


@pytest.fixture
def gathering_takes_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever waits for more to come never ends."""
    monkeypatch.setattr("ollama_tui.client.gathering._GATHER", 3600.0)


@pytest.mark.usefixtures("gathering_takes_for_ever")
async def test_neither_the_first_token_nor_any_of_a_slow_stream_waits_for_others() -> None:
    async def slow(talk: Talk) -> None:
        await talk.begin()
        for _number in range(8):
            await talk.piece('{"message":{"content":"x"},"done":false}\n')
            await asyncio.sleep(0.03)
        await talk.piece('{"message":{},"done":true}\n')
        await talk.end()

    async with scripted(slow) as server, at(server.url) as host, asyncio.timeout(5):
        for _time in range(2):
            assert text(await chat(host, question("m"))) == "x" * 8


@pytest.mark.usefixtures("gathering_takes_for_ever")
async def test_a_large_answer_is_read_as_fast_as_it_comes() -> None:
    async def large(talk: Talk) -> None:
        await talk.whole(200, b'{"models":[],"padding":"' + b"x" * 30_000_000 + b'"}')

    async with scripted(large) as server, at(server.url) as host, asyncio.timeout(10):
        assert await host.models() == ()


async def test_a_large_request_is_sent_whole() -> None:
    picture = bytes(range(256)) * 40_000

    async def measure(talk: Talk) -> None:
        await talk.stream(f'{{"message":{{"content":"{len(talk.asked.body)}"}},"done":true}}')

    request = ChatRequest(model="m", messages=(ChatMessage(role="user", content="x", images=(picture,)),))
    async with scripted(measure) as server, at(server.url) as host:
        assert int(text(await chat(host, request))) > len(picture) * 4 / 3


async def test_a_host_is_closed_without_ever_having_been_asked() -> None:
    host = connect(HostAddress(id="x", url="http://127.0.0.1:1"), {})
    await host.aclose()
    await host.aclose()
