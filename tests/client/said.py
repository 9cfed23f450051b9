"""Short ways to ask, and what came."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import TypeVar

from ollama_tui.domain.event import Ended, Progress, Text, Thinking, TurnEvent
from ollama_tui.domain.failure import Unfinished
from ollama_tui.domain.host import Host
from ollama_tui.domain.request import ChatMessage, ChatRequest, GenerateRequest

_T = TypeVar("_T")
_Request = TypeVar("_Request", ChatRequest, GenerateRequest)


def question(model: str, text: str = "go", **fields: object) -> ChatRequest:
    """A chat of one question; `fields` are those of the request."""
    messages = (ChatMessage(role="user", content=text),)
    return ChatRequest(model=model, messages=messages, **fields)  # pyright: ignore[reportArgumentType]


async def whole(stream: AsyncGenerator[_T, None]) -> list[_T]:
    """All that a stream brings."""
    async with aclosing(stream):
        return [item async for item in stream]


async def chat(host: Host, request: ChatRequest) -> list[TurnEvent]:
    return await whole(host.chat(request))


async def legible(host: Host, request: _Request) -> _Request:
    """`request` with a seed under which its answer ends as it should.

    A model of random weights may write bytes that are no text: a real server then ends the stream without a last word.
    """
    for seed in range(42, 82):
        seeded = replace(request, options={**request.options, "seed": seed})
        try:
            await whole(host.chat(seeded) if isinstance(seeded, ChatRequest) else host.generate(seeded))
        except Unfinished:
            continue
        return seeded
    raise AssertionError("every answer was cut off")


async def collect(host: Host, into: list[TurnEvent]) -> None:
    """Put what comes into a list, which keeps it when a failure follows."""
    async with aclosing(host.chat(question("m"))) as events:
        async for event in events:
            into.append(event)  # noqa: PERF401


def text(events: list[TurnEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, Text))


def thinking(events: list[TurnEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, Thinking))


def ended(events: list[TurnEvent]) -> Ended:
    """The last event, which is the only one of its kind."""
    assert [isinstance(event, Ended) for event in events] == [False] * (len(events) - 1) + [True]
    last = events[-1]
    assert isinstance(last, Ended)
    return last


def statuses(steps: list[Progress]) -> list[str]:
    return [step.status for step in steps]
