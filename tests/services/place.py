"""A place to run a workspace in: a real database in a folder, and the built-in server on a real socket."""

import json
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ollama_tui.config.paths import Paths
from ollama_tui.config.settings import Settings
from ollama_tui.demo.conversation import Ask
from ollama_tui.demo.faults import Faults
from ollama_tui.demo.machine import Speed
from ollama_tui.demo.models import CHAT_TEMPLATE, Model, Script, invented
from ollama_tui.demo.server import DemoServer
from ollama_tui.demo.socket import serve
from ollama_tui.demo.vocabulary import default
from ollama_tui.domain.conversation import Conversation, Setup
from ollama_tui.domain.host import HostAddress
from ollama_tui.domain.identity import new_id
from ollama_tui.domain.model import ModelRef
from ollama_tui.services.pace import Pace
from ollama_tui.services.workspace import Workspace

THINKING = "The user wants a proof. Recall what a prime is < 2, then look for a contradiction."
ANSWER = (
    "# Euclid's theorem\n\nThere are **infinitely many** primes. 质数有无穷多个。 🎉\n\n"
    "1. Assume p1 … pn is the complete list.\n2. Let `N = p1·p2⋯pn + 1`.\n\n"
    "```python\ndef is_prime(n: int) -> bool:\n    return n > 1 and all(n % d for d in range(2, n))\n```\n\n> The end."
)
WORDS = "".join(f"word{number} " for number in range(400))

THINK_TEMPLATE = """{{- range .Messages }}<|im_start|>{{ .Role }}
{{ if and .Thinking $.Think }}<think>{{ .Thinking }}</think>{{ end }}{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
{{ if $.Think }}<think>
{{ end }}"""

QUICK = Pace(
    save=0.05,
    save_again=0.1,
    first_look=0.01,
    look=0.03,
    look_timeout=1.0,
    silence=0.25,
    probe=0.1,
    probe_timeout=0.2,
    tick=0.05,
    beat=0.2,
    adopt=0.2,
    draft=0.05,
    stall=0.4,
    note=0.05,
)


def _prove(ask: Ask) -> Script:
    return Script(ANSWER, thinking=THINKING if ask.think else "")


def _recite(_ask: Ask) -> Script:
    return Script(ANSWER)


def _count(_ask: Ask) -> Script:
    return Script(WORDS)


def _repeat(ask: Ask) -> Script:
    return Script(f"{len(ask.messages)}: {ask.question.content}")


def a_model(name: str, program: Callable[[Ask], Script], **parts: Any) -> Model:
    """A model that answers by `program`."""
    info = {"general.architecture": "demo", "demo.context_length": 32768}
    return Model(
        f"{name}:latest", program, invented(name, parts.pop("size", 1000)), info, default, load_seconds=0.0, **parts
    )


def models() -> list[Model]:
    """`prove` thinks, `recite` does not, `count` is long, `repeat` says what it was asked."""
    return [
        a_model("repeat", _repeat, template=CHAT_TEMPLATE),
        a_model("recite", _recite, template=CHAT_TEMPLATE),
        a_model("prove", _prove, template=THINK_TEMPLATE),
        a_model("count", _count, template=CHAT_TEMPLATE),
    ]


@dataclass
class Place:
    """A folder, a server, and the workspaces opened there."""

    folder: Path
    server: DemoServer
    url: str
    faults: Faults
    workspaces: list[Workspace] = field(default_factory=list[Workspace])

    async def open(self, *, pace: Pace = QUICK, **settings: Any) -> Workspace:
        """Start the program."""
        workspace = await Workspace.open(
            Settings(**settings),
            Paths(data=self.folder, config=self.folder),
            {"PATH": "/usr/bin:/bin"},
            HostAddress(id="test", url=self.url, source="flag"),
            pace=pace,
        )
        self.workspaces.append(workspace)
        return workspace

    def asked(self, path: str) -> list[dict[str, Any]]:
        """The bodies of the requests for `path`."""
        return [json.loads(request.body) for request in self.server.requests if request.path == path]


def talk(model: str, *, temporary: bool = False, **setup: Any) -> Conversation:
    """A new conversation with a model."""
    return Conversation(
        id=new_id(), temporary=temporary, setup=Setup(model=ModelRef(host_id="test", name=f"{model}:latest"), **setup)
    )


@asynccontextmanager
async def a_place(
    folder: Path, installed: Iterable[Model] | None = None, *, tokens: float = 2000.0, **server: Any
) -> AsyncGenerator[Place]:
    """The built-in server on a socket, and a folder."""
    faults = Faults()
    demo = DemoServer(
        faults=faults, models=models() if installed is None else installed, speed=Speed(tokens=tokens, load=0), **server
    )
    async with serve(demo, port=0) as serving:
        place = Place(folder, demo, serving.url, faults)
        try:
            yield place
        finally:
            for workspace in place.workspaces:
                await workspace.aclose()
