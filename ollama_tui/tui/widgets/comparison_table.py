"""The figures of answers that are compared, a line each, and what they show of the server."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import one_line
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.cut import cut_middle, left


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedLine:
    """One answer, as it is shown."""

    name: str
    cells: tuple[str, ...] = ()
    """Tokens, tokens a second, time to the first token, time of loading, time in all, how it ended."""
    lit: bool = False
    """Whether its pane has the focus."""


def heads() -> tuple[str, ...]:
    """What stands above the cells."""
    return (_("tokens"), _("tok/s"), _("first token"), _("load"), _("total"), _("ending"))


class ComparisonTable(Widget):
    """Figures line up at the right; the last column, of words, at the left."""

    DEFAULT_CSS = """
    ComparisonTable { height: auto; padding: 0 1; border-top: solid $panel; display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[ComparedLine, ...] = ()
        self._word = ""

    def show(self, lines: Sequence[ComparedLine], word: str) -> None:
        """Show these lines, and a sentence below them."""
        if (tuple(lines), word) == (self._lines, self._word):
            return
        taller = (len(lines), word) != (len(self._lines), self._word)
        self._lines, self._word = tuple(lines), word
        self.display = bool(lines)
        self.refresh(layout=taller)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as there are in this width."""
        return len(self._rows(width))

    def render(self) -> Content:
        """As many columns as fit, from the left."""
        return Content("\n").join(self._rows(self.size.width))

    def _rows(self, room: int) -> list[Content]:
        lines, titles = self._lines, heads()
        if not lines:
            return []
        room = max(10, room)
        widths = [max(cell_len(text) for text in column) for column in self._columns(titles)]
        names = max(cell_len(one_line(line.name)) for line in lines)
        names = min(
            names, max(room // 2, room - 2 - sum(widths) - 2 * len(widths))
        )  # what tells them apart comes first
        count = len(widths)
        while count and names + 2 + sum(widths[:count]) + 2 * count > room:
            count -= 1
        rows = [Content.styled(" " * (names + 2) + self._joined(titles[:count], widths), "$text-muted")]
        for line in lines:
            name = left(cut_middle(line.name, names), names)
            mark = sign("▸ ") if line.lit else "  "
            figures = self._joined(line.cells[:count], widths)
            rows.append(Content.assemble((mark + name, "bold $text-accent" if line.lit else "bold"), figures))
        if self._word:
            told = Content.styled(self._word, "$text-warning").wrap(room - 2)
            rows += [Content("  ") + line for line in told]
        return rows

    def _columns(self, titles: Sequence[str]) -> list[list[str]]:
        return [[title, *(line.cells[at] for line in self._lines if line.cells)] for at, title in enumerate(titles)]

    @staticmethod
    def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
        pieces: list[str] = []
        for at, text in enumerate(cells):
            space = " " * max(0, widths[at] - cell_len(text))
            pieces.append(text if at == len(heads()) - 1 else space + text)
        return "".join(f"  {piece}" for piece in pieces)
