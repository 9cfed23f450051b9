"""The ways out where a prompt does not fit, with what each costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.failure import HostFailure
from ollama_tui.domain.message import Message, Role
from ollama_tui.services.context.account import Account
from ollama_tui.services.context.fitting import LeavingOut, Weight, larger_context, leave_out
from ollama_tui.services.context.memory import CacheCost, cache_cost

if TYPE_CHECKING:
    from ollama_tui.services.context.contexts import Contexts


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What can be done. A way that does not lead out is empty."""

    account: Account
    needed: int
    """The tokens of the prompt: the server's own count, where it told it."""
    exact: bool
    given: int
    """The context that they do not fit into."""
    larger: int = 0
    """A context that they fit into; 0 if the model cannot have one."""
    larger_cost: CacheCost | None = None
    given_cost: CacheCost | None = None
    leaving_out: LeavingOut | None = None
    covers: tuple[str, ...] = ()
    """The oldest messages, which could be summed up."""


async def ways_out(
    contexts: "Contexts",
    conversation: Conversation,
    branch: Sequence[Message],
    question: Message,
    text: str,
    *,
    told: Mapping[str, str | int],
) -> Ways:
    """The ways out for `question`, sent as `text` after `branch`; `told` is what the failure says of the sizes."""
    setup = conversation.setup
    summed = await contexts.sum_up(conversation, branch)
    pictures = sum(file.media_type.startswith(("image/", "audio/")) for file in question.attachments)
    account = await contexts.account(conversation, summed, text, pictures)
    needed = int(told.get("prompt_tokens") or account.total)
    given = int(told.get("context") or account.room.context)
    factor = max(1.0, needed / account.total) if account.total else 1.0
    weights = [replace(one, tokens=round(one.tokens * factor)) for one in summed.weights]
    own = needed - sum(one.tokens for one in weights)
    reserve = replace(account, room=replace(account.room, allocated=given, wanted=0)).reserve
    larger = larger_context(needed, reserve=reserve, most=account.room.most)
    if larger <= given:
        larger = 0
    ways = Ways(
        account=account,
        needed=needed,
        exact=bool(told.get("prompt_tokens")) and not told.get("estimated"),
        given=given,
        larger=larger,
        leaving_out=leave_out(
            [*weights, Weight(question.id, Role.USER, own)], total=needed, context=given, reserve=reserve
        ),
        covers=to_cover(weights, branch, context=given),
    )
    if setup.model is None or not larger:
        return ways
    try:
        card = await contexts.card(setup.model)
    except HostFailure:
        return ways
    return replace(ways, larger_cost=cache_cost(card, larger), given_cost=cache_cost(card, given))


def to_cover(weights: Sequence[Weight], branch: Sequence[Message], *, context: int) -> tuple[str, ...]:
    """The messages that a summary would stand for: all but the last turns, as far as these take a quarter at most.

    Nothing where there is no whole turn to sum up. What an earlier summary stands for, the new one stands for too.
    """
    turns = [place for place, one in enumerate(weights) if one.role is Role.USER]
    if not turns:
        return ()
    end = len(weights)
    for place in reversed(turns[1:]):
        if sum(one.tokens for one in weights[place:]) > context // 4:
            break
        end = place
    kept = {one.id for one in weights[end:]}
    last = next((at for at, message in enumerate(branch) if message.id in kept), len(branch))
    return tuple(message.id for message in branch[:last] if message.id not in kept)
