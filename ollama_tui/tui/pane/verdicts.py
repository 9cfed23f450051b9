"""What answers are as JSON, where a format was asked for."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ollama_tui.domain.message import Ending, Format, Message, Role

if TYPE_CHECKING:
    from ollama_tui.services.schema import Verdict

_KEPT = 3_000
_AT_ONCE = 20
"""Answers that are checked before a conversation is shown: about a screen."""


class Verdicts:
    """What answers are as JSON, by message id: a finished answer never changes."""

    def __init__(self) -> None:
        self._known: dict[str, Verdict] = {}

    def of(self, message: Message) -> "Verdict | None":
        """What is known of an answer; None for one that nothing was asked of, or that was not looked at yet."""
        return self._known.get(message.id)

    async def look(self, messages: Sequence[Message], wanted: Format | None, most: int = _AT_ONCE) -> bool:
        """Check the last `most` answers that were asked for in a format, in a thread; whether there are more to check.

        `wanted` is the format that the conversation asks for now.
        """
        asked = [(message, form) for message in messages[-_KEPT:] if (form := format_of(message, wanted)) is not None]
        new = [(message, form) for message, form in asked if message.id not in self._known]
        for message, form in reversed(new[-most:]):
            from ollama_tui.services.schema import check_answer

            while len(self._known) >= _KEPT:
                del self._known[next(iter(self._known))]
            self._known[message.id] = await asyncio.to_thread(check_answer, message.text, form)
        return len(new) > most


def format_of(message: Message, wanted: Format | None) -> Format | None:
    """Which format a finished answer is to have. One that goes on from a partial one is asked for without it."""
    sent = message.sent
    if message.role is not Role.ASSISTANT or sent is None or message.ending is Ending.UNFINISHED or not message.text:
        return None
    return sent.format if sent.format is not None else wanted if sent.continued_raw else None
