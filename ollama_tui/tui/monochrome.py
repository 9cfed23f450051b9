"""The screen without colour (NO_COLOR): what a colour behind the text told is told by reversing it."""

from collections.abc import Callable
from functools import lru_cache

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

_RAISED = 0.1
"""How much brighter or darker than the ground a background must be to mean something: a cursor, a selection."""

_PLAIN = Style.from_color(RichColor.parse("default"), RichColor.parse("default"))
_REVERSED = Style(reverse=True)
_UPRIGHT = Style(reverse=False)


class NoColours(LineFilter):
    """Takes all colours away; bold, underline and the like stay.

    Textual's own filter for NO_COLOR (8.2.8, `Monochrome`) still sends greys.
    """

    def __init__(self, ground: Callable[[], Color]) -> None:
        super().__init__()
        self._ground = ground

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The segments in the terminal's own colours."""
        ground = self._ground().brightness
        return [
            Segment(text, _uncoloured(style, ground) if style else style, control) for text, style, control in segments
        ]


@lru_cache(2048)
def _uncoloured(style: Style, ground: float) -> Style:
    behind = style.color if style.reverse else style.bgcolor
    if behind is None or behind.is_default:
        raised = bool(style.reverse)
    else:
        raised = abs(Color.from_rich_color(behind).brightness - ground) > _RAISED
    return style + _PLAIN + (_REVERSED if raised else _UPRIGHT)
