"""The form against Ollama's own list of options, and what of it reaches the server."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from ollama_tui.demo.machine import Speed
from ollama_tui.demo.server import DemoServer
from ollama_tui.demo.socket import serve
from ollama_tui.domain.host import HostAddress
from ollama_tui.tui.widgets.option_input import OptionInput
from ollama_tui.tui.widgets.option_rows import OptionRows
from tests.tui.app.opened import Program, opened
from tests.tui.options.test_options_form import form, line_of, setup, to

EVERY = {  # Ollama's api/types.go of August 2026: name, default, a value as typed, the same on the wire
    "num_ctx": ("", "8192", 8192),
    "num_batch": ("512", "256", 256),
    "num_gpu": ("-1", "0", 0),
    "main_gpu": ("", "1", 1),
    "use_mmap": ("", "false", False),
    "num_thread": ("0", "4", 4),
    "draft_num_predict": ("4", "2", 2),
    "num_keep": ("4", "8", 8),
    "seed": ("", "42", 42),
    "num_predict": ("-1", "64", 64),
    "top_k": ("40", "0", 0),
    "top_p": ("0.9", "0.5", 0.5),
    "min_p": ("0", "0.05", 0.05),
    "typical_p": ("1", "0.7", 0.7),
    "repeat_last_n": ("64", "-1", -1),
    "temperature": ("0.8", "0", 0),
    "repeat_penalty": ("1", "1.1", 1.1),
    "presence_penalty": ("0", "-0.5", -0.5),
    "frequency_penalty": ("0", "0.25", 0.25),
    "stop": ("", '"###" "\\n用户:"', ["###", "\n用户:"]),
}


@asynccontextmanager
async def far(folder: Path, model: str) -> AsyncGenerator[tuple[Program, DemoServer]]:
    """The program, with a server that remembers what it was asked."""
    server = DemoServer(speed=Speed(tokens=2000, load=0))
    async with serve(server, port=0) as serving:
        address = HostAddress(id="far", url=serving.url, source="flag")
        async with opened(folder, address=address, model=model, size=(80, 24)) as program:
            yield program, server


def asked(server: DemoServer) -> dict[str, Any]:
    """The last question, without what every question has."""
    bodies = [json.loads(request.body) for request in server.requests if request.path == "/api/chat"]
    body = next(each for each in reversed(bodies) if each.get("messages") and not each.get("_debug_render_only"))
    return {key: value for key, value in body.items() if key not in ("model", "stream", "truncate", "shift")}


async def test_every_option_of_ollama_is_there_and_exactly_what_is_set_is_sent(tmp_path: Path) -> None:
    async with far(tmp_path, "thinker") as (program, server):
        await program.ask("one")
        assert asked(server) == {"messages": [{"role": "user", "content": "one"}]}, "unset means unset"
        await form(program)
        rows = program.pane.query_one(OptionRows)
        assert set(rows.keys) == {*EVERY, "system", "think", "format", "keep_alive"}
        for name in [name for name in rows.keys if name in EVERY]:
            default, typed, _sent = EVERY[name]
            await to(program, name)
            await program.until(
                lambda name=name, default=default: line_of(program, name) and default in line_of(program, name)
            )
            said = {"stop": "Texts with blanks in quotes", "use_mmap": "true · false"}.get(name, "Range: ")
            await program.until(lambda said=said: said in " ".join(program.screen.split()))
            program.pane.query_one(OptionInput).value = typed
        await program.press("enter")
        await program.until(lambda: len(setup(program).options) == len(EVERY))
        await to(program, "keep_alive")
        await program.type("1h30m\n")
        await to(program, "think")
        await program.type("high\n")
        await program.press("escape")
        await program.ask("two")
        body = asked(server)
        assert body.pop("messages")[-1] == {"role": "user", "content": "two"}
        assert body == {
            "options": {name: sent for name, (_default, _typed, sent) in EVERY.items()},
            "keep_alive": "1h30m",
            "think": "high",
        }
        await form(program)
        await to(program, "think")
        await program.press("alt+u", "up")
        await to(program, "temperature")
        await program.press("alt+u")
        await program.until(lambda: "temperature" not in setup(program).options)
        await program.press("escape")
        await program.ask("three")
        options = {name: sent for name, (_default, _typed, sent) in EVERY.items() if name != "temperature"}
        assert {key: value for key, value in asked(server).items() if key != "messages"} == {
            "options": options,
            "keep_alive": "1h30m",
        }
