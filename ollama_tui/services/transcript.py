"""A conversation as a text to read elsewhere: Markdown, plain, or JSON."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime

from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.failure import describe
from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import Ending, Message, Role
from ollama_tui.domain.text import one_line


def as_markdown(conversation: Conversation, messages: Sequence[Message], *, thinking: bool = True) -> str:
    """The conversation as Markdown: a heading for each message, its text as it is, thinking as a quotation."""
    parts = [f"# {one_line(conversation.title) or _('A conversation')}"]
    for message in messages:
        parts.append(f"## {_speaker(message)}{_when(message)}")
        parts.extend(f"`{one_line(attachment.name)}`" for attachment in message.attachments)
        if thinking and message.thinking.strip():
            parts.append("\n".join(f"> {line}".rstrip() for line in message.thinking.strip().splitlines()))
        if message.text.strip():
            parts.append(message.text.strip("\n"))
        if ending := _ending(message):
            parts.append(f"*{ending}*")
    return "\n\n".join(parts) + "\n"


def as_text(messages: Sequence[Message], render: Callable[[Message], str] = lambda message: message.text) -> str:
    """The conversation as plain text: each message under its speaker's name; `render` gives a message's own text."""
    parts: list[str] = []
    for message in messages:
        names = [f"[{one_line(attachment.name)}]" for attachment in message.attachments]
        ending = _ending(message)
        body = "\n".join([*names, render(message).strip("\n"), *([f"[{ending}]"] if ending else [])]).strip("\n")
        parts.append(f"{_speaker(message)}:\n{body}")
    return "\n\n".join(parts) + ("\n" if parts else "")


def as_json(conversation: Conversation, messages: Sequence[Message]) -> str:
    """The conversation as one JSON object: title, creation, and each message with all that is kept of it."""
    values = {
        "title": conversation.title,
        "id": conversation.id,
        "created_at": conversation.created_at,
        "setup": asdict(conversation.setup),
        "messages": [asdict(message) for message in messages],
    }
    return json.dumps(values, ensure_ascii=False, indent=2, default=str) + "\n"


def _speaker(message: Message) -> str:
    match message.role:
        case Role.USER:
            return _("You")
        case Role.ASSISTANT:
            return one_line(message.model.name) if message.model is not None else _("The model")
        case Role.SYSTEM:
            return _("System")
        case Role.TOOL:
            return one_line(message.tool_name) or _("Tool")
        case Role.SUMMARY:
            return _("Summary")


def _when(message: Message) -> str:
    if not message.created_at:
        return ""
    return datetime.fromtimestamp(message.created_at / 1000).astimezone().strftime(" · %Y-%m-%d %H:%M")


def _ending(message: Message) -> str:
    """How an answer ended, where it did not end by itself."""
    match message.ending:
        case Ending.COMPLETE:
            return ""
        case Ending.LENGTH:
            return _("ended at the length limit")
        case Ending.STOPPED:
            return _("stopped")
        case Ending.UNFINISHED:
            return _("unfinished")
        case Ending.FAILED | Ending.CUT_OFF:
            failure = message.failure
            return describe(failure.code, failure.params)[0].rstrip(".") if failure is not None else _("cut off")
