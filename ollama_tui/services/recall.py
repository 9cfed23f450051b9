"""What the person wrote before: drafts that are not sent yet, and prompts that were."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.failure import LocalFailure
from ollama_tui.domain.text import storable
from ollama_tui.services.pace import Pace

if TYPE_CHECKING:
    from ollama_tui.services.workspace import Workspace


class Drafts:
    """Drafts, saved a moment after they change, and at the end."""

    def __init__(self, workspace: "Workspace", pace: Pace) -> None:
        self._workspace = workspace
        self._pace = pace
        self._typed: dict[str, tuple[Conversation, str]] = {}
        self._saving: asyncio.Task[None] | None = None
        self._taking = asyncio.Lock()

    def save(self, conversation: Conversation, text: str) -> None:
        """Keep what is typed, soon: under the conversation's id, also before it is asked anything."""
        self._typed[conversation.id] = (conversation, storable(text))
        if self._saving is None:
            self._saving = asyncio.create_task(self._save_soon())

    async def of(self, conversation_id: str) -> str:
        """What is typed for a conversation and not sent."""
        return await self._workspace.history.draft(conversation_id)

    async def take(self, conversation: Conversation, *, besides: Collection[str] = ()) -> str:
        """What was typed last into a new conversation and not sent: from now on it is typed into this one.

        What belongs to the conversations `besides`, which are open, stays theirs. Until it returns it belongs to whom
        it did: what else is saved meanwhile for the new one, as nothing is shown there yet, is not in its way.
        """
        async with self._taking:
            await self.flush()
            found = [draft for draft in await self._workspace.history.unasked_drafts() if draft[0] not in besides]
            if not found:
                return ""
            owner, text = found[0]
            if owner != conversation.id:
                self.save(conversation, text)  # first: rather there twice than gone
                self.save(replace(conversation, id=owner), "")
            return text

    async def add(self, conversation: Conversation, text: str) -> None:
        """Put `text` before what is typed for a conversation that is not open."""
        await self.flush()
        since = await self.of(conversation.id)
        if not since.startswith(text):
            self.save(conversation, f"{text}\n\n{since}" if since else text)

    async def flush(self) -> None:
        """Keep all that is typed, now. What cannot be saved is tried again with the next key."""
        while self._typed:
            key, (conversation, text) = next(iter(self._typed.items()))
            try:
                if not conversation.temporary:
                    await self._workspace.history.save_draft(conversation.id, text)
            except LocalFailure:
                return
            if self._typed.get(key) == (conversation, text):
                del self._typed[key]

    def forget(self) -> None:
        """What is typed and not kept yet need not be kept."""
        self._typed.clear()

    async def _save_soon(self) -> None:
        await asyncio.sleep(self._pace.draft)
        try:
            await self.flush()
        finally:
            self._saving = None


class Recall:
    """Walks through earlier prompts, newest first, from what is typed now and back to it."""

    def __init__(self, read: Callable[[str, int], Awaitable[Sequence[str]]], *, step: int = 50) -> None:
        self._read = read
        self._step = step
        self._typed = ""
        self._place = -1
        self._prompts: Sequence[str] = ()

    async def older(self, typed: str) -> str | None:
        """The prompt before the one that is shown; None at the oldest. `typed` is kept while it is the first step."""
        if self._place < 0:
            self._typed = typed
            self._prompts = ()
        if self._place + 1 >= len(self._prompts):
            with suppress(LocalFailure):
                self._prompts = await self._read("", len(self._prompts) + self._step)
        if self._place + 1 >= len(self._prompts):
            return None
        self._place += 1
        return self._prompts[self._place]

    def newer(self) -> str | None:
        """The prompt after the one that is shown, in the end what was typed; None when that is shown."""
        if self._place < 0:
            return None
        self._place -= 1
        return self._prompts[self._place] if self._place >= 0 else self._typed

    def reset(self) -> None:
        """Begin at the newest again."""
        self._place = -1
