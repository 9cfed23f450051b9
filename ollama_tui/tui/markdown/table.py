"""Tables: rows come one by one, and are drawn when they are looked at."""

from bisect import bisect_right

from rich.cells import cell_len
from rich.style import Style

from ollama_tui.tui.markdown.columns import CROSSING, SEPARATOR, Plan, plan
from ollama_tui.tui.markdown.flow import Flow
from ollama_tui.tui.markdown.inline import parse
from ollama_tui.tui.markdown.piece import Lead, Page, Piece
from ollama_tui.tui.markdown.row import Row, Span
from ollama_tui.tui.markdown.syntax import cells
from ollama_tui.tui.markdown.theme import PLAIN
from ollama_tui.tui.signs import sign

_EAGER = 32
"""Up to so many rows the columns fit all at any time; beyond, widths are looked at again when their number doubles."""


class _Cell:
    __slots__ = ("at", "measured", "spans", "text", "width")

    def __init__(self, text: str, at: int) -> None:
        self.text = text.replace("\t", " ")
        self.at = at
        self.measured = False
        self.spans: list[Span] = []
        self.width = 0

    def measure(self, page: Page, base: Style) -> int:
        """Cells that it takes to draw it unbroken."""
        if not self.measured:
            self.measured = True
            found: list[Span] = []
            for span in parse(self.text, base, page.theme, page.references):
                found += _unescaped(Span(span.text, span.style, span.at + self.at, span.length, span.url))
            self.spans = found
            text = "".join([span.text for span in found])
            self.width = max([cell_len(line) for line in text.split("\n")])
        return self.width


def _unescaped(span: Span) -> list[Span]:
    """The span with what is written `\\|`, also in code, as the `|` that it stands for in a table."""
    if "\\|" not in span.text or span.length != len(span.text):
        return [span]
    found: list[Span] = []
    at = span.at
    for i, part in enumerate(span.text.split("\\|")):
        if i:
            found.append(Span("|", span.style, at, 2, span.url))
            at += 2
        if part:
            found.append(Span(part, span.style, at, len(part), span.url))
            at += len(part)
    return found


class _Layout:
    """Which rows of the screen the rows of the table take, shared between a table and the copies made of it."""

    def __init__(self) -> None:
        self.plan = Plan(())
        self.natural: list[int] = []
        self.measured = 0  # rows of the table that `natural` takes into account
        self.ends: list[int] = []  # of each row of the table that is laid out: the first row of the screen after it
        self.check = 0  # when the table has so many rows, the widths are looked at again


