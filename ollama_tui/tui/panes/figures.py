"""The figures of what the panes answer, for the table under them."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ollama_tui.domain.i18n import _, mark
from ollama_tui.domain.message import Ending, Message
from ollama_tui.services.comparison import Observation, Seen, observe
from ollama_tui.services.live import LiveTurn
from ollama_tui.tui.pane import answering
from ollama_tui.tui.pane.deeds import ConversationPane
from ollama_tui.tui.signs import sign
from ollama_tui.tui.transcript import words
from ollama_tui.tui.widgets.comparison_table import ComparedLine

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENDINGS: "Mapping[Ending, str]" = {
    Ending.COMPLETE: mark("complete"),
    Ending.LENGTH: mark("at its length"),
    Ending.STOPPED: mark("stopped"),
    Ending.FAILED: mark("failed"),
    Ending.CUT_OFF: mark("cut off"),
}


def lines_of(panes: Sequence[ConversationPane], names: "Mapping[str, str]", lit: object) -> list[ComparedLine]:
    """A line for each pane; empty as long as none has been asked."""
    lines = [
        ComparedLine(name=name_of(pane, number, names), cells=_cells(pane), lit=pane is lit)
        for number, pane in enumerate(panes, 1)
    ]
    return lines if any(line.cells for line in lines) else []


def name_of(pane: ConversationPane, number: int, names: "Mapping[str, str]") -> str:
    """What is compared, else the pane's number and its model."""
    model = pane.conversation.setup.model
    named = names.get(pane.conversation.id) or (model.name.removesuffix(":latest") if model else _("no model"))
    return f"{number} {named}"


def _cells(pane: ConversationPane) -> tuple[str, ...]:
    if (live := pane.live) is not None and not live.ended:
        return _live_cells(live)
    answer = answering.last_answer(pane)
    return _cells_of(answer) if answer is not None else ()


def _live_cells(live: LiveTurn) -> tuple[str, ...]:
    """What is seen of it by now; pieces that came are about as many as tokens."""
    now = time.monotonic()
    first = live.first_token_at
    if first is None:
        return ("", "", "", "", words.seconds(_nano(live.seconds)), words.waiting(live.waiting, live.seconds))
    came = len(live.events) - live.carried
    speed = came / (now - first) if now - first > 0.2 else 0.0
    return (
        f"~{came}",
        f"~{speed:.0f}" if speed else "",
        words.seconds(_nano(first - live.started)),
        "",
        words.seconds(_nano(live.seconds)),
        sign("…"),
    )


def _cells_of(answer: Message) -> tuple[str, ...]:
    ending = _(_ENDINGS.get(answer.ending, answer.ending.value))
    figures = answer.figures
    if figures is None:
        return ("", "", "", "", "", ending)
    about, parts = "~" if figures.is_estimate else "", figures.parts
    first, load = parts[0].first_token, sum(part.load_duration for part in parts)
    total = sum(part.total_duration for part in parts) if all(part.total_duration for part in parts) else 0
    return (
        f"{about}{figures.tokens}" if figures.tokens else "",
        f"{about}{figures.speed:.1f}" if figures.speed else "",
        words.seconds(first) if first else "",
        words.seconds(load) if load else "",
        words.seconds(total) if total else "",
        ending,
    )


def observation_of(panes: Sequence[ConversationPane], names: "Mapping[str, str]") -> str:
    """What the answers of this run show of how their servers answer; empty if nothing."""
    seen: list[Seen] = []
    loaded: dict[str, Sequence[str]] = {}
    for number, pane in enumerate(panes, 1):
        live = pane.followed
        model = live.answer.model if live is not None else None
        if live is None or model is None or live.conversation.id != pane.conversation.id:
            continue
        figures = live.answer.figures
        seen.append(
            Seen(
                name=name_of(pane, number, names),
                host_id=model.host_id,
                model=model.name,
                started=live.started,
                first_token_at=live.first_token_at,
                ended_at=live.ended_at,
                load=figures.load_duration / 1e9 if figures is not None else 0.0,
                prompt=figures.prompt_duration / 1e9 if figures is not None else 0.0,
            )
        )
        loaded[model.host_id] = [known.name for known in pane.here.inventory.loaded]
    found = observe(seen, time.monotonic(), loaded)
    return _words_of(found) if found is not None else ""


def _words_of(found: Observation) -> str:
    match found.kind:
        case "waits":
            text = _("Of “{second}” nothing has come for {seconds}, while the same model answers “{first}”.")
        case "in-turn":
            text = _(
                "“{second}” was asked {later} after “{first}” and begun only when that had ended: it waited {seconds}."
                " The server answers one after the other (OLLAMA_NUM_PARALLEL)."
            )
        case "loads-in-turn":
            text = _(
                "“{second}” was loaded ({seconds}) only when “{first}” had ended, which is in memory no more: the"
                " server seems to load the models by turns."
            )
    seconds, later = words.seconds(_nano(found.seconds)), words.seconds(_nano(found.later))
    return text.format(first=found.first, second=found.second, seconds=seconds, later=later)


def _nano(seconds: float) -> int:
    return round(seconds * 1e9)
