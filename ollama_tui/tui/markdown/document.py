"""A Markdown document that grows, as lines of a terminal."""

from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass

from textual.strip import Strip

from ollama_tui.domain.text import drawable
from ollama_tui.tui.markdown.code import Code
from ollama_tui.tui.markdown.piece import Page, Piece
from ollama_tui.tui.markdown.row import Row
from ollama_tui.tui.markdown.scanner import PART, Scanner
from ollama_tui.tui.markdown.theme import Theme

_NARROWEST = 10
_STRIPS = 400  # rows that are kept as they were drawn last


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A block of code: its language ("" if not told), its text, and the first and last of its lines."""

    language: str
    source: str
    first: int
    last: int


class Document:
    """A Markdown source that grows at its end, laid out in lines of a given width.

    What a call costs depends on what was appended since the last, not on what was there before. What is drawn at the
    end depends on the source alone, not on the pieces it came in.
    """

    def __init__(self, theme: Theme, width: int = 80) -> None:
        self._parts: list[str] = []  # of the source
        self._fresh: list[str] = []  # of them, those not scanned
        self._rest = ""  # what was scanned and is no whole line
        self._at = 0  # offset of the rest in the source
        self._long = False  # whether the head of the rest's line was taken already
        self._scanner = Scanner()
        self._shown: list[Piece] = []
        self._tops: list[int] = [0]  # of each piece shown, and at the end the height
        self._settled = 0  # pieces that are closed and laid out
        self._page = Page(max(width, _NARROWEST), theme, self._scanner.references)
        self._closed = False
        self._current = True  # whether the lines are those of the source
        self._strips: OrderedDict[Row, Strip] = OrderedDict()

    # -- the source ---------------------------------------------------------------------------------------------------

    def append(self, text: str) -> None:
        """Add to the source. Nothing is laid out before `layout` is called."""
        text = drawable(text)
        if text:
            self._parts.append(text)
            self._fresh.append(text)
            self._current = False

    def close(self) -> None:
        """The source is complete."""
        if not self._closed:
            self._closed = True
            self._current = False

    @property
    def source(self) -> str:
        """The source as it is drawn: without what a terminal would obey. Offsets are counted in it."""
        if len(self._parts) > 1:
            self._parts = ["".join(self._parts)]
        return self._parts[0] if self._parts else ""

    # -- the layout ---------------------------------------------------------------------------------------------------

    def set_width(self, width: int) -> None:
        """Lay everything out anew, at the next `layout`, if the width is another one."""
        width = max(width, _NARROWEST)
        if width != self._page.width:
            self._page = Page(width, self._page.theme, self._page.references)
            self._refresh(parsed=True)

    def set_theme(self, theme: Theme) -> None:
        """Draw everything anew, at the next `layout`, in other styles."""
        if theme is not self._page.theme:
            self._page = Page(self._page.width, theme, self._page.references)
            self._refresh(parsed=False)

    def layout(self) -> int:
        """Bring the lines up to date. Returns the first that changed; the height, if none did."""
        if self._current:
            return self.height
        self._current = True
        self._scan()
        scanner = self._scanner
        settled = self._settled
        del self._shown[settled:]
        del self._tops[settled + 1 :]
        closed = len(scanner.pieces) - (scanner.leaf is not None)
        changed: int | None = None
        for piece in scanner.pieces[settled:closed]:
            changed = self._show(piece, changed)
        self._settled = closed
        if not self._closed:
            fork = scanner.fork()
            if self._rest:
                (fork.more if self._long else fork.line)(self._rest, self._at)
            fork.finish()
            for piece in fork.pieces:
                changed = self._show(piece, changed)
        return self.height if changed is None else changed

    def _scan(self) -> None:
        scanner = self._scanner
        text = self._rest + "".join(self._fresh)
        self._fresh.clear()
        pos, size = 0, len(text)
        while True:
            newline = text.find("\n", pos)
            end = size if newline < 0 else newline
            # A long line is taken in parts of a fixed size: what is cut where must not depend on when it came.
            limit = PART if self._long or end - pos <= PART else scanner.patience(text[pos : pos + PART])
            while end - pos > limit:
                self._take(text[pos : pos + limit], part=True)
                pos += limit
                limit = PART
            if newline < 0:
                break
            self._take(text[pos:end], part=False)
            pos = newline + 1
        self._rest = text[pos:]
        if self._closed:
            if self._rest:
                self._take(self._rest, part=False)
                self._rest = ""
            scanner.finish()
            self._refer()

    def _take(self, text: str, *, part: bool) -> None:
        """Scan a line, or a part of a long one."""
        scanner = self._scanner
        if self._long:
            scanner.more(text, self._at)
        else:
            scanner.line(text, self._at, whole=not part)
        if self._long and not part:
            scanner.end()
        self._long = part
        self._at += len(text) + (not part)

    def _refer(self) -> None:
        """Lay out what may refer to a definition anew: those that came later are known only now."""
        if not self._scanner.references:
            return
        for i, piece in enumerate(self._scanner.pieces):
            if piece.refers():
                piece.refresh(parsed=False)
                self._settled = min(self._settled, i)

    def _show(self, piece: Piece, changed: int | None) -> int:
        top = self._tops[-1]
        same = piece.lay(self._page)
        self._shown.append(piece)
        self._tops.append(top + piece.height)
        return top + (same + (piece.gap is not None) if same else 0) if changed is None else changed

    def _refresh(self, *, parsed: bool) -> None:
        for piece in self._scanner.pieces:
            piece.refresh(parsed=parsed)
        self._settled = 0
        self._strips.clear()
        self._current = False

    # -- the lines ----------------------------------------------------------------------------------------------------

    @property
    def height(self) -> int:
        """Lines, as of the last `layout`."""
        return self._tops[-1]

    def strip(self, y: int) -> Strip:
        """Line `y`, of at most the width in cells."""
        row = self._row(y)
        strip = self._strips.get(row)
        if strip is None:
            strip = self._strips[row] = row.strip()
            if len(self._strips) > _STRIPS:
                self._strips.popitem(last=False)
        return strip

    def locate(self, x: int, y: int) -> int:
        """Offset in the source of what stands at cell `x` of line `y`; of the nearest, where nothing stands there."""
        if not self.height or y < 0:
            return 0
        return len(self.source) if y >= self.height else self._row(y).locate(x)

    def ranges(self, y: int, start: int, end: int) -> list[tuple[int, int]]:
        """The cells of line `y`, as (first, after the last), of what stands for the source from `start` to `end`."""
        return self._row(y).ranges(start, end)

    def link(self, x: int, y: int) -> str | None:
        """The address of the link at cell `x` of line `y`."""
        return self._row(y).link(x) if 0 <= y < self.height else None

    @property
    def code_blocks(self) -> list[CodeBlock]:
        """All blocks of code, in order."""
        return [
            CodeBlock(piece.language, piece.source, self._tops[i] + (piece.gap is not None), self._tops[i + 1] - 1)
            for i, piece in enumerate(self._shown)
            if isinstance(piece, Code)
        ]

    def _row(self, y: int) -> Row:
        index = bisect_right(self._tops, y) - 1
        return self._shown[index].row(y - self._tops[index])
