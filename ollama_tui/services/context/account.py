"""The account of a prompt: what it is made of, in tokens, and what it has to fit into."""

from dataclasses import dataclass
from typing import Literal

Fit = Literal["fits", "tight", "over", "unknown"]
"""`tight`: the prompt fits, but leaves hardly any room for the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a prompt has to fit into, in tokens; 0 where nothing is known."""

    allocated: int = 0
    """What the server gave the loaded model."""
    wanted: int = 0
    """What it will be asked for when it is loaded (`num_ctx`), at most what it was trained for."""
    most: int = 0
    """What the model was trained for."""

    @property
    def context(self) -> int:
        """What counts now: what was given, else what will be asked for."""
        return self.allocated or self.wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The parts of the next prompt in tokens."""

    system: int = 0
    history: int = 0
    images: int = 0
    draft: int = 0
    template: int = 0
    """What the model's template puts around the messages."""
    exact: bool = False
    """Whether the server will count the same; else it is an estimate."""
    images_estimated: bool = False
    """Whether there are images that the server has not counted yet."""
    spread: float = 0.0
    """How far the total may be off, as a share of it."""
    room: Room = Room()
    answer_limit: int = 0
    """The longest answer that was asked for (`num_predict`); 0 for none."""

    @property
    def total(self) -> int:
        """The tokens of the whole prompt."""
        return self.system + self.history + self.images + self.draft + self.template

    @property
    def least(self) -> int:
        """The fewest tokens that the prompt can be expected to have."""
        return self.total if self.exact else int(self.total * (1 - self.spread))

    @property
    def left(self) -> int:
        """The tokens that are left for the answer; negative where the prompt does not fit."""
        return self.room.context - self.total

    @property
    def reserve(self) -> int:
        """The room that an answer should have: what was asked for, but at most a quarter; else an eighth."""
        context = self.room.context
        return min(self.answer_limit, context // 4) if self.answer_limit else context // 8

    @property
    def fit(self) -> Fit:
        """Whether the prompt fits, as far as it is known."""
        if not self.room.context:
            return "unknown"
        if self.left <= 0:
            return "over"
        return "tight" if self.left < self.reserve else "fits"
