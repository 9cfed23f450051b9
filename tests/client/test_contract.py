"""What every server is asked, and what a Host makes of its answers.

With OLLAMA_TUI_LIVE=1 a real server at OLLAMA_HOST is asked too. Its models `tiny`, `tiny-embed` and `reason` are made
of GGUF files of these names where it has none, and removed again: see `hosts`.
"""

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from ollama_tui.domain.event import Logprobs, Text
from ollama_tui.domain.failure import (
    ContextExceeded,
    HostFailure,
    LocalFailure,
    ModelMissing,
    Refused,
    ServerFailed,
    Unsupported,
)
from ollama_tui.domain.host import Host
from ollama_tui.domain.identity import now
from ollama_tui.domain.message import Ending
from ollama_tui.domain.request import ChatMessage, ChatRequest, CreateRequest, EmbedRequest, GenerateRequest
from tests.client.hosts import LIVE, NAMES, SERVERS, gguf, opened
from tests.client.said import chat, ended, legible, question, statuses, text, thinking, whole
from tests.demo.recorded import exchange

pytestmark = pytest.mark.asyncio(loop_scope="module")

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0f01f00050001ff"
    "8999193d0000000049454e44ae426082"
)


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def host(server: str) -> AsyncGenerator[Host, None]:
    async with opened(server) as host:
        yield host


def recited(key: str) -> str:
    """What the model `reason` recites."""
    return "".join(json.loads(line)["message"].get(key, "") for line in exchange("chat-think").lines)


async def test_a_server_tells_its_version_and_whether_it_refuses_remote_models(host: Host, server: str) -> None:
    assert (await host.version())[0].isdigit()
    assert await host.cloud_disabled() is False or server == LIVE


