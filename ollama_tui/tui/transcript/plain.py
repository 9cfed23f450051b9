"""Plain text in an item: broken into lines, never read as markup, and cheap to add to at its end."""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style

from ollama_tui.domain.text import drawable
from ollama_tui.tui.transcript.part import Deed
from ollama_tui.tui.transcript.wrap import break_between, break_line, expand, index_at, width_of


class PlainText:
    """Text as it was written. Carriage returns are dropped, and so are empty lines before and after."""

    def __init__(
        self,
        text: str = "",
        style: Style | None = None,
        *,
        bar: str = "",
        bar_style: Style | None = None,
        between: str = "",
    ) -> None:
        """`bar` stands before each line; lines are broken after `between` alone, where there is one."""
        self._between = between
        self._source = ""
        self._drawn = ""
        self._width = 0
        self._lines: list[tuple[int, int]] = []
        """Begin and end in the source of each line, as far as they are known for the width."""
        self._empty = 0
        """How many of the last lines are empty."""
        self._style = style
        self._bar = Segment(bar, bar_style) if bar else None
        self._indent = width_of(bar)
        self.append(text)

    @property
    def source(self) -> str:
        return self._source

    @property
    def height(self) -> int:
        return len(self._lines) - self._empty

    def set_width(self, width: int) -> None:
        width = max(1, width - self._indent)
        if width != self._width:
            self._width = width
            self._lines.clear()
            self._break_from(0)

    def append(self, text: str) -> int:
        """Add at the end; the first line that is not as it was."""
        text = text.replace("\r", "")
        if not self._source:
            text = text.lstrip("\n")
        if not text:
            return self.height
        self._source += text
        self._drawn += drawable(text)
        if not self._width:
            return 0
        changed = min(self.height, max(0, len(self._lines) - 1))
        self._break_from(self._lines.pop()[0] if self._lines else 0)
        return changed

    def code_blocks(self) -> list[str]:
        """None: it is plain text."""
        return []

    @property
    def empty(self) -> bool:
        return not self._source

    def close(self) -> int:
        """Nothing more comes; the first line that is not as it was."""
        return self.height

    def _break_from(self, begin: int) -> None:
        """Break what begins at an offset, which is the beginning of a line."""
        if not self._drawn:
            return
        text, lines = self._drawn, self._lines
        while True:
            end = text.find("\n", begin)
            last = end < 0
            end = len(text) if last else end
            start = begin
            for place in self._breaks(text[begin:end]):
                lines.append((start, begin + place))
                start = begin + place
            lines.append((start, end))
            if last:
                break
            begin = end + 1
        self._empty = 0
        while self._empty < len(lines) and not text[slice(*lines[-1 - self._empty])].strip():
            self._empty += 1

    def _breaks(self, line: str) -> Sequence[int]:
        return break_between(line, self._width, self._between) if self._between else break_line(line, self._width)

    def segments(self, y: int) -> Sequence[Segment]:
        text = expand(self._drawn[slice(*self._lines[y])]).rstrip(" ")
        line = Segment(text, self._style)
        return [self._bar, line] if self._bar else [line]

    def locate(self, x: int, y: int) -> int:
        start, end = self._lines[y]
        return start + index_at(self._drawn[start:end], x - self._indent)

    def cells(self, y: int, start: int, end: int) -> Sequence[tuple[int, int]]:
        first, last = self._lines[y]
        start, end = max(start, first), min(end, last)
        if start >= end:
            return ()
        left = self._indent + width_of(self._drawn[first:start])
        return [(left, left + width_of(self._drawn[start:end]))]

    def deed_at(self, x: int, y: int) -> Deed | None:  # noqa: ARG002 - a part's signature
        return None
