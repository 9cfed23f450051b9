"""Turns: questions and the answers to them, from the first line on the disk to the last."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Conversation, Setup, TitleSource, title_from
from ollama_tui.domain.failure import LocalFailure, ModelMissing
from ollama_tui.domain.hit import QueuedQuestion
from ollama_tui.domain.host import Host
from ollama_tui.domain.identity import new_id, now
from ollama_tui.domain.message import Attachment, Ending, Message, Role, Sent
from ollama_tui.domain.model import ModelRef, is_remote_name
from ollama_tui.domain.text import storable
from ollama_tui.services.asking import ConsentNeeded, StillAnswering
from ollama_tui.services.consent import Consents
from ollama_tui.services.context.guard import Guard, Prompt
from ollama_tui.services.ledger import Ledger
from ollama_tui.services.live import LiveTurn
from ollama_tui.services.pace import Pace
from ollama_tui.services.prompt_messages import as_sent, attached, compose
from ollama_tui.services.reply import Reply, ReplyRequest
from ollama_tui.services.waiting_questions import WELL, WaitingQuestions
from ollama_tui.services.writing import Writing

if TYPE_CHECKING:
    from ollama_tui.services.workspace import Workspace
    from ollama_tui.storage.history import History

_log = logging.getLogger(__name__)

LEAF = ""
"""For `parent_id`: the question follows the conversation's last message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """Where a turn starts from: a new question, an earlier one, or a partial answer."""

    conversation: Conversation
    setup: Setup
    question: Message | None = None
    parent_id: str | None
    """What the answer follows: the question."""
    files: Mapping[str, bytes]
    partial: Message | None = None
    guard_context: bool
    leave_out: int = 0
    left_out_ids: Sequence[str] = ()


