"""Whole answers, however odd: one strange field spoils neither its row nor the list."""

import json

import pytest

from ollama_tui.client.errors import failure_of_line, failure_of_status
from ollama_tui.domain.failure import HostFailure, NotOllama
from ollama_tui.domain.host import Host
from ollama_tui.domain.model import LoadedModel, Model, ModelCard
from tests.client.hosts import at
from tests.client.scripted import Talk, scripted
from tests.demo.recorded import WIRE, Exchange, exchange


async def answered(body: object) -> tuple[tuple[Model, ...], tuple[LoadedModel, ...], ModelCard]:
    """What a host makes of `body` as a list of models, of loaded ones, and as a model's card."""

    async def answer(talk: Talk) -> None:
        await talk.whole(200, body if isinstance(body, str) else json.dumps(body))

    async with scripted(answer) as server, at(server.url) as host:
        return await host.models(), await host.loaded(), await host.show("m")


async def test_recorded_lists_are_read_whole() -> None:
    models, _loaded, _card = await answered(exchange("tags").lines[0])
    recorded = json.loads(exchange("tags").lines[0])["models"]
    assert [model.name for model in models] == [model["name"] for model in recorded]
    by_name = {model.name: model for model in models}
    slow = by_name["tiny-slow:latest"]
    assert (slow.parent, slow.context_length, slow.size) == (
        "tiny:latest",
        recorded[0]["details"]["context_length"],
        2756228,
    )
    _models, loaded, _card = await answered(exchange("ps-loaded").lines[0])
    recorded = json.loads(exchange("ps-loaded").lines[0])["models"]
    assert [(one.name, one.size, one.size_vram, one.context_length) for one in loaded] == [
        (one["name"], one["size"], one["size_vram"], one["context_length"]) for one in recorded
    ]
    assert all(one.expires_at and one.parameter_size and one.quantization for one in loaded)


async def test_nulls_missing_fields_and_wrong_types_are_forgiven() -> None:
    models, loaded, card = await answered(
        {
            "models": [
                {"name": "a:latest", "details": {"families": None}, "capabilities": None, "unknown": {"x": 1}},
                {"model": "b:latest", "details": None, "size": "big", "modified_at": "yesterday", "digest": 5},
                {"name": "c:latest", "size": 1e400, "capabilities": ["completion", 7], "expires_at": []},
                {"name": "d:latest", "modified_at": "2026-11-23T23:18:22.409295375+02:00", "details": [1]},
                {"size": 5},
                "nonsense",
                None,
            ],
            "details": None,
            "model_info": None,
            "tensors": None,
            "messages": [{"role": "user"}, 5],
        }
    )
    assert [model.name for model in models] == ["a:latest", "b:latest", "c:latest", "d:latest"]
    assert [model.capabilities for model in models] == [None, None, frozenset({"completion"}), None]
    assert models[0].families == ()
    assert models[1].size == models[2].size == 0
    assert models[3].modified_at == 1795468702409
    assert [one.name for one in loaded] == [model.name for model in models]
    assert card.model_info == {}
    assert card.messages == (("user", ""),)


async def test_times_at_both_ends_of_time() -> None:
    times = {
        "forever": "2318-11-23T23:18:22.4+02:00",
        "never": "0001-01-01T00:00:00Z",
        "past": "1969-12-31T23:59:59.5Z",
        "naive": "1970-01-01T00:00:01",
        "first": "0001-01-01T00:00:00+14:00",
        "last": "9999-12-31T23:59:59-12:00",
    }
    rows = [{"name": name, "expires_at": time} for name, time in times.items()]
    _models, loaded, _card = await answered({"models": rows})
    found = {one.name: one.expires_at for one in loaded}
    assert found["forever"] == 11010028702400
    assert found["never"] is found["first"] is None
    assert found["past"] == -500
    assert found["naive"] == 1000
    assert found["last"] is not None


async def test_arrays_are_absent_until_asked_for_and_tensors_always_there() -> None:
    _models, _loaded, card = await answered({"models": [], **json.loads(exchange("show").lines[0])})
    assert card.model_info["tokenizer.ggml.tokens"] is None
    assert card.tensors[0][0] == "token_embd.weight" or card.tensors
    _models, _loaded, verbose = await answered({"models": [], **json.loads(exchange("show-verbose").lines[0])})
    tokens = verbose.model_info["tokenizer.ggml.tokens"]
    assert isinstance(tokens, list)
    assert "verbose" not in verbose.model_info


async def test_a_list_that_is_null_is_empty_but_one_that_is_missing_is_no_answer() -> None:
    assert (await answered({"models": None}))[0] == ()
    with pytest.raises(NotOllama):
        await answered({"error_free": True})


async def test_lone_surrogates_are_replaced_where_they_enter() -> None:
    models, _loaded, _card = await answered('{"models":[{"name":"a\\ud800:latest"}]}')
    assert models[0].name == "a\ufffd:latest"


