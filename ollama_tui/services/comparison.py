"""Answers of several models, or with several settings, to one question: asked, looked at together, and one kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast

from ollama_tui.domain.conversation import Conversation, Setup, TitleSource
from ollama_tui.domain.failure import LocalFailure
from ollama_tui.services import branching
from ollama_tui.services.asking import StillAnswering

if TYPE_CHECKING:
    from ollama_tui.services.workspace import Workspace

_PATIENCE = 0.5
"""Seconds of waiting from which something is seen in them."""
_LOADING = 0.1
"""Seconds from which a model was really loaded: for one in memory the server tells a few milliseconds."""
_CLOCKS = 0.1
"""Seconds by which the server's clock and this one's may differ about the same moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Which conversations are compared: the one it began in, and forks of it."""

    origin_id: str
    names: Mapping[str, str]
    """What each is, such as `temperature 0.7`, by its id; the origin is among them."""

    def as_json(self) -> dict[str, object]:
        """What JSON can hold of it: all."""
        return {"origin": self.origin_id, "names": dict(self.names)}

    @staticmethod
    def read(value: Mapping[str, object]) -> "Comparison | None":
        """What `as_json` gave; None for anything else."""
        origin, names = value.get("origin"), value.get("names")
        if not isinstance(origin, str) or not isinstance(names, dict):
            return None
        known = {key: name for key, name in cast("dict[str, object]", names).items() if isinstance(name, str)}
        return Comparison(origin_id=origin, names=known) if origin in known and len(known) > 1 else None


async def fork(workspace: "Workspace", origin: Conversation, leaf_id: str, setup: Setup, name: str) -> Conversation:
    """A fork of the conversation up to the question, to be asked as `setup` says.

    Raises:
        LocalFailure: `message-gone`, or the disk failed.
    """
    made = await branching.fork(
        workspace,
        replace(origin, setup=setup),
        leaf_id,
        title=f"{name} · {origin.title}" if origin.title else name,
    )
    made = replace(made, title_source=TitleSource.FIRST_WORDS)
    await workspace.history_of(made).rename(made.id, made.title, TitleSource.FIRST_WORDS)
    return made


async def keep(workspace: "Workspace", comparison: Comparison, kept_id: str) -> Conversation:
    """Put all answers beside each other in the conversation that it began in, the kept one open; it as it is then.

    The forks go to the bin: all that is in them stands in the conversation, and what waits in them waits there.
    Answers that are still being written are stopped, but for the kept one.

    Raises:
        StillAnswering: the kept answer is still being written.
        LocalFailure: a conversation is gone, or the disk failed; nothing is lost then, and it can be done again.
    """
    if workspace.turns.live(kept_id) is not None:
        raise StillAnswering(kept_id)
    found = {key: await workspace.conversation(key) for key in comparison.names}
    origin, kept = found.get(comparison.origin_id), found.get(kept_id)
    if origin is None or kept is None:
        raise LocalFailure(what="message-gone")
    for key in comparison.names:
        if (live := workspace.turns.live(key)) is not None:
            await workspace.turns.stop(live)
    history = workspace.history_of(origin)
    leaf = origin.leaf_id or ""  # also where the kept answer was deleted in its fork
    for key, conversation in found.items():
        if conversation is None or key == origin.id:
            continue
        tree = await history.tree(key)
        leaves = [message_id for message_id in tree.lines() if not tree.children(message_id)]
        for fork_leaf in leaves:
            there = await history.graft(key, fork_leaf, origin.id)
            if key == kept_id and there is not None and fork_leaf == kept.leaf_id:
                leaf = there
    await history.go_to(origin.id, leaf)
    fresh = replace(await workspace.conversation(origin.id) or origin, setup=kept.setup, leaf_id=leaf)
    await history.update(fresh)
    for key, conversation in found.items():
        if conversation is not None and key != origin.id:
            await workspace.turns.waiting.move(key, fresh)
            await history.delete(key)
    workspace.touch()
    return fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen of one answer; moments in monotonic seconds."""

    name: str
    host_id: str
    model: str
    started: float
    first_token_at: float | None = None
    ended_at: float | None = None
    load: float = 0.0
    """The server's load duration in seconds, which may hold what it waited for others; 0 before the end."""
    prompt: float = 0.0
    """For how many seconds it says that it read the prompt; 0 before the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Something that the figures show of how the server answers."""

    kind: Literal["waits", "in-turn", "loads-in-turn"]
    first: str
    second: str
    seconds: float
    later: float = 0.0
    """How many seconds after the first one the second was asked: each one's times are counted from its own question."""


def observe(seen: Sequence[Seen], now: float, loaded: Mapping[str, Sequence[str]]) -> Observation | None:
    """What two answers that were asked at the same time show of their server; None where they show nothing.

    `loaded` has the models in memory by host, as they were last asked for.
    """
    for first in seen:
        for second in seen:
            if found := _of_two(first, second, now, loaded):
                return found
    return None


def _of_two(first: Seen, second: Seen, now: float, loaded: Mapping[str, Sequence[str]]) -> Observation | None:
    if first is second or first.host_id != second.host_id or first.first_token_at is None:
        return None
    end = first.ended_at if first.ended_at is not None else now
    if not first.started <= second.started < end or (second.first_token_at or now) < end:
        return None
    same = first.model == second.model
    has_waited = end - max(second.started, first.first_token_at) >= _PATIENCE
    if second.first_token_at is None:
        if not has_waited or second.ended_at is not None or first.ended_at is not None or not same:
            return None
        return Observation(kind="waits", first=first.name, second=second.name, seconds=now - second.started)
    if second.ended_at is None:
        return None
    loaded_for = second.load - (end - second.started)
    if same:
        begun = second.first_token_at - second.prompt  # a server that reads both prompts at once is only slow
        if not has_waited or loaded_for >= _LOADING or begun < end - _CLOCKS:
            return None
        return Observation(
            kind="in-turn",
            first=first.name,
            second=second.name,
            seconds=end - second.started,
            later=second.started - first.started,
        )
    gone = first.model not in loaded.get(first.host_id, (first.model,))
    if loaded_for >= _LOADING and gone:
        return Observation(kind="loads-in-turn", first=first.name, second=second.name, seconds=loaded_for)
    return None
