"""Requests to one server over httpx, and every way they fail as a failure of the domain."""

import asyncio
import json
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar, cast

import httpcore
import httpx

from ollama_tui.client.answers import StrangeAnswer
from ollama_tui.client.bodies import encode
from ollama_tui.client.errors import beginning, failure_of_line, failure_of_status
from ollama_tui.client.lines import Lines
from ollama_tui.client.members import JsonObject
from ollama_tui.client.vocabulary import read_in_pieces
from ollama_tui.domain.failure import (
    Disconnected,
    HostFailure,
    NotEncrypted,
    NotOllama,
    ProxyFailed,
    Unreachable,
    Untrusted,
)

CONNECT_TIMEOUT = 5.0
"""Seconds to connect. There is no other limit: a model can take minutes to load, and queue before that."""

_T = TypeVar("_T")

_ERROR_BODY = 1_000_000

_LARGE = 500_000
"""Bytes of an answer from which on a thread reads it: a vocabulary has tens of MB."""

_NOT_THERE = (
    httpcore.ConnectError,
    httpcore.ConnectTimeout,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
    UnicodeError,  # of the library that httpx reads names beyond ASCII with: what stands after xn-- is none
)
_ODD = (httpcore.RemoteProtocolError, httpx.RemoteProtocolError)
_GONE = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpx.TransportError,
    httpx.DecodingError,
    OSError,
)


@contextmanager
def speaking_to(url: str) -> Generator[None, None, None]:
    """Turns what httpx, httpcore and the system raise inside into failures."""
    try:
        yield
    except _NOT_THERE as error:
        raise _unreachable(url, error) from error
    except _ODD as error:
        words = str(error)
        if "disconnected" in words or "incomplete" in words or "closed connection" in words:
            raise Disconnected(detail=beginning(words)) from error
        raise NotOllama(url=url, status=0, detail=beginning(words)) from error
    except _GONE as error:
        raise Disconnected(detail=beginning(str(error))) from error


def _unreachable(url: str, error: Exception) -> Unreachable:
    """Why nobody could be spoken to; behind httpx's exceptions may be one of TLS, which says more."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Untrusted(url=url, detail=beginning(cause.verify_message))
    if cause is not None:
        return NotEncrypted(url=url, detail=beginning(cause.reason or str(cause)))
    if isinstance(error, httpx.ProxyError | httpcore.ProxyError):
        return ProxyFailed(url=url, detail=beginning(str(error)))
    return Unreachable(url=url, detail=beginning(str(error)))


class Wire:
    """The connections to the server at `url`, which `transport` carries."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport) -> None:
        self.url = url
        self.transport = transport
        self._client = httpx.AsyncClient(
            transport=transport,
            timeout=httpx.Timeout(None, connect=CONNECT_TIMEOUT),
            trust_env=False,
            follow_redirects=False,
            headers={
                "User-Agent": "ollama-tui",
                "Accept": "application/json, application/x-ndjson",
                "Accept-Encoding": "identity",
            },
        )

    async def aclose(self) -> None:
        await self._client.aclose()

    async def ask(
        self,
        method: str,
        path: str,
        read: Callable[[JsonObject], _T],
        body: JsonObject | None = None,
        *,
        model: str = "",
    ) -> _T:
        """What `read` makes of the one object that a call answers.

        Raises:
            HostFailure: the server cannot, or what answers is not what `read` takes.
        """
        async with self._answer(method, path, _json(body), model=model) as response:
            with speaking_to(self.url):
                content = await response.aread()
        if len(content) > _LARGE:
            return await asyncio.to_thread(self._read, read, content)
        return self._read(read, content)

    def _read(self, read: Callable[[JsonObject], _T], content: bytes) -> _T:
        try:
            return read(self._object(content))
        except StrangeAnswer as error:
            raise NotOllama(url=self.url, status=200, detail=beginning(str(error))) from None

    async def status(
        self,
        method: str,
        path: str,
        *,
        content: AsyncIterator[bytes] | None = None,
        length: int | None = None,
        accept: tuple[int, ...] = (),
    ) -> int:
        """The status that a call without an answer ends with: a success, or one of `accept`."""
        headers = {"Content-Length": str(length)} if length is not None else {}
        async with self._answer(method, path, content, headers=headers, accept=accept) as response:
            with speaking_to(self.url):
                await response.aread()
            return response.status_code

    async def stream(self, path: str, body: JsonObject, *, model: str = "") -> AsyncGenerator[JsonObject, None]:
        """The objects of a stream as they come. An `error` object is raised as the failure it tells."""
        loads = json.loads
        lines = Lines()
        async with self._answer("POST", path, _json(body), model=model) as response:
            with speaking_to(self.url):
                async for piece in cast("AsyncIterator[bytes]", response.stream):
                    for line in lines.feed(piece):
                        try:
                            answer: object = loads(str(line, "utf-8"))
                        except (ValueError, RecursionError):
                            raise self._strange(line) from None
                        if not isinstance(answer, dict):
                            raise self._strange(line)
                        fields = cast("JsonObject", answer)
                        if "error" in fields:
                            raise failure_of_line(fields, model=model)
                        yield fields
            for line in lines.rest():
                fields = self._object(line)
                if "error" in fields:
                    raise failure_of_line(fields, model=model)
                yield fields

    @asynccontextmanager
    async def _answer(
        self,
        method: str,
        path: str,
        content: bytes | AsyncIterator[bytes] | None,
        *,
        model: str = "",
        headers: Mapping[str, str] | None = None,
        accept: tuple[int, ...] = (),
    ) -> AsyncGenerator[httpx.Response, None]:
        """The answer's head, once it is there; its body is closed at the end, which tells the server to stop."""
        with speaking_to(self.url):
            named = {"Content-Type": "application/json"} if isinstance(content, bytes) else {}
            request = self._client.build_request(
                method, self.url + path, content=content, headers={**named, **(headers or {})}
            )
            response = await self._client.send(request, stream=True)
        try:
            if not response.is_success and response.status_code not in accept:
                raise await self.failure(response, model)
            yield response
        finally:
            await response.aclose()

    async def failure(self, response: httpx.Response, model: str) -> HostFailure:
        """What an answer that is no success says; `model` is the one that was asked for."""
        body = bytearray()
        with speaking_to(self.url):
            async for piece in response.aiter_raw():
                body += piece
                if len(body) > _ERROR_BODY:
                    break
        return failure_of_status(
            response.status_code,
            bytes(body),
            url=self.url,
            model=model,
            location=response.headers.get("location", ""),
        )

    def _object(self, content: bytes) -> JsonObject:
        try:
            answer = json.loads(content) if len(content) <= _LARGE else read_in_pieces(content)
        except (ValueError, RecursionError):
            raise self._strange(content) from None
        if not isinstance(answer, dict):
            raise self._strange(content)
        return cast("JsonObject", answer)

    def _strange(self, content: bytes) -> NotOllama:
        return NotOllama(url=self.url, status=200, detail=beginning(content))


def _json(body: JsonObject | None) -> bytes | None:
    return None if body is None else encode(body)
