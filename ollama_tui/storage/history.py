"""The kept conversations: everything that is read and written of them, each call one transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from sqlite3 import Connection
from typing import TypeVar

from ollama_tui.domain.conversation import Conversation, Listed, Shelf, TitleSource
from ollama_tui.domain.hit import EarlierPrompt, Hit, QueuedQuestion
from ollama_tui.domain.identity import new_id, now
from ollama_tui.domain.message import Attachment, Ending, Message
from ollama_tui.domain.query import Query
from ollama_tui.domain.tree import Tree
from ollama_tui.storage import branching, conversations, lease, messages, outline, prompts, search
from ollama_tui.storage.database import Database

T = TypeVar("T")
_BATCH = 100


class History:
    """Conversations in a database, as one running program (the instance) sees and writes them."""

    def __init__(self, database: Database, instance_id: str) -> None:
        self._database = database
        self._instance_id = instance_id

    # Conversations

    async def conversations(
        self,
        *,
        limit: int = 200,
        before: tuple[int, str] | None = None,
        text: str = "",
        deleted: bool = False,
        archived: bool = False,
    ) -> tuple[Conversation, ...]:
        """Conversations, newest first, without their drafts: those whose titles contain `text`.

        The first page begins with all that are pinned. `before` is `updated_at` and `id` of the last one seen.
        """
        page = await self._read(
            lambda connection: conversations.page(
                connection, limit=limit, before=before, text=text, deleted=deleted, archived=archived
            )
        )
        return tuple(map(self._marked, page))

    async def listed(
        self, query: Query, shelf: Shelf = Shelf.OPEN, *, limit: int = 200, before: tuple[int, str] | None = None
    ) -> tuple[Listed, ...]:
        """What a list shows of those that fit a query, newest first, in pages as `conversations` has them."""
        return await self._database.read_aside(
            lambda connection: conversations.listed(connection, query, shelf, limit=limit, before=before)
        )

    async def conversation(self, conversation_id: str) -> Conversation | None:
        """A conversation with its draft, also one from the bin."""
        found = await self._read(lambda connection: conversations.get(connection, conversation_id))
        return self._marked(found) if found else None

    async def last(self) -> Conversation | None:
        """The conversation that was used last, with its draft."""
        found = await self._read(conversations.last)
        return self._marked(found) if found else None

    async def revision(self, conversation_id: str) -> int | None:
        """How often a conversation changed, but for what comes of an unfinished answer; None if there is none."""
        return await self._read(lambda connection: conversations.revision(connection, conversation_id))

    async def create(self, conversation: Conversation) -> None:
        """Keep a new conversation."""
        self._check(conversation)
        await self._run(lambda connection: conversations.create(connection, conversation))

    async def update(self, conversation: Conversation) -> None:
        """Keep title, setup and leaf of a conversation: never its draft, its pin or whether it is archived."""
        await self._run(lambda connection: conversations.update(connection, conversation))

    async def rename(self, conversation_id: str, title: str, source: TitleSource) -> None:
        """Give a title; one that the person gave is replaced by the person only."""
        await self._run(lambda connection: conversations.rename(connection, conversation_id, title, source))

    async def pin(self, conversation_id: str, pinned: bool) -> None:
        """Let a conversation stand above the others, or no more."""
        await self._run(lambda connection: conversations.pin(connection, conversation_id, pinned))

    async def archive(self, conversation_id: str, archived: bool) -> None:
        """Put a conversation away, or back among the others."""
        await self._run(lambda connection: conversations.archive(connection, conversation_id, archived))

    async def tags(self, conversation_id: str) -> tuple[str, ...]:
        """The tags of a conversation, in alphabetical order."""
        return await self._read(lambda connection: conversations.tags(connection, conversation_id))

    async def change_tags(
        self, conversation_id: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> tuple[str, ...]:
        """Give a kept conversation tags (see `tag_of`) and take others from it; all that it has then."""
        return await self._run(
            lambda connection: conversations.change_tags(connection, conversation_id, add=add, remove=remove)
        )

    async def delete(self, conversation_id: str) -> None:
        """Put a conversation into the bin, from where it goes for good after 30 days."""
        await self._run(lambda connection: conversations.delete(connection, conversation_id, now()))

    async def restore(self, conversation_id: str) -> None:
        """Take a conversation out of the bin."""
        await self._run(lambda connection: conversations.restore(connection, conversation_id))

    async def save_draft(self, conversation_id: str, text: str) -> None:
        """Keep what is typed for a conversation, which need not exist yet."""
        await self._run(lambda connection: conversations.save_draft(connection, conversation_id, text))

    async def draft(self, conversation_id: str) -> str:
        """What is typed for a conversation and not sent."""
        return await self._read(lambda connection: conversations.draft(connection, conversation_id))

    async def is_drafted(self, word: str) -> bool:
        """Whether something that is typed and not sent has `word` in it."""
        return await self._read(lambda connection: conversations.is_drafted(connection, word))

    async def unasked_drafts(self) -> tuple[tuple[str, str], ...]:
        """What is typed into conversations that were never asked anything: their ids and the texts, newest first."""
        return await self._read(conversations.unasked_drafts)

    async def drafted(self) -> tuple[tuple[str, str], ...]:
        """The conversations in the list in which something is typed and not sent: ids and titles, last used first."""
        return await self._read(conversations.drafted)

    # Messages

    async def branch(self, conversation_id: str, leaf_id: str | None = None) -> tuple[Message, ...]:
        """The messages from the root to `leaf_id`, or to the leaf that was open last."""
        return await self._read(lambda connection: messages.branch(connection, conversation_id, leaf_id))

    async def message(self, message_id: str) -> Message | None:
        """A message; of an unfinished answer, what has been saved so far."""
        return await self._read(lambda connection: messages.get(connection, message_id))

    async def so_far(self, answer_id: str) -> tuple[str, str] | None:
        """What was saved of an answer's text and thinking; None if it is not there."""
        return await self._read(
            lambda connection: (
                messages.so_far(connection, answer_id) if messages.exists(connection, answer_id) else None
            )
        )

    async def siblings(self, message_id: str) -> tuple[Message, ...]:
        """The message and its variants, in their order."""
        return await self._read(lambda connection: messages.siblings(connection, message_id))

    async def leaf_below(self, message_id: str) -> str:
        """The leaf that was shown last below a message: where one lands when going to this variant."""
        return await self._read(lambda connection: outline.tree_of(connection, message_id).leaf_below(message_id))

    async def has_variants(self, conversation_id: str) -> bool:
        """Whether anything in a conversation was said in more than one way: else its tree is its branch."""
        return await self._read(lambda connection: outline.has_variants(connection, conversation_id))

    async def tree(self, conversation_id: str) -> Tree:
        """All messages of a conversation by what they follow, each with its first words."""
        return await self._read(lambda connection: outline.tree(connection, conversation_id))

    async def go_to(self, conversation_id: str, leaf_id: str) -> None:
        """Let the branch to this leaf be the one that is open."""
        await self._run(lambda connection: branching.go_to(connection, conversation_id, leaf_id))

    async def put_beside(self, variant: Message) -> Message:
        """Keep a message that the person wrote beside its siblings, and open it; as it is kept."""
        return await self._run(lambda connection: branching.put_beside(connection, variant))

    async def fork(self, conversation_id: str, leaf_id: str, into: Conversation) -> Conversation | None:
        """Copy the branch up to `leaf_id` into `into`, a new conversation here; None if there is no such branch.

        Messages with figures and what was sent, attachments by reference, tags: all but what was deleted.
        """
        self._check(into)
        leaf = await self._run(lambda connection: branching.fork(connection, conversation_id, leaf_id, into))
        return await self.conversation(into.id) if leaf else None

    async def graft(self, fork_id: str, leaf_id: str, into_id: str, *, opened: bool = False) -> str | None:
        """Add what a fork has more, up to `leaf_id`, to the conversation `into_id`; the leaf there.

        What stands there already is not added again. None if one of the two is gone. With `opened` the leaf is the
        one that is open there.
        """

        def work(connection: Connection) -> str | None:
            leaf = branching.graft(connection, fork_id, leaf_id, into_id)
            if leaf is not None and opened:
                branching.go_to(connection, into_id, leaf)
                conversations.touch(connection, leaf, now())
            return leaf

        return await self._run(work)

    async def delete_message(self, message_id: str, leaf_id: str) -> tuple[tuple[str, ...], str]:
        """Let a message leave its branches, a question with its answers; for 30 days it can be brought back.

        What it was that left, and the leaf that is open then, where `leaf_id` was before. Nothing leaves while an
        answer is being written there.
        """
        return await self._run(lambda connection: branching.delete(connection, message_id, leaf_id, now()))

    async def withdraw(self, message_id: str) -> None:
        """Let a question or an answer of which nothing came leave for good: it was asked again elsewhere."""
        await self._run(lambda connection: branching.withdraw(connection, message_id, now()))

    async def restore_message(self, conversation_id: str) -> tuple[str, ...]:
        """Bring back what was deleted last in a conversation: its ids."""
        return await self._run(lambda connection: branching.restore(connection, conversation_id))

    async def attachment(self, sha256: str) -> bytes | None:
        """The content of an attachment."""

        def work(connection: Connection) -> bytes | None:
            row = connection.execute("SELECT content FROM attachment WHERE sha256 = ?", (sha256,)).fetchone()
            return bytes(row["content"]) if row else None

        return await self._read(work)

    # A turn

    async def begin(
        self, conversation: Conversation, question: Message | None, files: Mapping[str, bytes], answer: Message
    ) -> tuple[Message | None, Message]:
        """Keep a question and its answer, which this instance is about to write; both as they are kept.

        All at once: the conversation if it is new, its setup and leaf, the question with its attachments (`files` has
        the contents by SHA-256), the answer, and the end of the draft that has become the question. What is there
        already stays, so that it can be repeated after a failure; then the answer may have ended.
        """
        self._check(conversation)

        def work(connection: Connection) -> tuple[Message | None, Message]:
            time = now()
            conversations.ask(connection, conversation, answer.id, time)
            messages.add_files(connection, files)
            asked, kept = question, answer
            if asked is not None and not messages.exists(connection, asked.id):
                asked = replace(asked, order=messages.add(connection, asked))
            if not messages.exists(connection, kept.id):
                kept = replace(kept, order=messages.add(connection, kept))
            elif kept.ending is not Ending.UNFINISHED:
                messages.finish(connection, kept)
            if kept.ending is Ending.UNFINISHED:
                lease.take(connection, kept.id, self._instance_id, time)
            if question is not None:
                conversations.drop_draft(connection, conversation.id, question.text)
            return asked, kept

        return await self._run(work)

    async def save_partial(self, answer_id: str, text_piece: str, thinking_piece: str) -> None:
        """Keep what has arrived of an answer since the last call; also a sign of life, as `beat`."""

        def work(connection: Connection) -> None:
            if text_piece or thinking_piece:
                messages.save_piece(connection, answer_id, text_piece, thinking_piece)
            lease.renew(connection, self._instance_id, now())

        await self._run(work)

    async def finish(self, answer: Message) -> None:
        """Keep an answer as it ended, whatever was kept of it before."""

        def work(connection: Connection) -> None:
            messages.finish(connection, answer)
            conversations.touch(connection, answer.id, now())

        await self._run(work)

    async def beat(self) -> None:
        """Say that this instance lives; every 5 s while it has answers to write."""
        await self._run(lambda connection: lease.renew(connection, self._instance_id, now()))

    async def adopt_orphans(self) -> tuple[Message, ...]:
        """End the answers whose writers are dead: they are cut off, with what was kept of them."""

        def unfinished(connection: Connection) -> bool:
            row = connection.execute("SELECT 1 FROM message WHERE ending = 'unfinished' LIMIT 1").fetchone()
            return row is not None or connection.execute("SELECT 1 FROM instance LIMIT 1").fetchone() is not None

        def work(connection: Connection) -> tuple[Message, ...]:
            lease.forget_dead(connection, self._instance_id, now())
            return messages.finish_orphans(connection)

        return await self._run(work) if await self._read(unfinished) else ()

    # Questions that wait, and those that were asked

    async def queue(
        self, conversation_id: str, text: str, attachments: Sequence[Attachment], files: Mapping[str, bytes]
    ) -> str:
        """Keep a question to be asked when the running answer has ended; its id."""
        question = QueuedQuestion(
            id=new_id(),
            conversation_id=conversation_id,
            text=text,
            created_at=now(),
            attachments=tuple(attachments),
        )
        await self._run(lambda connection: prompts.queue(connection, question, files))
        return question.id

    async def queued(self, conversation_id: str) -> tuple[QueuedQuestion, ...]:
        """The questions that wait, in their order."""
        return await self._read(lambda connection: prompts.queued(connection, conversation_id))

    async def requeue(self, question_id: str, conversation_id: str) -> None:
        """Let a question wait in another conversation, as the last one there."""
        await self._run(lambda connection: prompts.requeue(connection, question_id, conversation_id))

    async def unqueue(self, question_id: str) -> None:
        """Let a question wait no more."""
        await self._run(lambda connection: prompts.unqueue(connection, question_id))

    async def prompts(self, limit: int = 100, before: int | None = None) -> tuple[EarlierPrompt, ...]:
        """What was asked before, in whatever conversation, each once and newest first; older than place `before`."""
        return await self._read(lambda connection: prompts.earlier(connection, "", limit, before))

    async def search_prompts(self, text: str, limit: int = 50, before: int | None = None) -> tuple[EarlierPrompt, ...]:
        """What was asked before and contains `text`."""
        return await self._database.read_aside(lambda connection: prompts.earlier(connection, text, limit, before))

    # All of it

    async def search(
        self, query: Query, limit: int = 50, before: int | None = None, *, titles: int = 50
    ) -> tuple[Hit, ...]:
        """Where the terms of a query stand: titles first, then messages, newest first; after place `before`.

        It holds up nothing that is written, and ends when nobody waits for it any more.
        """

        def work(connection: Connection) -> tuple[Hit, ...]:
            named = search.find_conversations(connection, query, titles) if before is None else ()
            return (*named, *search.find(connection, query, limit, before))

        return await self._database.read_aside(work)

    async def known_tags(self) -> tuple[str, ...]:
        """All tags, the most used first."""
        return await self._database.read_aside(search.known_tags)

    async def known_models(self) -> tuple[str, ...]:
        """The models that conversations have, the most used first."""
        return await self._database.read_aside(search.known_models)

    async def search_is_behind(self) -> bool:
        """Whether there are finished messages that the search does not know yet."""
        return await self._database.read_aside(search.has_more)

    async def refresh_search(self) -> None:
        """Bring the search index up to date: there is something to do after damage, or after a new version."""
        if not await self._read(search.is_of_this_scheme):
            await self._run(search.make_anew)
        while await self._read(search.has_more):
            await self._run(lambda connection: search.index_some(connection, _BATCH))

    async def purge_due(self) -> int:
        """Remove for good what was deleted 30 days ago; how many conversations that were.

        The copies that migrations left are removed when they are as old.
        """
        await self._database.remove_copies(before=now() - conversations.BIN_TIME)

        def work(connection: Connection) -> bool:
            return conversations.purge_one(connection, now())

        count = 0
        while await self._read(lambda connection: conversations.is_due(connection, now())) and await self._run(work):
            count += 1
        emptied = 0
        while await self._read(lambda connection: branching.is_due(connection, now())):
            emptied += await self._run(lambda connection: branching.purge_some(connection, now(), _BATCH))
        # The index still holds the words of what was taken out of it, until its parts are merged.
        while (count or emptied) and await self._run(search.merge_some):
            pass
        return count

    async def delete_everything(self) -> None:
        """Remove all conversations, and all else that the database holds, for good."""
        await self._database.erase()

    async def _run(self, work: Callable[[Connection], T]) -> T:
        return await self._database.run(work)

    async def _read(self, work: Callable[[Connection], T]) -> T:
        return await self._database.read(work)

    def _marked(self, conversation: Conversation) -> Conversation:
        return replace(conversation, temporary=True) if self._database.path is None else conversation

    def _check(self, conversation: Conversation) -> None:
        if conversation.temporary and self._database.path is not None:
            raise ValueError("a temporary conversation is never written to the disk")
