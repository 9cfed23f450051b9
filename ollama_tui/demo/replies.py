"""Answers in the server's manner: whole ones, refusals, and streams whose headers wait for the first object."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping

from ollama_tui.demo import gojson
from ollama_tui.demo.protocol import JsonView, Response

WHOLE = "application/json; charset=utf-8"
LATE = "application/json"
LINES = "application/x-ndjson"


class Refusal(Exception):
    """What a request cannot have: a status, and the text of its `error`."""

    def __init__(self, status: int, text: str, extra: Mapping[str, JsonView] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.extra = dict(extra or {})

    @property
    def object(self) -> dict[str, JsonView]:
        return {"error": self.text, **self.extra}


class Bytes:
    """A body that is there at once."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if not self._data:
            raise StopAsyncIteration
        data, self._data = self._data, b""
        return data

    async def aclose(self) -> None:
        self._data = b""


class Started:
    """A stream whose first piece was already taken from it."""

    def __init__(self, first: bytes, rest: AsyncGenerator[bytes, None]) -> None:
        self._first = first
        self._rest = rest

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self._first:
            data, self._first = self._first, b""
            return data
        try:
            return await self._rest.__anext__()
        except Refusal as refusal:
            # The status is gone: the failure becomes the last line.
            return (gojson.encode(refusal.object) + "\n").encode()

    async def aclose(self) -> None:
        self._first = b""
        await self._rest.aclose()


def raw(data: bytes, content_type: str = "", status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """`data` as it is, with its length."""
    return Response(
        status,
        {
            **({"Content-Type": content_type} if content_type else {}),
            **(headers or {}),
            "Content-Length": str(len(data)),
        },
        Bytes(data),
    )


def whole(value: JsonView, status: int = 200, content_type: str = WHOLE) -> Response:
    return raw(gojson.encode(value).encode(), content_type, status)


def refused(refusal: Refusal, content_type: str = WHOLE) -> Response:
    return whole(refusal.object, refusal.status, content_type)


def text(content: str, status: int = 200, content_type: str = "text/plain", allow: str = "") -> Response:
    return raw(content.encode(), content_type, status, {"Allow": allow} if allow else None)


async def lines(stream: AsyncGenerator[bytes, None]) -> Response:
    """A stream of ndjson lines; returns when the first is ready, or with the status of a failure before it."""
    try:
        first = await anext(stream, b"")
    except Refusal as refusal:
        return refused(refusal, LATE)
    return Response(200, {"Content-Type": LINES, "Transfer-Encoding": "chunked"}, Started(first, stream))


def line(value: JsonView) -> bytes:
    return (gojson.encode(value) + "\n").encode()
