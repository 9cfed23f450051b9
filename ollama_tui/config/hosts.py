"""Which server to speak to, and how its address is read: as Ollama's own client reads OLLAMA_HOST."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote

from ollama_tui.config.settings import Settings
from ollama_tui.domain.host import DEMO_HOST_ID, HostAddress
from ollama_tui.domain.i18n import _

HOST_VARIABLE = "OLLAMA_HOST"
LOCAL_HOST_ID = "local"

_PORT = "11434"
_SCHEME_PORTS = {"http": "80", "https": "443"}
_FOUR_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+){3}")
_HOST_NAME = re.compile(r"(?!.{254})[\w-]{1,63}(?:\.[\w-]{1,63})*\.?")
"""Names may have any letters: what is beyond ASCII is written otherwise before it is asked for."""
_LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")


def choose_address(
    *, flag: str | None, environment: Mapping[str, str], settings: Settings, remembered: str | None, demo: bool
) -> HostAddress:
    """The server to begin with: by the flag, else OLLAMA_HOST, else the settings, else the one used last, else local.

    Each may be an address or the name of one of the settings' hosts.
    """
    if demo:
        return HostAddress(id=DEMO_HOST_ID, url="", source="demo")
    if flag and flag.strip():
        return find_address(flag, settings, source="flag")
    if _trim(environment.get(HOST_VARIABLE, "")):
        return find_address(environment[HOST_VARIABLE], settings, source="environment")
    if settings.host:
        return find_address(settings.host, settings, source="config")
    if remembered:
        return find_address(remembered, settings, source="remembered")
    return find_address("", settings, source="default")


def known_addresses(current: HostAddress, settings: Settings) -> tuple[HostAddress, ...]:
    """The servers to choose from: the current one, the settings' own, this machine's, and the built-in demo."""
    known = (
        current,
        *(HostAddress(id=name, url=parse_host(text), source="config") for name, text in settings.hosts.items()),
        find_address("", settings, source="default"),
        HostAddress(id=DEMO_HOST_ID, url="", source="demo"),
    )
    first: dict[str, HostAddress] = {}
    for address in known:
        first.setdefault(address.id, address)
    return tuple(first.values())


def find_address(
    text: str, settings: Settings, *, source: Literal["flag", "environment", "config", "remembered", "default"]
) -> HostAddress:
    """The server that `text` means: a name among the settings' hosts, or an address."""
    if text == DEMO_HOST_ID and source in ("config", "remembered"):
        return HostAddress(id=DEMO_HOST_ID, url="", source="demo")
    if text in settings.hosts:
        return HostAddress(id=text, url=parse_host(settings.hosts[text]), source=source)
    url = parse_host(text)
    named = next((name for name, other in settings.hosts.items() if parse_host(other) == url), None)
    return HostAddress(id=named or _slug(url), url=url, source=source)


def parse_host(text: str) -> str:
    """The URL to connect to for a value of OLLAMA_HOST: an address that a server listens on is this machine's own."""
    url = read_host(text)
    scheme, _mark, rest = url.partition("://")
    for listening, reachable in (("", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("[::]", "[::1]")):  # noqa: S104
        if rest.startswith(f"{listening}:"):
            return f"{scheme}://{reachable}{rest[len(listening) :]}"
    return url


def is_possible(url: str) -> bool:
    """Whether a server can be at the URL that an address was read as: nothing is at `ftp://x`, `http://a b`, port 0."""
    scheme, _mark, rest = url.partition("://")
    host, _colon, port = rest.partition("/")[0].rpartition(":")
    if scheme.casefold() not in _SCHEME_PORTS or port == "0":
        return False
    if host.startswith("[") and host.endswith("]"):
        try:
            ipaddress.IPv6Address(host[1:-1])
        except ValueError:
            return False
        return True
    if _FOUR_NUMBERS.fullmatch(host):
        return all(int(number) < 256 for number in host.split("."))
    return _HOST_NAME.fullmatch(host) is not None


def misreading(text: str) -> str:
    """What in an address does not mean what it seems to, since Ollama reads it so; empty where all does."""
    authority = _trim(text).rpartition("://")[2].partition("/")[0]
    port = (_split(authority) or ("", ""))[1]
    why = ""
    if "@" in authority:
        why = _("a name and a password are not understood")
    elif authority.count("[") != authority.count("]"):
        why = _("a bracket is missing")
    elif port and not _is_port(port):
        why = _("{port} is no port").format(port=port)
    elif not authority and "/" in text:
        why = _("it names no host")
    if not why:
        return ""
    return _("{text} is read as {url}, as Ollama reads it: {why}.").format(text=text, url=parse_host(text), why=why)


def read_host(text: str) -> str:
    """The URL that a value of OLLAMA_HOST means, exactly as Ollama reads it (envconfig/config.go, August 2026)."""
    text = _trim(text)
    scheme, mark, rest = text.partition("://")
    port = _SCHEME_PORTS.get(scheme, _PORT) if mark else _PORT
    if not mark:
        scheme, rest = ("https", "ollama.com:443") if text == "ollama.com" else ("http", text)
    rest, _slash, path = rest.partition("/")
    host, given = _split(rest) or (_bare(rest), port)
    if not _is_port(given):
        given = port
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}:{int(given)}{_clean(path)}"


def _is_port(text: str) -> bool:
    return re.fullmatch(r"[+-]?[0-9]+", text) is not None and 0 <= int(text) <= 65535


def _trim(text: str) -> str:
    return text.strip().strip("\"'").strip()


def _split(text: str) -> tuple[str, str] | None:
    """Host and port, or None where Go's net.SplitHostPort finds an error."""
    host, colon, port = text.rpartition(":")
    if not colon:
        return None
    if host.startswith("["):
        if not host.endswith("]"):
            return None
        host = host[1:-1]
    elif ":" in host:
        return None
    return None if set("[]") & {*host, *port} else (host, port)


def _bare(text: str) -> str:
    """A host without a port: an IP address in its usual form, or the text itself, or this machine if it is empty."""
    try:
        address = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return text or "127.0.0.1"
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id:
            return text
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
    return str(address)


def _clean(path: str) -> str:
    """A path prefix as a request's path is joined to it: no empty segment, no dots, no slash at its end."""
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            segments = segments[:-1]
        elif segment not in ("", "."):
            segments.append(quote(segment, safe="%:@!$&'()*+,;=~"))
    return "".join(f"/{segment}" for segment in segments)


def _slug(url: str) -> str:
    """A stable id for a server that has no name: its address, as short as tells it from others."""
    scheme, _mark, rest = url.partition("://")
    authority, _slash, path = rest.partition("/")
    host = authority.removesuffix(f":{_PORT}")
    if scheme == "http" and host != authority:
        if host.casefold() in _LOCAL_NAMES and not path:
            return LOCAL_HOST_ID
        rest = f"{host}/{path}"
    return re.sub(r"[^a-z0-9.]+", "-", (rest if scheme == "http" else url).casefold()).strip("-")
