"""What is sent: every field typed, and nothing that was not set."""

import json
from typing import get_type_hints

import pytest

from ollama_tui.domain.event import Ended, Text, Thinking, ToolCall
from ollama_tui.domain.failure import Unsupported
from ollama_tui.domain.message import ToolCall as Call
from ollama_tui.domain.request import ChatMessage, ChatRequest, EmbedRequest, GenerateRequest
from tests.client.hosts import at, demo, over
from tests.client.said import chat, ended, question, text, whole
from tests.client.scripted import Asked, Talk, scripted
from tests.demo.recorded import exchange

DONE = '{"message":{"content":""},"response":"","done":true}'


async def answer(talk: Talk) -> None:
    if talk.asked.target == "/api/embed":
        await talk.whole(200, '{"model":"m","embeddings":[]}')
    elif talk.asked.target == "/api/generate" and talk.asked.json.get("model") == "embedder":
        await talk.whole(400, '{"error":"\\"embedder\\" does not support generate"}')
    elif talk.asked.method == "HEAD":
        await talk.whole(200 if "ba78" in talk.asked.target else 404, "")
    else:
        await talk.whole(200, DONE)


async def test_a_bare_chat_says_nothing_that_was_not_set() -> None:
    async with scripted(answer) as server, at(server.url) as host:
        await chat(host, question("m", "Hi"))
        await whole(host.generate(GenerateRequest(model="m", prompt="Hi")))
        await host.load("m")
        await host.unload("m")
    assert [one.json for one in server.asked] == [
        {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "stream": True},
        {"model": "m", "prompt": "Hi", "stream": True},
        {"model": "m", "stream": False},
        {"model": "m", "stream": False, "keep_alive": 0},
    ]


async def test_every_field_of_a_chat_is_sent_as_the_server_reads_it() -> None:
    call = Call(name="f", arguments={"city": "Paris", "deep": {"list": [1]}}, id="call_1", index=2)
    tool: dict[str, object] = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
    request = ChatRequest(
        model="m",
        messages=(
            ChatMessage(role="user", content="look", images=(b"\x89PNG\xff\xfe",)),
            ChatMessage(role="assistant", thinking="hm", tool_calls=(call,)),
            ChatMessage(role="tool", content="21", tool_name="f", tool_call_id="call_1"),
        ),
        options={"temperature": 0.5, "stop": ("END",), "num_ctx": 4096, "use_mmap": False, "min_p": 0.1},
        think="max",
        format={"type": "object"},
        keep_alive=-1,
        tools=(tool,),
        truncate=False,
        shift=False,
        logprobs=True,
        top_logprobs=3,
    )
    async with scripted(answer) as server, at(server.url) as host:
        await chat(host, request)
    assert server.asked[0].json == {
        "model": "m",
        "stream": True,
        "messages": [
            {"role": "user", "content": "look", "images": ["iVBOR//+"]},
            {
                "role": "assistant",
                "content": "",
                "thinking": "hm",
                "tool_calls": [
                    {
                        "id": "call_1",
                        "function": {"index": 2, "name": "f", "arguments": {"city": "Paris", "deep": {"list": [1]}}},
                    }
                ],
            },
            {"role": "tool", "content": "21", "tool_name": "f", "tool_call_id": "call_1"},
        ],
        "options": {"temperature": 0.5, "stop": ["END"], "num_ctx": 4096, "use_mmap": False, "min_p": 0.1},
        "think": "max",
        "format": {"type": "object"},
        "keep_alive": -1,
        "tools": [tool],
        "truncate": False,
        "shift": False,
        "logprobs": True,
        "top_logprobs": 3,
    }
    assert set(get_type_hints(ChatRequest)) == set(server.asked[0].json) - {"stream"}


async def test_every_field_of_a_generate_is_sent() -> None:
    request = GenerateRequest(
        model="m",
        prompt="p",
        suffix="s",
        system="y",
        template="t",
        context=(1, 2),
        raw=False,
        images=(b"abc",),
        options={"seed": 1},
        think=False,
        format="json",
        keep_alive="5m",
        truncate=True,
        shift=True,
        logprobs=False,
        top_logprobs=0,
    )
    async with scripted(answer) as server, at(server.url) as host:
        await whole(host.generate(request))
    sent = server.asked[0].json
    assert set(get_type_hints(GenerateRequest)) == set(sent) - {"stream"}
    assert sent["images"] == ["YWJj"]
    assert sent["context"] == [1, 2]
    assert (sent["think"], sent["raw"], sent["truncate"], sent["top_logprobs"]) == (False, False, True, 0)


