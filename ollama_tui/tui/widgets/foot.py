"""The last line: the keys that matter here, as many as fit."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from ollama_tui.tui.signs import sign


class Foot(Widget):
    """One line of keys and what they do; the first ones are the most important."""

    DEFAULT_CSS = """
    Foot { height: 1; dock: bottom; padding: 0 1; color: $text-muted; background: $surface; }
    """

    hints: reactive[tuple[tuple[str, str], ...]] = reactive(())
    """Key sign and word, such as `("Esc", "stop")`."""
    warning: reactive[str] = reactive("")
    """A standing warning; stands before everything else."""

    def show_hints(self, hints: Sequence[tuple[str, str]]) -> None:
        """Show these keys."""
        self.hints = tuple(hints)

    def render(self) -> Content:
        """As many hints as fit, whole."""
        room = self.size.width
        pieces: list[Content] = []
        if self.warning:
            pieces.append(Content.styled(f"! {self.warning}", "bold $text-warning"))
            room -= cell_len(self.warning) + 2
        for key, word in self.hints:
            width = cell_len(key) + 1 + cell_len(word) + (3 if pieces else 0)
            if width > room:
                break
            room -= width
            if pieces:
                pieces.append(Content(sign(" · ")))
            pieces.append(Content.assemble((key, "bold $text"), " ", word))
        return Content("").join(pieces)
