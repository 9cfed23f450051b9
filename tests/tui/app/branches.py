"""A conversation with branches, and what a person does with them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from opened import DEMO, Program, opened

from ollama_tui.config.paths import Paths
from ollama_tui.config.settings import Settings
from ollama_tui.domain.conversation import Conversation, Setup
from ollama_tui.domain.identity import new_id, now
from ollama_tui.domain.message import Message, Role
from ollama_tui.domain.model import ModelRef
from ollama_tui.services.workspace import Workspace

ECHO = ModelRef(host_id=DEMO.id, name="echo:latest")


@asynccontextmanager
async def another(data: Path) -> AsyncGenerator[Workspace]:
    """Another window on the same conversations."""
    workspace = await Workspace.open(Settings(), Paths(data=data, config=data), {}, DEMO)
    yield workspace
    await workspace.aclose()


async def say(
    workspace: Workspace, conversation: Conversation, after: Message | None, asked: str, replied: str, **answer: object
) -> tuple[Message, Message]:
    """Keep a turn."""
    question = Message(
        id=new_id(),
        conversation_id=conversation.id,
        role=Role.USER,
        parent_id=after.id if after else None,
        text=asked,
        created_at=now(),
    )
    reply = Message(
        id=new_id(),
        conversation_id=conversation.id,
        role=Role.ASSISTANT,
        parent_id=question.id,
        text=replied,
        created_at=now(),
        model=ECHO,
    )
    kept, ended = await workspace.history.begin(conversation, question, {}, replace(reply, **answer))  # type: ignore[arg-type]
    assert kept is not None
    return kept, ended


@asynccontextmanager
async def talked(data: Path, *asked: str, size: tuple[int, int] = (100, 30)) -> AsyncGenerator[Program]:
    """The program with a conversation of these questions open, each answered by a word."""
    conversation = Conversation(
        id=new_id(), title="A talk", created_at=now(), updated_at=now(), setup=Setup(model=ECHO)
    )
    async with another(data) as workspace:
        last: Message | None = None
        for number, text in enumerate(asked, 1):
            _question, last = await say(workspace, conversation, last, text, f"reply {number}")
    async with opened(data, size=size) as program:
        await program.press("f7")
        await program.until(lambda: len(program.pane.messages) == 2 * len(asked))
        yield program


def texts(program: Program) -> list[str]:
    return [message.text for message in program.pane.messages]


async def mark(program: Program, number: int) -> None:
    """Put the reading cursor on a message, counted from 1."""
    await program.press("f9", *["ctrl+up"] * (len(program.pane.messages) - number + 1))
    await program.until(lambda: program.pane.transcript.marked_message == program.pane.messages[number - 1])


async def give(program: Program, command: str) -> None:
    """Give a command, without typing it key by key."""
    program.pane.prompt.take_focus()
    program.pane.prompt.insert_text(command)
    await program.press("enter")


@asynccontextmanager
async def an_answer(program: Program) -> AsyncGenerator[None]:
    """What is done in it asks for an answer; wait for its end."""
    turns, before = program.app.workspace.turns, program.app.workspace.turns.last(program.pane.conversation.id)
    yield
    await program.until(lambda: turns.last(program.pane.conversation.id) is not before)
    await program.ended()
