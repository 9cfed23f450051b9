"""The environment's proxies, by the rules of Go's client, which is Ollama's own: this machine is never proxied."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address without brackets, is this machine."""
    if host.rstrip(".").casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def proxy_for(url: str, environment: Mapping[str, str]) -> str | None:
    """The proxy that `environment` names for `url`, or None to go there directly."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:  # no address at all: connecting says so
        return None
    host = (parts.hostname or "").rstrip(".")
    if not host or is_loopback(host):
        return None
    proxy = _variable(environment, f"{parts.scheme}_proxy") if parts.scheme in ("http", "https") else ""
    if not proxy or (parts.scheme == "http" and environment.get("REQUEST_METHOD")):
        return None  # under CGI, HTTP_PROXY can be a header of whoever asks
    exempt = _variable(environment, "no_proxy").split(",")
    if any(_matches(host, port, pattern.strip().casefold()) for pattern in exempt):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _variable(environment: Mapping[str, str], name: str) -> str:
    return environment.get(name.upper()) or environment.get(name) or ""


def _matches(host: str, port: int, pattern: str) -> bool:
    """Whether one entry of NO_PROXY covers `host`: `*`, an address, a network, a domain with all below it, or `.x`."""
    if pattern == "*":
        return True
    if not pattern:
        return False
    try:
        network = ipaddress.ip_network(pattern.strip("[]"), strict=False)
    except ValueError:
        pass
    else:
        try:
            return ipaddress.ip_address(host) in network
        except ValueError:
            return False
    name, colon, digits = pattern.rpartition(":")
    if colon and digits.isdecimal():
        if int(digits) != port:
            return False
        pattern = name.strip("[]")
    pattern = pattern.removeprefix("*")
    host = host.casefold()
    return host.endswith(pattern) if pattern.startswith(".") else host == pattern or host.endswith(f".{pattern}")
