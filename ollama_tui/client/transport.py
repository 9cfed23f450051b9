"""How requests travel: directly over TCP with small packets gathered, over TLS, or through a proxy."""

import ssl
from collections.abc import AsyncIterator, Mapping

import httpcore
import httpx

from ollama_tui.client.errors import beginning
from ollama_tui.client.gathering import GatheringBackend
from ollama_tui.client.proxies import proxy_for
from ollama_tui.config.hosts import is_possible
from ollama_tui.domain.failure import NoAddress, ProxyFailed

_IDLE = 30.0
"""Seconds that an idle connection is kept."""


def open_transport(url: str, environment: Mapping[str, str]) -> httpx.AsyncBaseTransport:
    """The transport for a server at `url`.

    Raises:
        NoAddress: no server can be at `url`.
        ProxyFailed: the environment's proxy is none that can be used.
    """
    if not is_possible(url):
        raise NoAddress(url=url)
    proxy = proxy_for(url, environment)
    secure = url.startswith("https://")
    if proxy is None and not secure:
        return DirectTransport()
    encrypted = secure or (proxy or "").startswith("https://")
    try:
        if proxy and (wrong := _wrong_address(httpx.URL(proxy))):
            raise ProxyFailed(url=url, detail=NoAddress(url=wrong).message)
        transport = ProxiedTransport if proxy else httpx.AsyncHTTPTransport
        return transport(
            verify=_trusted() if encrypted else False,  # without TLS there is nothing to verify
            trust_env=False,
            proxy=proxy,
            limits=httpx.Limits(keepalive_expiry=_IDLE),
        )
    except (ImportError, ValueError, httpx.InvalidURL, OSError) as error:
        raise ProxyFailed(url=url, detail=beginning(str(error))) from error


def _wrong_address(proxy: httpx.URL) -> str:
    """Where no proxy can be, without the name and password that may stand before it; else empty.

    The system refuses a port above 65535, or a name that is none, only as it connects, and as no failure of a network.
    """
    if proxy.scheme not in ("http", "https") or not proxy.host:
        return ""  # httpx says so
    port = proxy.port or (443 if proxy.scheme == "https" else 80)
    host = f"[{proxy.host}]" if ":" in proxy.host else proxy.raw_host.decode("ascii")
    address = f"{proxy.scheme}://{host}:{port}"
    return "" if port < 65536 and is_possible(address) else address


class ProxiedTransport(httpx.AsyncHTTPTransport):
    """Through a proxy. Where that is not there, it is the proxy that is told of, and not the server behind it."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise httpx.ProxyError(str(error) or "nothing answered in time") from error


class DirectTransport(httpx.AsyncBaseTransport):
    """Plain HTTP to the server itself. Raises httpcore's exceptions."""

    def __init__(self) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            network_backend=GatheringBackend(), max_connections=None, keepalive_expiry=_IDLE
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        response = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=url,
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=dict(response.extensions),  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    """httpcore's answer as httpx takes it, without another generator around it: each would cost at every line."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._response.aiter_stream()

    async def aclose(self) -> None:
        await self._response.aclose()


def _trusted() -> ssl.SSLContext:
    """The system's certificate authorities, as Go trusts them, and certifi's for a Python that finds none."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
