"""Chat and generate: what is checked, counted, cut, gone on with."""

import json
from typing import Any

import pytest

from ollama_tui.demo.server import DemoServer
from ollama_tui.demo.vocabulary import default
from tests.demo.carrier import ask, chat

SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 5},
        "age": {"type": "integer", "minimum": 3, "maximum": 9},
        "tags": {"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 2},
        "inner": {"$ref": "#/$defs/inner"},
    },
    "required": ["name", "age", "tags", "inner"],
    "$defs": {"inner": {"type": "object", "properties": {"yes": {"type": "boolean"}}, "required": ["yes"]}},
}


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        (b'{"model": 3}', 400, "json: cannot unmarshal number into Go struct field ChatRequest.model of type string"),
        (
            b'{"stream": "yes"}',
            400,
            "json: cannot unmarshal string into Go struct field ChatRequest.stream of type bool",
        ),
        (b"[]", 400, "json: cannot unmarshal array into Go value of type api.ChatRequest"),
        (
            b'{"messages": [{"content": []}]}',
            400,
            "json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string",
        ),
        (b'{"model"', 400, "unexpected EOF"),
        (b'{"model": tru}', 400, "invalid character '}' in literal true (expecting 'e')"),
        (b"null", 400, "model is required"),
        (b'{"MODEL": "echo", "top_logprobs": 21}', 400, "top_logprobs must be between 0 and 20"),
        (
            b'{"model": "echo", "messages": [{"role":"user"}], "options": {"stop": "x"}}',
            500,
            'option "stop" must be of type array',
        ),
        (
            b'{"model": "echo", "messages": [{"role":"user"}], "options": {"num_ctx": "x"}}',
            500,
            'option "num_ctx" must be of type integer',
        ),
        (
            b'{"model": "echo", "messages": [{"role":"user"}], "think": "medium"}',
            400,
            '"echo" does not support thinking',
        ),
    ],
)
async def test_what_is_wrong_with_a_request(server: DemoServer, body: bytes, status: int, text: str) -> None:
    reply = await ask(server, "/api/chat", body)
    assert (reply.status, reply.error) == (status, text)


async def test_keys_in_any_case_nulls_and_bytes_after_the_value(server: DemoServer) -> None:
    body = (
        b'{"Model":"echo","MESSAGES":[{"Role":"USER","content":"hi","images":null}],"options":null,"stream":false} rest'
    )
    reply = await ask(server, "/api/chat", body)
    assert reply.object["message"]["content"].startswith("hi")


async def test_what_is_special_in_html_is_escaped_and_nel_is_not(server: DemoServer) -> None:
    reply = await ask(server, "/api/chat", chat("<b>&\u2028\u0085\x1b", stream=False))
    assert b"\\u003cb\\u003e\\u0026\\u2028\xc2\x85\\u001b" in reply.body


async def test_counts_are_those_of_the_vocabulary_that_show_gives(server: DemoServer) -> None:
    question = "How do 你好 tokens count? 🎉"
    reply = await ask(server, "/api/chat", chat(question))
    info = (await ask(server, "/api/show", {"model": "echo", "verbose": True})).object["model_info"]
    assert info["tokenizer.ggml.tokens"] == default().tokens
    prompt = f"<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n"
    assert reply.objects[-1]["prompt_eval_count"] == default().count(prompt)
    assert reply.objects[-1]["eval_count"] == default().count(reply.said) + 1


async def test_num_predict_ends_with_length(server: DemoServer) -> None:
    reply = await ask(server, "/api/chat", chat("hi", options={"num_predict": 5}))
    last = reply.objects[-1]
    assert (last["done_reason"], last["eval_count"]) == ("length", 5)
    assert default().count(reply.said) == 5


async def test_a_stop_sequence_ends_it(server: DemoServer) -> None:
    reply = await ask(server, "/api/chat", chat("one two END three", options={"stop": ["END"]}))
    assert reply.said == "one two "
    assert reply.objects[-1]["done_reason"] == "stop"


async def test_too_long_without_truncation_and_without_shift(server: DemoServer) -> None:
    long = chat("word " * 3000, options={"num_ctx": 512})
    reply = await ask(server, "/api/chat", {**long, "truncate": False})
    assert reply.status == 400
    assert json.loads(reply.error)["error"]["type"] == "exceed_context_size_error"
    reply = await ask(server, "/api/chat", {**long, "shift": False})
    assert reply.error.startswith("the prompt is longer than the context length currently available to the model")


async def test_json_that_satisfies_the_schema(server: DemoServer) -> None:
    reply = await ask(server, "/api/chat", chat("x", "guide", format=SCHEMA))
    found: dict[str, Any] = json.loads(reply.said)
    assert len(found["name"]) <= 5
    assert 3 <= found["age"] <= 9
    assert found["tags"] == ["a", "a"]
    assert found["inner"] == {"yes": True}
    assert isinstance(json.loads((await ask(server, "/api/chat", chat("x", format="json"))).said), dict)