class Table(Piece):
    """A head, a thin rule and rows."""

    def __init__(self, lead: Lead, at: int, alignments: list[str]) -> None:
        super().__init__(lead, at)
        self._alignments = alignments
        self._table: list[list[_Cell]] = []
        self._extra: list[list[_Cell]] = []
        self._shared: int | None = None
        self._layout = _Layout()
        self._drawn: dict[int, list[Row]] = {}
        self._page: Page | None = None

    def fork(self) -> "Table":
        twin = Table(self.lead, self.at, self._alignments)
        twin.gap = self.gap
        twin._table = self._table
        twin._shared = len(self._table)
        twin._layout, twin._drawn = self._layout, self._drawn
        return twin

    def add(self, text: str, at: int) -> None:
        """Another row."""
        row = [_Cell(content, at + offset) for content, offset in cells(text)][: len(self._alignments)]
        while len(row) < len(self._alignments):
            row.append(_Cell("", at + len(text)))
        (self._table if self._shared is None else self._extra).append(row)

    def refers(self) -> bool:
        return any("[" in cell.text for row in self._table for cell in row)

    def refresh(self, *, parsed: bool) -> None:
        self._layout = _Layout()
        self._drawn = {}
        if not parsed:
            for row in self._table:
                for cell in row:
                    cell.measured = False

    # -- the layout ---------------------------------------------------------------------------------------------------

    def lay(self, page: Page) -> int:
        room = self._begin(page)
        self._page = page
        layout = self._layout
        if self._shared is not None and len(self._table) + len(self._extra) <= _EAGER:
            # A copy of a small table is laid out by itself, so that the row that is being written widens it.
            layout = self._layout = _Layout()
            self._drawn = {}
        stable = layout.ends[-1] if layout.ends else 0
        rows = len(self._table)
        self._measure(layout, self._table, page)
        if self._shared is not None and rows + len(self._extra) <= _EAGER:
            self._measure(layout, self._extra, page)
        if rows >= layout.check or self._shared is None or rows <= _EAGER:
            layout.check = 2 * max(rows, _EAGER)
            planned = plan([max(width, 3) for width in layout.natural], room)
            if planned != layout.plan or not layout.ends:
                layout.plan = planned
                layout.ends = []
                self._drawn.clear()
                stable = 0
        end = layout.ends[-1] if layout.ends else 0
        for i in range(len(layout.ends), rows):
            end += self._rows_of(i, layout.plan, page)
            layout.ends.append(end)
        self.done = end
        self.tail_rows = []
        for i in range(rows, rows + len(self._extra)):
            self.tail_rows += self._draw(i, page)
        return stable

    def _measure(self, layout: _Layout, rows: list[list[_Cell]], page: Page) -> None:
        if not layout.natural:
            layout.natural = [0] * len(self._alignments)
        start = layout.measured if rows is self._table else 0
        for i in range(start, len(rows)):
            base = self._base(page, head=rows is self._table and i == 0)
            for column, cell in enumerate(rows[i]):
                width = cell.measure(page, base)
                if width > layout.natural[column]:
                    layout.natural[column] = width
        if rows is self._table:
            layout.measured = len(rows)

    def _base(self, page: Page, *, head: bool) -> Style:
        theme = page.theme
        style = theme.text + theme.quote if self.lead.quoted else theme.text
        return style + theme.table_head if head else style

    def _rows_of(self, index: int, planned: Plan, page: Page) -> int:
        """How many rows of the screen a row of the table takes, its rule included."""
        if not planned.widths or planned.squeezed:
            return len(self._rows(index, page))
        return 2 if index == 0 else 1

    def _rows(self, index: int, page: Page) -> list[Row]:
        """The rows of the screen that a row of the table takes, kept."""
        rows = self._drawn.get(index)
        if rows is None:
            rows = self._draw(index, page)
            if len(self._drawn) > 400:
                for key in list(self._drawn)[:200]:
                    del self._drawn[key]
            self._drawn[index] = rows
        return rows

    def row(self, index: int) -> Row:
        first = index - (self.gap is not None)
        if first < 0 or first >= self.done or self._page is None:
            return super().row(index)
        ends = self._layout.ends
        at = bisect_right(ends, first)
        return self._rows(at, self._page)[first - (ends[at - 1] if at else 0)]

    # -- the drawing --------------------------------------------------------------------------------------------------

    def _draw(self, index: int, page: Page) -> list[Row]:
        row = self._table[index] if index < len(self._table) else self._extra[index - len(self._table)]
        base = self._base(page, head=index == 0)
        for cell in row:
            cell.measure(page, base)
        planned = self._layout.plan
        if not planned.widths:
            return self._draw_as_list(row, index, page)
        columns = [_broken(cell, width) for cell, width in zip(row, planned.widths, strict=True)]
        rule = page.theme.table_rule
        rows: list[Row] = []
        if planned.squeezed and index > 1:
            rows.append(self._row([self._crossing(planned, page, "┈", "┼")], 1, row[0].at))
        for i in range(max([len(column) for column in columns])):
            spans: list[Span] = []
            for k, column in enumerate(columns):
                if k:
                    spans.append(Span(sign(SEPARATOR), rule, row[k].at, 0))
                spans += self._aligned(column[i] if i < len(column) else [], k, row[k], planned.widths[k])
            rows.append(self._row(spans, index + i, row[0].at))
        if index == 0:
            rows.append(self._row([self._crossing(planned, page)], 1, row[0].at))
        return rows

    def _crossing(self, planned: Plan, page: Page, line: str = "─", cross: str = "┼") -> Span:
        crossing = f"{line}{cross}{line}" if line != "─" else CROSSING
        return Span(sign(crossing.join([line * width for width in planned.widths])), page.theme.table_rule, self.at, 0)

    def _aligned(self, spans: list[Span], column: int, cell: _Cell, width: int) -> list[Span]:
        spare = width - sum([cell_len(span.text) for span in spans])
        if spare <= 0:
            return spans
        side = self._alignments[column]
        before = spare if side == "right" else spare // 2 if side == "center" else 0
        start = spans[0].at if spans else cell.at
        end = spans[-1].at + spans[-1].length if spans else cell.at
        found = [Span(" " * before, PLAIN, start, 0)] if before else []
        found += spans
        if spare > before and column + 1 < len(self._alignments):
            found.append(Span(" " * (spare - before), PLAIN, end, 0))
        return found

    def _draw_as_list(self, row: list[_Cell], index: int, page: Page) -> list[Row]:
        """The row as lines of head and cell; the head by itself as none but a rule."""
        room = self.lead.room(page.width)
        line = Span(sign("─") * room, PLAIN + page.theme.table_rule, self.at, 0)
        if index == 0:
            return [self._row([line], 0, row[0].at)]
        rows: list[Row] = []
        for head, cell in zip(self._table[0], row, strict=True):
            flow = Flow(room)
            flow.feed(head.spans)
            if head.spans:
                flow.feed([Span(": ", page.theme.table_head, cell.at, 0)])
            rows += [self._row(spans, 1, cell.at) for spans in flow.ended(cell.spans)]
        rows.append(self._row([line], 1, row[0].at))
        return rows


def _broken(cell: _Cell, width: int) -> list[list[Span]]:
    if cell.width <= width and not any("\n" in span.text for span in cell.spans):
        return [cell.spans]
    return Flow(width).ended(cell.spans)
