"""`/api/copy`, `/api/delete` and the blobs."""

import re
from collections.abc import AsyncIterator

from ollama_tui.demo import names, replies
from ollama_tui.demo.fields import Fields
from ollama_tui.demo.machine import Knobs, Machine
from ollama_tui.demo.protocol import Response
from ollama_tui.demo.replies import Refusal

_DIGEST = re.compile(r"sha256[:-][0-9a-fA-F]{64}")


async def copy(machine: Machine, record: Fields, _: Knobs) -> Response:
    source, destination = record.text("source"), record.text("destination")
    found = names.parse(source) if source else None
    if found is None:
        raise Refusal(400, f'source "{source}" is invalid')
    target = names.parse(destination) if destination else None
    if target is None:
        raise Refusal(400, f'destination "{destination}" is invalid')
    model = machine.store.find(found)
    if model is None:
        raise Refusal(404, f'model "{source}" not found')
    if target.key != found.key:
        machine.store.copy(model, target, machine.clock.now_ns())
    return replies.raw(b"")


async def delete(machine: Machine, record: Fields, _: Knobs) -> Response:
    named = record.model()
    if not named.strip():
        raise Refusal(400, "model is required")
    name = names.parse(named)
    if name is None:
        raise Refusal(400, f'name "{named}" is invalid')
    if machine.store.find(name) is None:
        raise Refusal(404, f"model '{named}' not found")
    machine.store.remove(name)
    return replies.raw(b"")


async def blob(machine: Machine, method: str, digest: str, body: AsyncIterator[bytes] | bytes) -> Response:
    """`HEAD` asks whether a blob is there; `POST` brings it."""
    if not _DIGEST.fullmatch(digest):
        raise Refusal(400, "invalid digest format")
    if machine.store.has(digest):
        return replies.raw(b"")
    if method == "HEAD":
        return replies.raw(b"", replies.WHOLE, 404)
    found = await machine.store.upload(body)
    if found != digest:
        raise Refusal(400, f'digest mismatch, expected "{digest}", got "{found}"')
    return replies.raw(b"", status=201)
