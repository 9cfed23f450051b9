"""An answer while it is being written: a buffer that any number of views follow, each from its own offset."""

import asyncio
import time
from collections.abc import Iterable

from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.event import Text, Thinking, TurnEvent, Waiting
from ollama_tui.domain.message import Message
from ollama_tui.domain.text import storable


def joined(events: Iterable[TurnEvent]) -> tuple[str, str]:
    """The text and the thinking in `events`, as they may be stored."""
    text: list[str] = []
    thinking: list[str] = []
    for event in events:
        if isinstance(event, Text):
            text.append(event.text)
        elif isinstance(event, Thinking):
            thinking.append(event.text)
    return storable("".join(text)), storable("".join(thinking))


class LiveTurn:
    """A question and the answer that is being written to it. Nobody is called: whoever wants to know looks."""

    def __init__(self, conversation: Conversation, question: Message | None, answer: Message) -> None:
        self.conversation = conversation
        """As it is with this turn: its title, its leaf."""
        self.question = question
        """The question that was stored with the turn; None where an earlier one is answered again."""
        self.answer = answer
        """As it was begun; the final one when `done`."""
        self.events: list[TurnEvent] = []
        """All that came, in order; only ever appended to. An answer that goes on from a partial one begins with it."""
        self.carried = 0
        """How many of the first events are such a partial answer."""
        self.waiting: Waiting | None = Waiting("connecting")
        """Why nothing has come yet; None once something has."""
        self.started = time.monotonic()
        self.first_token_at: float | None = None
        self.answer_began_at: float | None = None
        """When the first piece of text came that is no thinking."""
        self.ended_at: float | None = None
        self.ended = False
        """Whether nothing more will come: `answer` is final, and another question may be asked."""
        self.done = False
        """Whether, after the end, it was saved (or at least tried to) and the next question that waits was asked."""
        self.saved = False
        """Whether all of it is on the disk."""
        self._read = 0
        self._text = ""
        self._thinking = ""
        self._over = asyncio.Event()
        if answer.thinking:
            self.events.append(Thinking(answer.thinking))
        if answer.text:
            self.events.append(Text(answer.text))
        self.carried = len(self.events)

    @property
    def text(self) -> str:
        """The answer so far. Joined when asked for; a view that draws piece by piece reads `events` instead."""
        self._join()
        return self._text

    @property
    def thinking(self) -> str:
        """The thinking so far."""
        self._join()
        return self._thinking

    @property
    def seconds(self) -> float:
        """How long ago it was sent."""
        return time.monotonic() - self.started

    async def wait(self) -> Message:
        """The answer when it has ended, however it ended."""
        await self._over.wait()
        return self.answer

    def finish(self) -> None:
        """Let those who wait go on."""
        self.waiting = None
        self.done = True
        self._over.set()

    def _join(self) -> None:
        end = len(self.events)
        if self._read < end:
            text, thinking = joined(self.events[self._read : end])
            self._read = end
            self._text += text
            self._thinking += thinking
