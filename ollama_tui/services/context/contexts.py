"""What each conversation's next prompt comes to, kept up with as it is written."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Conversation, Setup
from ollama_tui.domain.failure import HostFailure, NotOllama, Unsupported
from ollama_tui.domain.host import Host
from ollama_tui.domain.message import Ending, Message
from ollama_tui.domain.model import ModelCard, ModelRef, is_remote_name
from ollama_tui.domain.request import ChatMessage, ChatRequest
from ollama_tui.services.context import counts
from ollama_tui.services.context.account import Account, Room
from ollama_tui.services.context.branch_sum import (
    BranchSum,
    Junction,
    anchors,
    images_of,
    sight_of,
    sum_up,
    thinking_key,
)
from ollama_tui.services.context.counts import ROUGH, Counter, Counts
from ollama_tui.services.context.habits import Habits
from ollama_tui.services.context.lessons import Lessons, Sight
from ollama_tui.services.prompt_messages import as_sent, compose, is_quoted

if TYPE_CHECKING:
    from ollama_tui.services.workspace import Workspace

_log = logging.getLogger(__name__)

_PATIENCE = 3.0
"""Seconds for a server to tell which models it has in memory."""
_DRAFT = "draft-7d1b3f52"
"""Stands for the draft in a prompt that the server renders."""
_TAIL = 64
"""Characters before the draft that are counted with it: a token may reach over its edge."""
_MARKS = 5
"""Tokens that a template puts around a message, where nothing better is known."""
_MOST_BIAS = 8
"""Tokens. A server whose count is further from what it renders counts something else."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """A branch as the server rendered it, with a place for the draft."""

    key: object
    """What it was rendered of."""
    tokens: int
    """Of all of it, without a draft."""
    junction: Junction


class Contexts:
    """The accounts of a workspace's conversations. Nothing is kept of a conversation but counts and a rendered end."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace
        self.habits = Habits(workspace.state)
        """What is to be done where a prompt does not fit."""
        self._counts = Counts()
        self._lessons = Lessons()
        self._frames: dict[str, _Frame] = {}
        self._cards: dict[ModelRef, ModelCard] = {}
        self._mute: set[str] = set()
        """Addresses of servers that do not render."""
        self._biases: dict[object, int] = {}
        """What a server counts beyond what it renders, such as a mark at the beginning; by what tells prompts apart."""
        self._told: set[str] = set()
        """The answers by whose figures an estimate was calibrated."""
        self._asked: dict[tuple[str, str], int] = {}
        """The context that this program asked for when it made the server load a model; 0 for the server's choice."""

    # The model

    def counter(self, ref: ModelRef | None) -> Counter:
        """What counts a model's tokens now: its tokenizer, or an estimate until that is there."""
        return (self._workspace.tokenizers.known(ref) if ref is not None else None) or ROUGH

    def _now(self, ref: ModelRef) -> ModelRef:
        """The model as the server has it now: another may have taken its name."""
        model = self._workspace.inventory_of(ref).known(ref.name)
        return replace(ref, digest=model.digest) if model is not None else ref

    async def prepare(self, ref: ModelRef) -> None:
        """Make the model's tokenizer, and read what it was trained for. What cannot be had is done without."""
        if not is_remote_name(ref.name):  # whose card would be fetched from elsewhere
            with suppress(HostFailure):
                await self.card(ref)
        await self._workspace.tokenizers.of(ref)

    async def card(self, ref: ModelRef) -> ModelCard:
        """What the server tells of a model, asked once."""
        ref = self._now(ref)
        if ref not in self._cards:
            self._cards[ref] = await self._workspace.host_of(ref).show(ref.name)
        return self._cards[ref]

    async def look(self, ref: ModelRef) -> int:
        """Ask what context the model has now; 0 if it is not in memory, or the server does not tell."""
        inventory = self._workspace.inventory_of(ref)
        try:
            await asyncio.wait_for(inventory.refresh_loaded(), _PATIENCE)
        except (HostFailure, TimeoutError):
            return 0
        return inventory.context_of(ref.name)

    async def load(self, setup: Setup) -> int:
        """Bring the model into memory exactly as a question will ask for it; the context that it then has, or 0.

        Raises:
            HostFailure: it cannot be loaded.
        """
        await self._workspace.load(setup)
        self.note_asked(setup)
        return await self.look(setup.model) if setup.model is not None else 0

    def note_asked(self, setup: Setup) -> None:
        """The server has loaded the model of `setup` as it says."""
        if setup.model is not None:
            self._asked[setup.model.host_id, setup.model.name] = self._wanted(setup)

    def room(self, setup: Setup) -> Room:
        """What a prompt has to fit into, as far as it is known without asking."""
        ref = setup.model
        if ref is None:
            return Room()
        wanted, most = self._wanted(setup), self.most(ref)
        if most:
            wanted = min(wanted, most)
        allocated = self._workspace.inventory_of(ref).context_of(ref.name)
        if wanted and allocated and wanted != allocated and self._asked.get((ref.host_id, ref.name)) != wanted:
            allocated = 0  # it was loaded for somebody else, and will be loaded anew
        return Room(allocated=allocated, wanted=wanted, most=most)

    def most(self, ref: ModelRef) -> int:
        """The context that a model was trained for; 0 if unknown."""
        card = self._cards.get(self._now(ref))
        model = self._workspace.inventory_of(ref).known(ref.name)
        return (card.context_length if card else 0) or (model.context_length if model else 0)

    def _wanted(self, setup: Setup) -> int:
        """The context that will be asked for: the person's, else the model's own parameter; 0 for the server's."""
        value = setup.options.get("num_ctx")
        if isinstance(value, int | float) and value > 0:
            return int(value)
        with suppress(ValueError):
            return int(float(self.parameters_of(setup).get("num_ctx", "0")))
        return 0

    def parameters_of(self, setup: Setup) -> dict[str, str]:
        """The parameters that the model brings, by name, as the server prints them; empty until they are known."""
        card = self._cards.get(self._now(setup.model)) if setup.model is not None else None
        lines = [line.strip().partition(" ") for line in (card.parameters.splitlines() if card else ())]
        return {name: value.strip() for name, _space, value in lines if name}

    # The account

    async def sum_up(
        self, conversation: Conversation, branch: Sequence[Message], sent_ids: Sequence[str] | None = None
    ) -> BranchSum:
        """What `branch` comes to with an empty question after it, asked as the conversation is set up.

        `sent_ids` are those of its messages that are sent; None for those that would be.
        """
        setup = conversation.setup
        counter = self.counter(setup.model)
        known = await self._count(conversation, branch, counter)
        system = await counts.count(counter, setup.system) if setup.system else 0
        key = self._key(setup, counter)
        found = anchors(branch, setup)
        plain = [one for one in found if not any(map(images_of, one.messages))]
        for anchor in plain:
            self._lessons.note(key, sight_of(anchor, known, system))
        if plain and not counter.exact:
            last = plain[-1]
            marks = 3 + 5 * (len(last.messages) + bool(system))
            ours = system + sum(known[message.id] for message in last.messages)
            self._lessons.note_ratio(key, last.tokens / max(1, ours + marks))
            if setup.model is not None and last.answer.id not in self._told:
                self._told.add(last.answer.id)
                self._workspace.tokenizers.calibrate(setup.model, ours, max(1, last.tokens - marks))
        by_id = {message.id: message for message in branch}
        sent_ids = tuple(compose(branch).message_ids if sent_ids is None else sent_ids)
        summed = sum_up(
            [by_id[message_id] for message_id in sent_ids],
            known,
            system=system,
            cost=self._lessons.template(key),
            exact=counter.exact,
            ratio=self._lessons.ratio(key),
            image=self._lessons.image(key),
            anchor=found[-1] if found else None,
        )
        if found and (seen := sum(map(images_of, found[-1].messages))) and not summed.images_estimated:
            self._lessons.note_image(key, summed.images / seen)
        frame = self._frames.get(conversation.id)
        if frame is not None and frame.key == self._frame_key(setup, sent_ids, counter):
            marks = frame.tokens - summed.system - summed.history
            summed = replace(summed, template=max(0, marks), exact=True, junction=frame.junction)
        return await self._with_own_system(summed, setup, counter, seen=bool(found) or summed.exact)

    async def _with_own_system(self, summed: BranchSum, setup: Setup, counter: Counter, *, seen: bool) -> BranchSum:
        """The sum with the model's own system prompt, which the server puts first where the person gives none.

        Where the server's counts were `seen`, it is among what the template adds; else it comes on top.
        """
        card = self._cards.get(self._now(setup.model)) if setup.model is not None else None
        if setup.system or card is None or not card.system:
            return summed
        own = round(await counts.count(counter, card.system) * summed.ratio)
        template = summed.template + (0 if seen else own + _MARKS)
        own = min(own, template)
        return replace(summed, system=own, template=template - own)

    async def account(self, conversation: Conversation, summed: BranchSum, text: str, images: int = 0) -> Account:
        """The account of a question `text` after what was summed up, with `images` that the server has not seen."""
        setup = conversation.setup
        counter = self.counter(setup.model)
        junction = summed.junction
        if not text:
            draft = 0
        elif junction is not None:
            draft = await counts.count(counter, junction.before + text + junction.after) - junction.tokens
        else:
            draft = round(await counts.count(counter, text) * summed.ratio)
        limit = setup.options.get("num_predict")
        return Account(
            system=summed.system,
            history=summed.history,
            images=summed.images + round(images * summed.image),
            draft=max(0, draft),
            template=summed.template,
            exact=summed.exact and not images,
            images_estimated=summed.images_estimated or images > 0,
            spread=summed.spread,
            room=self.room(setup),
            answer_limit=int(limit) if isinstance(limit, int | float) and limit > 0 else 0,
        )

    async def _count(
        self, conversation: Conversation, branch: Sequence[Message], counter: Counter
    ) -> Mapping[str, int]:
        """The tokens of each message of `branch` and of its thinking. What is counted is kept."""
        known = self._counts.of(counter)
        texts: dict[str, str] = {}
        for message in branch:
            if message.ending is Ending.UNFINISHED:
                known.pop(message.id, None)
            if message.id in known:
                continue
            texts[message.id] = await self.text_of(conversation, message)
            if message.thinking:
                texts[thinking_key(message)] = message.thinking
        return await self._counts.add(counter, texts)

    async def text_of(self, conversation: Conversation, message: Message) -> str:
        """The text that is sent of a message, with its text files."""
        return as_sent(message, await self._quoted_files(conversation, (message,))).content

    # What the server renders

    async def render(self, conversation: Conversation, branch: Sequence[Message]) -> bool:
        """Let the server render what `branch` comes to, with a place for the next question; whether it did.

        Only for a model that is in memory as the conversation asks for it: to render loads it. Images are left out, so
        that this tells nothing of them.
        """
        setup = conversation.setup
        ref = setup.model
        counter = self.counter(ref)
        if ref is None or is_remote_name(ref.name) or not counter.exact or not self.room(setup).allocated:
            return False
        host = self._workspace.host_of(ref)
        if host.address.url in self._mute:
            return False
        key = self._key(setup, counter)
        found = [one for one in anchors(branch, setup) if not any(map(images_of, one.messages))]
        if key not in self._biases:
            if not found:
                return False
            rendered = await self._render(host, conversation, found[-1].messages)
            if rendered is None:
                return False
            self._biases[key] = found[-1].tokens - await self._count_rendered(counter, rendered)
        bias = self._biases[key]
        if abs(bias) > _MOST_BIAS:
            return False
        rendered = await self._render(host, conversation, branch, ChatMessage(role="user", content=_DRAFT))
        before, mark, after = (rendered or "").rpartition(_DRAFT)
        if not mark:
            return False
        tokens = await self._count_rendered(counter, before + after) + bias
        known = await self._count(conversation, branch, counter)
        system = await counts.count(counter, setup.system) if setup.system else 0
        sent_ids = compose(branch).message_ids
        sent = [message for message in branch if message.id in set(sent_ids)]
        text = sum(known[message.id] for message in sent)
        thinking = sum(known.get(thinking_key(message), 0) for message in sent)
        self._lessons.note(key, Sight(len(sent) + 1 + bool(system), tokens - text - system, thinking))
        if not any(map(images_of, sent)):
            tail = before[-_TAIL:]
            junction = Junction(tail, after, await counts.count(counter, tail + after))
            self._frames[conversation.id] = _Frame(self._frame_key(setup, sent_ids, counter), tokens, junction)
        return True

    async def _render(
        self, host: Host, conversation: Conversation, branch: Sequence[Message], *more: ChatMessage
    ) -> str | None:
        """What the server makes of messages, without their images; None if it does not tell."""
        setup = conversation.setup
        prompt = compose(branch, system=setup.system, blobs=await self._quoted_files(conversation, branch))
        guard = False if self._workspace.settings.guard_context else None
        request = ChatRequest(
            model=setup.model.name if setup.model else "",
            messages=(*(replace(message, images=()) for message in prompt.messages), *more),
            options={**setup.options, "num_predict": 1},  # a server that does not render would answer
            think=setup.think,
            truncate=guard,
            shift=guard,
        )
        try:
            return await host.render(request)
        except (Unsupported, NotOllama):
            self._mute.add(host.address.url)
        except HostFailure:
            _log.debug("the prompt was not rendered", exc_info=True)
        return None

    async def _count_rendered(self, counter: Counter, rendered: str) -> int:
        return await counts.count(counter, rendered) + len(counter.begins_with)

    async def _quoted_files(self, conversation: Conversation, branch: Sequence[Message]) -> dict[str, bytes]:
        history = self._workspace.history_of(conversation)
        files = {file.sha256 for message in branch for file in message.attachments if is_quoted(file)}
        blobs = [(sha256, await history.attachment(sha256)) for sha256 in files]
        return {sha256: blob for sha256, blob in blobs if blob is not None}

    def _key(self, setup: Setup, counter: Counter) -> tuple[object, ...]:
        """What tells one model's prompts from another's: the model, and what else a template looks at."""
        ref = self._now(setup.model) if setup.model is not None else None
        return (ref, setup.think, bool(setup.system), counter.exact)

    def _frame_key(self, setup: Setup, sent_ids: Sequence[str], counter: Counter) -> tuple[object, ...]:
        return (*self._key(setup, counter), setup.system, tuple(sent_ids), id(counter))
