"""Blocks of code."""

import re
from typing import NamedTuple

from ollama_tui.tui.markdown.highlight import Highlighter, Line
from ollama_tui.tui.markdown.piece import Lead, Page, Piece
from ollama_tui.tui.markdown.row import Row, Span, cut, joined
from ollama_tui.tui.markdown.syntax import Cursor
from ollama_tui.tui.markdown.wrap import chop
from ollama_tui.tui.signs import sign

_SEGMENT = 16_384
"""Characters that are lexed as one for good: it bounds what a lexer may cost at once."""
_CONTEXT = 12
"""Lines before a new one that are lexed with it while its segment is unfinished."""
_TAB = 4

_LANGUAGE = re.compile(r"[^\s{,:]+")


class _Entry(NamedTuple):
    text: str
    at: int
    part: str = ""
    """`head` of a line too long to be waited for, or `more` of it; such a line is drawn plain."""


class _Layout:
    """The rows of the lines that are complete, shared between a block and the copies made of it while it is open."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.laid = 0  # entries that have rows
        self.segment = 0  # the first entry of the segment that is not lexed for good …
        self.segment_row = 0  # … and its first row
        self.size = 0  # characters of the segment among the entries laid
        self.drawn = 0  # rows that were there, as they are, the last time
        self.highlighter: Highlighter | None = None  # once there are rows


class Code(Piece):
    """Lines of code, indented or between fences, after a thin rule."""

    def __init__(self, lead: Lead, at: int, info: str = "", fence: str = "", indent: int = 0) -> None:
        super().__init__(lead, at)
        match = _LANGUAGE.match(info.lstrip("{. "))
        self.language = match.group() if match else ""
        self.fence = fence
        self.indent = indent
        """Columns that the fence is indented by, and its lines by at most."""
        self._entries: list[_Entry] = []
        self._blanks: list[_Entry] = []  # of indented code: they belong to it only if more follows
        self._layout = _Layout()
        self._shared: int | None = None  # in a copy: how many entries are those of the original
        self._extra: list[_Entry] = []

    def fork(self) -> "Code":
        twin = Code(self.lead, self.at)
        twin.language, twin.fence, twin.indent, twin.gap = self.language, self.fence, self.indent, self.gap
        twin._entries = self._entries
        twin._blanks = list(self._blanks)
        twin._layout = self._layout
        twin._shared = len(self._entries)
        return twin

    # -- the source ---------------------------------------------------------------------------------------------------

    def ends(self, cursor: Cursor) -> bool:
        """Whether the line is the fence that closes the block."""
        if cursor.indent() > 3:
            return False
        text = cursor.text[cursor.pos :].strip(" \t")
        return len(text) >= len(self.fence) and text == self.fence[0] * len(text)

    def add(self, text: str, at: int, *, whole: bool = True) -> None:
        """Another line; if not `whole`, its head."""
        entry = _Entry(text, at, "" if whole else "head")
        if not self.fence and not text.strip(" \t"):
            self._blanks.append(entry)
            return
        target = self._entries if self._shared is None else self._extra
        target += self._blanks
        self._blanks.clear()
        target.append(entry)

    def extend(self, text: str, at: int) -> None:
        """More of a long line."""
        target = self._entries if self._shared is None else self._extra
        target += self._blanks
        self._blanks.clear()
        target.append(_Entry(text, at, "more"))

    @property
    def source(self) -> str:
        """The code, each line with its end."""
        parts: list[str] = []
        for entry in [*self._entries, *self._extra]:
            if parts and entry.part != "more":
                parts.append("\n")
            parts.append(entry.text)
        return "".join(parts) + "\n" if parts else ""

    # -- the layout ---------------------------------------------------------------------------------------------------

    def refresh(self, *, parsed: bool) -> None:  # noqa: ARG002
        if self._shared is None:
            self._layout = _Layout()
            self.done_rows, self.done, self.tail_rows = [], 0, []

    def lay(self, page: Page) -> int:
        room = self._begin(page) - 2
        layout = self._layout
        highlighter = layout.highlighter
        if highlighter is None:
            highlighter = layout.highlighter = Highlighter(self.language, page.theme)
            self._label(page, layout)
        stable = layout.drawn
        for end in self._segment_ends(layout):
            stable = min(stable, layout.segment_row)
            self._finish_segment(layout, highlighter, end, page, room)
        if self._shared is None:
            if layout.laid < len(self._entries) or layout.segment < len(self._entries):
                stable = min(stable, layout.segment_row)
                self._finish_segment(layout, highlighter, len(self._entries), page, room)
            self.tail_rows = []
            self.done_rows, self.done = layout.rows, len(layout.rows)
        else:
            stable = min(stable, self._lay_open(layout, highlighter, page, room))
        layout.drawn = self.done
        return stable

    def _label(self, page: Page, layout: _Layout) -> None:
        if self.language:
            label = Span(self.language, page.theme.code_label, self.at, 0)
            layout.rows.extend(self._line_rows([label], page, max(self.lead.room(page.width) - 2, 2), 0))
            del layout.rows[1:]
            layout.segment_row = 1

    def _segment_ends(self, layout: _Layout) -> list[int]:
        """The ends of the segments that are complete, as the source alone decides."""
        ends: list[int] = []
        for i in range(layout.laid, len(self._entries)):
            entry = self._entries[i]
            if layout.size >= _SEGMENT and entry.part != "more":
                ends.append(i)
                layout.size = 0
            layout.size += len(entry.text) + 1
        return ends

    def _finish_segment(self, layout: _Layout, highlighter: Highlighter, end: int, page: Page, room: int) -> None:
        entries = self._entries[layout.segment : end]
        styled = _styled(highlighter, entries)
        del layout.rows[layout.segment_row :]
        self._extend(layout.rows, entries, styled, page, room)
        layout.laid = layout.segment = end
        layout.segment_row = len(layout.rows)

    def _lay_open(self, layout: _Layout, highlighter: Highlighter, page: Page, room: int) -> int:
        """Lay out the entries of an unfinished segment, styles being provisional. Returns the rows that stay."""
        first = max(layout.segment, layout.laid - _CONTEXT)
        entries = [*self._entries[first : self._shared], *self._extra]
        styled = _styled(highlighter, entries)
        skip = layout.laid - first
        count = (self._shared or 0) - first
        stable = self._extend(layout.rows, entries[skip:count], styled[skip:count], page, room)
        layout.laid = self._shared or 0
        done = len(layout.rows)
        self.done_rows, self.done = layout.rows, done
        rest = entries[count:]
        self.tail_rows = []
        if rest and rest[0].part == "more" and layout.rows:
            self.done -= 1
            self.tail_rows = [layout.rows[-1]]
        self._extend(self.tail_rows, rest, styled[count:], page, room, base=self.done)
        return min(stable, self.done)

    def _extend(
        self, rows: list[Row], entries: list[_Entry], styled: list[Line], page: Page, room: int, base: int = 0
    ) -> int:
        """Add the rows of entries. Returns how many of the rows there were stay as they are."""
        stable = len(rows)
        for entry, parts in zip(entries, styled, strict=True):
            spans = _spans(entry, parts, _open_column(rows) if entry.part == "more" else 0)
            if entry.part == "more" and rows:
                last = rows.pop()
                stable = min(stable, len(rows))
                spans = [*last.spans, *spans]
            rows += self._line_rows(spans, page, room, base + len(rows), entry.at)
        return stable

    def _line_rows(self, spans: list[Span], page: Page, room: int, index: int, at: int | None = None) -> list[Row]:
        spans = joined(spans)
        text = "".join([span.text for span in spans])
        theme = page.theme
        rule = Span(sign("│ "), theme.code_rule, 0, 0)
        fill = (page.width, theme.code_block) if theme.code_block.bgcolor is not None else None
        rows = [spans] if len(text) * 2 <= room else cut(spans, chop(text, room))
        found: list[Row] = []
        for i, row in enumerate(rows):
            lead = (*self._ends[0 if index + i == 0 else 1], rule)
            found.append(Row(lead, row, row[0].at if row else self.at if at is None else at, fill))
        return found


def _styled(highlighter: Highlighter, entries: list[_Entry]) -> list[Line]:
    """The styled parts of each entry."""
    if not any(entry.part for entry in entries):
        return highlighter.lines([entry.text for entry in entries])
    lines = iter(highlighter.lines(["" if entry.part else entry.text for entry in entries if entry.part != "more"]))
    found: list[Line] = []
    for entry in entries:
        line = next(lines) if entry.part != "more" else []
        found.append([(entry.text, highlighter.plain)] if entry.part else line)
    return found


def _open_column(rows: list[Row]) -> int:
    return sum(len(span.text) for span in rows[-1].spans) if rows else 0


def _spans(entry: _Entry, parts: Line, column: int) -> list[Span]:
    """The spans of a line; a tab is as many spaces as it takes to the next stop."""
    at = entry.at
    found: list[Span] = []
    for text, style in parts:
        if "\t" not in text:
            found.append(Span(text, style, at, len(text)))
            column += len(text)
        else:
            start = at
            for i, piece in enumerate(text.split("\t")):
                if i:
                    size = _TAB - column % _TAB
                    found.append(Span(" " * size, style, start, 1))
                    start += 1
                    column += size
                if piece:
                    found.append(Span(piece, style, start, len(piece)))
                    start += len(piece)
                    column += len(piece)
        at += len(text)
    return found
