"""The demo in a thread of the tests' own process, on a real socket: its faults and its requests can be reached."""

import asyncio
import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ollama_tui.demo.catalogue import installed
from ollama_tui.demo.conversation import Ask
from ollama_tui.demo.faults import Fault, Faults
from ollama_tui.demo.machine import Speed
from ollama_tui.demo.models import Model, Script, invented
from ollama_tui.demo.server import DemoServer
from ollama_tui.demo.socket import serve
from ollama_tui.demo.vocabulary import default

HOSTILE = (
    "\x1b]52;c;aGk=\x07\x1b[2J\x1b]0;title\x07\x9b31m\x90q\x9c red\u202eevil\u2066\x85next\u2028line\r\x08\x00 end"
)
"""Writes the clipboard, clears the screen, names the window, all in one and in two bytes; turns the direction."""


def a_model(name: str, program: Callable[[Ask], Script], **parts: Any) -> Model:
    """A model that answers by `program`."""
    info = {"general.architecture": "demo", "demo.context_length": 32768}
    return Model(name, program, invented(name, 1000), info, default, load_seconds=0.0, **parts)


def _hostile(ask: Ask) -> Script:
    return Script(HOSTILE, thinking=HOSTILE if ask.think else "")


def _words(_ask: Ask) -> Script:
    return Script("".join(f"word{number} " for number in range(20_000)))


def _repeat(ask: Ask) -> Script:
    return Script(ask.question.content)


def _lines(_ask: Ask) -> Script:
    return Script("one\ntwo\nthree")


THINKS = "{{ if .Think }}<think>{{ end }}{{ range .Messages }}{{ .Thinking }}{{ .Content }}{{ end }}"


@dataclass
class Server:
    """A running server."""

    url: str
    faults: Faults
    demo: DemoServer
    loop: asyncio.AbstractEventLoop = field(repr=False)

    def asked(self, path: str) -> list[dict[str, Any]]:
        """The bodies of the requests for `path`, since the last `forget`."""
        return [json.loads(request.body) for request in list(self.demo.requests) if request.path == path]

    def forget(self) -> None:
        """Forget what was asked, and the faults."""
        self.demo.requests.clear()
        self.faults.clear()

    def fail(self, **fault: Any) -> None:
        """Let a fault befall the next requests."""
        self.faults.add(Fault(**fault))


@contextmanager
def a_server() -> Generator[Server]:
    """The built-in models and: `hostile`, `words` (20,000 of them), `repeat`, `lines`."""
    models = [
        *installed(0),
        a_model("hostile:latest", _hostile, template=THINKS, system=HOSTILE, licenses=(HOSTILE,)),
        a_model("words:latest", _words),
        a_model("repeat:latest", _repeat),
        a_model("lines:latest", _lines),
    ]
    faults = Faults()
    demo = DemoServer(faults=faults, models=models, speed=Speed(tokens=2000.0, load=0.0, download=1e9))
    with in_a_thread(demo) as url_and_loop:
        url, loop = url_and_loop
        yield Server(url, faults, demo, loop)


@contextmanager
def in_a_thread(demo: DemoServer) -> Generator[tuple[str, asyncio.AbstractEventLoop]]:
    """The address at which `demo` listens meanwhile, and its event loop."""
    ready: list[tuple[str, asyncio.AbstractEventLoop]] = []
    begun = threading.Event()
    over: list[asyncio.Event] = []

    async def session() -> None:
        over.append(asyncio.Event())
        async with serve(demo, port=0) as serving:
            ready.append((serving.url, asyncio.get_running_loop()))
            begun.set()
            await over[0].wait()

    thread = threading.Thread(target=lambda: asyncio.run(session()))
    thread.start()
    assert begun.wait(10)
    try:
        yield ready[0]
    finally:
        ready[0][1].call_soon_threadsafe(over[0].set)
        thread.join(10)
