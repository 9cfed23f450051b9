"""`serve`: Ollama's own server in this process' place, or the built-in one."""

import asyncio
import os
import shutil
import signal
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ollama_tui.cli.output import tell

if TYPE_CHECKING:
    from ollama_tui.cli.program import Invocation


def serve_ollama(invocation: "Invocation") -> int:
    """Become `ollama serve`, and never return; the exit code if that cannot be."""
    binary = shutil.which("ollama")
    if binary is None:
        tell("Error: there is no `ollama` on the PATH.")
        tell("Install it from https://ollama.com/download, or try `ollama-tui --demo`.")
        return 1
    environment = dict(os.environ)
    if invocation.host:
        environment["OLLAMA_HOST"] = invocation.host
    return os.execve(binary, [binary, "serve"], environment)  # noqa: S606 - no shell is wanted


def serve_demo(invocation: "Invocation", port: int | None) -> int:
    """Serve the built-in demo until it is told to stop; its address goes to stdout."""
    from ollama_tui.config.hosts import parse_host
    from ollama_tui.demo.server import DemoServer
    from ollama_tui.demo.socket import serve

    url = urlsplit(parse_host(invocation.host or os.environ.get("OLLAMA_HOST") or ""))

    async def session() -> None:
        over = asyncio.Event()
        if sys.platform != "win32":
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, over.set)
        chosen = port if port is not None else url.port or 11434
        async with serve(DemoServer(), host=url.hostname or "127.0.0.1", port=chosen) as listening:
            print(f"The demo listens at {listening.url}", flush=True)  # noqa: T201
            await over.wait()

    try:
        asyncio.run(session())
    except OSError as error:
        tell(f"Error: {error.strerror or error}")
        tell("Another server may use the port; --port 0 takes a free one.")
        return 1
    return 0
