"""Questions that wait behind a running answer: kept on the disk, asked by themselves when it has ended well."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.failure import ModelMissing
from ollama_tui.domain.hit import QueuedQuestion
from ollama_tui.domain.message import Attachment, Ending
from ollama_tui.domain.text import storable
from ollama_tui.services.asking import ConsentNeeded, StillAnswering
from ollama_tui.services.live import LiveTurn

if TYPE_CHECKING:
    from ollama_tui.services.turn import Turns
    from ollama_tui.services.workspace import Workspace

WELL = (Ending.COMPLETE, Ending.LENGTH)
"""Endings after which the next question is asked by itself: not after a failure or a stop, where a person decides."""


class WaitingQuestions:
    """The queue of each conversation."""

    def __init__(self, workspace: "Workspace", turns: "Turns") -> None:
        self._workspace = workspace
        self._turns = turns

    async def queue(
        self, conversation: Conversation, text: str, files: Sequence[tuple[Attachment, bytes]] = ()
    ) -> None:
        """Keep a question. If the answer that it was to wait for has just ended well, it is asked at once."""
        await self._workspace.history_of(conversation).queue(
            conversation.id,
            storable(text),
            tuple(attachment for attachment, _content in files),
            {attachment.sha256: content for attachment, content in files},
        )
        self._workspace.touch()
        last = self._turns.last(conversation.id)
        if last is not None and last.done and last.answer.ending in WELL:
            await self.ask_next(conversation.id)

    async def queued(self, conversation_id: str) -> tuple[QueuedQuestion, ...]:
        """What waits in a conversation, the first to be asked first."""
        return (
            *await self._workspace.history.queued(conversation_id),
            *await self._workspace.scratch.queued(conversation_id),
        )

    async def unqueue(self, question_id: str) -> None:
        """Take back a question."""
        await self._workspace.history.unqueue(question_id)
        await self._workspace.scratch.unqueue(question_id)
        self._workspace.touch()

    async def ask_next(self, conversation_id: str) -> LiveTurn | None:
        """Ask the first question that waits in a conversation, unless an answer is being written there."""
        if self._turns.closing or self._turns.live(conversation_id) is not None:
            return None
        waiting = await self.queued(conversation_id)
        conversation = await self._workspace.conversation(conversation_id)
        if not waiting or conversation is None:
            return None
        first = waiting[0]
        history = self._workspace.history_of(conversation)
        files = [(file, await history.attachment(file.sha256) or b"") for file in first.attachments]
        try:
            live = await self._turns.ask(conversation, first.text, files)
        except (ConsentNeeded, StillAnswering, ModelMissing):
            return None
        await history.unqueue(first.id)  # only now: a question that is there twice is better than one that is gone
        self._workspace.touch()
        return live