class Turns:
    """The running turns of a workspace. A turn goes on until its end, its stop, or the program's end, whoever looks."""

    def __init__(self, workspace: "Workspace", pace: Pace) -> None:
        self._workspace = workspace
        self._pace = pace
        self._writings: dict[str, Writing] = {}
        """The last turn of each conversation, while it runs or is not saved."""
        self._beginning: set[str] = set()
        self._saving: set[asyncio.Task[None]] = set()
        self._closing = False
        self.waiting = WaitingQuestions(workspace, self)
        """The questions behind running answers."""

    @property
    def closing(self) -> bool:
        """Whether nothing may begin any more."""
        return self._closing

    def last(self, conversation_id: str) -> LiveTurn | None:
        """The turn that was written last in a conversation, if it was since the start."""
        writing = self._writings.get(conversation_id)
        return writing.live if writing is not None else None

    def is_unsaved(self, conversation_id: str) -> bool:
        """Whether the last turn of a conversation is in memory only."""
        writing = self._writings.get(conversation_id)
        return writing is not None and not writing.ledger.begun

    async def conversation(self, conversation_id: str) -> Conversation | None:
        """A conversation as it is kept, or, where the disk is behind, as its last turn left it."""
        kept = await self._workspace.conversation(conversation_id)
        writing = self._writings.get(conversation_id)
        if writing is None or (kept is not None and writing.ledger.begun):
            return kept
        return writing.live.conversation

    def live(self, conversation_id: str) -> LiveTurn | None:
        """The answer that is being written in a conversation."""
        writing = self._writings.get(conversation_id)
        return writing.live if writing is not None and not writing.live.done else None

    def all_live(self) -> tuple[LiveTurn, ...]:
        """The answers that are being written."""
        return tuple(writing.live for writing in self._writings.values() if not writing.live.done)

    async def ask(
        self,
        conversation: Conversation,
        text: str,
        files: Sequence[tuple[Attachment, bytes]] = (),
        *,
        parent_id: str | None = LEAF,
        guard_context: bool | None = None,
    ) -> LiveTurn:
        """Ask a question. With the `parent_id` of an earlier question it stands beside that one, as an edit does.

        Raises:
            StillAnswering: an answer is being written there.
            ConsentNeeded: the model is remote, and the person was not yet asked.
            ModelMissing: no model is chosen.
            LocalFailure: the conversation cannot be read.
        """
        question = Message(
            id=new_id(),
            conversation_id=conversation.id,
            role=Role.USER,
            parent_id=conversation.leaf_id if parent_id == LEAF else parent_id,
            text=storable(text),
            created_at=now(),
            attachments=tuple(attachment for attachment, _content in files),
        )
        if not conversation.title and conversation.title_source is TitleSource.NONE:
            title = title_from(storable(text)) or ", ".join(attachment.name for attachment, _content in files)
            conversation = replace(conversation, title=title, title_source=TitleSource.FIRST_WORDS)
        return await self._begin(
            _Start(
                conversation=conversation,
                setup=conversation.setup,
                question=question,
                parent_id=question.id,
                files={attachment.sha256: content for attachment, content in files},
                guard_context=self._guard(guard_context),
            )
        )

    async def regenerate(
        self,
        answer: Message,
        setup: Setup | None = None,
        *,
        guard_context: bool | None = None,
        leave_out: int = 0,
    ) -> LiveTurn:
        """Answer the question of `answer` again, beside it: as the conversation is set up now, or as `setup` says.

        `leave_out` leaves out the oldest questions and what followed them.
        """
        conversation = await self._conversation(answer)
        return await self._begin(
            _Start(
                conversation=conversation,
                setup=setup or conversation.setup,
                parent_id=answer.parent_id,
                files={},
                guard_context=self._guard(guard_context),
                leave_out=leave_out,
            )
        )

    retry = regenerate

    async def go_on(self, answer: Message) -> LiveTurn:
        """Go on exactly where `answer` ended, beside it, asked as it was asked; from nothing, that is asking again."""
        conversation = await self._conversation(answer)
        sent = answer.sent
        setup = conversation.setup
        if sent is not None:
            setup = Setup(
                model=answer.model or setup.model,
                system=sent.system,
                options=sent.options,
                think=sent.think,
                format=sent.format,
                keep_alive=sent.keep_alive,
            )
        return await self._begin(
            _Start(
                conversation=conversation,
                setup=setup,
                parent_id=answer.parent_id,
                files={},
                partial=answer if answer.text or answer.thinking else None,
                guard_context=self._guard(None),
                left_out_ids=sent.left_out_ids if sent is not None else (),
            )
        )

    async def consent(self, model: ModelRef) -> None:
        """The person says that text may go to this remote model."""
        await Consents(self._workspace.state).give(model)

    async def stop(self, live: LiveTurn, *, reason: str = "") -> None:
        """Close the connection at once; what came is kept. Returns when that is saved, or takes too long."""
        writing = self._writings.get(live.conversation.id)
        if writing is not None and writing.live is live and not live.done:
            writing.stop(reason)
            await asyncio.wait({writing.task}, timeout=self._pace.leave)

    async def stop_all(self, *, reason: str = "") -> None:
        """Stop every answer."""
        await asyncio.gather(*(self.stop(live, reason=reason) for live in self.all_live()))

    async def queue(
        self, conversation: Conversation, text: str, files: Sequence[tuple[Attachment, bytes]] = ()
    ) -> None:
        """Keep a question until the running answer has ended well; then it is asked by itself."""
        await self.waiting.queue(conversation, text, files)

    async def queued(self, conversation_id: str) -> tuple[QueuedQuestion, ...]:
        """What waits in a conversation, the first to be asked first."""
        return await self.waiting.queued(conversation_id)

    async def unqueue(self, question_id: str) -> None:
        """Take back a question that waits."""
        await self.waiting.unqueue(question_id)

    async def branch(self, conversation: Conversation, leaf_id: str | None = None) -> tuple[Message, ...]:
        """The messages from the root to the leaf, with those that could not be saved yet."""
        leaf_id = leaf_id or conversation.leaf_id
        unsaved = self._unsaved(conversation.id)
        tail: list[Message] = []
        while leaf_id in unsaved:
            message = unsaved[leaf_id]
            tail.append(message)
            leaf_id = message.parent_id
        kept = await self._history(conversation).branch(conversation.id, leaf_id) if leaf_id else ()
        return (*kept, *reversed(tail))

    async def aclose(self) -> None:
        """Stop what runs and save what came, within a bounded time."""
        self._closing = True
        await self.stop_all(reason="exit")
        for task in self._saving:
            task.cancel()
        ledgers = [writing.ledger for writing in self._writings.values() if not writing.ledger.saved]
        if ledgers:
            await asyncio.wait({asyncio.create_task(ledger.flush()) for ledger in ledgers}, timeout=0.3)
        await self.waiting.store()

    # Beginning

    async def _begin(self, start: _Start) -> LiveTurn:
        """Every turn begins here: what it starts from is stored, and the answer begins to be written."""
        conversation = start.conversation
        last = self.last(conversation.id)
        if (last is not None and not last.ended) or conversation.id in self._beginning:
            raise StillAnswering(conversation.id)
        self._beginning.add(conversation.id)
        try:
            if start.setup.model is None:
                raise ModelMissing(model="", detail="")
            host, model = await self.allowed(start.setup.model)
            return await self._begin_with(start, host, model)
        finally:
            self._beginning.discard(conversation.id)

    async def _begin_with(self, start: _Start, host: Host, model: ModelRef) -> LiveTurn:
        history = self._history(start.conversation)
        before = start.question.parent_id if start.question is not None else start.parent_id
        branch = await self.branch(start.conversation, before) if before else ()
        branch = (*branch, *([start.question] if start.question is not None else []))
        sent_branch = [message for message in branch if message.id not in start.left_out_ids]
        blobs = dict(start.files)
        for attachment in attached(sent_branch):
            if attachment.sha256 not in blobs and (blob := await history.attachment(attachment.sha256)) is not None:
                blobs[attachment.sha256] = blob
        prompt = compose(sent_branch, system=start.setup.system, blobs=blobs, leave_out=start.leave_out)
        partial = start.partial
        answer = Message(
            id=new_id(),
            conversation_id=start.conversation.id,
            role=Role.ASSISTANT,
            parent_id=start.parent_id,
            text=partial.text if partial is not None else "",
            thinking=partial.thinking if partial is not None else "",
            edited_from=partial.edited_from if partial is not None else None,
            created_at=now(),
            model=model,
            ending=Ending.UNFINISHED,
            sent=Sent(
                message_ids=prompt.message_ids,
                left_out_ids=(*start.left_out_ids, *prompt.left_out_ids),
                system=start.setup.system,
                options=start.setup.options,
                think=start.setup.think,
                format=start.setup.format,
                keep_alive=start.setup.keep_alive,
            ),
        )
        conversation = replace(start.conversation, leaf_id=answer.id, updated_at=answer.created_at, draft="")
        request = ReplyRequest(
            model=model.name,
            messages=prompt.messages,
            setup=start.setup,
            guard_context=start.guard_context,
            partial=partial,
        )
        asked = Prompt(
            conversation=replace(conversation, setup=replace(start.setup, model=model)),
            branch=sent_branch,
            message_ids=prompt.message_ids,
            messages=prompt.messages,
            question=as_sent(sent_branch[-1], blobs),
            partial=f"{partial.thinking}{partial.text}" if partial is not None else "",
        )
        guard = Guard(self._workspace.contexts, asked, strict=start.guard_context)
        return await self._write(LiveTurn(conversation, start.question, answer), start.files, host, request, guard)

    async def _write(
        self, live: LiveTurn, files: Mapping[str, bytes], host: Host, request: ReplyRequest, guard: Guard
    ) -> LiveTurn:
        workspace = self._workspace
        conversation = live.conversation
        last = self._writings.get(conversation.id)
        ledger = Ledger(
            self._history(conversation),
            live,
            files=files,
            notices=workspace.standing,
            earlier=last.ledger if last is not None else None,
        )
        await ledger.flush()
        await workspace.remember_model(conversation.setup.model)
        self._writings[conversation.id] = Writing(
            live,
            Reply(host, request),
            ledger,
            guard=guard,
            host=host,
            version=lambda: workspace.version_of(host),
            pace=self._pace,
            after=self._after,
        )
        workspace.touch()
        return live

    async def _after(self, writing: Writing) -> None:
        """What follows an end: the next question, and another try where the end could not be saved."""
        if not writing.ledger.saved and not self._closing:
            task = asyncio.create_task(self._save_later(writing.ledger))
            self._saving.add(task)
            task.add_done_callback(self._saving.discard)
        self._workspace.touch()
        await self.waiting.store()
        if writing.live.answer.ending in WELL and not self._closing:
            try:
                await self.waiting.ask_next(writing.live.conversation.id)
            except LocalFailure:
                _log.warning("a question that waits could not be asked", exc_info=True)

    async def _save_later(self, ledger: Ledger) -> None:
        saved = False
        while not saved:
            await asyncio.sleep(self._pace.save_again)
            saved = await ledger.flush()
        await self.waiting.store()
        self._workspace.touch()

    async def allowed(self, ref: ModelRef) -> tuple[Host, ModelRef]:
        """The host of a model, and the model with its digest if that is known.

        Raises:
            ConsentNeeded: the model is remote, and the person has not said that text may go there.
        """
        server = self._workspace.server_of(ref)
        host, known = server.host, await server.find_model(ref.name)
        remote = known.is_remote if known is not None else is_remote_name(ref.name)
        if remote and not await Consents(self._workspace.state).has(ref):
            raise ConsentNeeded(ref)
        digest = known.digest if known is not None else ref.digest
        return host, ModelRef(host_id=host.address.id, name=ref.name, digest=digest)

    async def _conversation(self, answer: Message) -> Conversation:
        return await self.conversation(answer.conversation_id) or Conversation(
            id=answer.conversation_id, setup=Setup(model=answer.model), leaf_id=answer.id
        )

    def _unsaved(self, conversation_id: str) -> dict[str, Message]:
        writing = self._writings.get(conversation_id)
        ledger = writing.ledger if writing is not None else None
        messages: dict[str, Message] = {}
        while ledger is not None and not ledger.saved:
            for message in (ledger.live.question, ledger.live.answer):
                if message is not None:
                    messages[message.id] = message
            ledger = ledger.earlier
        return messages

    def _history(self, conversation: Conversation) -> "History":
        return self._workspace.history_of(conversation)

    def _guard(self, wanted: bool | None) -> bool:
        return self._workspace.settings.guard_context if wanted is None else wanted
