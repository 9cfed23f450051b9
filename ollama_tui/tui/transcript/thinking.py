"""The thinking of an answer: a line that says how long it took, and the text under it when it is open."""

from collections.abc import Sequence

from rich.segment import Segment

from ollama_tui.tui.signs import sign
from ollama_tui.tui.transcript.looks import Looks
from ollama_tui.tui.transcript.part import Deed
from ollama_tui.tui.transcript.plain import PlainText
from ollama_tui.tui.transcript.row import Row, Word


class ThinkingBlock:
    """A foldable block. Its source is empty while it is folded, so that a selection copies what is seen."""

    def __init__(self, message_id: str, looks: Looks, *, text: str = "", label: str = "", opened: bool = False) -> None:
        self._deed = Deed("thinking", message_id)
        self._looks = looks
        self._text = PlainText(text, looks.thinking, bar=sign("│ "), bar_style=looks.bar)
        self._label = label
        self._opened = opened
        self._width = 0
        self._head = self._make_head()

    def _make_head(self) -> Row:
        row = Row([Word(f"{sign('▾' if self._opened else '▸')} {sign(self._label)}", self._looks.dim, self._deed)])
        if self._width:
            row.set_width(self._width)
        return row

    @property
    def text(self) -> str:
        """The thinking, folded or not."""
        return self._text.source

    @property
    def opened(self) -> bool:
        """Whether the text is shown."""
        return self._opened

    def open(self, opened: bool) -> None:
        """Show or hide the text."""
        self._opened = opened
        if opened and self._width:
            self._text.set_width(self._width)
        self._head = self._make_head()

    def label(self, label: str) -> bool:
        """Say something else in the first line; whether that is a change."""
        changed = label != self._label
        if changed:
            self._label = label
            self._head = self._make_head()
        return changed

    def append(self, text: str) -> int:
        """Add thinking; the first line that is not as it was."""
        return 1 + self._text.append(text)

    @property
    def source(self) -> str:
        return self._text.source if self._opened else ""

    @property
    def height(self) -> int:
        return 1 + self._text.height if self._opened else 1

    def set_width(self, width: int) -> None:
        self._width = width
        self._head.set_width(width)
        if self._opened:
            self._text.set_width(width)

    def segments(self, y: int) -> Sequence[Segment]:
        return self._text.segments(y - 1) if y else self._head.segments(0)

    def locate(self, x: int, y: int) -> int:
        return self._text.locate(x, y - 1) if y else 0

    def cells(self, y: int, start: int, end: int) -> Sequence[tuple[int, int]]:
        return self._text.cells(y - 1, start, end) if y else ()

    def deed_at(self, x: int, y: int) -> Deed | None:
        return None if y else self._head.deed_at(x, 0)
