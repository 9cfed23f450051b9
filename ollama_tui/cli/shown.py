"""An answer as the shell shows it: text to stdout; thinking, what is waited for and notices to stderr."""

import sys
from collections.abc import Iterable

from ollama_tui.cli.outlet import Outlet
from ollama_tui.cli.output import can_redraw, is_terminal
from ollama_tui.domain.event import Notice, Text, Thinking, TurnEvent
from ollama_tui.domain.i18n import _, mark
from ollama_tui.domain.message import Figures
from ollama_tui.domain.units import clock, go_duration
from ollama_tui.services.live import LiveTurn
from ollama_tui.services.notice import describe_notice

_PATIENCE = 1.0
"""Seconds without a word from the model, from which on it is said what is waited for."""

_PHASES = {
    "connecting": mark("Asking the server"),
    "loading": mark("Loading the model, or queued"),
    "reading": mark("Reading the prompt, or queued"),
    "unknown": mark("Waiting for the first word"),
}


class Shown:
    """What has been printed of an answer."""

    def __init__(self, outlet: Outlet, *, hide_thinking: bool) -> None:
        self._outlet = outlet
        self._hide = hide_thinking
        self._thinking = False
        self._hidden = False
        self._last = "\n"
        self._waiting = ""

    def take(self, events: Iterable[TurnEvent], live: LiveTurn) -> None:
        """Print what came, or, while nothing does, what is waited for."""
        pieces: list[str] = []
        for event in events:
            if isinstance(event, Text):
                self._end_thinking()
                pieces.append(event.text)
                continue
            self._write("".join(pieces))
            pieces.clear()
            if isinstance(event, Thinking):
                self._think(event.text)
            elif isinstance(event, Notice):
                self._tell(f"{describe_notice(event)}\n")
        self._write("".join(pieces))
        self._wait(live)

    def finish(self) -> None:
        """On a terminal, leave the cursor at the beginning of a line."""
        self._forget_waiting()
        self._end_thinking()
        if self._last != "\n" and is_terminal(sys.stdout):
            self._outlet.write("\n")

    def _write(self, text: str) -> None:
        if text:
            self._forget_waiting()
            self._last = text[-1]
            self._outlet.write(text)

    def _tell(self, text: str) -> None:
        if text:
            self._forget_waiting()
            self._outlet.tell(text)

    def _think(self, text: str) -> None:
        if self._hide:
            self._hidden = True
        elif text:
            self._tell(text if self._thinking else f"Thinking...\n{text}")
            self._thinking = True

    def _end_thinking(self) -> None:
        self._hidden = False
        if self._thinking:
            self._thinking = False
            self._tell("\n...done thinking.\n\n")

    def _wait(self, live: LiveTurn) -> None:
        """One line on a terminal: what is waited for, and for how long."""
        if live.ended or live.seconds < _PATIENCE or not can_redraw(sys.stderr):
            return
        phase = _("Thinking") if self._hidden else _(_PHASES[live.waiting.phase]) if live.waiting else ""
        line = f"{phase}… {clock(live.seconds)}" if phase else ""
        if line and line != self._waiting:
            self._waiting = line
            self._outlet.redraw(line)

    def _forget_waiting(self) -> None:
        if self._waiting:
            self._waiting = ""
            self._outlet.redraw("")


def figures_text(figures: Figures) -> str:
    """The figures as `ollama run --verbose` prints them; what is zero is left out."""
    rows = (
        ("total duration", figures.total_duration and go_duration(figures.total_duration)),
        ("load duration", figures.load_duration and go_duration(figures.load_duration)),
        ("prompt eval count", figures.prompt_tokens and f"{figures.prompt_tokens} token(s)"),
        ("prompt eval duration", figures.prompt_duration and go_duration(figures.prompt_duration)),
        ("prompt eval rate", _rate(figures.prompt_tokens, figures.prompt_duration)),
        ("eval count", figures.answer_tokens and f"{figures.answer_tokens} token(s)"),
        ("eval duration", figures.answer_duration and go_duration(figures.answer_duration)),
        ("eval rate", _rate(figures.answer_tokens, figures.answer_duration)),
    )
    return "\n".join(f"{f'{name}:':<22}{value}" for name, value in rows if value)


def _rate(tokens: int, nanoseconds: int) -> str:
    return f"{tokens / (nanoseconds / 1e9):.2f} tokens/s" if tokens and nanoseconds else ""
