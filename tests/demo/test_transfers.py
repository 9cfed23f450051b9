"""Pull, push, create, copy, delete and blobs."""

import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from ollama_tui.demo.machine import Registry, Speed
from ollama_tui.demo.protocol import Request
from ollama_tui.demo.server import DemoServer
from tests.demo import recorded
from tests.demo.carrier import ask, chat, opened, taken
from tests.demo.virtual import VirtualClock

BULK = "deepseek-r1:7b"


def progress(records: list[dict[str, Any]]) -> list[int]:
    """Bytes of the first layer, the weights, line by line."""
    digests = [record["digest"] for record in records if "digest" in record]
    return [record.get("completed", 0) for record in records if record.get("digest") == digests[0]]


async def test_a_pull_moves_forward_every_60_ms_and_ends_installed(server: DemoServer) -> None:
    reply = await ask(server, "/api/pull", {"name": BULK, "model": ""})
    done = progress(reply.objects)
    assert reply.statuses[0] == "pulling manifest"
    assert reply.statuses[-3:] == ["verifying sha256 digest", "writing manifest", "success"]
    assert done == sorted(done)
    assert len(done) > 300
    said = (await ask(server, "/api/chat", chat("hi", BULK))).said
    assert "only stand in for **deepseek-r1:7b**" in said


async def test_a_pull_broken_off_goes_on_from_there(server: DemoServer) -> None:
    response = await opened(server, "/api/pull", {"model": BULK})
    seen = [await anext(aiter(response.body)) for _ in range(100)]
    await response.body.aclose()
    assert server.requests[-1].disconnected is not None
    reached = progress([json.loads(line) for line in seen])[-1]
    again = progress((await ask(server, "/api/pull", {"model": BULK})).objects)
    assert reached <= again[0] < reached * 1.1


async def test_two_pulls_of_one_blob_share_it(server: DemoServer, clock: VirtualClock) -> None:
    first = await opened(server, "/api/pull", {"model": BULK})
    second = await opened(server, "/api/pull", {"model": BULK})
    for _ in range(50):
        await anext(aiter(first.body))
        await anext(aiter(second.body))
    await first.body.aclose()
    rest = await taken(second)
    assert rest.statuses[-1] == "success"


async def test_nothing_arrives_while_nobody_waits(server: DemoServer, clock: VirtualClock) -> None:
    response = await opened(server, "/api/pull", {"model": BULK})
    for _ in range(10):
        await anext(aiter(response.body))
    await response.body.aclose()
    clock.advance(3600)
    again = progress((await ask(server, "/api/pull", {"model": BULK})).objects)
    assert again[0] < 200e6


async def test_a_newer_manifest_removes_what_is_unused(clock: VirtualClock) -> None:
    models = {model.name: model for model in recorded.models()}
    registry = Registry({"library/tiny:latest": models["reason:latest"]})
    server = DemoServer(models=[models["tiny:latest"]], registries={"registry.ollama.ai": registry}, clock=clock)
    reply = await ask(server, "/api/pull", {"model": "tiny"})
    assert reply.statuses[-2:] == ["removing unused layers", "success"]


async def test_pull_errors_without_a_stream(server: DemoServer) -> None:
    reply = await ask(server, "/api/pull", {"model": "nope", "stream": False})
    assert (reply.status, reply.error) == (500, "pull model manifest: file does not exist")


async def test_a_push(server: DemoServer) -> None:
    await ask(server, "/api/copy", {"source": "guide", "destination": "me/guide"})
    reply = await ask(server, "/api/push", {"model": "me/guide"})
    assert reply.statuses[0] == "retrieving manifest"
    assert reply.statuses[-2:] == ["pushing manifest", "success"]
    assert (await ask(server, "/api/push", {"model": "guide"})).error == "unauthorized: access denied"


async def test_create_from_a_missing_model_pulls_it_first(server: DemoServer) -> None:
    reply = await ask(server, "/api/create", {"model": "mine", "from": "moondream", "system": "Be brief."})
    assert reply.statuses.count("success") == 2
    shown = (await ask(server, "/api/show", {"model": "mine"})).object
    assert shown["system"] == "Be brief."
    assert shown["details"]["parent_model"] == "moondream:latest"


def string(text: bytes) -> bytes:
    """As GGUF writes one."""
    return len(text).to_bytes(8, "little") + text


async def test_create_from_an_uploaded_file(server: DemoServer) -> None:
    file = b"GGUF" + (3).to_bytes(4, "little") + (0).to_bytes(8, "little") + (2).to_bytes(8, "little")
    file += string(b"general.architecture") + (8).to_bytes(4, "little") + string(b"llama")
    file += string(b"llama.context_length") + (4).to_bytes(4, "little") + (2048).to_bytes(4, "little")
    digest = f"sha256:{hashlib.sha256(file).hexdigest()}"
    assert (await ask(server, f"/api/blobs/{digest}", method="HEAD")).status == 404
    assert (await ask(server, f"/api/blobs/{digest}", file)).status == 201
    assert (await ask(server, f"/api/blobs/{digest}", file)).status == 200
    reply = await ask(server, "/api/create", {"model": "mine", "files": {"mine.gguf": digest}})
    assert reply.statuses[-1] == "success"
    shown = (await ask(server, "/api/show", {"model": "mine"})).object
    assert shown["details"]["family"] == "llama"
    assert shown["model_info"]["llama.context_length"] == 2048


@pytest.mark.parametrize(
    ("fields", "status", "text"),
    [
        ({"model": "a b", "from": "echo"}, 400, "invalid model name"),
        ({"model": "x", "files": {"/abs": "sha256:" + "0" * 64}}, 400, "file path must be relative"),
        ({"model": "x", "files": {"rel": "sha256:0"}}, 400, "invalid digest format"),
        (
            {"model": "x", "from": "echo", "quantize": "q8_0"},
            500,
            "quantization is only supported for F16, BF16 and F32 models",
        ),
        (
            {"model": "x", "from": "echo", "template": "{{ frob }}"},
            400,
            'template error: template: :1: function "frob" not defined',
        ),
    ],
)
async def test_what_create_refuses(server: DemoServer, fields: dict[str, Any], status: int, text: str) -> None:
    reply = await ask(server, "/api/create", fields)
    assert (reply.status, reply.error) == (status, text)


async def test_a_large_blob_is_hashed_as_it_comes(quick: DemoServer) -> None:
    piece = b"0123456789abcdef" * 65536

    async def body() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield piece

    digest = f"sha256:{hashlib.sha256(piece * 64).hexdigest()}"
    response = await quick.handle(Request("POST", f"/api/blobs/{digest}", {}, body()))
    assert response.status == 201
    assert len(quick.machine.store.head(digest)) == 4 * 1024 * 1024


async def test_copy_and_delete_answer_with_nothing(server: DemoServer) -> None:
    copied = await ask(server, "/api/copy", {"source": "ECHO", "destination": "other"})
    assert (copied.status, copied.body) == (200, b"")
    deleted = await ask(server, "/api/delete", {"name": "other"}, "DELETE")
    assert (deleted.status, deleted.body) == (200, b"")
    gone = await ask(server, "/api/delete", {"model": "other"}, "DELETE")
    assert (gone.status, gone.error) == (404, "model 'other' not found")


async def test_a_pull_is_as_fast_as_its_registry() -> None:
    server = DemoServer(speed=Speed(download=1e12))
    assert (await ask(server, "/api/pull", {"model": BULK, "stream": False})).object == {"status": "success"}
