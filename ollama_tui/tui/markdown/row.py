"""A row of a laid-out document, and what it knows of its source."""

from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ollama_tui.tui.markdown.wrap import clusters


class Span(NamedTuple):
    """Text of one style, drawn for the `length` characters of the source at offset `at`.

    Where `length` is the length of the text, each character stands for its own; else the text as a whole stands for
    them: a tab, an entity, a sign that the source does not have (length 0).
    """

    text: str
    style: Style
    at: int
    length: int
    url: str = ""


class Row:
    """Spans side by side, after a `lead`: the marks of what they stand in, which are no part of any selection."""

    __slots__ = ("at", "fill", "lead", "spans")

    def __init__(
        self, lead: tuple[Span, ...], spans: list[Span], at: int, fill: tuple[int, Style] | None = None
    ) -> None:
        self.lead = lead
        self.spans = spans
        self.at = at
        """Offset of the row in the source, for a row without text."""
        self.fill = fill
        """Width in cells to be filled up to, and with what."""

    def strip(self) -> Strip:
        """The row as Textual draws it."""
        segments = [Segment(span.text, span.style) for span in self.lead]
        segments += [Segment(span.text, span.style) for span in self.spans]
        width = sum([cell_len(segment.text) for segment in segments])
        if self.fill is not None and width < self.fill[0]:
            segments.append(Segment(" " * (self.fill[0] - width), self.fill[1]))
            width = self.fill[0]
        return Strip(segments, width)

    @property
    def indent(self) -> int:
        """Cells of the lead."""
        return sum([cell_len(span.text) for span in self.lead])

    def locate(self, x: int) -> int:
        """Offset in the source of what stands at cell `x`; the nearest there is."""
        at = self.indent
        for span in self.spans:
            width = cell_len(span.text)
            if x < at + width:
                return _within(span, x - at)
            at += width
        return self.spans[-1].at + self.spans[-1].length if self.spans else self.at

    def ranges(self, start: int, end: int) -> list[tuple[int, int]]:
        """The cells, as (first, after the last), of what stands for the source from `start` to `end`."""
        found: list[tuple[int, int]] = []
        at = self.indent
        for span in self.spans:
            width = cell_len(span.text)
            if span.at < end and start < span.at + span.length:
                a, b = at, at + width
                if span.length == len(span.text):
                    low, high = max(start - span.at, 0), min(end - span.at, span.length)
                    a, b = at + cell_len(span.text[:low]), at + cell_len(span.text[:high])
                if found and found[-1][1] == a:
                    found[-1] = (found[-1][0], b)
                elif b > a:
                    found.append((a, b))
            at += width
        return found

    def link(self, x: int) -> str | None:
        """The address of the link at cell `x`."""
        at = self.indent
        for span in self.spans:
            if x < at:
                return None
            at += cell_len(span.text)
            if x < at:
                return span.url or None
        return None


def _within(span: Span, x: int) -> int:
    if span.length != len(span.text) or x < 0:
        return span.at
    cells = 0
    for start, _, width in clusters(span.text):
        if x < cells + width:
            return span.at + start
        cells += width
    return span.at + span.length


def joined(spans: Iterable[Span]) -> list[Span]:
    """`spans` with neighbours of one style made one, where each goes on in the source where the other ends."""
    found: list[Span] = []
    for span in spans:
        if found and span.text:
            last = found[-1]
            whole = last.length == len(last.text) and span.length == len(span.text)
            if whole and last.at + last.length == span.at and last.url == span.url and last.style == span.style:
                found[-1] = Span(last.text + span.text, last.style, last.at, last.length + span.length, last.url)
                continue
            if not span.text.isascii() and _clings(last.text, span.text) and span.text[0] != "\n":
                length = span.at + span.length - last.at
                found[-1] = Span(last.text + span.text, last.style, last.at, length, last.url)
                continue
        if span.text:
            found.append(span)
    return found


def _clings(before: str, text: str) -> bool:
    """Whether the first character of `text` is drawn upon the last one before it."""
    return before[-1] not in " \n" and (before[-1] == "\u200d" or cell_len(text[0]) == 0)


def cut(spans: list[Span], ranges: Iterable[tuple[int, int]]) -> list[list[Span]]:
    """The parts of `spans` in each of the ascending `ranges` of their joined text."""
    rows: list[list[Span]] = []
    index = begin = 0  # the span that the range starts in, and where its text begins
    for start, end in ranges:
        row: list[Span] = []
        while index < len(spans) and begin + len(spans[index].text) <= start:
            begin += len(spans[index].text)
            index += 1
        at, i = begin, index
        while i < len(spans) and at < end:
            span = spans[i]
            size = len(span.text)
            low, high = max(start - at, 0), min(end - at, size)
            if low == 0 and high == size:
                row.append(span)
            elif span.length == size:
                row.append(Span(span.text[low:high], span.style, span.at + low, high - low, span.url))
            else:
                row.append(Span(span.text[low:high], span.style, span.at, span.length, span.url))
            at += size
            i += 1
        rows.append(row)
    return rows
