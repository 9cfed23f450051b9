"""What the person wrote before: drafts that are not sent yet, and prompts that were."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.failure import LocalFailure
from ollama_tui.domain.text import storable
from ollama_tui.services.pace import Pace

if TYPE_CHECKING:
    from ollama_tui.services.workspace import Workspace

NEW_DRAFT = "draft.new"
"""What was typed into a new conversation, which is not kept before its first question."""


class Drafts:
    """Drafts, saved a moment after they change, and at the end."""

    def __init__(self, workspace: "Workspace", pace: Pace) -> None:
        self._workspace = workspace
        self._pace = pace
        self._typed: dict[str, tuple[Conversation, str]] = {}
        self._saving: asyncio.Task[None] | None = None

    def save(self, conversation: Conversation, text: str) -> None:
        """Keep what is typed, soon. A conversation that was never asked anything shares one place with its like."""
        self._typed[conversation.id] = (conversation, storable(text))
        if self._saving is None:
            self._saving = asyncio.create_task(self._save_soon())

    async def new(self) -> str:
        """What was typed into a new conversation last and not sent."""
        draft = await self._workspace.state.get(NEW_DRAFT)
        return draft if isinstance(draft, str) else ""

    async def flush(self) -> None:
        """Keep all that is typed, now. What cannot be saved is tried again with the next key."""
        while self._typed:
            key, (conversation, text) = next(iter(self._typed.items()))
            try:
                if conversation.temporary:
                    pass
                elif conversation.leaf_id is None:
                    await self._workspace.state.set(NEW_DRAFT, text)
                else:
                    await self._workspace.history.save_draft(conversation.id, text)
            except LocalFailure:
                return
            if self._typed.get(key) == (conversation, text):
                del self._typed[key]

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
