"""What a model is given to read: the branch from its root to the question, as the messages of a chat request."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ollama_tui.domain.message import Attachment, Message, Role
from ollama_tui.domain.request import ChatMessage

_SEEN_OR_HEARD = ("image/", "audio/")
"""What goes as a file of its own: Ollama takes sound in the same field as images."""


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

    A summary stands for all that came before it. An answer of which nothing came is left out, and so are the oldest
    `leave_out` questions with what followed each. `blobs` holds the attached files by SHA-256; what is missing there
    is not sent.
    """
    begin = _first_sent(branch, leave_out)
    kept = [message for message in branch[begin:] if not _says_nothing(message)]
    kept_ids = {message.id for message in kept}
    head = (ChatMessage(role="system", content=system),) if system else ()
    return PromptMessages(
        messages=(*head, *(_as_sent(message, blobs or {}) for message in kept)),
        message_ids=tuple(message.id for message in kept),
        left_out_ids=tuple(message.id for message in branch if message.id not in kept_ids),
    )


def attached(branch: Iterable[Message]) -> tuple[Attachment, ...]:
    """The attachments of a branch, in order."""
    return tuple(attachment for message in branch for attachment in message.attachments)


def questions_to_leave_out(branch: Sequence[Message], *, prompt_tokens: int, context: int) -> int:
    """How many of the oldest questions of `branch` to leave out, so that the rest and an answer fit into `context`.

    Judged by the share of the text, since only the server counts tokens: a quarter of the context is left for the
    answer. The last question always stays.
    """
    if prompt_tokens <= 0 or context <= 0:
        return 1
    length = sum(len(message.text) + 8 for message in branch) or 1
    spare = prompt_tokens - context * 3 // 4
    questions = [place for place, message in enumerate(branch) if message.role is Role.USER]
    gone = 0
    for count, place in enumerate(questions[1:], start=1):
        gone = sum(len(message.text) + 8 for message in branch[:place])
        if gone / length * prompt_tokens >= spare:
            return count
    return max(len(questions) - 1, 0)


def _first_sent(branch: Sequence[Message], leave_out: int) -> int:
    """The place in `branch` where what is sent begins."""
    summaries = [place for place, message in enumerate(branch) if message.role is Role.SUMMARY]
    begin = summaries[-1] if summaries else 0
    questions = [place for place in range(begin, len(branch)) if branch[place].role is Role.USER]
    if not leave_out or not questions:
        return begin
    return questions[min(leave_out, len(questions) - 1)]


def _says_nothing(message: Message) -> bool:
    return message.role is Role.ASSISTANT and not message.text.strip() and not message.tool_calls


def _as_sent(message: Message, blobs: Mapping[str, bytes]) -> ChatMessage:
    images: list[bytes] = []
    content = message.text
    for attachment in message.attachments:
        blob = blobs.get(attachment.sha256)
        if blob is None:
            continue
        if attachment.media_type.startswith(_SEEN_OR_HEARD):
            images.append(blob)
        else:
            content = f"{content}\n\n{_quoted(attachment.name, blob)}" if content else _quoted(attachment.name, blob)
    return ChatMessage(
        role="system" if message.role is Role.SUMMARY else message.role.value,
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
