"""Who may speak to a server on loopback: nobody whose `Host` or `Origin` is from elsewhere."""

import ipaddress
import re
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

_LOCAL = (".localhost", ".local", ".internal")
_ORIGIN = re.compile(
    r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::\d+)?|(?:app|file|tauri|vscode-webview|vscode-file)://.*"
)


def _host(header: str) -> str:
    try:
        return (urlsplit(f"//{header}").hostname or "").lower()
    except ValueError:
        return header


def _near(host: str) -> bool:
    """Whether a host name or address can only mean this machine or its own network."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host in {"", "localhost", socket.gethostname().lower()} or host.endswith(_LOCAL)
    return address.is_loopback or address.is_private or address.is_unspecified


def allowed(headers: Mapping[str, str]) -> bool:
    """Whether a request with these headers (names in lower case) is answered at all."""
    host, origin = headers.get("host", ""), headers.get("origin", "")
    if not _near(_host(host)):
        return False
    same = origin in {f"http://{host}", f"https://{host}"}
    return not origin or same or bool(_ORIGIN.fullmatch(origin))
