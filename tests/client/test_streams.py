"""Streams of lines, however they are written and cut."""

import time

import pytest

from ollama_tui.domain.event import Ended, TurnEvent
from ollama_tui.domain.failure import NotOllama
from tests.client.hosts import at
from tests.client.said import chat, collect, question, text, thinking
from tests.client.scripted import DONE, Talk, line, scripted
from tests.demo.recorded import exchange


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param("not json", id="words"),
        pytest.param("[1, 2]", id="list"),
        pytest.param('"error"', id="text"),
        pytest.param("\x1b[2J{", id="escape"),
        pytest.param('{"a":' * 100_000, id="deep objects"),
        pytest.param("[" * 100_000, id="deep lists"),
        pytest.param("9" * 5000, id="long number"),
    ],
)
async def test_a_line_that_is_no_object_ends_the_answer_and_is_shown_harmless(odd: str) -> None:
    async def babble(talk: Talk) -> None:
        await talk.stream(line("one"), odd, DONE)

    came: list[TurnEvent] = []
    async with scripted(babble) as server, at(server.url) as host:
        with pytest.raises(NotOllama) as caught:
            await collect(host, came)
    assert text(came) == "one"
    detail = str(caught.value.params["detail"])
    assert detail.isprintable()
    assert 0 < len(detail) <= 200


async def test_invalid_utf8_ends_the_answer() -> None:
    async def babble(talk: Talk) -> None:
        await talk.stream(b'{"message":{"content":"\xff\xfe"},"done":true}')

    async with scripted(babble) as server, at(server.url) as host:
        with pytest.raises(NotOllama):
            await chat(host, question("m"))


async def test_line_separators_of_unicode_end_no_line() -> None:
    async def stream(talk: Talk) -> None:
        body = '{"message":{"role":"assistant","content":"a\x85b\u2028c\u2029d"},"done":true}'
        assert "\x85" in body
        await talk.stream(body)

    async with scripted(stream) as server, at(server.url) as host:
        assert text(await chat(host, question("m"))) == "a\x85b\u2028c\u2029d"


async def test_a_character_split_over_packets_stays_whole() -> None:
    async def bytewise(talk: Talk) -> None:
        await talk.begin()
        data = ('{"message":{"content":"质🎉数"},"done":false}\n' + DONE + "\n").encode()
        for byte in data[:60]:
            await talk.piece(bytes([byte]))
        await talk.piece(data[60:])
        await talk.end()

    async with scripted(bytewise) as server, at(server.url) as host:
        assert text(await chat(host, question("m"))) == "质🎉数"


async def test_half_a_character_of_utf16_is_replaced_where_it_enters() -> None:
    async def halved(talk: Talk) -> None:
        await talk.stream('{"message":{"content":"a\\ud83d","thinking":"\\udc00b"},"done":true}')

    async with scripted(halved) as server, at(server.url) as host:
        events = await chat(host, question("m"))
    assert (text(events), thinking(events)) == ("a\ufffd", "\ufffdb")


async def test_a_byte_order_mark_is_passed_over() -> None:
    async def marked(talk: Talk) -> None:
        await talk.begin()
        await talk.piece(b"\xef")
        await talk.piece(b"\xbb\xbf" + line("a").encode() + b"\n")
        await talk.piece(DONE + "\n")
        await talk.end()

    async with scripted(marked) as server, at(server.url) as host:
        assert text(await chat(host, question("m"))) == "a"


async def test_one_line_of_twenty_megabytes_in_small_packets_takes_no_longer_than_its_size() -> None:
    size, packet = 20_000_000, 1_024

    async def enormous(talk: Talk) -> None:
        await talk.begin()
        body = ('{"message":{"content":"' + "x" * size + '"},"done":false}\n').encode()
        for start in range(0, len(body), packet):
            piece = body[start : start + packet]
            talk.writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            if start % (64 * packet) == 0:
                await talk.writer.drain()
        await talk.piece(DONE + "\n")
        await talk.end()

    async with scripted(enormous) as server, at(server.url) as host:
        began = time.process_time()
        assert len(text(await chat(host, question("m")))) == size
        assert time.process_time() - began < 5


async def test_an_object_without_a_line_end_answers_where_a_stream_was_asked_for() -> None:
    recorded = exchange("load")

    async def load(talk: Talk) -> None:
        await talk.whole(200, recorded.lines[0], recorded.content_type)

    async with scripted(load) as server, at(server.url) as host:
        (event,) = await chat(host, question("reason"))
    assert isinstance(event, Ended)
    assert event.reason == "load"
