"""A screen with nothing but a transcript, and messages to show on it."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from textual import events
from textual.app import App, ComposeResult
from textual.message import Message as Posted
from textual.strip import Strip

from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.event import Text, Thinking
from ollama_tui.domain.identity import new_id
from ollama_tui.domain.message import Ending, Figures, Message, Role
from ollama_tui.domain.model import ModelRef
from ollama_tui.services.live import LiveTurn
from ollama_tui.tui.themes import THEMES
from ollama_tui.tui.widgets.transcript import Transcript

MODEL = ModelRef(host_id="local", name="llama3.2:3b")


class Reader(App[None]):
    """Keeps what the transcript posts, and keys that it leaves."""

    CSS = "Transcript { height: 1fr; }"

    def __init__(self, messages: Sequence[Message] = (), live: LiveTurn | None = None, **show: Any) -> None:
        super().__init__()
        self.first = (tuple(messages), live, show)
        self.posted: list[Posted] = []
        self.typed = ""

    def compose(self) -> ComposeResult:
        pixels = self.first[2].pop("pixels", None)
        yield Transcript(pixels=pixels)

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "lamp"
        messages, live, show = self.first
        self.transcript.show(messages, live, **show)
        self.transcript.focus()

    def on_key(self, event: events.Key) -> None:
        if event.character and event.is_printable:
            self.typed += event.character

    def keep(self, event: Posted) -> None:
        self.posted.append(event)

    on_transcript_retry_requested = on_transcript_continue_requested = on_transcript_link_requested = keep
    on_transcript_copy_requested = on_transcript_thinking_toggled = on_transcript_variant_requested = keep

    @property
    def transcript(self) -> Transcript:
        return self.query_one(Transcript)

    def strips(self) -> list[Strip]:
        transcript = self.transcript
        return transcript.render_lines(transcript.size.region)

    def lines(self) -> list[str]:
        """What the screen shows, line by line."""
        return [strip.text.rstrip() for strip in self.strips()]

    def text(self) -> str:
        return "\n".join(self.lines())

    def find(self, text: str) -> tuple[int, int]:
        """Where on the screen a text begins; for text of single cells."""
        for y, line in enumerate(self.lines()):
            if text in line:
                return line.index(text), y
        raise AssertionError(f"{text!r} is not on the screen:\n{self.text()}")


def question(text: str, **values: Any) -> Message:
    return Message(id=new_id(), conversation_id="c", role=Role.USER, text=text, **values)


def answer(text: str, **values: Any) -> Message:
    return Message(id=new_id(), conversation_id="c", role=Role.ASSISTANT, text=text, model=MODEL, **values)


def begun(ask: str = "Why?") -> LiveTurn:
    """A turn that has just been sent."""
    return LiveTurn(Conversation(id="c"), question(ask), answer("", ending=Ending.UNFINISHED))


def say(live: LiveTurn, *pieces: str) -> None:
    live.waiting = None
    live.first_token_at = live.first_token_at or time.monotonic()
    live.answer_began_at = live.answer_began_at or time.monotonic()
    live.events.extend(Text(piece) for piece in pieces)


def think(live: LiveTurn, *pieces: str) -> None:
    live.waiting = None
    live.first_token_at = live.first_token_at or time.monotonic()
    live.events.extend(Thinking(piece) for piece in pieces)


def end(live: LiveTurn, ending: Ending = Ending.COMPLETE, **values: Any) -> None:
    values.setdefault("figures", Figures(answer_tokens=187, answer_duration=3_880_000_000, first_token=400_000_000))
    live.answer = replace(live.answer, text=live.text, thinking=live.thinking, ending=ending, **values)
    live.finish()


def talk(count: int) -> list[Message]:
    """So many messages of very different heights."""
    messages: list[Message] = []
    for number in range(count):
        if number % 2:
            lines = "\n".join(
                f"- point {number}.{line} " + "of many words " * (line % 7) for line in range(number % 23)
            )
            messages.append(answer(f"Answer {number}\n\n{lines}\n\n```\ncode {number}\n```"))
        else:
            messages.append(question(f"Question {number} " + "and more " * (number % 31)))
    return messages
