"""The last line: the keys that matter here, as many as fit; above it for a while, whole, what is newly wrong."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from ollama_tui.domain.text import drawable
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.cut import cut_end

UNFOLDED = 20.0
"""Seconds for which a new warning stands whole, before one line of it must do."""


class Foot(Widget):
    """One line of keys and what they do; the first ones are the most important."""

    DEFAULT_CSS = """
    Foot { height: auto; max-height: 6; dock: bottom; padding: 0 1; color: $text-muted; background: $surface; }
    """

    hints: reactive[tuple[tuple[str, str], ...]] = reactive(())
    """Key sign and word, such as `("Esc", "stop")`."""
    warning: reactive[str] = reactive("", layout=True)
    """A standing warning; stands before everything else."""
    advice: reactive[str] = reactive("", layout=True)
    """What to do about it."""
    unfolded: reactive[bool] = reactive(False, layout=True)
    """Whether the warning stands whole, with the advice, above the keys."""

    def show_hints(self, hints: Sequence[tuple[str, str]]) -> None:
        """Show these keys."""
        self.hints = tuple(hint for hint in hints if hint[0])

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
        pieces: list[Content] = []
        if self.warning and self.unfolded:
            told = Content.styled(f"! {self.warning}", "bold $text-warning")
            return Content("\n").join([told, *([Content(self.advice)] if self.advice else []), self._hints(room, [])])
        if self.warning:
            warning = cut_end(self.warning, max(room - 2, 1))
            pieces.append(Content.styled(f"! {warning}", "bold $text-warning"))
            room -= cell_len(warning) + 2
        return self._hints(room, pieces)

    def _hints(self, room: int, pieces: list[Content]) -> Content:
        for key, word in self.hints:
            width = cell_len(key) + 1 + cell_len(word) + (3 if pieces else 0)
            if width > room:
                break
            room -= width
            if pieces:
                pieces.append(Content(sign(" · ")))
            pieces.append(Content.assemble((key, "bold $text"), " ", word))
        return Content("").join(pieces)
