"""Servers that fail, lie, break off or are not there: each ends in a failure that says so, and never hangs."""

import asyncio
import json
import socket
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from ollama_tui.client.host import OllamaHost
from ollama_tui.client.transport import DirectTransport
from ollama_tui.domain.event import Text, TurnEvent
from ollama_tui.domain.failure import (
    Busy,
    ContextExceeded,
    Disconnected,
    Failure,
    Forbidden,
    ModelMissing,
    NoAddress,
    NotOllama,
    Refused,
    ServerFailed,
    Unfinished,
    Unreachable,
    Unsupported,
)
from ollama_tui.domain.host import HostAddress
from ollama_tui.domain.message import Ending
from ollama_tui.domain.request import EmbedRequest
from tests.client.hosts import at
from tests.client.said import chat, collect, ended, question, text, whole
from tests.client.scripted import DONE, Talk, line, scripted
from tests.demo.recorded import exchange


async def test_nothing_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        async with at(url) as host:
            for asked in (host.version(), chat(host, question("m")), host.copy("a", "b"), whole(host.pull("m"))):
                with pytest.raises(Unreachable) as caught:
                    await asked
                assert caught.value.params["url"] == url
                assert url in caught.value.message


@pytest.mark.parametrize(
    "url", ["http://no-such-host.invalid:1", "ftp://h:1", "http://a b:1", "http://[::1]x:1", "http://xn--:1"]
)
async def test_an_address_that_leads_nowhere(url: str) -> None:
    async with at(url) as host:
        with pytest.raises((Unreachable, NoAddress)):
            await host.version()


@contextmanager
def black_hole(address: str, port: int = 0) -> Generator[int]:
    """A port at which connections are neither taken nor refused."""
    with ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind((address, port))
        full.listen(0)
        for other in (stack.enter_context(socket.socket()) for _place in range(4)):  # the queue is full with them
            other.setblocking(False)
            other.connect_ex(full.getsockname())
        yield full.getsockname()[1]


async def test_a_black_hole_is_given_up_after_the_time_to_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ollama_tui.client.wire.CONNECT_TIMEOUT", 0.2)
    with black_hole("127.0.0.1") as port:
        began = time.monotonic()
        async with at(f"http://127.0.0.1:{port}") as host:
            with pytest.raises(Unreachable):
                await host.version()
        assert 0.15 < time.monotonic() - began < 2


async def test_the_next_address_of_a_name_is_tried_where_the_first_is_a_black_hole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def two_addresses(_name: object, port: int, *_more: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("127.0.0.2", "127.0.0.1")]

    async def version(talk: Talk) -> None:
        await talk.whole(200, '{"version": "1.2.3"}')

    async with scripted(version) as server:
        port = int(server.url.rpartition(":")[2])
        with black_hole("127.0.0.2", port):
            async with at(f"http://two.test:{port}") as host:
                monkeypatch.setattr(socket, "getaddrinfo", two_addresses)
                assert await host.version() == "1.2.3"


