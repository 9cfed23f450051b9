"""`serve`: Ollama's own server in this process' place, or the built-in one."""

import asyncio
import errno
import os
import shutil
import signal
import socket
import sys
from urllib.parse import urlsplit

from ollama_tui.cli.invocation import Invocation, no_address
from ollama_tui.cli.output import tell, write
from ollama_tui.domain.i18n import _

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def serve_ollama(invocation: Invocation) -> int:
    """Become `ollama serve`, and never return; the exit code if that cannot be."""
    binary = shutil.which("ollama")
    if binary is None:
        tell(_("Error: there is no `ollama` on the PATH."))
        tell(_("Install it from https://ollama.com/download, or try `ollama-tui --demo`."))
        return 1
    environment = dict(os.environ)
    if invocation.host:
        environment["OLLAMA_HOST"] = invocation.host
    return os.execve(binary, [binary, "serve"], environment)  # noqa: S606 - no shell is wanted


def serve_demo(invocation: Invocation, port: int | None) -> int:
    """Serve the built-in demo until it is told to stop; its address goes to stdout."""
    from ollama_tui.demo.server import DemoServer
    from ollama_tui.demo.socket import serve

    host, given = _listen_at(invocation.host)
    port = given if port is None else port

    async def session() -> None:
        over = asyncio.Event()
        if sys.platform != "win32":
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, over.set)
        async with serve(DemoServer(), host=host, port=port) as listening:
            write(_("The demo listens at {url}").format(url=listening.url) + "\n")
            if host not in _LOOPBACK:
                tell(_("Warning: other machines may reach it."))
            await over.wait()

    try:
        asyncio.run(session())
    except BrokenPipeError:
        raise
    except OSError as error:
        shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        code = error.errno or errno.EADDRNOTAVAIL  # asyncio gives no number where no address could be taken (3.13)
        reason = (os.strerror(code).lower() if code > 0 else "") or str(error)
        tell(_("Error: listen tcp {address}: {reason}").format(address=shown, reason=reason))
        if isinstance(error, socket.gaierror) or code == errno.EADDRNOTAVAIL:
            tell(_("--host has to be an address of this machine."))
        else:
            tell(_("Choose another port with --port; --port 0 takes a free one."))
        return 1
    return 0


def _listen_at(flag: str | None) -> tuple[str, int]:
    """Host and port to listen at: as the flag says, else this machine alone, at the port in OLLAMA_HOST.

    OLLAMA_HOST most often names a server to speak to; an address of another machine, or all of this one's, is not
    taken from it for a server that nobody protects.
    """
    from ollama_tui.config.hosts import HOST_VARIABLE, is_possible, misreading, read_host

    text = flag or os.environ.get(HOST_VARIABLE, "")
    try:
        url = urlsplit(read_host(text))
        host, port = url.hostname or "", url.port if url.port is not None else 11434
        named = f"[{host}]" if ":" in host else host or _LOOPBACK[0]
        sound = is_possible(f"{url.scheme}://{named}:1")  # here 0 is a port: it takes a free one
    except ValueError:
        host, port, sound = "", 11434, False
    if flag and not sound:
        raise no_address(flag)
    if flag and (misread := misreading(flag)):
        tell(_("Warning: {text}").format(text=misread))
    if flag:
        return host or _LOOPBACK[0], port
    return (host, port) if host in _LOOPBACK else ("127.0.0.1", port if host in ("", "0.0.0.0", "::") else 11434)  # noqa: S104
