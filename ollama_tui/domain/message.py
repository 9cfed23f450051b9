"""Messages: what was said, how it ended, and what exactly was sent for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from ollama_tui.domain.model import ModelRef
from ollama_tui.domain.options import Options, OptionValue

Think = bool | Literal["low", "medium", "high", "max"]
"""Whether, and how hard, a thinking model thinks."""
THINK_LEVELS: tuple[Literal["low", "medium", "high", "max"], ...] = ("low", "medium", "high", "max")

Format = str | Mapping[str, object]
"""`json`, or a JSON schema."""
KeepAlive = float | str
"""Seconds (negative: for ever), or a Go duration such as `5m`."""


class Role(StrEnum):
    """Who speaks. A summary stands in for the older turns that it sums up."""

    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"
    TOOL = "tool"
    SUMMARY = "summary"


class Ending(StrEnum):
    """How an answer ended."""

    UNFINISHED = "unfinished"
    """Still being written, or its writer died."""
    COMPLETE = "complete"
    LENGTH = "length"
    """num_predict or the context was used up."""
    STOPPED = "stopped"
    """The person stopped it."""
    FAILED = "failed"
    """An error ended it: see the message's failure."""
    CUT_OFF = "cut-off"
    """The stream ended without a last word, or the program died."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the server measured of one answer (durations in nanoseconds) and what was seen here."""

    prompt_tokens: int = 0
    answer_tokens: int = 0
    total_duration: int = 0
    load_duration: int = 0
    prompt_duration: int = 0
    answer_duration: int = 0
    first_token: int = 0
    """From sending to the first token, measured here with a monotonic clock."""
    thinking_duration: int = 0
    """From the first token of thinking to the first of the answer, measured here."""
    thinking_tokens: int = 0
    """How many pieces of thinking came: about as many as tokens."""
    seen_tokens: int = 0
    """How many pieces came in all, about as many as tokens, of an answer that the server did not live to count."""
    seen_duration: int = 0
    """From the first of them to the stop, measured here; 0 where it ended by itself, nobody knows when."""
    before: tuple["Figures", ...] = ()
    """Of an answer that goes on from a partial one: those of the parts before, of which all else here tells nothing."""

    @property
    def parts(self) -> "tuple[Figures, ...]":
        """Those of each part of the answer, in their order."""
        return (*self.before, replace(self, before=()))

    @property
    def tokens(self) -> int:
        """Tokens of the whole answer, thinking included; 0 if unknown."""
        return sum(part.answer_tokens or part.seen_tokens for part in self.parts)

    @property
    def is_estimate(self) -> bool:
        """Whether a part of the answer was counted here."""
        return any(part.seen_tokens for part in self.parts)

    @property
    def is_partial(self) -> bool:
        """Whether something but not all is known of how many tokens the answer has."""
        return bool(self.tokens) and any(not part.answer_tokens and not part.seen_tokens for part in self.parts)

    @property
    def speed(self) -> float:
        """Tokens of the whole answer per second, as long as it was being written; 0 if unknown."""
        timed = [part for part in self.parts if part.answer_duration or part.seen_duration]
        tokens = sum(part.answer_tokens or part.seen_tokens for part in timed)
        duration = sum(part.answer_duration or part.seen_duration for part in timed)
        return tokens / (duration / 1e9) if duration else 0.0

    @property
    def whole_thinking(self) -> tuple[int, int]:
        """How long all parts thought (nanoseconds), and in how many tokens."""
        parts = self.parts
        return sum(part.thinking_duration for part in parts), sum(part.thinking_tokens for part in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRecord:
    """A failure as it is kept: `domain.failure.describe` finds the words."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict[str, str | int])


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a question, kept once by its SHA-256."""

    sha256: str
    name: str
    media_type: str
    size: int
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A call that the model asks for."""

    name: str
    arguments: Mapping[str, object]
    id: str = ""
    index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was sent for an answer: enough to tell later what the model really saw."""

    message_ids: tuple[str, ...] = ()
    left_out_ids: tuple[str, ...] = ()
    system: str = ""
    options: Options = field(default_factory=dict[str, OptionValue])
    think: Think | None = None
    format: Format | None = None
    keep_alive: KeepAlive | None = None
    server_version: str = ""
    continued_raw: bool | None = None
    """For an answer that goes on from a partial one: True through the raw prompt, False by asking the model to."""
    context: int = 0
    """The context that the server had allocated, in tokens; 0 if that is not known."""
    cut_from: int = 0
    """About how many tokens the prompt had, where the server's own count shows that it read only a part of it."""
    shifted: bool = False
    """Whether prompt and answer are longer than the context, so that the server forgot the beginning meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a conversation's tree. Once finished it never changes: an edit is a sibling."""

    id: str
    conversation_id: str
    role: Role
    parent_id: str | None = None
    order: int = 0
    """Among the siblings, from 0."""
    text: str = ""
    thinking: str = ""
    created_at: int = 0
    """Milliseconds since 1970, UTC."""
    attachments: tuple[Attachment, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    tool_name: str = ""
    tool_call_id: str = ""
    model: ModelRef | None = None
    """Which model answered."""
    ending: Ending = Ending.COMPLETE
    end_reason: str = ""
    """The server's own `done_reason`."""
    failure: FailureRecord | None = None
    figures: Figures | None = None
    sent: Sent | None = None
    """What was sent for it; of an answer that the person changed, what was sent for the one it was made of."""
    edited_from: str | None = None
    """The answer of which the person changed the text; None where all of it is the model's own."""
    deleted_at: int | None = None
    """It has left its branches since then. It can be brought back, until its text is removed for good."""
    covers: tuple[str, ...] = ()
    """Of a summary: the messages that it stands for; none named means all that came before it."""

    @property
    def can_go_on(self) -> bool:
        """Whether it is an answer with something to go on from: one that ended early, or that the person changed."""
        is_open = self.ending is not Ending.COMPLETE or self.edited_from is not None
        ended = self.role is Role.ASSISTANT and self.ending is not Ending.UNFINISHED
        return ended and is_open and bool(self.text or self.thinking)
