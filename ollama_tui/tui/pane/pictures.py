"""The attached pictures of a conversation, small, once they were looked at."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ollama_tui.domain.message import Attachment, Message
from ollama_tui.services.picture import shrink
from ollama_tui.tui.transcript.picture import TALLEST, WIDEST, Pixels

if TYPE_CHECKING:
    from ollama_tui.storage.history import History

_KEPT = 200


class Pictures:
    """Small pictures by the SHA-256 of their files; None for what cannot be drawn."""

    def __init__(self) -> None:
        self._small: dict[str, Pixels | None] = {}

    def of(self, file: Attachment) -> Pixels | None:
        """A picture that was looked at; None before that, and for what is no picture."""
        return self._small.get(file.sha256)

    async def look(self, history: "History", messages: Sequence[Message]) -> None:
        """Look at the pictures that go with `messages`, in a thread."""
        for message in messages:
            for file in message.attachments:
                if file.media_type.startswith("image/") and file.sha256 not in self._small:
                    content = await history.attachment(file.sha256)
                    small = await asyncio.to_thread(shrink, content, WIDEST, 2 * TALLEST) if content else None
                    while len(self._small) >= _KEPT:
                        del self._small[next(iter(self._small))]
                    self._small[file.sha256] = Pixels(*small) if small else None
