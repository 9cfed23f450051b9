"""The reduced screen: borders, scrollbars and movement for screen readers and slow lines, switched while it runs."""

from typing import Any, ClassVar, cast

from rich.segment import Segment, Segments
from rich.style import Style
from textual import constants
from textual.app import App
from textual.color import Color
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.scrollbar import ScrollBar, ScrollBarRender

from ollama_tui.tui import signs
from ollama_tui.tui.terminal import show_cursor

_SIDES = tuple(f"{kind}_{side}" for kind in ("border", "outline") for side in ("top", "right", "bottom", "left"))
_NOT_DRAWN = ("", "none", "hidden", "blank")


class PlainStylesheet(Stylesheet):
    """Textual's style sheet, but that every border that is drawn is of ASCII on the reduced screen.

    So Textual's own widgets are plain as well, and no widget has to know.
    """

    @classmethod
    def replace_rules(cls, node: DOMNode, rules: RulesMap, animate: bool = False) -> None:
        """The rules for a node, its borders as they are to be drawn."""
        if signs.is_reduced():
            plain = dict[str, object](rules)
            for side in _SIDES:
                edge = cast("tuple[str, Color] | None", plain.get(side))
                if edge is not None and edge[0] not in _NOT_DRAWN:
                    plain[side] = ("ascii", edge[1])
            rules = cast("RulesMap", plain)
        super().replace_rules(node, rules, animate=animate)


class SignedScrollBar(ScrollBarRender):
    """A scrollbar of signs: it needs no colour and no parts of cells."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]

    @classmethod
    def render_bar(cls, *arguments: Any, **named: Any) -> Segments:
        """Textual's bar, its thumb and its track as signs."""
        bar = super().render_bar(*arguments, **named)
        thumb, track = signs.sign("█"), signs.sign("│")
        drawn: list[Segment] = []
        for text, style, control in bar.segments:
            if control or style is None or text == "\n":
                drawn.append(Segment(text, style, control))
            else:
                held = bool(style.reverse)
                drawn.append(Segment((thumb if held else track) * len(text), style + Style(reverse=False)))
        return Segments(drawn, new_lines=bar.new_lines)


def set_reduced(app: App[Any], reduced: bool) -> None:
    """Draw the reduced screen from now on, or the full one again."""
    signs.reduce(reduced)
    app.set_class(reduced, "-reduced")
    app.animation_level = "none" if reduced else constants.TEXTUAL_ANIMATIONS
    few = app.no_color or app.console.color_system == "standard"
    ScrollBar.renderer = SignedScrollBar if reduced or few else ScrollBarRender
    show_cursor(app, reduced)


def redraw(app: App[Any]) -> None:
    """Draw everything anew after a change of signs."""
    app.refresh_css(animate=False)
    for screen in app.screen_stack:
        for widget in screen.walk_children(with_self=True):
            widget.refresh(layout=True)
