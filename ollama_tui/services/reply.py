"""One reply of a host to what a conversation has come to, whatever the starting point: a stream of events."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.event import Notice, TurnEvent
from ollama_tui.domain.failure import ModelMissing, NotOllama, Refused, ServerFailed, Unsupported
from ollama_tui.domain.host import Host
from ollama_tui.domain.message import Message, Think
from ollama_tui.domain.request import ChatMessage, ChatRequest, GenerateRequest
from ollama_tui.services.continuation import continue_prompt, split_thinking

_EASIER: dict[Think, Think] = {"max": "high", "high": "medium", "medium": "low", "low": True}
"""What to ask for where a level of thinking is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRequest:
    """What is asked: of which model, how, with which messages, and from which partial answer on."""

    model: str
    messages: tuple[ChatMessage, ...]
    setup: Setup
    guard_context: bool
    """Whether the server must neither cut the prompt nor shift the context."""
    partial: Message | None = None


class Reply:
    """A reply as it comes, and what was found out on the way."""

    def __init__(self, host: Host, request: ReplyRequest) -> None:
        self._host = host
        self._request = request
        self.setup = request.setup
        """As it was really asked: a level of thinking may have been lowered."""
        self.model = request.model
        self.partial = request.partial
        self.continued_raw: bool | None = None
        """For a reply that goes on from a partial one: whether it does so exactly."""

    async def events(self) -> AsyncGenerator[TurnEvent, None]:
        """The events, the Ended last. Raises what the host raises."""
        stream = self._chat() if self._request.partial is None else self._go_on(self._request.partial)
        async with aclosing(stream) as events:
            async for event in events:
                yield event

    def _chat_request(self, *messages: ChatMessage) -> ChatRequest:
        guard = False if self._request.guard_context else None
        return ChatRequest(
            model=self._request.model,
            messages=(*self._request.messages, *messages),
            options=self.setup.options,
            think=self.setup.think,
            format=self.setup.format,
            keep_alive=self.setup.keep_alive,
            truncate=guard,
            shift=guard,
        )

    async def _chat(self, *messages: ChatMessage) -> AsyncGenerator[TurnEvent, None]:
        """Ask by chat; where a level of thinking is refused, with the next lower one."""
        while True:
            begun = False
            try:
                async with aclosing(self._host.chat(self._chat_request(*messages))) as events:
                    async for event in events:
                        begun = True
                        yield event
                return
            except (Refused, Unsupported) as failure:
                notice = None if begun else self._lower(failure)
                if notice is None:
                    raise
            yield notice

    def _lower(self, failure: Refused | Unsupported) -> Notice | None:
        """Ask for less thinking, if it was that which was refused."""
        asked = self.setup.think
        if not asked or "think" not in f"{failure.params.get('capability', '')} {failure.params.get('detail', '')}":
            return None
        if isinstance(failure, Unsupported):
            self.setup = replace(self.setup, think=None)
            return Notice("think-unsupported", {"model": self._request.model})
        if asked not in _EASIER or asked is True:
            return None
        easier = _EASIER[asked]
        self.setup = replace(self.setup, think=easier)
        return Notice("think-lowered", {"from": str(asked), "to": "on" if easier is True else str(easier)})

    async def _go_on(self, partial: Message) -> AsyncGenerator[TurnEvent, None]:
        """Go on from `partial` through the raw prompt; where the server cannot render it, by asking."""
        rendered = await self._render()
        self.continued_raw = bool(rendered)
        if rendered:
            if self.setup.format is not None:
                self.setup = replace(self.setup, format=None)
                yield Notice("format-dropped")
            stream = self._raw(rendered, partial)
        else:
            yield Notice("continued-by-asking")
            stream = self._chat(ChatMessage(role="assistant", content=partial.text, thinking=partial.thinking))
        async with aclosing(stream) as events:
            async for event in events:
                yield event

    async def _render(self) -> str:
        try:
            return await self._host.render(self._chat_request())
        except ModelMissing:
            raise
        except (Unsupported, Refused, NotOllama, ServerFailed):
            return ""

    def _raw(self, rendered: str, partial: Message) -> AsyncGenerator[TurnEvent, None]:
        """The raw completion of what was rendered and written.

        No format: its grammar would begin anew in the middle. No thinking: the server's own search for the tags would
        look for an opening one that the prompt already has, so they are looked for here.
        """
        continuation = continue_prompt(rendered, thinking=partial.thinking, text=partial.text)
        guard = False if self._request.guard_context else None
        request = GenerateRequest(
            model=self._request.model,
            prompt=continuation.prompt,
            raw=True,
            images=tuple(image for message in self._request.messages for image in message.images),
            options=self.setup.options,
            think=False,
            keep_alive=self.setup.keep_alive,
            truncate=guard,
            shift=guard,
        )
        return split_thinking(self._host.generate(request), continuation.thinking_until)
