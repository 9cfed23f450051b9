"""A server all of whose words try to command the terminal, the screen, or the eye; and such words of a person."""

import json
import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from ollama_tui.demo import replies
from ollama_tui.demo.conversation import Ask, Call
from ollama_tui.demo.faults import Faults
from ollama_tui.demo.models import Model, Script, invented
from ollama_tui.demo.protocol import Request, Response
from ollama_tui.demo.replies import Bytes, Started
from ollama_tui.demo.server import DemoServer
from ollama_tui.demo.socket import serve
from ollama_tui.demo.vocabulary import default
from ollama_tui.domain.text import storable

ESCAPES = (
    "\x1b]52;c;aGFja2Vk\x07",  # the clipboard
    "\x1b]52;c;aGFja2Vk\x1b\\",
    "\x1b]0;owned\x07",  # the window's name
    "\x1b]8;;http://evil.example/\x1b\\here\x1b]8;;\x1b\\",
    "\x1b]9;owned\x07",
    "\x1b[2J",
    "\x1b[9999;1H",
    "\x1b[5;8m",
    "\x1b[?1049l",
    "\x1b[6n",  # answered by the terminal as if it were typed
    "\x1bc",
    "\x1b(0",
    "\x1b7",
    '\x1bP$q"p\x1b\\',
    "\x1b_Ga=T;aGk=\x1b\\",
    "\x1b^private\x1b\\",
    "\x1b",
    "\x9b5;8m",
    "\x9d52;c;aGFja2Vk\x9c",
    "\x90q\x9c",
    "\x84\x85\x8d",
)
CONTROLS = ("\x07", "\x08\x08\x08", "\x00", "\x0b", "\x0c", "\r", "\x7f", "\x0e", "a\rb", "\x1a")
TURNS = ("\u202eevil\u202c", "\u2066in\u2069", "\u200e", "\u200f", "\u061c", "\u2028", "\u2029", "\ufeff")
BROKEN = ("\u200b", "\u200d", "\u0301", "\ud83d", "\udc00", "\U000e0041", "\ufffd", "\u3164", "👩\u200d🔬", "中文")
MARKUP = (
    "[bold]",
    "[/]",
    "[/bold]",
    "[@click=app.quit]quit[/]",
    "[link=http://evil.example/]here[/link]",
    "[red on white",
    "[",
    "\\[",
    "[$error]",
    "[b][i]",
    "{}",
    "{0!r}",
    "%s%n",
    "$text",
    "&amp;",
    ":smile:",
)
OWN = ("evil", "worse", "worst")
"""What its models are called, before something is put after it."""
KINDS: Sequence[Sequence[str]] = (ESCAPES, CONTROLS, TURNS, BROKEN, MARKUP)


