"""The styles of the transcript, taken from the style sheet, so that they follow the theme."""

from dataclasses import dataclass

from rich.style import Style
from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class Looks:
    """A Rich style for each kind of thing that is drawn. Where colours are absent, signs and words remain."""

    base: Style
    person: Style
    model: Style
    dim: Style
    thinking: Style
    bar: Style
    warning: Style
    error: Style
    offer: Style
    cursor: Style
    marked: Style
    more: Style


_NAMES = ("person", "model", "dim", "thinking", "bar", "warning", "error", "offer", "cursor", "marked", "more")
COMPONENTS = {f"transcript--{name}" for name in _NAMES}

STYLES = """
Transcript {
    overflow-x: hidden;
    overflow-y: auto;
    scrollbar-gutter: stable;
    scrollbar-size-vertical: 1;

    & > .transcript--person { color: $text-accent; text-style: bold; }
    & > .transcript--model { color: $text-primary; text-style: bold; }
    & > .transcript--dim { color: $text-muted; }
    & > .transcript--thinking { color: $text-muted; text-style: italic; }
    & > .transcript--bar { color: $secondary; }
    & > .transcript--warning { color: $text-warning; }
    & > .transcript--error { color: $text-error; text-style: bold; }
    & > .transcript--offer { color: $text-primary; text-style: underline; }
    & > .transcript--cursor { color: $primary; }
    & > .transcript--marked { color: $accent; text-style: bold; }
    & > .transcript--more { color: $text-primary; background: $panel; text-style: bold; }
}
"""


def looks_of(widget: Widget) -> Looks:
    """The looks as the widget's style sheet and the app's theme have them now."""
    styles = {name: widget.get_component_rich_style(f"transcript--{name}") for name in _NAMES}
    return Looks(base=widget.rich_style, **styles)
