"""A block of a document as it is laid out: the part that all kinds have in common."""

from dataclasses import dataclass
from typing import Literal, Self

from rich.cells import cell_len
from rich.style import Style

from ollama_tui.tui.markdown.inline import References
from ollama_tui.tui.markdown.row import Row, Span
from ollama_tui.tui.markdown.theme import PLAIN, Theme
from ollama_tui.tui.signs import sign


@dataclass(frozen=True, eq=False, slots=True)
class Page:
    """What a layout depends on besides the source."""

    width: int
    theme: Theme
    references: References


@dataclass(frozen=True, slots=True)
class Mark:
    """What a quote or a list item draws at the left of what stands in it: in its first row, and in the others."""

    kind: Literal["quote", "item"]
    first: str
    rest: str


@dataclass(frozen=True, slots=True)
class Lead:
    """The marks of all that a block stands in, from the outside in. Where they leave too little room, outer ones go."""

    marks: tuple[Mark, ...] = ()

    @property
    def quoted(self) -> bool:
        return any(mark.kind == "quote" for mark in self.marks)

    def spans(self, page: Page, *, first: bool) -> tuple[Span, ...]:
        """What is drawn before the first row, or before the others."""
        theme = page.theme
        return tuple(
            Span(mark.first if first else mark.rest, theme.quote_bar if mark.kind == "quote" else theme.bullet, 0, 0)
            for mark in self._kept(page.width)
        )

    def room(self, width: int) -> int:
        """The cells that are left of `width`."""
        return width - sum([cell_len(mark.rest) for mark in self._kept(width)])

    def _kept(self, width: int) -> tuple[Mark, ...]:
        spare = max(width - 12, width // 3)
        for i in range(len(self.marks), 0, -1):
            spare -= cell_len(self.marks[i - 1].rest)
            if spare < 0:
                return self.marks[i:]
        return self.marks


class Piece:
    """A block, or a part of one. Its rows are those that are `done`, which stay, and a tail, which is made anew.

    The layout of a piece that is still open is a copy's, made by `fork`, which shares what is done.
    """

    shows = True
    """Whether it has rows at all."""

    def __init__(self, lead: Lead, at: int) -> None:
        self.lead = lead
        self.at = at
        """Offset in the source of its first character."""
        self.gap: Lead | None = None
        """Of the empty row before it, if there is one."""
        self.draft = False
        """Whether it is a guess at what is still being written, to be thrown away."""
        self.tail_rows: list[Row] = []
        self.done_rows: list[Row] = []
        self.done = 0
        """How many of `done_rows` are this piece's: a copy has as many as there were when it was laid out."""
        self._ends: tuple[tuple[Span, ...], tuple[Span, ...]] = ((), ())
        self._blank: Row | None = None

    def fork(self) -> Self:
        """A copy to be continued without changing this one."""
        raise NotImplementedError

    def close(self) -> None:
        """Nothing more will be added."""

    def refers(self) -> bool:
        """Whether a definition of a link could change what it shows."""
        return False

    def lay(self, page: Page) -> int:
        """Bring the rows up to date. Returns how many of them, gap not counted, are as they were the last time."""
        raise NotImplementedError

    def refresh(self, *, parsed: bool) -> None:
        """Forget the layout and, unless it still holds (`parsed`), what the source was taken to mean."""
        raise NotImplementedError

    @property
    def height(self) -> int:
        """Rows, the gap included."""
        return (self.gap is not None) + self.done + len(self.tail_rows)

    def row(self, index: int) -> Row:
        """The row at `index`, the gap's being the first."""
        if self.gap is not None:
            if index == 0:
                return self._blank or Row((), [], self.at)
            index -= 1
        return self.done_rows[index] if index < self.done else self.tail_rows[index - self.done]

    def _begin(self, page: Page) -> int:
        """Make ready to lay out on `page`. Returns the cells there are for text."""
        self._ends = (self.lead.spans(page, first=True), self.lead.spans(page, first=False))
        if self.gap is not None:
            self._blank = Row(self.gap.spans(page, first=False), [], self.at)
        return self.lead.room(page.width)

    def _row(self, spans: list[Span], index: int, at: int | None = None, fill: tuple[int, Style] | None = None) -> Row:
        """A row of `spans` after the lead; `index` tells the first from the others."""
        place = spans[0].at if spans else self.at if at is None else at
        return Row(self._ends[0] if index == 0 else self._ends[1], spans, place, fill)


class Rule(Piece):
    """A thematic break."""

    def fork(self) -> Self:
        return self

    def refresh(self, *, parsed: bool) -> None:  # noqa: ARG002
        self.tail_rows = []

    def lay(self, page: Page) -> int:
        room = self._begin(page)
        self.tail_rows = [self._row([Span(sign("─") * room, PLAIN + page.theme.rule, self.at, 0)], 0)]
        return 0


class Definition(Piece):
    """A line that says where links of a name lead. It is not shown."""

    shows = False

    def fork(self) -> Self:
        return self

    def refresh(self, *, parsed: bool) -> None:
        pass

    def lay(self, page: Page) -> int:  # noqa: ARG002
        return 0

    @property
    def height(self) -> int:
        return 0