@pytest.mark.parametrize("model", ["guide", "echo", "markdown", "thinker"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.97])
async def test_raw_goes_on_exactly_where_the_answer_ended(server: DemoServer, model: str, share: float) -> None:
    asked = chat("What are the keys?", model, options={"temperature": 0.5})
    whole = await ask(server, "/api/chat", asked)
    debug = (await ask(server, "/api/chat", {**asked, "_debug_render_only": True})).object["_debug_info"]
    begun = whole.said[: int(len(whole.said) * share)]
    prompt = debug["rendered_template"]
    if whole.thought:
        prompt += f"{whole.thought}</think>\n\n"
    raw = {"model": model, "prompt": prompt + begun, "raw": True, "options": {"temperature": 0.5}}
    rest = await ask(server, "/api/generate", raw)
    assert begun + rest.said == whole.said
    assert "context" not in rest.objects[-1]


async def test_raw_goes_on_within_the_thinking(server: DemoServer) -> None:
    asked = chat("Why?", "thinker", think="high")
    whole = await ask(server, "/api/chat", asked)
    prompt = (await ask(server, "/api/chat", {**asked, "_debug_render_only": True})).object["_debug_info"][
        "rendered_template"
    ]
    begun = whole.thought[: len(whole.thought) // 2]
    rest = await ask(server, "/api/generate", {"model": "thinker", "prompt": prompt + begun, "raw": True})
    thought, _, said = rest.said.partition("</think>\n\n")
    # The level is not in the prompt, so the thoughts may be fewer; they are the same as far as they go.
    assert whole.thought.startswith(begun + thought[:40])
    assert "I am `thinker`" in said


async def test_asked_to_go_on_it_says_the_rest(server: DemoServer) -> None:
    whole = (await ask(server, "/api/chat", chat("What are the keys?", "guide"))).said
    said = [("user", "What are the keys?"), ("assistant", whole[:100]), ("user", "Please continue.")]
    messages = [{"role": role, "content": content} for role, content in said]
    assert (await ask(server, "/api/chat", {"model": "guide", "messages": messages})).said == whole[100:]


async def test_context_of_generate_goes_on(server: DemoServer) -> None:
    first = await ask(server, "/api/generate", {"model": "echo", "prompt": "one", "stream": False})
    context = first.object["context"]
    assert "one" in default().decode(context)
    second = await ask(server, "/api/generate", {"model": "echo", "prompt": "two", "context": context, "stream": False})
    assert second.object["prompt_eval_count"] > first.object["prompt_eval_count"]


async def test_levels_of_thinking_differ_in_length(server: DemoServer) -> None:
    thought = [
        len((await ask(server, "/api/chat", chat("x", "thinker", think=level))).thought)
        for level in ("low", "medium", "high", "max")
    ]
    assert thought == sorted(set(thought))
    assert (await ask(server, "/api/chat", chat("x", "thinker", think=False))).thought == ""
    assert (await ask(server, "/api/chat", chat("x", "thinker"))).thought


async def test_logprobs_are_those_of_the_tokens(server: DemoServer) -> None:
    reply = await ask(server, "/api/chat", chat("你好 world", logprobs=True, top_logprobs=2))
    records = [record for line in reply.objects for record in line.get("logprobs", [])]
    assert b"".join(bytes(record["bytes"]) for record in records).decode() == reply.said
    assert all(len(record["top_logprobs"]) == 2 for record in records)


async def test_errors_of_generate(server: DemoServer) -> None:
    for body, status, text in (
        ({}, 404, "model '' not found"),
        ({"model": "a b"}, 400, "invalid model name"),
        (
            {"model": "echo", "raw": True, "system": "x", "prompt": "y"},
            400,
            "raw mode does not support template, system, or context",
        ),
        (
            {"model": "guide", "prompt": "a", "suffix": "b"},
            400,
            "registry.ollama.ai/library/guide:latest does not support insert",
        ),
    ):
        reply = await ask(server, "/api/generate", body)
        assert (reply.status, reply.error) == (status, text)


async def test_embeddings_are_of_length_one_and_alike_for_like_words(server: DemoServer) -> None:
    body = {"model": "embed", "input": ["the black cat sleeps", "a black cat is sleeping", "quarterly tax report"]}
    first, second, third = (await ask(server, "/api/embed", body)).object["embeddings"]

    def product(one: list[float], other: list[float]) -> float:
        return sum(a * b for a, b in zip(one, other, strict=True))

    assert product(first, first) == pytest.approx(1, abs=1e-5)
    assert product(first, second) > product(first, third) + 0.2
    cut = (await ask(server, "/api/embed", {**body, "dimensions": 10})).object["embeddings"][0]
    assert len(cut) == 10
    assert product(cut, cut) == pytest.approx(1, abs=1e-5)
    assert (await ask(server, "/api/embed", {"model": "embed", "input": [1]})).error == "invalid input type"
    long = {"model": "embed", "input": "word " * 40_000, "truncate": False}
    assert (await ask(server, "/api/embed", long)).error == "the input length exceeds the context length"
