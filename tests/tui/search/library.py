"""Conversations that are kept before the program opens."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from ollama_tui.domain.conversation import Conversation, Setup
from ollama_tui.domain.identity import new_id
from ollama_tui.domain.message import Ending, Message
from ollama_tui.domain.model import ModelRef
from ollama_tui.storage.database import Database
from ollama_tui.storage.history import History
from tests.storage.conftest import answer, conversation, question


@asynccontextmanager
async def kept(data: Path) -> AsyncGenerator[History]:
    """The history that the program will open, or has open: then as another instance sees it."""
    database = await Database.open(data / "history.db")
    yield History(database, new_id())
    await database.close()


def about(title: str, model: str = "echo") -> Conversation:
    return conversation(title, setup=Setup(model=ModelRef(host_id="demo", name=f"{model}:latest")))


async def tell(
    history: History, of: Conversation, *turns: tuple[str, str], thinking: str = "", after: Message | None = None
) -> Message:
    """Turns one after the other; the last answer, which was thought about."""
    last = after
    for place, (asked, replied) in enumerate(turns):
        said = question(of, asked, last)
        made = replace(answer(said, replied, Ending.COMPLETE), model=of.setup.model)
        last = replace(made, thinking=thinking if place == len(turns) - 1 else "")
        await history.begin(of, said, {}, last)
    assert last is not None
    return last
