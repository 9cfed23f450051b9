"""A model's answer in an item: a Markdown document that grows."""

from collections.abc import Sequence

from rich.segment import Segment

from ollama_tui.tui.markdown.document import Document
from ollama_tui.tui.markdown.theme import Theme
from ollama_tui.tui.transcript.part import Deed


class Prose:
    """Markdown. Its source is kept as it was written: the document's own is made harmless, character by character."""

    def __init__(self, theme: Theme, text: str = "") -> None:
        self._document = Document(theme)
        self._pieces: list[str] = []
        if text:
            self.append(text)

    @property
    def source(self) -> str:
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    @property
    def empty(self) -> bool:
        return not self._pieces

    @property
    def height(self) -> int:
        return self._document.height if self._pieces else 0

    def set_width(self, width: int) -> None:
        self._document.set_width(width)
        self._document.layout()

    def append(self, text: str) -> int:
        """Add at the end; the first line that is not as it was."""
        text = text.replace("\r", "")  # as the document does, so that an offset means the same in both
        if not text:
            return self.height
        self._pieces.append(text)
        self._document.append(text)
        return self._document.layout()

    def close(self) -> int:
        """Nothing more comes; the first line that is not as it was."""
        self._document.close()
        return self._document.layout()

    def code_blocks(self) -> list[str]:
        """The code of each code block, without its fences."""
        return [block.source for block in self._document.code_blocks]

    def segments(self, y: int) -> Sequence[Segment]:
        return tuple(self._document.strip(y))

    def locate(self, x: int, y: int) -> int:
        return self._document.locate(x, y)

    def cells(self, y: int, start: int, end: int) -> Sequence[tuple[int, int]]:
        return self._document.ranges(y, start, end)

    def deed_at(self, x: int, y: int) -> Deed | None:
        url = self._document.link(x, y)
        return Deed("link", url) if url else None
