"""The official client, for the calls that it gets right, over our own connections.

It reads what it should not: at import it makes a client from the environment (and raises there on an OLLAMA_HOST, a
certificate file or a proxy that it cannot use), and it sends OLLAMA_API_KEY to whatever host it is given.
"""

import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

from ollama_tui.client.bodies import plain_options
from ollama_tui.client.errors import beginning
from ollama_tui.client.wire import CONNECT_TIMEOUT, Wire, speaking_to
from ollama_tui.domain.failure import NotOllama
from ollama_tui.domain.request import Embeddings, EmbedRequest
from ollama_tui.domain.text import storable

if TYPE_CHECKING:
    from ollama import AsyncClient

_UNUSABLE = ("OLLAMA_HOST", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


async def copy(wire: Wire, source: str, destination: str) -> None:
    """Call `/api/copy`."""
    client = _client(wire, source)
    with speaking_to(wire.url):
        await client.copy(storable(source), storable(destination))


async def delete(wire: Wire, model: str) -> None:
    """Call `/api/delete`."""
    client = _client(wire, model)
    with speaking_to(wire.url):
        await client.delete(storable(model))


async def embed(wire: Wire, request: EmbedRequest) -> Embeddings:
    """Call `/api/embed`."""
    client = _client(wire, request.model)
    with speaking_to(wire.url):
        try:
            answer = await client.embed(
                model=storable(request.model),
                input=[storable(text) for text in request.input],
                truncate=request.truncate,
                dimensions=request.dimensions,
                options=plain_options(request.options),
                keep_alive=request.keep_alive,
            )
        except ValueError as error:
            raise NotOllama(url=wire.url, status=200, detail=beginning(str(error))) from None
    return Embeddings(
        vectors=tuple(tuple(vector) for vector in answer.embeddings),
        prompt_tokens=answer.prompt_eval_count or 0,
        total_duration=answer.total_duration or 0,
        load_duration=answer.load_duration or 0,
    )


def import_client() -> "type[AsyncClient]":
    """The client's class, whatever the environment holds. Takes up to half a second the first time."""
    try:
        from ollama import AsyncClient
    except (ValueError, OSError, ImportError, httpx.InvalidURL):
        with _without(_UNUSABLE):
            from ollama import AsyncClient
    return AsyncClient


def _client(wire: Wire, model: str) -> "AsyncClient":
    async def drop_key(request: httpx.Request) -> None:
        request.headers.pop("Authorization", None)

    async def check(response: httpx.Response) -> None:
        if not response.is_success:
            raise await wire.failure(response, model)

    return import_client()(
        host=wire.url,
        transport=wire.transport,
        follow_redirects=False,
        trust_env=False,
        timeout=httpx.Timeout(None, connect=CONNECT_TIMEOUT),
        event_hooks={"request": [drop_key], "response": [check]},
    )


@contextmanager
def _without(names: tuple[str, ...]) -> Generator[None, None, None]:
    saved = {name: os.environ.pop(name) for name in list(os.environ) if name.upper() in names}
    try:
        yield
    finally:
        os.environ.update(saved)
