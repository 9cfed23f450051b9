"""Single lines in an item: words in several styles, some of which can be clicked."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from ollama_tui.domain.text import one_line
from ollama_tui.tui.signs import sign
from ollama_tui.tui.transcript.part import Deed


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a row."""

    text: str
    style: Style | None = None
    deed: Deed | None = None


class Row:
    """Words at the left and words at the right; where both do not fit, the left ones are cut, then the right ones."""

    def __init__(self, left: Sequence[Word], right: Sequence[Word] = ()) -> None:
        self._left = [Word(one_line(word.text), word.style, word.deed) for word in left]
        self._right = [Word(one_line(word.text), word.style, word.deed) for word in right]
        self._words: list[tuple[int, Word]] = []
        self._width = 0

    def says(self, other: "Row") -> bool:
        """Whether another row has the same words."""
        return self._left == other._left and self._right == other._right

    @property
    def height(self) -> int:
        return 1

    @property
    def source(self) -> str:
        return ""

    def set_width(self, width: int) -> None:
        if width == self._width:
            return
        self._width = width
        right_width = sum(cell_len(word.text) for word in self._right)
        if right_width and right_width + 4 > width:
            right_width = 0
        room = width - right_width - (2 if right_width else 0)
        self._words = []
        x = 0
        for word in self._left:
            text = word.text
            size = cell_len(text)
            if size > room - x:
                if room - x < 2:
                    break
                text = set_cell_size(text, room - x - 1) + sign("…")
                size = room - x
            self._words.append((x, Word(text, word.style, word.deed)))
            x += size
        if right_width:
            x = width - right_width
            for word in self._right:
                self._words.append((x, word))
                x += cell_len(word.text)

    def segments(self, y: int) -> Sequence[Segment]:  # noqa: ARG002 - a part's signature
        segments: list[Segment] = []
        x = 0
        for begin, word in self._words:
            if begin > x:
                segments.append(Segment(" " * (begin - x)))
            segments.append(Segment(word.text, word.style))
            x = begin + cell_len(word.text)
        return segments

    def locate(self, x: int, y: int) -> int:  # noqa: ARG002
        return 0

    def cells(self, y: int, start: int, end: int) -> Sequence[tuple[int, int]]:  # noqa: ARG002
        return ()

    def deed_at(self, x: int, y: int) -> Deed | None:  # noqa: ARG002
        return next(
            (word.deed for begin, word in self._words if begin <= x < begin + cell_len(word.text)),
            None,
        )
