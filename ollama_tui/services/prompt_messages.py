"""What a model is given to read: the branch from its root to the question, as the messages of a chat request."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ollama_tui.domain.message import Attachment, Message, Role
from ollama_tui.domain.request import ChatMessage

_SEEN_OR_HEARD = ("image/", "audio/")
"""What goes as a file of its own: Ollama takes sound in the same field as images."""
_SUMMARY = "A summary of the first part of our conversation, in its place:"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptMessages:
    """The messages to send, and of which kept messages they are made."""

    messages: tuple[ChatMessage, ...]
    message_ids: tuple[str, ...]
    left_out_ids: tuple[str, ...]


def compose(
    branch: Sequence[Message],
    *,
    system: str = "",
    blobs: Mapping[str, bytes] | None = None,
    leave_out: int = 0,
) -> PromptMessages:
    """The request's messages for `branch`, which goes from the root to the question.

    The last summary stands for what it covers, at the head of the first question that is sent: as a system prompt it
    would take the place of the model's own, and templates that know one system prompt only refuse another. An answer of
    which nothing came is left out, and so are the oldest `leave_out` questions with what followed each. `blobs` holds
    the attached files by SHA-256; what is missing there is not sent.
    """
    kept = _kept(branch, leave_out)
    kept_ids = {message.id for message in kept}
    head = (ChatMessage(role="system", content=system),) if system else ()
    sent = [as_sent(message, blobs or {}) for message in kept]
    if kept and kept[0].role is Role.SUMMARY and len(sent) > 1:
        summary, first, *rest = sent
        sent = [replace(first, content=f"{summary.content}\n\n---\n\n{first.content}"), *rest]
    return PromptMessages(
        messages=(*head, *sent),
        message_ids=tuple(message.id for message in kept),
        left_out_ids=tuple(message.id for message in branch if message.id not in kept_ids),
    )


def attached(branch: Iterable[Message]) -> tuple[Attachment, ...]:
    """The attachments of a branch, in order."""
    return tuple(attachment for message in branch for attachment in message.attachments)


def is_quoted(file: Attachment) -> bool:
    """Whether an attached file goes as text, within the question."""
    return not file.media_type.startswith(_SEEN_OR_HEARD)


def _kept(branch: Sequence[Message], leave_out: int) -> list[Message]:
    """What is sent of `branch`, in that order."""
    place = next((at for at in range(len(branch) - 1, -1, -1) if branch[at].role is Role.SUMMARY), None)
    summary = branch[place] if place is not None else None
    covered = set(summary.covers if summary is not None else ())
    whole = summary is not None and not covered
    rest = [
        message
        for at, message in enumerate(branch)
        if message.role is not Role.SUMMARY
        and message.id not in covered
        and not (whole and place is not None and at < place)
        and not _says_nothing(message)
    ]
    questions = [at for at, message in enumerate(rest) if message.role is Role.USER]
    if leave_out and questions:
        rest = rest[questions[min(leave_out, len(questions) - 1)] :]
    return [summary, *rest] if summary is not None else rest


def _says_nothing(message: Message) -> bool:
    return message.role is Role.ASSISTANT and not message.text.strip() and not message.tool_calls


def as_sent(message: Message, blobs: Mapping[str, bytes]) -> ChatMessage:
    """One message as it is sent, with those of its files that are in `blobs`."""
    images: list[bytes] = []
    content = message.text
    for attachment in message.attachments:
        blob = blobs.get(attachment.sha256)
        if blob is None:
            continue
        if not is_quoted(attachment):
            images.append(blob)
        else:
            content = f"{content}\n\n{_quoted(attachment.name, blob)}" if content else _quoted(attachment.name, blob)
    if message.role is Role.SUMMARY:
        return ChatMessage(role="user", content=f"{_SUMMARY}\n\n{content}")
    return ChatMessage(
        role=message.role.value,
        content=content,
        thinking=message.thinking,
        images=tuple(images),
        tool_calls=message.tool_calls,
        tool_name=message.tool_name,
        tool_call_id=message.tool_call_id,
    )


def _quoted(name: str, blob: bytes) -> str:
    """A text file as a fenced block under its name; the fence is longer than any in the text."""
    text = blob.decode("utf-8", errors="replace")
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{name}:\n{fence}\n{text}{'' if text.endswith(chr(10)) else chr(10)}{fence}"
