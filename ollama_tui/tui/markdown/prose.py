"""Paragraphs, headings and what else is text to be wrapped."""

from bisect import bisect_right

from rich.style import Style

from ollama_tui.tui.markdown.flow import Flow
from ollama_tui.tui.markdown.inline import parse
from ollama_tui.tui.markdown.piece import Lead, Page, Piece
from ollama_tui.tui.markdown.row import Row, Span
from ollama_tui.tui.markdown.seams import Seams

_CHUNK = 320  # a paragraph is cut once it has more characters than this …
_LONGEST = 4000  # … at the latest, wherever it is, when it has this many


class _Chunk:
    """A part of a paragraph that is parsed by itself: its text, and where its lines stand in the source."""

    __slots__ = ("places", "text")

    def __init__(self, text: str, places: list[tuple[int, int]]) -> None:
        self.text = text
        self.places = places
        """(offset in the text, offset in the source) of each line."""


class _Layout:
    """The finished rows of a text, shared between a piece and the copies that are made of it while it is open."""

    __slots__ = ("flow", "flowed", "rows")

    def __init__(self) -> None:
        self.flow: Flow | None = None
        self.flowed = 0  # chunks that are in the flow
        self.rows: list[Row] = []


class Prose(Piece):
    """Text that flows. It is kept in chunks, each parsed and wrapped once; only the last one is open."""

    def __init__(self, lead: Lead, at: int, kind: str = "paragraph", level: int = 0, ending: str = "") -> None:
        super().__init__(lead, at)
        self.kind = kind
        """paragraph, heading, or one whose text is shown as it is: html, math."""
        self.level = level
        self.ending = ending
        """What the last line of a formula ends with."""
        self._chunks: list[_Chunk] = []
        self._text = ""
        self._places: list[tuple[int, int]] = []
        self._held: tuple[str, int] | None = None
        self._seams = Seams()
        self._layout = _Layout()

    def fork(self) -> "Prose":
        """A copy to be continued without changing this one; what is finished is shared."""
        twin = Prose(self.lead, self.at, self.kind, self.level, self.ending)
        twin.gap = self.gap
        twin._chunks = self._chunks
        twin._text = self._text
        twin._places = list(self._places)
        twin._held = self._held
        twin._layout = self._layout
        twin.draft = True
        return twin

    # -- the source ---------------------------------------------------------------------------------------------------

    def add(self, text: str, at: int) -> None:
        """Another line. It is held back until the next comes, as that may make a table of it."""
        self.release()
        self._held = (text, at)

    def extend(self, text: str, at: int) -> None:
        """More of the last line, which is too long to be waited for."""
        self.release()
        if not self._places:
            self._places.append((len(self._text), at))
        self._text += text.replace("\t", " ")
        self._grow()

    def release(self) -> None:
        """Take the line that was held back as text of the paragraph."""
        if self._held is None:
            return
        text, at = self._held
        self._held = None
        if self._text or self._chunks:
            self._text += "\n"
            self._places.append((len(self._text), at))
        else:
            self._places.append((0, at))
        self._text += text.replace("\t", " ")
        self._grow()

    def drop_held(self) -> None:
        """The line held back is no part of the paragraph any more."""
        self._held = None

    @property
    def verbatim(self) -> bool:
        """Whether its lines are shown as they are."""
        return self.kind in ("html", "math")

    @property
    def held(self) -> tuple[str, int] | None:
        """The line held back and its offset."""
        return self._held

    @property
    def cut(self) -> bool:
        """Whether a part of it is finished, so that it cannot become something else."""
        return bool(self._chunks)

    @property
    def empty(self) -> bool:
        return not self._chunks and not self._text and self._held is None

    def close(self) -> None:
        self.release()

    def _grow(self) -> None:
        """Finish a part of the text, if there is enough of it. Asked at places that the source alone decides."""
        if len(self._text) < _CHUNK or self.draft:
            return
        self._seams.read(self._text)
        while len(self._text) >= _CHUNK:
            if self._seams.last >= _CHUNK // 2 or (self._seams.last and len(self._text) > _LONGEST):
                self._split(self._seams.last)
            elif len(self._text) > _LONGEST:
                space = self._text.rfind(" ", _LONGEST // 2, _LONGEST)
                self._split(space + 1 if space > 0 else _LONGEST)
                self._seams.forget()
            else:
                return

    def _split(self, size: int) -> None:
        places = self._places
        index = bisect_right(places, (size, -1))
        here = places[index - 1]
        if index < len(places) and places[index][0] == size:
            rest = [(offset - size, at) for offset, at in places[index:]]
        else:
            rest = [(0, here[1] + size - here[0]), *[(offset - size, at) for offset, at in places[index:]]]
        self._chunks.append(_Chunk(self._text[:size], places[:index]))
        self._text = self._text[size:]
        self._places = rest
        self._seams.shift(size)

    # -- the layout ---------------------------------------------------------------------------------------------------

    def refresh(self, *, parsed: bool) -> None:  # noqa: ARG002
        self._layout = _Layout()
        self.done_rows, self.done, self.tail_rows = [], 0, []

    def refers(self) -> bool:
        return "[" in self._text or any("[" in chunk.text for chunk in self._chunks)

    def lay(self, page: Page) -> int:
        room = self._begin(page)
        base = self._base(page)
        layout = self._layout
        flow = layout.flow
        if flow is None:
            flow = layout.flow = Flow(room)
        rows = layout.rows
        stable = len(rows)
        for chunk in self._chunks[layout.flowed :]:
            flow.feed(self._spans(chunk.text, chunk.places, page, base))
        layout.flowed = len(self._chunks)
        for i in range(len(rows), len(flow.rows)):
            rows.append(self._row(flow.rows[i], i))
        text, places = self._tail()
        self.done_rows, self.done = rows, len(rows)
        spans = self._foreseen(text, places, page, base) if self.draft else None
        tail = flow.ended(self._spans(text, places, page, base) if spans is None else spans)
        self.tail_rows = [self._row(spans, self.done + i) for i, spans in enumerate(tail)]
        return stable

    def _tail(self) -> tuple[str, list[tuple[int, int]]]:
        if self._held is None:
            return self._text, self._places
        text, at = self._held
        text = text.replace("\t", " ")
        if not self._text and not self._chunks:
            return text, [(0, at)]
        return f"{self._text}\n{text}", [*self._places, (len(self._text) + 1, at)]

    def _foreseen(self, text: str, places: list[tuple[int, int]], page: Page, base: Style) -> list[Span] | None:
        """The spans of a text that is still being written, as if what is open in it were closed: so that the marks of
        bold words and of code do not come and go. None where that would not read so."""
        seams = Seams()
        seams.read(text)
        closers = seams.closers
        if not closers or self.verbatim:
            return None
        text = text.rstrip("`" if closers[0] == "`" else "*~")
        end = places[-1][1] + len(text) - places[-1][0]
        spans = self._spans(text + closers, places, page, base)
        return None if any(span.at + span.length > end for span in spans) else spans

    def _base(self, page: Page) -> Style:
        theme = page.theme
        style = theme.text + theme.quote if self.lead.quoted else theme.text
        if self.kind == "heading":
            style += theme.heading(self.level)
        elif self.kind == "html":
            style += theme.html
        elif self.kind == "math":
            style += theme.math
        return style

    def _spans(self, text: str, places: list[tuple[int, int]], page: Page, base: Style) -> list[Span]:
        if not text:
            return []
        plain = self.verbatim
        spans = [Span(text, base, 0, len(text))] if plain else parse(text, base, page.theme, page.references)
        if len(places) == 1:
            offset, at = places[0]
            move = at - offset
            return [Span(span.text, span.style, span.at + move, span.length, span.url) for span in spans]
        return _moved(spans, places)


def _moved(spans: list[Span], places: list[tuple[int, int]]) -> list[Span]:
    """`spans` with their offsets in the text made offsets in the source, divided where a line of the source ends."""
    found: list[Span] = []
    index = 0
    for span in spans:
        text, at, length = span.text, span.at, span.length
        while index + 1 < len(places) and places[index + 1][0] <= at:
            index += 1
        while length == len(text) and index + 1 < len(places) and at + length > places[index + 1][0]:
            size = places[index + 1][0] - at
            found.append(Span(text[:size], span.style, at - places[index][0] + places[index][1], size, span.url))
            text, at, length = text[size:], at + size, length - size
            index += 1
        if text:
            found.append(Span(text, span.style, at - places[index][0] + places[index][1], length, span.url))
    return found
