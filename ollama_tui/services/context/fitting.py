"""Which of the oldest turns to leave out, so that the rest and an answer fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from ollama_tui.domain.message import Role


@dataclass(frozen=True, slots=True)
class Weight:
    """A message that would be sent: who speaks, and its tokens with what the template puts around it."""

    id: str
    role: Role
    tokens: int


@dataclass(frozen=True, slots=True)
class LeavingOut:
    """The oldest turns that go, and what is left then."""

    turns: int
    """How many questions, each with what followed it."""
    message_ids: tuple[str, ...]
    kept: int
    """How many messages are still sent."""
    total: int
    """The tokens of the prompt without them."""


def leave_out(weights: Sequence[Weight], *, total: int, context: int, reserve: int) -> LeavingOut | None:
    """The fewest of the oldest turns that have to go so that the prompt of `total` tokens leaves `reserve` free.

    Where that cannot be, the fewest so that it fits at all; None if the last question alone does not. `weights` are
    the messages that would be sent, the last of them the question, which always stays, and so does the summary.
    """
    places = [place for place, one in enumerate(weights) if one.role is Role.USER]
    for spare in (reserve, 1):
        for turns, place in enumerate(places[1:], start=1):
            gone = [one for one in weights[:place] if one.role is not Role.SUMMARY]
            left = total - sum(one.tokens for one in gone)
            if left + spare <= context:
                return LeavingOut(turns, tuple(one.id for one in gone), len(weights) - len(gone), left)
    return None


def larger_context(total: int, *, reserve: int, most: int) -> int:
    """A context that the prompt and an answer fit into, in steps of 2,048 tokens; 0 if the model cannot take one."""
    wanted = max(total + max(reserve, 512), total * 5 // 4)
    wanted = -(-wanted // 2048) * 2048
    if most and wanted > most:
        wanted = most
    return wanted if wanted > total else 0
