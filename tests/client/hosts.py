"""The servers that the contract is checked against."""

import os
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from ollama_tui.client.demo import DemoTransport
from ollama_tui.client.host import OllamaHost, connect
from ollama_tui.config.hosts import parse_host
from ollama_tui.demo.machine import Speed
from ollama_tui.demo.server import DemoServer
from ollama_tui.demo.socket import serve
from ollama_tui.domain.host import Host, HostAddress
from ollama_tui.domain.model import canonical_name
from ollama_tui.domain.request import CreateRequest
from tests.demo import recorded

IN_PROCESS, SOCKET, LIVE = "demo in process", "demo over a socket", "real server"
SERVERS = [IN_PROCESS, SOCKET, *([LIVE] if os.environ.get("OLLAMA_TUI_LIVE") == "1" else [])]

_LIVE_URL = parse_host(os.environ.get("OLLAMA_HOST", ""))


def _live_models() -> Path:
    """Where the three GGUF files are: OLLAMA_TUI_LIVE_MODELS, else a folder `models` here, beside or in a neighbour."""
    if named := os.environ.get("OLLAMA_TUI_LIVE_MODELS"):
        return Path(named)
    here = Path(__file__).parents[2]
    folders = (here / "models", here.parent / "models", *sorted(here.parent.glob("*/models")))
    return next((folder for folder in folders if (folder / "tiny.gguf").is_file()), folders[0])


_LIVE_MODELS = _live_models()

TEMPLATE = """{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
"""
THINKING_TEMPLATE = """{{- range $i, $_ := .Messages }}<|im_start|>{{ .Role }}
{{ if and .Thinking $.Think }}<think>{{ .Thinking }}</think>{{ end }}{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
{{ if $.Think }}<think>
{{ end }}"""

_RECIPES = (
    CreateRequest(
        model="tiny",
        template=TEMPLATE,
        system="You are a tiny test model.",
        license=("MIT License\n\nPermission is hereby granted, free of charge, to any person.",),
        parameters={"stop": ("<|im_end|>",), "temperature": 0.7, "num_ctx": 2048},
    ),
    CreateRequest(model="tiny-embed"),
    CreateRequest(model="reason", template=THINKING_TEMPLATE),
)
NAMES = tuple(canonical_name(recipe.model) for recipe in _RECIPES)


def demo(**given: object) -> DemoServer:
    """A built-in server with the models of the contract, on real time."""
    models = [replace(model, load_seconds=0.02) for model in recorded.models() if model.name in NAMES]
    return DemoServer(models=models, speed=Speed(tokens=2_000), **given)  # pyright: ignore[reportArgumentType]


def over(server: DemoServer) -> Host:
    """A host that speaks to `server` in this process."""
    return OllamaHost(HostAddress(id="demo", url=""), lambda: DemoTransport(server))


@asynccontextmanager
async def at(url: str) -> AsyncGenerator[Host, None]:
    """A host at `url`, closed at the end."""
    host = connect(HostAddress(id="test", url=url), os.environ)
    try:
        yield host
    finally:
        await host.aclose()


@asynccontextmanager
async def opened(server: str) -> AsyncGenerator[Host, None]:
    """A host with the models of the contract."""
    if server == IN_PROCESS:
        host = over(demo())
        yield host
        await host.aclose()
    elif server == SOCKET:
        async with serve(demo(), port=0) as serving, at(serving.url) as host:
            yield host
    else:
        async with at(_LIVE_URL) as host:
            before = {model.name for model in await host.models()}
            for recipe in _RECIPES:
                if canonical_name(recipe.model) not in before:
                    weights = _LIVE_MODELS / f"{recipe.model}.gguf"
                    assert weights.is_file(), f"the server has no {recipe.model}, and there is no {weights}"
                    await make(host, recipe, weights)
            try:
                yield host
            finally:
                for model in await host.models():
                    if model.name not in before and model.name.partition(":")[0] in ("tiny", "tiny-embed", "reason"):
                        await host.unload(model.name)
                        await host.delete(model.name)


async def make(host: Host, recipe: CreateRequest, weights: Path) -> None:
    """Make the model of `recipe` from the GGUF file `weights`."""
    digest = await host.upload(weights)
    async with aclosing(host.create(replace(recipe, files={weights.name: digest}))) as progress:
        async for _step in progress:
            pass


def gguf(path: Path, server: str) -> Path:
    """A GGUF file to make a model from: real weights for a real server, a bare head for the demo."""
    if server == LIVE:
        assert (_LIVE_MODELS / "tiny.gguf").is_file(), "OLLAMA_TUI_LIVE_MODELS names no folder with a tiny.gguf"
        return _LIVE_MODELS / "tiny.gguf"
    key, value = b"general.architecture", b"qwen2"
    head = b"GGUF" + (3).to_bytes(4, "little") + (0).to_bytes(8, "little") + (1).to_bytes(8, "little")
    pair = len(key).to_bytes(8, "little") + key + (8).to_bytes(4, "little") + len(value).to_bytes(8, "little") + value
    path.write_bytes(head + pair)
    return path
