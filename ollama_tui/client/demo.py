"""Carries requests to the built-in server, without a socket."""

from collections.abc import AsyncIterator
from typing import cast

import httpcore

from ollama_tui.demo.protocol import Body, Request
from ollama_tui.demo.server import DemoServer


class DemoTransport:
    """A server of its own, or the one it is given. Knows no timeouts: nothing is far away."""

    def __init__(self, server: DemoServer | None = None) -> None:
        self._server = server or DemoServer()

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.headers}
        body = aiter(cast("AsyncIterator[bytes]", request.stream))
        asked = Request(request.method.decode("ascii"), request.url.target.decode("ascii"), headers, body)
        try:
            response = await self._server.handle(asked)
        except ConnectionResetError as error:
            raise httpcore.ReadError("the server is gone") from error
        return httpcore.Response(
            response.status, headers=list(response.headers.items()), content=_Answer(response.body)
        )

    async def aclose(self) -> None:
        """There is no connection."""


class _Answer:
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
            raise httpcore.ReadError("the server is gone") from error