async def test_connecting_is_given_five_seconds_and_an_answer_any_time() -> None:
    async def slowly(talk: Talk) -> None:
        await asyncio.sleep(0.5)
        await talk.stream(line("late"), DONE)

    limits: list[object] = []

    class Noting(DirectTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            limits.append(request.extensions["timeout"])
            return await super().handle_async_request(request)

    async with scripted(slowly) as server:
        host = OllamaHost(HostAddress(id="x", url=server.url), Noting)
        assert text(await chat(host, question("m"))) == "late"
        await host.aclose()
    assert limits == [{"connect": 5.0, "read": None, "write": None, "pool": None}], "models take minutes to load"


async def test_gone_before_the_first_token() -> None:
    async def vanish(talk: Talk) -> None:
        raise ConnectionResetError

    async with scripted(vanish) as server, at(server.url) as host:
        with pytest.raises(Disconnected):
            await chat(host, question("m"))


async def test_gone_in_mid_answer() -> None:
    async def vanish(talk: Talk) -> None:
        await talk.begin()
        await talk.piece(line("one") + "\n")
        await talk.piece('{"message":{"conte')
        raise ConnectionResetError

    came: list[TurnEvent] = []
    async with scripted(vanish) as server, at(server.url) as host:
        with pytest.raises(Disconnected):
            await collect(host, came)
    assert text(came) == "one"


async def test_a_stream_that_stops_without_a_last_word_is_cut_off() -> None:
    async def stop(talk: Talk) -> None:
        await talk.stream(line("one"))

    came: list[TurnEvent] = []
    async with scripted(stop) as server, at(server.url) as host:
        with pytest.raises(Unfinished):
            await collect(host, came)
        with pytest.raises(Disconnected):
            await whole(host.pull("m"))
    assert text(came) == "one"


async def test_what_comes_with_and_after_the_last_word_counts() -> None:
    async def chatter(talk: Talk) -> None:
        last = line("b", done=True, done_reason="length", eval_count=7)
        await talk.stream(line("a"), last, line("c"), "", "  ", "\r")

    async with scripted(chatter) as server, at(server.url) as host:
        events = await chat(host, question("m"))
    assert text(events) == "abc"
    assert ended(events).ending is Ending.LENGTH
    assert ended(events).figures.answer_tokens == 7


async def test_a_connection_that_breaks_after_the_last_word_harms_nothing() -> None:
    async def snap(talk: Talk) -> None:
        await talk.begin()
        await talk.piece(line("a", done=True) + "\n")
        raise ConnectionResetError

    async with scripted(snap) as server, at(server.url) as host:
        assert text(await chat(host, question("m"))) == "a"


async def test_an_error_line_after_the_beginning() -> None:
    recorded = exchange("chat-runner-killed")

    async def killed(talk: Talk) -> None:
        await talk.stream(*recorded.lines)

    came: list[TurnEvent] = []
    async with scripted(killed) as server, at(server.url) as host:
        with pytest.raises(ServerFailed, match="unexpected EOF") as caught:
            await collect(host, came)
    assert caught.value.params["status"] == 200
    assert len(came) == len(recorded.lines) - 1


async def test_an_error_line_is_sorted_by_what_it_says() -> None:
    errors: list[tuple[dict[str, object], type[Failure]]] = [
        ({"StatusCode": 429, "Status": "429 Too Many Requests", "error": "slow down"}, Refused),
        ({"StatusCode": 401, "error": "unauthorized", "signin_url": "https://x"}, Forbidden),
        ({"error": '"m" does not support thinking'}, Unsupported),
        ({"error": {"message": "odd"}}, ServerFailed),
        ({"error": 7}, ServerFailed),
    ]

    async def fail(talk: Talk) -> None:
        await talk.stream(json.dumps(errors[len(server.asked) - 1][0]))

    async with scripted(fail) as server, at(server.url) as host:
        for _error, kind in errors:
            with pytest.raises(kind):
                await chat(host, question("m"))


@pytest.mark.parametrize(
    ("status", "kind", "body", "failure"),
    [
        (403, "", "", Forbidden),
        (401, "application/json", '{"error":"unauthorized"}', Forbidden),
        (404, "text/plain", "404 page not found", NotOllama),
        (405, "text/plain", "405 method not allowed", NotOllama),
        (502, "text/html", "<html>\x1b]0;bad gateway\x07</html>", NotOllama),
        (500, "", "", NotOllama),
        (404, "application/json", '{"error":"model \'m\' not found"}', ModelMissing),
        (404, "application/json", '{"error":"model \\"m\\" not found, try pulling it first"}', ModelMissing),
        (
            503,
            "application/json",
            '{"error":"server busy, please try again.  maximum pending requests exceeded"}',
            Busy,
        ),
        (503, "application/json", '{"error":"account unavailable"}', ServerFailed),
        (499, "application/json", '{"error":"request canceled"}', Disconnected),
        (500, "application/json", '{"error":"option \\"temperature\\" must be of type float32"}', Refused),
        (500, "application/json", '{"error":"llama-server process has terminated: signal: killed"}', ServerFailed),
        (400, "application/json", '{"error":"model is required"}', Refused),
        (200, "text/html", "<html>hello</html>", NotOllama),
        (200, "application/json", "[1]", NotOllama),
        (200, "application/json", '"error"', NotOllama),
        (200, "application/json", "", Disconnected),
    ],
)
async def test_an_answer_that_is_none(status: int, kind: str, body: str, failure: type[Failure]) -> None:
    async def refuse(talk: Talk) -> None:
        await talk.whole(status, body, kind)

    async with scripted(refuse) as server, at(server.url) as host:
        with pytest.raises(failure) as caught:
            await chat(host, question("m"))
        if failure is not Disconnected and status != 200:
            with pytest.raises(failure):
                await host.delete("m")
            with pytest.raises(failure):
                await host.embed(EmbedRequest(model="m", input=("x",)))
    shown = caught.value.message + caught.value.hint
    assert shown.isprintable()


async def test_an_answer_of_another_server_is_not_taken_for_a_version() -> None:
    answers = ["<html>", "{}", '{"version":5}', "[]", "null", "7", '{"version":']

    async def other(talk: Talk) -> None:
        await talk.whole(200, answers[len(server.asked) - 1])

    async with scripted(other) as server, at(server.url) as host:
        for _answer in answers:
            with pytest.raises(NotOllama):
                await host.version()


async def test_something_that_speaks_no_http() -> None:
    async def greet(talk: Talk) -> None:
        await talk.raw(b"220 mail ready\r\n500 what?\r\n\r\n")

    async with scripted(greet) as server, at(server.url) as host:
        with pytest.raises(NotOllama):
            await host.version()


async def test_a_redirect_is_not_followed() -> None:
    async def move(talk: Talk) -> None:
        await talk.whole(301, "", "", f"Location: {server.url}/elsewhere")

    async with scripted(move) as server, at(server.url) as host:
        for asked in (chat(host, question("m")), host.version(), host.copy("a", "b")):
            with pytest.raises(NotOllama) as caught:
                await asked
            assert "/elsewhere" in str(caught.value.params["detail"])
    assert [asked.target for asked in server.asked] == ["/api/chat", "/api/version", "/api/copy"]


async def test_json_in_a_string_is_taken_out() -> None:
    recorded = exchange("chat-overflow-notruncate")
    (body,) = recorded.lines

    async def fail(talk: Talk) -> None:
        await talk.whole(recorded.status, body, recorded.content_type)

    async with scripted(fail) as server, at(server.url) as host:
        with pytest.raises(ContextExceeded) as caught:
            await chat(host, question("long"))
    assert caught.value.params["prompt_tokens"] == 6011
    assert caught.value.params["context"] == 512
    assert str(caught.value.params["detail"]).startswith("request (6011 tokens)")


async def test_leaving_an_answer_disconnects_at_once() -> None:
    async def endless(talk: Talk) -> None:
        await talk.begin()
        while True:
            await talk.piece(line("x") + "\n")

    async with scripted(endless) as server, at(server.url) as host:
        answer = host.chat(question("m"))
        assert isinstance(await anext(answer), Text)
        await answer.aclose()
        async with asyncio.timeout(1):
            await server.gone.wait()


async def test_cancelling_while_the_model_loads_disconnects_at_once() -> None:
    async def load_for_ever(talk: Talk) -> None:
        await asyncio.sleep(60)

    async with scripted(load_for_ever) as server, at(server.url) as host:
        asking = asyncio.create_task(chat(host, question("m")))
        async with asyncio.timeout(5):
            while not server.asked:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        async with asyncio.timeout(1):
            await server.gone.wait()


async def test_a_connection_that_the_server_closed_meanwhile_is_not_used_again() -> None:
    async def once(talk: Talk) -> None:
        await talk.whole(200, '{"version":"1"}')
        talk.writer.close()

    async with scripted(once) as server, at(server.url) as host:
        for _time in range(3):
            assert await host.version() == "1"
            await asyncio.sleep(0.02)
    assert server.connections == 3


async def test_a_connection_is_used_again() -> None:
    async def answer(talk: Talk) -> None:
        await talk.whole(200, '{"version":"1"}')

    async with scripted(answer) as server, at(server.url) as host:
        for _time in range(3):
            assert await host.version() == "1"
    assert len(server.asked) == 3
