"""The oldest turns, summed up by the model that reads them."""

from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Conversation, Setup
from ollama_tui.domain.event import Text
from ollama_tui.domain.failure import ContextExceeded, ModelMissing, ServerFailed
from ollama_tui.domain.host import Host
from ollama_tui.domain.identity import new_id, now
from ollama_tui.domain.message import Message, Role
from ollama_tui.domain.request import ChatMessage, ChatRequest
from ollama_tui.domain.text import one_line, storable

if TYPE_CHECKING:
    from ollama_tui.services.workspace import Workspace

_ASK = (
    "Sum up the conversation above for the assistant that will carry it on without seeing it. Keep every fact, name, "
    "number, decision, open question and wish of the user, and code that is still needed. Write in the language of the "
    "conversation, as short as that allows, and nothing else."
)
_FURTHER = "What was said before that, summed up:"
_LONGEST = 1_024
_ANSWER = 4
"""The summary may take this part of the context."""
_FULL = 0.6
"""How much of the context is filled with what is to be summed up: its tokens are only estimated."""
_CHARACTERS = 2.5
"""Of a token, at least, in what people write; where there are fewer, the piece is halved."""


async def keep_summary(
    workspace: "Workspace",
    conversation: Conversation,
    branch: Sequence[Message],
    covers: Collection[str],
    told: Callable[[int], None],
    *,
    at_end: bool,
) -> Message:
    """Let the model sum up the messages `covers` of `branch`, and keep that after it: what is asked next follows it.

    Until it is whole, nothing changes. `told` hears how many characters have come. With `at_end` it comes after what
    was asked meanwhile.

    Raises:
        HostFailure: the model could not be asked, or said nothing.
        LocalFailure: it could not be kept.
        ConsentNeeded: the model is remote, and the person was not yet asked.
    """
    if conversation.setup.model is None:
        raise ModelMissing(model="", detail="")
    host, model = await workspace.turns.allowed(conversation.setup.model)
    context = await workspace.contexts.look(model) or await workspace.contexts.load(conversation.setup)
    text = await summarise(
        host,
        model.name,
        [message for message in branch if message.id in covers],
        setup=conversation.setup,
        context=context,
        guard_context=workspace.settings.guard_context,
        told=told,
    )
    last = branch[-1].id
    while (live := workspace.turns.live(conversation.id)) is not None:
        answer = await live.wait()
        last = answer.id if at_end else last
    summary = Message(
        id=new_id(),
        conversation_id=conversation.id,
        role=Role.SUMMARY,
        parent_id=last,
        text=text,
        created_at=now(),
        model=model,
        covers=tuple(message.id for message in branch if message.id in covers),
    )
    kept = await workspace.history_of(conversation).put_beside(summary)
    workspace.touch()
    return kept


async def summarise(
    host: Host,
    model: str,
    covered: Sequence[Message],
    *,
    setup: Setup,
    context: int,
    guard_context: bool,
    told: Callable[[int], None] = lambda _characters: None,
) -> str:
    """What `covered` says, summed up; `told` hears how many characters have come.

    Text that is longer than the context is summed up piece by piece, each with the summary of those before it. Asked
    with the conversation's own options, since others would make the server load the model again.

    Raises:
        HostFailure: the model could not be asked, or said nothing.
    """
    earlier = next((message.text for message in reversed(covered) if message.role is Role.SUMMARY), "")
    said = [(message.role.value, _said(message)) for message in covered if message.role is not Role.SUMMARY]
    rest = "\n\n".join(f"{role}: {words}" for role, words in said if words)
    room = max(256, int(context * _FULL * _CHARACTERS)) if context else len(rest) + 1
    answer = min(_LONGEST, context // _ANSWER) if context else _LONGEST
    guard = False if guard_context else None
    while rest:
        piece, after = _cut(rest, max(128, room - len(earlier)))
        before = f"{_FURTHER}\n{earlier}\n\n" if earlier else ""
        request = ChatRequest(
            model=model,
            messages=(ChatMessage(role="user", content=f"{before}{piece}\n\n---\n{_ASK}"),),
            options={**setup.options, "num_predict": max(128, answer)},
            think=False,
            keep_alive=setup.keep_alive,
            truncate=guard,
            shift=guard,
        )
        try:
            earlier = await _answer_to(host.chat(request), told)
        except ContextExceeded:
            if room < 512:
                raise
            room //= 2
            continue
        if not earlier:
            raise ServerFailed(status=200, detail="the model summed up nothing")
        rest = after
    return earlier


def _said(message: Message) -> str:
    """The text, after the names of the files that went with it: what is in them is not read again."""
    files = [f"[{file.media_type.partition('/')[0] or 'file'}: {one_line(file.name)}]" for file in message.attachments]
    return "\n".join([*files, message.text.strip()]).strip()


def _cut(text: str, length: int) -> tuple[str, str]:
    """A piece of at most `length` characters, cut at the end of a line or a word where there is one, and the rest."""
    if len(text) <= length:
        return text, ""
    place = max(text.rfind("\n", length // 2, length), text.rfind(" ", length * 3 // 4, length))
    place = place if place > 0 else length
    return text[:place], text[place:].lstrip()


async def _answer_to(stream: "AsyncGenerator[object, None]", told: Callable[[int], None]) -> str:
    pieces: list[str] = []
    count = 0
    async with aclosing(stream) as events:
        async for event in events:
            if isinstance(event, Text):
                pieces.append(event.text)
                count += len(event.text)
                told(count)
    _thought, _tag, text = "".join(pieces).rpartition("</think>")
    return storable(text).strip()
