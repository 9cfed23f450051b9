"""A stage for the model manager: a real workspace, the built-in server on a real socket, and a bare app around them."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from ollama_tui.config.paths import Paths
from ollama_tui.config.settings import Settings
from ollama_tui.demo.conversation import Ask
from ollama_tui.demo.faults import Faults
from ollama_tui.demo.machine import Registry, Speed
from ollama_tui.demo.models import Model, Script, invented
from ollama_tui.demo.server import DemoServer
from ollama_tui.demo.socket import Serving, serve
from ollama_tui.demo.vocabulary import default
from ollama_tui.domain.host import HostAddress
from ollama_tui.services.workspace import Workspace
from ollama_tui.tui.screens.models import ModelsScreen
from ollama_tui.tui.themes import THEMES
from ollama_tui.tui.widgets.model_manager import ModelManager

_DAY = 86_400 * 10**9
PLAIN = "{{ .Prompt }}"
TOOLS = PLAIN + "{{ .Tools }}"
THINKS = TOOLS + "{{ .Think }}"


def _say(_ask: Ask) -> Script:
    return Script("ok")


def made(
    name: str,
    *,
    size: int = 2_000_000_000,
    parameters: str = "3.2B",
    quantization: str = "Q4_K_M",
    context: int = 131_072,
    days: float = 1.0,
    template: str = PLAIN,
    on_gpu: float = 1.0,
    embeds: bool = False,
    weights: str = "",
    system: str = "",
    licenses: tuple[str, ...] = (),
    remote: str = "",
) -> Model:
    """A model as the built-in server has it; `on_gpu` is the share that is on the GPU once it is loaded."""
    info: dict[str, str | int | float | bool | None] = {
        "general.architecture": "llama",
        "general.parameter_count": 3_212_749_888,
        "llama.context_length": context,
        "llama.embedding_length": 3_072,
    }
    if embeds:
        info["llama.pooling_type"] = 1
    return Model(
        name=name,
        program=_say,
        weights=invented(weights or name, size),
        info=dict(info),
        vocabulary=default,
        template=template,
        system=system,
        licenses=licenses,
        parameter_size=parameters,
        quantization=quantization,
        modified_ns=int(time.time_ns() - days * _DAY),
        bytes_loaded=size,
        bytes_video=int(size * on_gpu),
        load_seconds=0.02,
        remote_host=remote,
        remote_model=name if remote else "",
    )


def a_few() -> list[Model]:
    """Seven models of every kind."""
    return [
        made("qwen3:8b", size=5_200_000_000, parameters="8.2B", context=40_960, days=0.1, template=THINKS, on_gpu=0.71),
        made("deepseek-r1:7b", size=4_700_000_000, parameters="7.6B", days=1.2, template=PLAIN + "{{ .Think }}"),
        made("nomic-embed-text:latest", size=274_000_000, parameters="137M", quantization="F16", days=3.2, embeds=True),
        made("hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M", days=20, template=TOOLS),
        made(
            "gpt-oss:120b-cloud",
            size=384,
            parameters="116.8B",
            days=30,
            template=TOOLS,
            remote="https://ollama.com:443",
        ),
        made("gemma3:4b", size=3_300_000_000, parameters="4.3B", days=70, on_gpu=0.0),
        made("qwen2.5-coder:7b", size=4_680_000_000, parameters="7.6B", context=32_768, days=400, template=TOOLS),
    ]


def library(*models: Model) -> Mapping[str, Registry]:
    """The registry that names without a host mean, with these models."""
    return {"registry.ollama.ai": Registry({f"library/{model.name}": model for model in models})}


@dataclass
class Stage:
    """What stands on it."""

    server: DemoServer
    faults: Faults
    workspace: Workspace
    folder: Path
    _stack: AsyncExitStack
    _serving: Serving | None = None
    requested: list[object] = field(default_factory=list[object])

    async def start_server(self, port: int = 0) -> str:
        """Listen; the address."""
        self._serving = await self._stack.enter_async_context(serve(self.server, port=port))
        return self._serving.url

    async def stop_server(self) -> int:
        """Go away without a word; the port that was taken."""
        assert self._serving is not None
        port = self._serving.port
        await self._stack.aclose()
        return port

    async def another_workspace(self) -> Workspace:
        """The program started again on the same folder."""
        await self.workspace.aclose()
        self.workspace = await open_workspace(self.folder, self.workspace.address.url)
        return self.workspace

    def paths(self, path: str) -> int:
        """How many requests there were for `path`."""
        return sum(request.path == path for request in self.server.requests)


async def open_workspace(folder: Path, url: str) -> Workspace:
    """A workspace in `folder` on the server at `url`."""
    address = HostAddress(id="local", url=url, source="flag")
    return await Workspace.open(Settings(), Paths(data=folder, config=folder), {}, address)


@asynccontextmanager
async def a_stage(
    folder: Path,
    models: Sequence[Model] | None = None,
    registries: Mapping[str, Registry] | None = None,
    download: float = 1e9,
) -> AsyncGenerator[Stage]:
    """A workspace on a server with these models; `download` is the registry's speed in bytes a second."""
    faults = Faults()
    server = DemoServer(
        faults=faults,
        models=a_few() if models is None else models,
        registries=registries or {},
        speed=Speed(download=download),
    )
    async with AsyncExitStack() as stack:
        serving = await stack.enter_async_context(serve(server, port=0))
        workspace = await open_workspace(folder, serving.url)
        stage = Stage(server, faults, workspace, folder, stack, serving)
        try:
            yield stage
        finally:
            await stage.workspace.aclose()


class ManagerApp(App[None]):
    """Shows the models of a workspace; keeps what the manager posts to whoever hosts it."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.posted: list[object] = []
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "lamp"

    async def on_mount(self) -> None:
        await self.push_screen(ModelsScreen(self.workspace))

    def on_model_manager_chat_requested(self, event: ModelManager.ChatRequested) -> None:
        self.posted.append(event)

    def on_model_manager_copy_requested(self, event: ModelManager.CopyRequested) -> None:
        self.posted.append(event)


class OtherScreen(Screen[None]):
    """Stands before the models."""

    def compose(self):
        yield Static("something else")


def lines(app: App[None]) -> list[str]:
    """What is on the screen, line by line."""
    strips = app.screen._compositor.render_strips(app.size)
    return ["".join(segment.text for segment in strip) for strip in strips]


def shown(app: App[None]) -> str:
    """What is on the screen."""
    return "\n".join(lines(app))


def line_with(app: App[None], text: str) -> str:
    """The first line that has `text`."""
    return next((line for line in lines(app) if text in line), "")


async def until(pilot: Pilot[None], condition: Callable[[], object], seconds: float = 8.0) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"it did not become true; the screen:\n{shown(pilot.app)}"
        await pilot.pause(0.02)


async def sees(pilot: Pilot[None], text: str) -> None:
    """Wait for `text` on the screen, wherever its lines are broken."""
    wanted = " ".join(text.split())
    await until(pilot, lambda: wanted in " ".join(shown(pilot.app).split()))


async def settled(pilot: Pilot[None]) -> None:
    """The list is there."""
    await until(pilot, lambda: pilot.app.screen.query_one(ModelManager).known.models is not None)
    await pilot.pause()
    await asyncio.sleep(0)
