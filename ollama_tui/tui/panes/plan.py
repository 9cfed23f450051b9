"""Where each pane stands: side by side as long as each has room to read, else in lines; in too few lines, folded."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from textual.geometry import Region, Size

MOST = 4
"""Panes at once."""
WIDE = 50
"""Columns that a pane needs to stand beside another."""
TALL = 8
"""Lines that a pane needs to be read; where there are fewer, all but the focused line of panes fold to their heads."""


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the room a pane takes, against the others: of the columns in its line, of the lines in all."""

    width: float = 1.0
    height: float = 1.0


@dataclass(frozen=True, slots=True)
class Gap:
    """The rule between two panes, or between two lines of them."""

    region: Region
    before: int
    """The pane before it."""
    upright: bool
    """Whether it stands between columns."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything stands."""

    panes: tuple[Region, ...]
    gaps: tuple[Gap, ...]
    lines: tuple[range, ...]
    """The panes of each line."""

    def line_of(self, index: int) -> range:
        """The panes that stand in a line with this one."""
        return next(line for line in self.lines if index in line)


def lines_of(count: int, width: int) -> tuple[range, ...]:
    """Which panes stand in a line: as few lines as possible, as even as possible."""
    columns = max(1, min(count, (width + 1) // (WIDE + 1)))
    rows = -(-count // columns)
    lines: list[range] = []
    first = 0
    for row in range(rows):
        size = count // rows + (row < count % rows)
        lines.append(range(first, first + size))
        first += size
    return tuple(lines)


def plan(shares: Sequence[Share], size: Size, focused: int) -> Plan:
    """Lay out one pane or more."""
    lines = lines_of(len(shares), size.width)
    gap = 1 if len(lines) > 1 and (size.height - len(lines) + 1) // len(lines) >= TALL else 0
    if gap or len(lines) == 1:
        weights = [sum(shares[index].height for index in line) / len(line) for line in lines]
        tall = _divide(size.height - gap * (len(lines) - 1), weights, least=3)
    else:
        open_line = next(index for index, line in enumerate(lines) if focused in line)
        rest = size.height - (len(lines) - 1)
        tall = [max(1, rest) if index == open_line else 1 for index in range(len(lines))]
    panes: list[Region] = []
    gaps: list[Gap] = []
    top = 0
    for line, height in zip(lines, tall, strict=True):
        if line.start and gap:
            gaps.append(Gap(Region(0, top, size.width, 1), line.start - 1, upright=False))
            top += 1
        left = 0
        for index, width in zip(
            line, _divide(size.width - len(line) + 1, [shares[i].width for i in line]), strict=True
        ):
            if index > line.start:
                gaps.append(Gap(Region(left, top, 1, height), index - 1, upright=True))
                left += 1
            panes.append(Region(left, top, width, height))
            left += width
        top += height
    return Plan(tuple(panes), tuple(gaps), lines)


def _divide(room: int, weights: Sequence[float], *, least: int = 10) -> list[int]:
    """Share out `room` cells by weight, none less than `least` where there is enough."""
    total = sum(weights)
    edges = [round(room * sum(weights[:index]) / total) for index in range(len(weights) + 1)]
    sizes = [end - begin for begin, end in pairwise(edges)]
    if room >= least * len(weights):
        while (small := min(sizes)) < least:
            sizes[sizes.index(max(sizes))] -= 1
            sizes[sizes.index(small)] += 1
    return [max(0, size) for size in sizes]