class Words:
    """Hostile words, drawn by chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def some(self, least: int = 1, most: int = 3) -> str:
        """A few together, with a plain one between."""
        chosen = [self.chance.choice(self.chance.choice(KINDS)) for _ in range(self.chance.randint(least, most))]
        return "x".join(chosen)

    def typed(self) -> str:
        """As a person can write or paste them: what UTF-8 can carry."""
        return storable(self.some())

    def answer(self) -> str:
        """An answer in Markdown, hostile in all its places."""
        some = self.some
        blocks = [
            f"# {some()} heading",
            f"{some()} and **{some()}** and `{some()}` and ~~{some()}~~ and *{some()}*.",
            f"```{self.one_line()}\n{some()}\n{some()}\n```",
            f"~~~ {self.one_line()}\nfence\n~~~",
            f"| {self.one_line()} | b |\n| --- | :-: |\n| {self.one_line()} | {self.one_line()} |",
            f"[{some()}](http://evil.example/{some()} '{some()}') <http://evil.example/{some()}>",
            f"[{some()}](javascript:{some()}) ![{some()}](file:///{some()})",
            f"- {some()}\n- [ ] {some()}\n  1. {some()}",
            f"> {some()}\n>\n> > {some()}",
            f"<b onclick={some()}>{some()}</b> &#27;[2J &#x9b;5m &#8238;",
            f"[a]: http://evil.example/{some()}\n\n[a]",
            f"{some()}\n---",
        ]
        self.chance.shuffle(blocks)
        return storable("\n\n".join(blocks))

    def one_line(self) -> str:
        return self.some().replace("\n", "").replace("|", "")


class HostileServer(DemoServer):
    """The built-in server; into every string of its answers something hostile is put."""

    _SPARED = frozenset({"created_at", "modified_at", "expires_at", "role", "done_reason"})

    def __init__(self, seed: int) -> None:
        self.words = Words(seed)
        self.knobs = Faults()
        self.failing = 0.0
        """How likely a question or a look fails with words of its own."""
        self.url = ""
        self._names: dict[str, str] = {}
        super().__init__(faults=self.knobs, models=[self._model(name) for name in OWN])

    def _model(self, name: str) -> Model:
        info = {"general.architecture": "demo", "demo.context_length": 32768, f"demo.{self.words.typed()}": "x"}
        some = self.words.typed
        return Model(
            f"{name}:latest",
            self._program,
            invented(name, 1000),
            info,
            default,
            template="{{ if .Think }}{{ end }}{{ if .Tools }}{{ end }}{{ range .Messages }}{{ .Content }}{{ end }}",
            system=some(),
            licenses=(f"{some()}\n{some()}",),
            parameters={"stop": [some(), some()]},
            load_seconds=0.0,
            tokens_per_second=5000.0,
        )

    def _program(self, ask: Ask) -> Script:
        some = self.words.typed
        return Script(
            self.words.answer(),
            thinking=f"{some()} {some()}\n\n{some()}" if ask.think else "",
            calls=(Call(some(), {some(): some()}),) if ask.tools else (),
        )

    async def handle(self, request: Request) -> Response:
        body = (
            b"".join([piece async for piece in request.body]) if not isinstance(request.body, bytes) else request.body
        )
        try:
            asked: dict[str, Any] = json.loads(body or b"{}")
        except ValueError:
            asked = {}
        for name in ("model", "name", "source"):
            if name in asked:  # however the hostile part of it came back
                asked[name] = next((f"{own}:latest" for own in OWN if asked[name].startswith(own)), asked[name])
        if request.method in ("GET", "HEAD"):
            asked = {}
        elif self.words.chance.random() < self.failing:
            return self._failure()
        response = await super().handle(
            Request(request.method, request.path, request.headers, json.dumps(asked).encode() if asked else body)
        )
        if response.headers.get("Content-Type", "").startswith(replies.LINES):
            return Response(response.status, response.headers, Started(b"", self._lines(response)))
        content = b"".join([piece async for piece in response.body])
        if content.startswith(b"{"):
            content = self._changed(content)
        headers = {**response.headers, "Content-Length": str(len(content))}
        return Response(response.status, headers, Bytes(content))

    async def _lines(self, response: Response) -> AsyncGenerator[bytes, None]:
        try:
            async for piece in response.body:
                for line in piece.splitlines():
                    yield self._changed(line) + b"\n"
        finally:
            await response.body.aclose()

    def _changed(self, content: bytes) -> bytes:
        return json.dumps(self._hostile("", json.loads(content))).encode()

    def _hostile(self, key: str, value: Any) -> Any:
        match value:
            case dict():
                return {name: self._hostile(name, item) for name, item in value.items()}
            case list():
                return [self._hostile(key, item) for item in value] + (
                    [self.words.some()] if key in ("capabilities", "families") else []
                )
            case str() if key in ("name", "model") and value:
                return self._names.setdefault(value, f"{value.partition(':')[0]}{self.words.some()}:latest")
            case str() if key == "capabilities" or key in self._SPARED or value == "success":
                return value
            case str():
                return value + self.words.some() if self.words.chance.random() < 0.9 else self.words.some() + value
            case _:
                return value

    def _failure(self) -> Response:
        some, chance = self.words.some, self.words.chance
        status = chance.choice([400, 401, 403, 404, 500, 502, 503])
        match chance.randrange(4):
            case 0:
                return replies.whole({"error": storable(f"{some()} went {some()} wrong")}, status)
            case 1:
                return replies.text(storable(f"{some()} <html>"), status)
            case 2:
                return replies.whole({"error": json.dumps({"error": {"message": some(), "type": some()}})}, status)
            case _:
                return replies.raw(b"\x9b31m\x1b]0;raw\x07{", replies.WHOLE, 200)


@asynccontextmanager
async def hostile_server(seed: int) -> AsyncGenerator[HostileServer]:
    """Such a server, listening meanwhile."""
    server = HostileServer(seed)
    async with serve(server, port=0) as listening:
        server.url = listening.url
        yield server
