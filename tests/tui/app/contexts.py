"""A conversation whose context is counted, and where that is told."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from opened import Program, opened

from ollama_tui.config.settings import Settings
from ollama_tui.demo.conversation import Ask
from ollama_tui.demo.faults import Fault
from ollama_tui.demo.models import CHAT_TEMPLATE, Script
from ollama_tui.domain.host import HostAddress
from ollama_tui.services.context.account import Account
from ollama_tui.tui.actions import BY_ID
from tests.services.place import THINK_TEMPLATE, Place, a_model, a_place

_SHAPE = {
    "demo.block_count": 10,
    "demo.attention.head_count": 8,
    "demo.attention.head_count_kv": 2,
    "demo.embedding_length": 1024,
}


def _short(ask: Ask) -> Script:
    """A summary where one is asked for, else a short answer."""
    wants_summary = "Sum up the conversation" in ask.question.content
    return Script("They spoke of 天空." if wants_summary else f"I saw {len(ask.messages)} messages.")


def _thoughtful(ask: Ask) -> Script:
    return Script("Yes.", thinking="Let me see, once more. " * 8)


@asynccontextmanager
async def talking(
    folder: Path, *, model: str = "short", size: tuple[int, int] = (100, 30), tokens: bool = True, **settings: Any
) -> AsyncGenerator[tuple[Program, Place]]:
    short = a_model("short", _short, template=CHAT_TEMPLATE)
    models = [
        replace(short, info={**short.info, **_SHAPE}),
        a_model("deep", _thoughtful, template=THINK_TEMPLATE),
        a_model("pirate", _short, template=CHAT_TEMPLATE, system="You are a pirate. 你只用韵文回答。"),
        a_model("eyes", _short, template=CHAT_TEMPLATE, projector={"general.architecture": "clip"}),
    ]
    async with a_place(folder / "server", models) as place:
        if not tokens:
            place.faults.add(Fault(path="/api/show", status=500, text="no vocabulary today"))
        address = HostAddress(id="test", url=place.url, source="flag")
        how = Settings(**settings)
        async with opened(folder, address=address, model=model, size=size, settings=how) as program:
            ref = program.pane.conversation.setup.model
            assert ref is not None
            assert (await program.app.workspace.tokenizers.of(ref)).exact is tokens
            yield program, place


async def say(program: Program, text: str) -> None:
    """Ask, and wait until the answer is there and its figures are learned from."""
    count = len(program.pane.messages)
    program.pane.prompt.insert_text(text)
    await program.press("enter")
    await program.until(lambda: len(program.pane.messages) > count and program.pane.live is None)
    await program.ended()


async def until_counted(program: Program, holds: Callable[[], object]) -> None:
    await program.until(lambda: program.pane.gauge.account is not None and holds())


def account_of(program: Program) -> Account:
    account = program.pane.gauge.account
    assert account is not None
    return account


def told(program: Program) -> int:
    """The tokens of the last prompt, as the server counted them."""
    figures = program.pane.messages[-1].figures
    assert figures is not None
    return figures.prompt_tokens


async def do(program: Program, action: str) -> None:
    await program.app.perform(BY_ID[action])
