"""The screen without colour (NO_COLOR), or with sixteen: what a colour told is told by reversing, or by a near one."""

from collections.abc import Callable
from functools import lru_cache

from rich.color import Color as RichColor
from rich.color import ColorSystem
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


class SixteenColours(LineFilter):
    """Keeps what a terminal of sixteen colours would draw in the colour of its ground: rules, cursors, selections."""

    def __init__(self, ground: Callable[[], Color]) -> None:
        super().__init__()
        self._ground = ground

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The segments, so that they are seen."""
        ground = self._ground()
        return [Segment(text, _seen(style, ground) if style else style, control) for text, style, control in segments]


@lru_cache(2048)
def _seen(style: Style, ground: Color) -> Style:
    ink, behind = style.color, style.bgcolor
    if style.reverse or ink is None or behind is None or ink.is_default or behind.is_default:
        return style
    few_behind = _nearest(behind)
    dark = Color.from_rich_color(behind).brightness < 0.5
    raised = abs(Color.from_rich_color(behind).brightness - ground.brightness) > _RAISED
    if raised and few_behind == _nearest(ground.rich_color):
        return style + (_BLACK_ON_WHITE if dark else _WHITE_ON_BLACK)
    if ink != behind and _nearest(ink) == few_behind:
        return style + (_BLACK if not dark else _WHITE if few_behind == _GREY_NUMBER else _GREY)
    return style


_GREY, _BLACK, _WHITE = Style(color="bright_black"), Style(color="black"), Style(color="white")
_GREY_NUMBER = 8
_BLACK_ON_WHITE, _WHITE_ON_BLACK = Style.parse("black on white"), Style.parse("white on black")


def _nearest(color: RichColor) -> int | None:
    return color.downgrade(ColorSystem.STANDARD).number
