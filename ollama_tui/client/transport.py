"""How requests travel: directly over TCP with small packets gathered, over TLS, or through a proxy."""

import ssl
from collections.abc import Mapping
from urllib.parse import SplitResult, unquote, urlsplit

import httpcore

from ollama_tui.client.errors import beginning
from ollama_tui.client.gathering import GatheringBackend
from ollama_tui.client.proxies import proxy_for
from ollama_tui.client.wire import Transport
from ollama_tui.domain.failure import Unreachable

_IDLE = 30.0
"""Seconds that an idle connection is kept."""


def open_transport(url: str, environment: Mapping[str, str]) -> Transport:
    """The transport for a server at `url`.

    Raises:
        Unreachable: the environment's proxy is none that can be used.
    """
    proxy = proxy_for(url, environment)
    try:
        trusted = _trusted() if url.startswith("https://") else None
        if proxy is not None:
            return _through(urlsplit(proxy), trusted)
        backend = GatheringBackend() if trusted is None else None
        return httpcore.AsyncConnectionPool(
            trusted, network_backend=backend, max_connections=None, keepalive_expiry=_IDLE
        )
    except (ValueError, RuntimeError, OSError) as error:
        raise Unreachable(url=url, detail=beginning(str(error))) from error


def _through(proxy: SplitResult, trusted: ssl.SSLContext | None) -> Transport:
    where = httpcore.URL(scheme=proxy.scheme, host=proxy.hostname or "", port=proxy.port, target="/")
    login = (unquote(proxy.username).encode(), unquote(proxy.password or "").encode()) if proxy.username else None
    match proxy.scheme:
        case "http" | "https":
            return httpcore.AsyncHTTPProxy(
                where,
                login,
                ssl_context=trusted,
                proxy_ssl_context=_trusted() if proxy.scheme == "https" else None,
                max_connections=None,
                keepalive_expiry=_IDLE,
            )
        case "socks5" | "socks5h":
            return httpcore.AsyncSOCKSProxy(
                where, login, ssl_context=trusted, max_connections=None, keepalive_expiry=_IDLE
            )
        case _:
            raise ValueError(f"a proxy speaks http, https or socks5, not {proxy.scheme}")


def _trusted() -> ssl.SSLContext:
    """The system's certificate authorities, as Go trusts them, and certifi's for a Python that finds none."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