async def test_an_embed_is_sent_whole_and_an_embedding_model_is_loaded_by_embedding_nothing() -> None:
    async with scripted(answer) as server, at(server.url) as host:
        request = EmbedRequest(
            model="m", input=("a\udcff",), truncate=False, dimensions=8, options={"num_ctx": 512}, keep_alive="1m"
        )
        await host.embed(request)
        await host.load("embedder", options={"num_ctx": 512}, keep_alive="5m", shift=False)
    asked = [(one.target, one.json) for one in server.asked]
    load = {"model": "embedder", "options": {"num_ctx": 512}, "keep_alive": "5m"}
    assert asked == [
        (
            "/api/embed",
            {
                "model": "m",
                "input": ["a\ufffd"],
                "truncate": False,
                "dimensions": 8,
                "options": {"num_ctx": 512},
                "keep_alive": "1m",
            },
        ),
        ("/api/generate", {**load, "stream": False, "shift": False}),
        ("/api/embed", {**load, "input": []}),
    ]


async def test_a_blob_is_asked_for_before_it_is_sent_and_sent_with_its_length(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("files")
    (folder / "there").write_bytes(b"abc")
    (folder / "new").write_bytes(b"x" * 3_000_000)
    async with scripted(answer) as server, at(server.url) as host:
        there = await host.upload(folder / "there")
        new = await host.upload(folder / "new")
    assert [(one.method, one.target) for one in server.asked] == [
        ("HEAD", f"/api/blobs/{there}"),
        ("HEAD", f"/api/blobs/{new}"),
        ("POST", f"/api/blobs/{new}"),
    ]
    posted: Asked = server.asked[-1]
    assert (posted.headers["content-length"], len(posted.body)) == ("3000000", 3_000_000)


async def test_calls_come_from_whichever_object_brings_them_and_each_has_an_id() -> None:
    async def native(talk: Talk) -> None:
        calls = [{"function": {"name": name, "arguments": {"n": 1}}} for name in "fg"]
        message = {"content": "a", "thinking": "t", "tool_calls": calls}
        await talk.stream(json.dumps({"message": message, "done": True, "done_reason": "stop"}))

    async with scripted(native) as server, at(server.url) as host:
        events = await chat(host, question("m"))
    assert [type(event) for event in events] == [Thinking, Text, ToolCall, ToolCall, Ended]
    calls = [event.call for event in events if isinstance(event, ToolCall)]
    assert [(one.name, one.arguments, one.index) for one in calls] == [("f", {"n": 1}, 0), ("g", {"n": 1}, 1)]
    assert len({one.id for one in calls if one.id}) == 2


async def test_recorded_calls_keep_the_server_s_own_ids() -> None:
    async def replay(talk: Talk) -> None:
        await talk.stream(*exchange("chat-tools").lines)

    async with scripted(replay) as server, at(server.url) as host:
        (found, _end) = await chat(host, question("toolcall"))
    assert isinstance(found, ToolCall)
    assert found.call == Call(name="get_weather", arguments={"city": "Paris"}, id="call_zeva9vyj", index=0)


async def test_figures_that_are_zero_are_not_sent_and_read_as_zero() -> None:
    async with scripted(answer) as server, at(server.url) as host:
        figures = ended(await chat(host, question("m"))).figures
    assert (figures.prompt_tokens, figures.answer_tokens, figures.total_duration, figures.speed) == (0, 0, 0, 0.0)


async def test_a_server_that_cannot_render_is_stopped_at_its_first_token() -> None:
    async def generate(talk: Talk) -> None:
        await talk.begin()
        while True:
            await talk.piece('{"message":{"content":"x"},"done":false}\n')

    async with scripted(generate) as server, at(server.url) as host:
        with pytest.raises(Unsupported):
            await host.render(question("m"))
        await server.gone.wait()
    assert server.asked[0].json["_debug_render_only"] is True


async def test_leaving_an_answer_of_the_demo_in_process_is_noticed() -> None:
    server = demo()
    host = over(server)
    stream = host.chat(question("tiny", options={"num_predict": 100_000}))
    async for event in stream:
        if isinstance(event, Text):
            break
    await stream.aclose()
    assert server.requests[-1].disconnected is not None
    assert text(await chat(host, question("tiny", options={"num_predict": 2})))
    await host.aclose()
