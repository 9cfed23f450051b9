"""The files that go with a question: a line for each, and images small, two pixels to a cell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from ollama_tui.domain.message import Attachment
from ollama_tui.domain.text import one_line
from ollama_tui.tui.transcript import words
from ollama_tui.tui.transcript.looks import Looks
from ollama_tui.tui.transcript.part import Deed
from ollama_tui.tui.transcript.plain import PlainText

WIDEST, TALLEST = 32, 10
"""The cells that a small picture takes at most."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture made small: rows of red, green and blue bytes, at most 2 * TALLEST rows of WIDEST pixels."""

    width: int
    height: int
    rgb: bytes

    def at(self, x: int, y: int) -> Color:
        """The colour of a pixel."""
        place = 3 * (y * self.width + x)
        return Color.from_rgb(*self.rgb[place : place + 3])


class Files:
    """A line for each file and, where its pixels are known and there is room, the picture under it."""

    def __init__(
        self, files: Sequence[Attachment], pixels: Callable[[Attachment], Pixels | None], looks: Looks
    ) -> None:
        self._files = files
        self._pixels = pixels
        self._looks = looks
        self._width = 0
        self._lines: list[list[Segment]] = []

    @property
    def source(self) -> str:
        return ""

    @property
    def height(self) -> int:
        return len(self._lines)

    def set_width(self, width: int) -> None:
        if width == self._width:
            return
        self._width = width
        self._lines = []
        for file in self._files:
            label = PlainText(one_line(words.file_line(file)), self._looks.dim)
            label.set_width(width)
            self._lines += [list(label.segments(y)) for y in range(label.height)]
            picture = self._pixels(file)
            if picture and picture.width <= width:
                self._lines += _half_blocks(picture)

    def segments(self, y: int) -> Sequence[Segment]:
        return self._lines[y]

    def locate(self, x: int, y: int) -> int:  # noqa: ARG002 - a part's signature
        return 0

    def cells(self, y: int, start: int, end: int) -> Sequence[tuple[int, int]]:  # noqa: ARG002
        return ()

    def deed_at(self, x: int, y: int) -> Deed | None:  # noqa: ARG002
        return None


def _half_blocks(picture: Pixels) -> list[list[Segment]]:
    lines: list[list[Segment]] = []
    for y in range(0, picture.height, 2):
        line: list[Segment] = []
        for x in range(picture.width):
            lower = picture.at(x, y + 1) if y + 1 < picture.height else None
            line.append(Segment("▀", Style(color=picture.at(x, y), bgcolor=lower)))
        lines.append(line)
    return lines
