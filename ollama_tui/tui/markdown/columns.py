"""How wide the columns of a table are."""

from dataclasses import dataclass

SEPARATOR = " │ "
CROSSING = "─┼─"
_NARROWEST = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """Widths in cells. Without any, there is no room for columns, and each row is drawn as a list of its cells."""

    widths: tuple[int, ...]
    squeezed: bool = False
    """Whether some cell may need more than one row, so that rows are parted by rules."""


def plan(natural: list[int], room: int) -> Plan:
    """The columns of a table whose widest cells are `natural`: those, or less for the widest of them."""
    room -= len(SEPARATOR) * (len(natural) - 1)
    if sum(natural) <= room:
        return Plan(tuple(natural))
    if room < _NARROWEST * len(natural) and room < sum([min(width, _NARROWEST) for width in natural]):
        return Plan((), squeezed=True)
    cap = room
    spare, columns = room, len(natural)
    for width in sorted(natural):
        cap = spare // columns
        if width > cap:
            break
        spare -= width
        columns -= 1
    widths = [min(width, cap) for width in natural]
    left = room - sum(widths)
    for i, width in enumerate(natural):
        if left > 0 and width > widths[i]:
            widths[i] += 1
            left -= 1
    return Plan(tuple(widths), squeezed=True)
