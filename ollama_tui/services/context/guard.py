"""Watches over one prompt: that it fits, before it is sent; that all of it was read, after the answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Conversation, Setup
from ollama_tui.domain.failure import ContextExceeded
from ollama_tui.domain.message import Figures, Message, Sent
from ollama_tui.domain.model import ModelRef, is_remote_name
from ollama_tui.domain.request import ChatMessage
from ollama_tui.services.context.account import Account
from ollama_tui.services.context.counts import ROUGH

if TYPE_CHECKING:
    from ollama_tui.services.context.contexts import Contexts

_SMALL = 2_048
"""Tokens. A prompt of fewer fits wherever a model is loaded without a wish for less."""
_MARGIN = 1.6
"""By how much a count by length alone is at most too low."""
_LOW = 0.3
"""By how much it is at most too high."""
_IMAGE = 1_024
_SLOT = 256
"""The runner rounds a context up to a multiple of this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What is about to be sent, and of what it was made."""

    conversation: Conversation
    """Set up as it is asked."""
    branch: Sequence[Message]
    """From the root to the question."""
    message_ids: Sequence[str]
    """Those that are sent, the question last."""
    messages: Sequence[ChatMessage]
    """As they are sent."""
    question: ChatMessage
    """The last one, without a summary at its head."""
    partial: str = ""
    """What the answer goes on from."""


class Guard:
    """Looks at one prompt before and after."""

    def __init__(self, contexts: "Contexts", prompt: Prompt, *, strict: bool) -> None:
        """`strict`: a prompt that does not fit must not be sent."""
        self._contexts = contexts
        self._prompt = prompt
        self._strict = strict

    @property
    def _setup(self) -> Setup:
        return self._prompt.conversation.setup

    @property
    def _model(self) -> ModelRef | None:
        """The model, if what is in memory of this host matters to it."""
        model = self._setup.model
        return None if model is None or is_remote_name(model.name) else model

    async def check(self) -> None:
        """Return if the prompt fits, or may.

        A small one costs nothing. One that might not fit is counted, and its model loaded first, as it will be asked:
        only then it is known what it has to fit into. In doubt it is sent: the server is told not to cut it.

        Raises:
            ContextExceeded: it does not fit.
            HostFailure: the model cannot be loaded.
        """
        if self._model is None:
            return
        if self._strict and not self._is_small():
            await self._measure()
        self._contexts.note_asked(self._setup)

    def _is_small(self) -> bool:
        rough = self._rough() * _MARGIN + sum(len(message.images) for message in self._prompt.messages) * _IMAGE
        return rough < (self._contexts.room(self._setup).context or _SMALL)

    def _rough(self) -> int:
        text = sum(ROUGH.count(message.content) for message in self._prompt.messages)
        return text + ROUGH.count(self._prompt.partial)

    async def _measure(self) -> None:
        account = await self._account()
        context = account.room.context or _SMALL
        if account.total * (1 + (0 if account.exact else account.spread)) < context:
            return
        given = await self._contexts.load(self._setup)
        account = await self._account()  # by now the tokenizer may be there
        if given and account.least >= given:
            about = {} if account.exact else {"estimated": 1}
            raise ContextExceeded(prompt_tokens=account.total, context=given, detail="", **about)

    async def _account(self) -> Account:
        prompt = self._prompt
        *before, question = prompt.message_ids
        branch = [message for message in prompt.branch if message.id != question]
        summed = await self._contexts.sum_up(prompt.conversation, branch, before)
        text = prompt.question.content + prompt.partial
        return await self._contexts.account(prompt.conversation, summed, text, len(prompt.question.images))

    async def verdict(self, sent: Sent, figures: Figures) -> Sent:
        """What was sent, with what the server's figures tell of how much of it was read.

        A server that knows nothing of `truncate` and `shift` cuts all the same. One that counts only what it had not
        read before is not taken for one that cuts: then the prompt would have fitted.
        """
        model = self._model
        if model is None or not figures.prompt_tokens:
            return sent
        read, whole = figures.prompt_tokens, figures.prompt_tokens + figures.answer_tokens
        room = self._contexts.room(self._setup)
        account, least = await self._least()
        context = room.allocated
        if read < least or whole > (room.context or _SMALL):
            context = await self._contexts.look(model) or context
        is_cut = read < least and (not context or account.total > context * 0.9)
        shifted = bool(context) and whole > -(-context // _SLOT) * _SLOT
        return replace(sent, context=context, cut_from=account.total if is_cut else 0, shifted=shifted)

    async def _least(self) -> tuple[Account, float]:
        """The account, and the tokens that the prompt has at the very least: those of its texts alone."""
        account = await self._account()
        if not self._contexts.counter(self._setup.model).exact:
            return account, sum(ROUGH.count(message.content) for message in self._prompt.messages) * _LOW
        text = account.system + account.history + account.draft
        return account, text * 0.97 - 16
