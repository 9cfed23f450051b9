"""What is learned of a model's template: how many tokens it puts before a conversation and around each message."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

_GUESS = (3.0, 5.0)
"""Tokens before a conversation and around each message, where nothing is known: as in the commonest templates."""
_MOST_EACH = 30.0
"""More tokens than any template puts around a message."""
_KEPT = 12
IMAGE_TOKENS = 768
"""Of one image that the server has not counted yet: what Ollama itself reckons with before it has looked."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One prompt of which the server's count is known."""

    messages: int
    """How many, the system prompt among them."""
    extra: float
    """Tokens beyond those of the texts and the images."""
    thinking: int = 0
    """Tokens of the thinking in these messages, which a template may leave out."""


@dataclass(frozen=True, slots=True)
class TemplateCost:
    """What a template adds, in tokens."""

    before: float = _GUESS[0]
    each: float = _GUESS[1]
    sure: bool = False
    """Whether this was learned and not guessed."""
    thinking_sent: bool = False
    """Whether the thinking of earlier answers is part of the prompt."""


def learn(sights: Iterable[Sight]) -> TemplateCost:
    """What the template adds, from prompts of different lengths; the later ones count more."""
    seen = list(sights)
    if not seen:
        return TemplateCost()
    last = seen[-1]
    for other in reversed(seen[:-1]):
        if other.messages == last.messages:
            continue
        for thinking in (False, True):
            more = last.thinking - other.thinking if thinking else 0
            each = (last.extra - other.extra - more) / (last.messages - other.messages)
            if 0 <= each <= _MOST_EACH:
                before = last.extra - each * last.messages - (last.thinking if thinking else 0)
                return TemplateCost(before, each, sure=True, thinking_sent=thinking)
    before, each = last.extra - _GUESS[1] * last.messages, _GUESS[1]
    if before < 0:
        before, each = 0.0, max(0.0, last.extra / max(1, last.messages))
    return TemplateCost(before, each)


class Lessons:
    """What was seen of each model since the start, by whatever tells its prompts apart."""

    def __init__(self) -> None:
        self._sights: dict[Hashable, dict[Sight, None]] = {}
        self._ratios: dict[Hashable, float] = {}
        self._images: dict[Hashable, float] = {}

    def note(self, key: Hashable, sight: Sight) -> None:
        """Learn from one prompt."""
        sights = self._sights.setdefault(key, {})
        sights.pop(sight, None)
        sights[sight] = None
        while len(sights) > _KEPT:
            del sights[next(iter(sights))]

    def template(self, key: Hashable, more: Iterable[Sight] = ()) -> TemplateCost:
        """What is known of a template by now and by what was seen in `more`."""
        return learn([*self._sights.get(key, {}), *more])

    def note_ratio(self, key: Hashable, ratio: float) -> None:
        """Learn by how much an estimate of a model's tokens was off."""
        self._ratios[key] = min(3.0, max(0.3, ratio))

    def ratio(self, key: Hashable) -> float | None:
        """The server's count for one of ours; None if that was not seen yet."""
        return self._ratios.get(key)

    def note_image(self, key: Hashable, tokens: float) -> None:
        """Learn what an image comes to."""
        self._images[key] = tokens

    def image(self, key: Hashable) -> float:
        """The tokens of an image that was not counted yet, about."""
        return self._images.get(key, float(IMAGE_TOKENS))
