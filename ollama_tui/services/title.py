"""A title for a conversation, made by its model when the person asks for one."""

from collections.abc import Sequence
from contextlib import aclosing

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.event import Text
from ollama_tui.domain.host import Host
from ollama_tui.domain.message import Message, Role
from ollama_tui.domain.request import ChatMessage, ChatRequest
from ollama_tui.domain.text import one_line, storable

_QUESTION = (
    "Give this conversation a title of at most six words, in the language of the conversation. "
    "Answer with the title alone, without quotation marks."
)
_EXCERPT = 1_500
"""Characters of each message that the model is shown."""
_LONGEST = 80
_AROUND = " \t*_#`\"'“”„«»‘’「」『』.。:：-–—"


async def model_title(host: Host, model: str, messages: Sequence[Message], *, setup: Setup, guard_context: bool) -> str:
    """A title in one line; empty if the model gives none. Raises what the host raises.

    Asked with the conversation's own options, since others would make the server load the model again.
    """
    said = [message for message in messages if message.role in (Role.USER, Role.ASSISTANT) and message.text.strip()]
    text = "\n\n".join(f"{message.role.value}: {message.text[:_EXCERPT]}" for message in said[:4])
    guard = False if guard_context else None
    request = ChatRequest(
        model=model,
        messages=(ChatMessage(role="user", content=f"{text}\n\n---\n{_QUESTION}"),),
        options={**setup.options, "num_predict": 48},
        think=False,
        keep_alive=setup.keep_alive,
        truncate=guard,
        shift=guard,
    )
    async with aclosing(host.chat(request)) as events:
        pieces = [event.text async for event in events if isinstance(event, Text)]
    return clean_title("".join(pieces))


def clean_title(text: str) -> str:
    """The first line with words in what a model wrote, without quotation marks, markup or a label."""
    _thought, _tag, text = text.rpartition("</think>")
    for line in storable(text).splitlines():
        line = " ".join(one_line(line).split()).strip(_AROUND)
        if line.casefold().startswith("title:"):
            line = line[len("title:") :].strip(_AROUND)
        if line:
            return line if len(line) <= _LONGEST else line[:_LONGEST].rstrip() + "…"
    return ""
