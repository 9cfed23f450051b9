"""Carries requests to the built-in server, without a socket."""

from collections.abc import AsyncIterator

import httpx

from ollama_tui.demo.protocol import Body, Request
from ollama_tui.demo.server import DemoServer


class DemoTransport(httpx.AsyncBaseTransport):
    """A server of its own, or the one it is given. Knows no timeouts: nothing is far away."""

    def __init__(self, server: DemoServer | None = None) -> None:
        self._server = server or DemoServer()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.headers.raw}
        asked = Request(request.method, request.url.raw_path.decode("ascii"), headers, _pieces(request))
        try:
            response = await self._server.handle(asked)
        except ConnectionResetError as error:
            raise httpx.ReadError("the server is gone") from error
        return httpx.Response(response.status, headers=dict(response.headers), stream=_Answer(response.body))


class _Answer(httpx.AsyncByteStream):
    """The body; closing it is how the server learns that nobody listens."""

    def __init__(self, body: Body) -> None:
        self._body = body

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces()

    async def aclose(self) -> None:
        await self._body.aclose()

    async def _pieces(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._body:
                yield piece
        except ConnectionResetError as error:
            raise httpx.ReadError("the server is gone") from error


async def _pieces(request: httpx.Request) -> AsyncIterator[bytes]:
    if isinstance(request.stream, httpx.AsyncByteStream):
        async for piece in request.stream:
            yield piece