async def test_installed_models_are_listed_with_all_that_is_known(host: Host) -> None:
    models = await host.models()
    by_name = {model.name: model for model in models}
    assert set(NAMES) <= set(by_name)
    seconds = [model.modified_at // 1000 for model in models]
    assert seconds == sorted(seconds, reverse=True)
    tiny, embed, reason = (by_name[name] for name in NAMES)
    assert len(tiny.digest) == 64
    assert tiny.size > 1_000_000
    assert tiny.family == "qwen2"
    assert tiny.families == ("qwen2",)
    assert 1_600_000_000_000 < tiny.modified_at <= now()
    assert tiny.can_chat
    assert not tiny.is_remote
    assert not embed.can_chat
    assert embed.can("embedding")
    assert reason.can("thinking")
    assert not tiny.can("thinking")


async def test_show_tells_everything_and_the_vocabulary_only_when_asked(host: Host) -> None:
    card = await host.show("tiny")
    assert card.license.startswith("MIT License")
    assert card.system == "You are a tiny test model."
    assert "<|im_start|>" in card.template
    assert "num_ctx" in card.parameters
    assert card.modelfile.startswith("# Modelfile")
    assert card.architecture == "qwen2"
    assert card.context_length > 0
    assert card.can("completion")
    assert card.tensors[0][2]
    assert card.model_info["tokenizer.ggml.tokens"] is None
    verbose = await host.show("tiny", verbose=True)
    assert isinstance(verbose.model_info["tokenizer.ggml.tokens"], list)


async def test_a_model_is_loaded_listed_kept_for_ever_and_unloaded(host: Host) -> None:
    await host.load("tiny", options={"num_ctx": 1024}, keep_alive=-1, shift=False)
    (loaded,) = [model for model in await host.loaded() if model.name == "tiny:latest"]
    assert loaded.context_length == 1024
    assert loaded.size > 0
    assert loaded.expires_at is not None
    assert loaded.expires_at > now() + 100 * 365 * 86_400_000
    await host.unload("tiny")
    await host.unload("tiny")
    async with asyncio.timeout(10):
        while any(model.name == "tiny:latest" for model in await host.loaded()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_an_embedding_model_is_loaded_too(host: Host) -> None:
    await host.load("tiny-embed", keep_alive="5m")
    assert "tiny-embed:latest" in {model.name for model in await host.loaded()}
    await host.unload("tiny-embed")


async def test_thinking_and_answer_arrive_apart_and_to_the_letter(host: Host) -> None:
    events = await chat(host, question("reason", think=True))
    assert thinking(events) == recited("thinking")
    assert text(events) == recited("content")
    last = ended(events)
    assert (last.ending, last.reason, last.failure) == (Ending.COMPLETE, "stop", None)
    assert last.figures.answer_tokens > 50
    assert last.figures.prompt_tokens > 0
    assert last.figures.total_duration >= last.figures.answer_duration > 0


async def test_a_thinking_model_thinks_unless_told_not_to(host: Host) -> None:
    assert thinking(await chat(host, question("reason")))
    assert not thinking(await chat(host, question("reason", think=False)))
    assert thinking(await chat(host, question("reason", think="max")))


async def test_an_answer_ends_where_its_length_is_limited(host: Host) -> None:
    events = await chat(host, await legible(host, question("tiny", options={"num_predict": 4})))
    assert ended(events).ending is Ending.LENGTH
    assert ended(events).figures.answer_tokens == 4


async def test_a_seed_repeats_an_answer(host: Host) -> None:
    request = await legible(host, question("tiny", options={"num_predict": 8}))
    first, second = text(await chat(host, request)), text(await chat(host, request))
    assert first == second != ""


async def test_a_conversation_with_all_kinds_of_messages_is_understood(host: Host) -> None:
    messages = (
        ChatMessage(role="system", content="Short. \udcff"),
        ChatMessage(role="user", content="质数？"),
        ChatMessage(role="assistant", content="", thinking="hm"),
        ChatMessage(role="tool", content="21", tool_name="weather", tool_call_id="call_1"),
        ChatMessage(role="user", content="go"),
    )
    request = ChatRequest(model="reason", messages=messages, think=True, options={"num_predict": 200})
    assert ended(await chat(host, request)).figures.answer_tokens > 0


async def test_a_format_shapes_the_answer(host: Host) -> None:
    limit = {"num_predict": 48, "seed": 1}
    assert json.loads(text(await chat(host, question("tiny", "x", format="json", options=limit)))) is not None
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
    assert text(await chat(host, question("tiny", "x", format=schema, options=limit))).lstrip().startswith("{")


async def test_probabilities_come_with_their_tokens(host: Host) -> None:
    request = await legible(host, question("tiny", options={"num_predict": 3}, logprobs=True, top_logprobs=2))
    tokens = [token for event in await chat(host, request) if isinstance(event, Logprobs) for token in event.tokens]
    assert len(tokens) == 3
    assert all(token.logprob <= 0 and (token.raw or not token.token) and len(token.top) == 2 for token in tokens)


@pytest.mark.parametrize(
    ("fields", "capability"),
    [
        ({"think": True}, "thinking"),
        ({"tools": ({"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}},)}, "tools"),
        ({"messages": (ChatMessage(role="user", content="x", images=(PNG,)),)}, "vision"),
        ({"model": "tiny-embed"}, "chat"),
    ],
)
async def test_what_a_model_cannot_do_is_said(host: Host, fields: dict[str, object], capability: str) -> None:
    given = {"model": "tiny", "messages": (ChatMessage(role="user", content="x"),), **fields}
    request = ChatRequest(**given)  # pyright: ignore[reportArgumentType]
    with pytest.raises(Unsupported) as caught:
        await chat(host, request)
    assert caught.value.params["capability"] == capability
    assert caught.value.params["model"] == fields.get("model", "tiny")


async def test_a_prompt_that_is_too_long_is_told_with_its_size_when_nothing_may_be_cut(host: Host) -> None:
    request = question("tiny", "word " * 3000, options={"num_ctx": 512}, truncate=False, shift=False)
    with pytest.raises(ContextExceeded) as caught:
        await chat(host, request)
    assert int(caught.value.params["prompt_tokens"]) > 512
    assert caught.value.params["context"] == 512


async def test_a_prompt_that_is_too_long_is_cut_when_it_may_be(host: Host) -> None:
    long = "word " * 3000
    events = await chat(host, question("tiny", long, options={"num_ctx": 512, "num_predict": 2}, truncate=True))
    assert ended(events).figures.prompt_tokens <= 512


@pytest.mark.parametrize("name", ["nope", "tiny:nope"])
async def test_a_model_that_is_not_there_is_missing_whatever_is_asked_of_it(host: Host, name: str) -> None:
    for asked in (
        whole(host.chat(question(name))),
        whole(host.generate(GenerateRequest(model=name, prompt="x"))),
        host.show(name),
        host.load(name),
        host.unload(name),
        host.embed(EmbedRequest(model=name, input=("x",))),
        host.copy(name, "tiny:copy"),
        host.delete(name),
    ):
        with pytest.raises(ModelMissing) as caught:
            await asked
        assert caught.value.params["model"] == name


async def test_a_wrong_request_is_refused(host: Host) -> None:
    for request in (
        question("a b"),
        question("tiny", keep_alive="soon"),
        question("tiny", options={"temperature": "hot"}),
        question("reason", think="enormous"),
        question("tiny", format="yaml"),
    ):
        with pytest.raises(Refused) as caught:
            await chat(host, request)
        assert caught.value.params["detail"]


async def test_generate_completes_a_raw_prompt_and_returns_its_context_otherwise(host: Host) -> None:
    bare = GenerateRequest(model="tiny", prompt="a\n", raw=True, options={"num_predict": 3})
    raw = await whole(host.generate(await legible(host, bare)))
    assert ended(raw).figures.answer_tokens == 3
    assert ended(raw).context == ()
    first = GenerateRequest(model="tiny", prompt="a", options={"num_predict": 3})
    plain = await whole(host.generate(await legible(host, first)))
    assert len(ended(plain).context) > 3
    more = GenerateRequest(model="tiny", prompt="b", context=ended(plain).context, options={"num_predict": 2})
    assert ended(await whole(host.generate(await legible(host, more)))).figures.answer_tokens == 2
    with pytest.raises(Unsupported) as caught:
        await whole(host.generate(GenerateRequest(model="tiny", prompt="a", suffix="b")))
    assert caught.value.params["capability"] == "insert"


async def test_a_prompt_is_rendered_as_the_model_would_be_given_it(host: Host) -> None:
    messages = (ChatMessage(role="system", content="Be brief."), ChatMessage(role="user", content="1 < 2"))
    prompt = await host.render(ChatRequest(model="reason", messages=messages, think=True))
    assert prompt == (
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n1 < 2<|im_end|>\n<|im_start|>assistant\n<think>\n"
    )


async def test_texts_become_vectors_in_their_order(host: Host) -> None:
    both = await host.embed(EmbedRequest(model="tiny-embed", input=("a cat", "质数")))
    (cat,) = (await host.embed(EmbedRequest(model="tiny-embed", input=("a cat",)))).vectors
    assert len(both.vectors) == 2
    assert both.vectors[0] == pytest.approx(cat, abs=1e-3)
    assert both.vectors[1] != pytest.approx(cat, abs=1e-3)
    assert sum(value * value for value in cat) == pytest.approx(1, abs=1e-3)
    assert both.prompt_tokens > 0
    short = await host.embed(EmbedRequest(model="tiny-embed", input=("a cat",), dimensions=8, truncate=True))
    assert len(short.vectors[0]) == 8
    assert (await host.embed(EmbedRequest(model="tiny-embed", input=()))).vectors == ()


async def test_a_model_gets_a_second_name_and_loses_it(host: Host) -> None:
    await host.copy("tiny", "tiny:copy")
    digests = {model.name: model.digest for model in await host.models()}
    assert digests["tiny:copy"] == digests["tiny:latest"]
    await host.delete("tiny:copy")
    assert "tiny:copy" not in {model.name for model in await host.models()}


async def test_a_model_is_made_from_another(host: Host) -> None:
    recipe = CreateRequest(
        model="tiny:poet",
        from_model="tiny",
        system="You are a poet.",
        parameters={"temperature": 0.2, "stop": ("END",)},
        messages=(ChatMessage(role="user", content="Hi"), ChatMessage(role="assistant", content="Ho")),
    )
    try:
        assert statuses(await whole(host.create(recipe)))[-1] == "success"
        card = await host.show("tiny:poet")
        assert card.system == "You are a poet."
        assert card.messages == (("user", "Hi"), ("assistant", "Ho"))
        assert "END" in card.parameters
    finally:
        await host.delete("tiny:poet")


async def test_a_model_is_made_from_a_file_that_is_uploaded_once(host: Host, server: str, tmp_path: Path) -> None:
    weights = gguf(tmp_path / "weights.gguf", server)
    digest = await host.upload(weights)
    assert digest.startswith("sha256:")
    assert await host.upload(weights) == digest
    recipe = CreateRequest(model="tiny:file", files={"weights.gguf": digest}, template="{{ .Prompt }}")
    try:
        assert statuses(await whole(host.create(recipe)))[-1] == "success"
        assert (await host.show("tiny:file")).architecture == "qwen2"
    finally:
        await host.delete("tiny:file")


async def test_what_cannot_be_made_is_said(host: Host, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="template error"):
        await whole(host.create(CreateRequest(model="tiny:bad", from_model="tiny", template="{{ .Broken")))
    with pytest.raises(Refused, match="neither"):
        await whole(host.create(CreateRequest(model="tiny:bad")))
    with pytest.raises(LocalFailure, match=r"nothing\.gguf cannot be read"):
        await host.upload(tmp_path / "nothing.gguf")


async def test_what_cannot_be_fetched_or_published_is_said(host: Host) -> None:
    pull = host.pull("http://127.0.0.1:9/library/tiny", insecure=True)
    assert (await anext(pull)).status == "pulling manifest"
    with pytest.raises(ServerFailed):
        await whole(pull)
    with pytest.raises(Refused):
        await whole(host.pull("a b"))
    with pytest.raises(HostFailure):
        await whole(host.push("nobody/tiny"))


async def test_closing_an_answer_makes_way_for_the_next(host: Host) -> None:
    answer = host.chat(question("tiny", options={"num_predict": 100_000, "num_ctx": 2048}))
    async for event in answer:
        if isinstance(event, Text):
            break
    await answer.aclose()
    async with asyncio.timeout(5):
        events = await chat(host, await legible(host, question("tiny", options={"num_predict": 2, "num_ctx": 2048})))
    assert ended(events).figures.answer_tokens == 2


async def test_several_calls_run_at_once(host: Host) -> None:
    short = await legible(host, question("tiny", options={"num_predict": 5}))
    answers = await asyncio.gather(
        chat(host, question("reason", think=True)),
        chat(host, short),
        host.show("tiny"),
        host.models(),
    )
    assert text(answers[0]) == recited("content")
    assert ended(answers[1]).figures.answer_tokens == 5
