"""The styles of the transcript, taken from the style sheet, so that they follow the theme."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from rich.style import Style
from textual.app import App
from textual.widget import Widget

from ollama_tui.tui.markdown.theme import Theme
from ollama_tui.tui.signs import is_reduced


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
    found: Style
    """A place that was found,"""
    here: Style
    """and the one that is looked at."""
    faint: Style
    """Laid over what the model did not see."""
    reduced: bool
    """Whether signs are ASCII."""
    markdown: Theme = field(compare=False)
    """The styles of answers: made of the same colours."""


_NAMES = (
    "person", "model", "dim", "thinking", "bar", "warning", "error", "offer", "cursor", "marked", "more",
    "found", "here", "faint",
)  # fmt: skip
_MARKDOWN = ("code", "link")
COMPONENTS = {f"transcript--{name}" for name in (*_NAMES, *_MARKDOWN)}

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
    & > .transcript--faint { text-style: dim; }
    & > .transcript--code { color: $text-accent; }
    & > .transcript--link { color: $text-secondary; }
    & > .transcript--found { color: $text; background: $warning 40%; text-style: underline; }
    & > .transcript--here { color: $background; background: $warning; text-style: bold; }
    & > .transcript--more { color: $text-primary; background: $panel; text-style: bold; }
}
"""


def looks_of(widget: Widget) -> Looks:
    """The looks as the widget's style sheet and the app's theme have them now."""
    styles = {name: widget.get_component_rich_style(f"transcript--{name}") for name in _NAMES}
    return Looks(base=widget.rich_style, reduced=is_reduced(), markdown=_markdown_theme(widget, styles), **styles)


def _markdown_theme(widget: Widget, styles: Mapping[str, Style]) -> Theme:
    app = cast("App[object]", widget.app)  # pyright: ignore[reportUnknownMemberType] - Textual leaves it open
    if app.native_ansi_color or app.no_color:
        return Theme.ansi(color=not app.no_color)

    def color(name: str) -> str:
        found = (styles.get(name) or widget.get_component_rich_style(f"transcript--{name}")).color
        return found.get_truecolor().hex if found else "default"

    return Theme.from_colors(
        accent=color("model"),
        muted=color("dim"),
        code=color("code"),
        link=color("link"),
        dark=app.current_theme.dark,
    )
