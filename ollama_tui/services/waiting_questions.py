"""Questions that wait behind a running answer: kept on the disk, asked by themselves when it has ended well."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.failure import LocalFailure, ModelMissing
from ollama_tui.domain.hit import QueuedQuestion
from ollama_tui.domain.identity import new_id, now
from ollama_tui.domain.message import Attachment, Ending
from ollama_tui.domain.text import storable
from ollama_tui.services.asking import ConsentNeeded, StillAnswering
from ollama_tui.services.live import LiveTurn
from ollama_tui.services.notice import not_saved

if TYPE_CHECKING:
    from ollama_tui.services.turn import Turns
    from ollama_tui.services.workspace import Workspace

WELL = (Ending.COMPLETE, Ending.LENGTH)
"""Endings after which the next question is asked by itself: not after a failure or a stop, where a person decides."""

_STANDING = "waiting-questions"
_NO_FILES: Mapping[str, bytes] = {}


@dataclass(frozen=True, slots=True)
class _Held:
    """A question that could not be stored yet."""

    question: QueuedQuestion
    files: Mapping[str, bytes]


class WaitingQuestions:
    """The queue of each conversation. What cannot be stored waits in memory, and is stored when that works again."""

    def __init__(self, workspace: "Workspace", turns: "Turns") -> None:
        self._workspace = workspace
        self._turns = turns
        self._held: list[_Held] = []
        self._storing = asyncio.Lock()
        self._asking = asyncio.Lock()

    async def queue(
        self, conversation: Conversation, text: str, files: Sequence[tuple[Attachment, bytes]] = ()
    ) -> None:
        """Keep a question. If the answer that it was to wait for has just ended well, it is asked at once."""
        attachments = tuple(attachment for attachment, _content in files)
        contents = {attachment.sha256: content for attachment, content in files}
        question = QueuedQuestion(
            id=new_id(),
            conversation_id=conversation.id,
            text=storable(text),
            created_at=now(),
            attachments=attachments,
        )
        self._held.append(_Held(question, contents))
        await self.store()
        self._workspace.touch()
        last = self._turns.last(conversation.id)
        if last is not None and last.ended and last.answer.ending in WELL:
            await self.ask_next(conversation.id)

    async def queued(self, conversation_id: str) -> tuple[QueuedQuestion, ...]:
        """What waits in a conversation, the first to be asked first."""
        return (
            *await self._workspace.history.queued(conversation_id),
            *await self._workspace.scratch.queued(conversation_id),
            *(held.question for held in self._held if held.question.conversation_id == conversation_id),
        )

    async def files_of(self, conversation: Conversation, question: QueuedQuestion) -> list[tuple[Attachment, bytes]]:
        """The files of a question that waits in a conversation, with their contents."""
        history = self._workspace.history_of(conversation)
        held = next((held.files for held in self._held if held.question.id == question.id), _NO_FILES)
        return [
            (file, held.get(file.sha256) or await history.attachment(file.sha256) or b"")
            for file in question.attachments
        ]

    async def unqueue(self, question_id: str) -> None:
        """Take back a question."""
        async with self._storing:
            self._held = [held for held in self._held if held.question.id != question_id]
        await self._workspace.history.unqueue(question_id)
        await self._workspace.scratch.unqueue(question_id)
        self._workspace.touch()

    async def move(self, conversation_id: str, into: Conversation) -> None:
        """Let what waits in a conversation wait in another one, behind what waits there. What does already, stays."""
        async with self._asking:
            waiting = {(question.text, question.attachments) for question in await self.queued(into.id)}
            for question in await self.queued(conversation_id):
                if (question.text, question.attachments) in waiting:
                    continue
                async with self._storing:
                    self._held = [
                        replace(held, question=replace(question, conversation_id=into.id))
                        if held.question.id == question.id
                        else held
                        for held in self._held
                    ]
                await self._workspace.history_of(into).requeue(question.id, into.id)
        await self.store()

    async def store(self) -> None:
        """Store what is in memory only, of conversations that are stored themselves."""
        async with self._storing:
            for held in tuple(self._held):
                question = held.question
                conversation = await self._turns.conversation(question.conversation_id)
                if conversation is None or self._turns.is_unsaved(question.conversation_id):
                    continue
                history = self._workspace.history_of(conversation)
                try:
                    await history.queue(question.conversation_id, question.text, question.attachments, held.files)
                except LocalFailure as failure:
                    self._workspace.standing.uphold(_STANDING, not_saved(failure))
                    return
                self._held.remove(held)
            self._workspace.standing.withdraw(_STANDING)

    async def ask_next(self, conversation_id: str) -> LiveTurn | None:
        """Ask the first question that waits in a conversation, unless an answer is being written there."""
        async with self._asking:
            return await self._ask_next(conversation_id)

    async def _ask_next(self, conversation_id: str) -> LiveTurn | None:
        last = self._turns.last(conversation_id)
        if self._turns.closing or (last is not None and not last.ended):
            return None
        waiting = await self.queued(conversation_id)
        conversation = await self._turns.conversation(conversation_id)
        if not waiting or conversation is None:
            return None
        if last is not None:  # it was sent behind that answer, whatever branch was opened elsewhere since
            conversation = replace(conversation, leaf_id=last.answer.id)
        try:
            return await self._ask(conversation, waiting[0])
        except (ConsentNeeded, StillAnswering, ModelMissing):
            return None

    async def ask_first(self, conversation: Conversation) -> LiveTurn:
        """Ask the first question that waits in a conversation because the person says so, on its open branch.

        Raises:
            StillAnswering: an answer is being written there, or nothing waits any more.
            ConsentNeeded, ModelMissing, LocalFailure: see `Turns.ask`; it waits on.
        """
        async with self._asking:
            waiting = await self.queued(conversation.id)
            if not waiting:
                raise StillAnswering(conversation.id)
            return await self._ask(conversation, waiting[0])

    async def _ask(self, conversation: Conversation, question: QueuedQuestion) -> LiveTurn:
        live = await self._turns.ask(conversation, question.text, await self.files_of(conversation, question))
        await self.unqueue(question.id)  # only now: a question that is there twice is better than one that is gone
        return live
