"""What a branch comes to before the next question is added to it: from the server's own counts where there are some."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.message import Ending, Message, Role
from ollama_tui.services.context.fitting import Weight
from ollama_tui.services.context.lessons import Sight, TemplateCost

_ANCHORS = 8
"""How many of the last answers are learned from."""
_SPREAD = 0.35
"""How far an estimate by length alone may be off."""
_SPREAD_CALIBRATED = 0.1
_SPREAD_EXACT = 0.02


class Anchor(NamedTuple):
    """An answer of which the server told how many tokens its prompt had."""

    answer: Message
    tokens: int
    messages: tuple[Message, ...]
    """What was sent for it."""


@dataclass(frozen=True, slots=True)
class Junction:
    """What stands around the question in a rendered prompt: a token may reach over the question's edges."""

    before: str
    """The last characters before it."""
    after: str
    tokens: int
    """Of both together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchSum:
    """The parts of a prompt whose last question is empty, in tokens."""

    system: int = 0
    history: int = 0
    images: int = 0
    template: int = 0
    exact: bool = False
    images_estimated: bool = False
    spread: float = _SPREAD
    ratio: float = 1.0
    """The server's count for one token of ours."""
    image: float = 0.0
    """About the tokens of another image."""
    weights: tuple[Weight, ...] = ()
    """Each message that is sent."""
    junction: Junction | None = None
    """Where the server rendered the branch."""

    @property
    def total(self) -> int:
        """The tokens of it all."""
        return self.system + self.history + self.images + self.template


def images_of(message: Message) -> int:
    """How many images, or sounds, go with a message."""
    return sum(file.media_type.startswith(("image/", "audio/")) for file in message.attachments)


def thinking_key(message: Message) -> str:
    """Under which the tokens of a message's thinking are counted."""
    return f"{message.id}/thinking"


def anchors(branch: Sequence[Message], setup: Setup) -> list[Anchor]:
    """The last answers of `branch` whose figures tell what such a prompt comes to: of this model, asked as now."""
    by_id = {message.id: message for message in branch}
    found: list[Anchor] = []
    for answer in reversed(branch):
        if len(found) == _ANCHORS:
            break
        if is_telling(answer, setup) and answer.sent is not None and answer.figures is not None:
            sent = [by_id.get(message_id) for message_id in answer.sent.message_ids]
            known = tuple(message for message in sent if message is not None)
            if len(known) == len(sent):
                found.append(Anchor(answer, answer.figures.prompt_tokens, known))
    return found[::-1]


def is_telling(answer: Message, setup: Setup) -> bool:
    """Whether the figures of `answer` tell what a prompt to the model of `setup` comes to."""
    sent, figures, model = answer.sent, answer.figures, setup.model
    return (
        answer.role is Role.ASSISTANT
        and answer.ending in (Ending.COMPLETE, Ending.LENGTH)
        and sent is not None
        and figures is not None
        and figures.prompt_tokens > 0
        and sent.cut_from == 0
        and sent.continued_raw is None
        and sent.system == setup.system
        and sent.think == setup.think
        and answer.model is not None
        and model is not None
        and (answer.model.host_id, answer.model.name) == (model.host_id, model.name)
        and (answer.model.digest == model.digest or not answer.model.digest or not model.digest)
    )


def sight_of(anchor: Anchor, counts: Mapping[str, int], system: int) -> Sight:
    """What an answer's figures tell of the template; only of a prompt without images."""
    text = sum(counts[message.id] for message in anchor.messages)
    thinking = sum(counts.get(thinking_key(message), 0) for message in anchor.messages)
    return Sight(len(anchor.messages) + bool(system), anchor.tokens - text - system, thinking)


def sum_up(
    sent: Sequence[Message],
    counts: Mapping[str, int],
    *,
    system: int,
    cost: TemplateCost,
    exact: bool,
    ratio: float | None,
    image: float,
    anchor: Anchor | None,
) -> BranchSum:
    """What `sent` comes to, with an empty question after it.

    From the last answer's own figures on, only what was said since is counted here. `counts` gives the tokens by
    message id, `system` those of the system prompt, `exact` whether they are the model's own, `ratio` what the server
    counts for one of them.
    """
    scale = 1.0 if exact or ratio is None else ratio

    def tokens(message: Message) -> float:
        thinking = counts.get(thinking_key(message), 0) if cost.thinking_sent else 0
        return (counts[message.id] + thinking) * scale

    weights = tuple(
        Weight(message.id, message.role, round(tokens(message) + cost.each + images_of(message) * image))
        for message in sent
    )
    system = round(system * scale)
    history = sum(tokens(message) for message in sent)
    pictures = sum(map(images_of, sent))
    marks = cost.before + cost.each * (len(sent) + bool(system) + 1)
    known_pictures, seen = 0, 0.0
    sure = exact and cost.sure
    if anchor is not None:
        then = {message.id for message in anchor.messages}
        now = {message.id for message in sent}
        base_marks = cost.before + cost.each * (len(then) + bool(system))
        known_pictures = sum(map(images_of, anchor.messages))
        if known_pictures:
            seen = max(0.0, anchor.tokens - base_marks - system - sum(map(tokens, anchor.messages)))
        if then <= now:
            new = [message for message in sent if message.id not in then]
            total = anchor.tokens + sum(map(tokens, new)) + cost.each * (len(new) + 1)
            marks = total - history - system - seen
        else:
            gone = [message for message in anchor.messages if message.id not in now]
            known_pictures -= sum(map(images_of, gone))
            seen = seen * known_pictures / max(1, known_pictures + sum(map(images_of, gone)))
    elif pictures:
        sure = False
    unseen = max(0, pictures - known_pictures)
    if marks < 0:
        history, marks = max(0.0, history + marks), 0.0
    calibrated = anchor is not None or ratio is not None
    return BranchSum(
        system=system,
        history=round(history),
        images=round(seen + unseen * image),
        template=round(marks),
        exact=sure and not unseen,
        images_estimated=unseen > 0,
        spread=_SPREAD_EXACT if exact and not unseen else _SPREAD_CALIBRATED if calibrated else _SPREAD,
        ratio=scale,
        image=image,
        weights=weights,
    )