def refusals() -> list[str]:
    """The recorded answers whose status is an error."""
    names = sorted(path.stem for path in WIRE.glob("*.json"))
    found = [(name, json.loads((WIRE / f"{name}.json").read_text("utf-8"))) for name in names]
    return [
        name
        for name, record in found
        if record["status"] >= 400 and record["lines"] and not record["request"]["path"].startswith("/v1")
    ]


# Where the domain has a class of its own; everything else is Refused.
EXPECTED = {
    "chat-embed-model": "unsupported",
    "chat-image-unsupported": "unsupported",
    "chat-missing-model": "model-missing",
    "chat-overflow-notruncate": "context-exceeded",
    "chat-think-unsupported": "unsupported",
    "chat-tools-unsupported": "unsupported",
    "copy-missing": "model-missing",
    "create-quantize-bad": "server-failed",
    "delete-missing": "model-missing",
    "embed-chat-model": "unsupported",
    "embed-missing": "model-missing",
    "generate-suffix-unsupported": "unsupported",
    "not-found": "not-ollama",
    "show-missing": "model-missing",
    "wrong-method": "not-ollama",
}


@pytest.mark.parametrize("name", refusals())
def test_recorded_refusals_become_failures_of_their_kind(name: str) -> None:
    recorded: Exchange = exchange(name)
    failure = failure_of_status(recorded.status, recorded.lines[0].encode(), url="http://h", model="m")
    assert isinstance(failure, HostFailure)
    assert failure.code == EXPECTED.get(name, "refused"), failure.params
    assert failure.message
    assert str(failure.params["detail"]).strip()


_TOO_LONG = "exceed_context_size_error"


@pytest.mark.parametrize(
    ("body", "detail", "params"),
    [
        (
            '{"error":"{\\"error\\":{\\"message\\":\\"out of memory\\"}}\\nggml: cudaMalloc failed"}',
            "out of memory\nggml: cudaMalloc failed",
            {},
        ),
        ('{"error":"{not json"}', "{not json", {}),
        ('{"error":null}', "null", {}),
        ('{"error":["a"]}', '["a"]', {}),
        ('{"error":{"code":5}}', '{"code": 5}', {}),
        ('{"error":"\\u001b]52;c;QQ==\\u0007\\u202e"}', "\u241b]52;c;QQ==\u2407\ufffd", {}),
        (
            '{"error":"the prompt is longer than the context length currently available to the model; shorten"}',
            "the prompt is longer than the context length currently available to the model; shorten",
            {},
        ),
        (
            '{"error":"request (20 tokens) exceeds the available context size (10 tokens), try increasing it"}',
            "request (20 tokens) exceeds the available context size (10 tokens), try increasing it",
            {"prompt_tokens": 20, "context": 10},
        ),
        (
            json.dumps({"error": json.dumps({"error": {"message": "no context", "type": _TOO_LONG, "n_ctx": 4}})}),
            "no context",
            {"context": 4},
        ),
        ('{"error":"the input length exceeds the context length"}', "the input length exceeds the context length", {}),
    ],
)
def test_words_are_taken_out_of_whatever_they_are_wrapped_in(body: str, detail: str, params: dict[str, object]) -> None:
    failure = failure_of_status(400, body.encode(), url="http://h", model="m")
    assert failure.params["detail"] == detail
    assert {name: failure.params.get(name) for name in params} == params
    assert (failure.code == "context-exceeded") == ("context" in detail)


def test_a_sign_in_address_is_kept_and_does_without() -> None:
    body = b'{"error":"unauthorized","signin_url":"https://ollama.com/connect?name=x"}'
    failure = failure_of_status(401, body, url="http://h")
    assert failure.params["signin_url"] == "https://ollama.com/connect?name=x"
    assert "signin_url" not in failure_of_status(401, b'{"error":"unauthorized"}', url="http://h").params


async def cloud(body: str, status: int = 200) -> bool:
    async def answer(talk: Talk) -> None:
        await talk.whole(status, body)

    async with scripted(answer) as server, at(server.url) as host:
        return await _disabled(host)


async def _disabled(host: Host) -> bool:
    return await host.cloud_disabled()


async def test_a_server_that_knows_no_status_refuses_no_remote_models() -> None:
    assert await cloud('{"cloud":{"disabled":true,"source":"env"}}') is True
    assert await cloud("404 page not found", 404) is False
    with pytest.raises(NotOllama):
        await cloud("<html>", 200)


@pytest.mark.parametrize(
    "words", ["tls: first record does not look like a TLS handshake", "http: server gave HTTP response to HTTPS client"]
)
def test_a_registry_without_encryption_is_told_from_a_server_that_fails(words: str) -> None:
    error = {"error": f'pull model manifest: Get "https://127.0.0.1:5001/v2/library/m/manifests/latest": {words}'}
    failure = failure_of_line(error, model="http://127.0.0.1:5001/library/m")
    assert failure.code == "registry-plain"
    assert "insecure" in failure.hint
