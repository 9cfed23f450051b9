"""What a search through the conversations finds, and prompts that were asked before."""

from dataclasses import dataclass
from typing import Literal

from ollama_tui.domain.message import Attachment, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A place where what was searched for stands."""

    conversation_id: str
    title: str
    """Of the conversation."""
    part: Literal["title", "text", "thinking"]
    message_id: str | None = None
    """None where it is the conversation's title."""
    role: Role | None = None
    model: str = ""
    created_at: int = 0
    """Milliseconds since 1970, UTC: of the message, or of the last one in the conversation."""
    pinned: bool = False
    archived: bool = False
    deleted: bool = False
    """Of the conversation."""
    tags: tuple[str, ...] = ()
    """Of the conversation."""
    snippet: str = ""
    """What stands around it, white space as single spaces."""
    spans: tuple[tuple[int, int], ...] = ()
    """Where in the snippet the words are: start and end, in characters."""
    place: int = 0
    """How to ask for the hits after this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierPrompt:
    """Something that was asked before."""

    text: str
    created_at: int
    place: int
    """How to ask for the prompts before this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedQuestion:
    """A question that waits for a running answer to end."""

    id: str
    conversation_id: str
    text: str
    created_at: int = 0
    attachments: tuple[Attachment, ...] = ()
