"""The demo server is faithful: replayed in order, the recorded exchanges come out alike."""

import json
from dataclasses import replace

import httpx

from ollama_tui.demo.protocol import Request
from ollama_tui.demo.server import DemoServer
from ollama_tui.demo.socket import serve
from tests.demo import recorded
from tests.demo.comparison import differences
from tests.demo.recorded import Exchange

# What differs, and why.
DIFFERING: dict[str, str] = {}


async def ask(server: DemoServer, exchange: Exchange) -> tuple[int, str, str]:
    response = await server.handle(Request(exchange.method, exchange.path, {"Host": "127.0.0.1:11434"}, exchange.body))
    body = b"".join([piece async for piece in response.body])
    return response.status, response.headers.get("Content-Type", ""), body.decode()


def native() -> list[Exchange]:
    """The ordered exchanges under `/` and `/api`."""
    return [one for one in recorded.exchanges() if not one.path.startswith("/v1")]


def _as_load(exchange: Exchange) -> Exchange:
    """What an exchange of the other protocol leaves behind: its model loaded."""
    named = json.loads(exchange.body)["model"] if exchange.body else "none"
    body = json.dumps({"model": named, "messages": []}).encode()
    return replace(exchange, path="/api/chat", method="POST", body=body)


def _state(server: DemoServer) -> dict[str, list[str]]:
    machine = server.machine
    return {
        "installed": sorted(model.parsed.shown for model in machine.store.models()),
        "loaded": sorted(one.model.parsed.shown for one in machine.scheduler.loaded()),
    }


async def test_the_recordings_come_out_alike_from_the_state_they_give() -> None:
    server = recorded.server()
    found: dict[str, list[str]] = {}
    for exchange in recorded.exchanges():
        if exchange.path.startswith("/v1"):
            await ask(server, _as_load(exchange))
            continue
        assert _state(server) == exchange.given, exchange.name
        wrong = differences(exchange, *await ask(server, exchange))
        if wrong:
            found[exchange.name] = wrong
    unexpected = {name: wrong for name, wrong in found.items() if name not in DIFFERING}
    assert not unexpected, json.dumps(unexpected, indent=1, ensure_ascii=False)
    assert set(DIFFERING) == set(found), "listed as differing, but alike"
    assert len(DIFFERING) <= 8


async def test_over_a_socket_too() -> None:
    server = recorded.server()
    async with serve(server, port=0) as serving, httpx.AsyncClient(base_url=serving.url, trust_env=False) as client:
        for exchange in native():
            reply = await client.request(exchange.method, exchange.path, content=exchange.body)
            wrong = differences(exchange, reply.status_code, reply.headers.get("Content-Type", ""), reply.text)
            assert not wrong or exchange.name in DIFFERING, (exchange.name, wrong)


# Told to think, and given tools, the prompt holds `>` before a newline, which the recorded models' pre-tokenizer
# (qwen2) makes one token and the built-in vocabulary's (gpt-2) two.
COUNTED = (
    "chat",
    "chat-length",
    "chat-logprobs",
    "chat-format-json",
    "chat-format-schema",
    "chat-seeded-1",
    "chat-unknown-option",
    "chat-bad-role",
    "chat-overflow",
    "chat-noshift",
    "generate-context",
    "generate-raw",
)


async def test_prompts_are_counted_as_recorded() -> None:
    server = recorded.server()
    for name in COUNTED:
        exchange = recorded.exchange(name)
        _, _, body = await ask(server, exchange)
        ours, theirs = json.loads(body.splitlines()[-1]), json.loads(exchange.lines[-1])
        assert ours["prompt_eval_count"] == theirs["prompt_eval_count"], name


async def test_what_is_recited_is_recited_to_the_letter() -> None:
    server = recorded.server()
    for name in ("chat", "chat-think", "chat-nostream"):
        exchange = recorded.exchange(name)
        _, _, body = await ask(server, exchange)
        for key in ("content", "thinking"):
            ours = "".join(json.loads(line)["message"].get(key, "") for line in body.splitlines())
            theirs = "".join(json.loads(line)["message"].get(key, "") for line in exchange.lines)
            assert ours == theirs, (name, key)


async def test_a_seed_repeats() -> None:
    server = recorded.server()
    said: list[str] = []
    for name in ("chat-seeded-1", "chat-seeded-2"):
        _, _, body = await ask(server, recorded.exchange(name))
        said.append("".join(json.loads(line)["message"]["content"] for line in body.splitlines()))
    assert said[0] == said[1] != ""
