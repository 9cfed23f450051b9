"""The last line: the keys that matter here, as many as fit; above it for a while, whole, what is newly wrong."""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from ollama_tui.domain.text import drawable
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets import key_hints
from ollama_tui.tui.widgets.cut import cut_end

UNFOLDED = 20.0
"""Seconds for which a new warning stands whole, before one line of it must do."""


class Foot(Widget):
    """One line of keys and what they do; the first ones are the most important."""

    DEFAULT_CSS = """
    Foot { height: auto; max-height: 6; dock: bottom; padding: 0 1; color: $text-muted; background: $surface; }
    """

    ALLOW_SELECT = False

    hints: reactive[tuple[key_hints.Hint, ...]] = reactive(())
    """The keys that work where the focus is."""
    warning: reactive[str] = reactive("", layout=True)
    """A standing warning; stands before everything else."""
    advice: reactive[str] = reactive("", layout=True)
    """What to do about it."""
    unfolded: reactive[bool] = reactive(False, layout=True)
    """Whether the warning stands whole, with the advice, above the keys."""

    def show_hints(self, hints: Sequence[tuple[str, str]]) -> None:
        """Show those of these keys that work now: ids of actions and a word each, see `key_hints.hints`."""
        self.hints = key_hints.hints(self.screen, hints)

    async def on_click(self, event: events.Click) -> None:
        """Do what the words under the pointer say."""
        await key_hints.click(self, event)

    def warn(self, warning: str, advice: str) -> None:
        """Let a warning stand, or none. One that is new stands whole for a while."""
        is_new = bool(warning) and warning != self.warning
        self.warning, self.advice = drawable(warning), drawable(advice)
        if is_new:
            self.unfolded = True
            self.set_timer(UNFOLDED, self._fold)

    def _fold(self) -> None:
        self.unfolded = False

    def render(self) -> Content:
        """The warning, and as many hints as fit, whole."""
        room = self.size.width
        if self.warning and self.unfolded:
            told = Content.styled(f"! {self.warning}", "bold $text-warning")
            return Content("\n").join([told, *([Content(self.advice)] if self.advice else []), self._hints(room)])
        if self.warning:
            warning = Content.styled(f"! {cut_end(self.warning, max(room - 2, 1))}", "bold $text-warning")
            between = Content(sign(" · "))
            shown = self._hints(room - warning.cell_length - between.cell_length)
            return Content("").join([warning, between, shown] if shown else [warning])
        return self._hints(room)

    def _hints(self, room: int) -> Content:
        return key_hints.line_of(self.hints, room, sign(" · "))
