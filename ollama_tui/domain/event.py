"""What happens in a turn and in a transfer: closed unions of small values, one for each thing that arrives."""

from dataclasses import dataclass, field
from typing import Literal

from ollama_tui.domain.message import Ending, FailureRecord, Figures
from ollama_tui.domain.message import ToolCall as Call


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing has come yet, and what is known of why."""

    phase: Literal["connecting", "loading", "reading", "unknown"]
    """`loading`: the model is not in memory, so it loads or is queued; `reading`: it is, so it reads the prompt or is
    queued."""


@dataclass(slots=True)
class Thinking:
    """A piece of thinking."""

    text: str


@dataclass(slots=True)
class Text:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model asks for a tool."""

    call: Call


@dataclass(frozen=True, slots=True)
class TokenLogprob:
    """One token and the logarithm of its probability, with the likeliest others."""

    token: str
    logprob: float
    raw: bytes = b""
    top: tuple["TokenLogprob", ...] = ()


@dataclass(frozen=True, slots=True)
class Logprobs:
    """The probabilities of the tokens that came with one line."""

    tokens: tuple[TokenLogprob, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the person should know of this turn that is no failure: a code with its parameters."""

    code: str
    params: dict[str, str | int] = field(default_factory=dict[str, str | int])


@dataclass(frozen=True, slots=True)
class Ended:
    """The last event of every turn."""

    ending: Ending
    reason: str = ""
    """The server's `done_reason`, or empty."""
    figures: Figures = field(default_factory=Figures)
    failure: FailureRecord | None = None
    context: tuple[int, ...] = ()
    """Token ids of the conversation, where a generate call returns them."""


TurnEvent = Waiting | Thinking | Text | ToolCall | Logprobs | Notice | Ended


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerProgress:
    """How far one layer is, in bytes. `completed` may go down when a part is fetched again."""

    digest: str
    total: int = 0
    completed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a transfer is: the status in the server's words and the sum over the layers seen so far."""

    status: str
    total: int = 0
    completed: int = 0
    layers: tuple[LayerProgress, ...] = ()
