"""The styles of a Markdown document, one for each role."""

from dataclasses import dataclass, field, replace
from typing import Self

from rich.style import Style

PLAIN = Style.null()

# Names of Pygments' token types, the most particular first found wins: "Name.Function" before "Name" before "".
_DARK_CODE = {
    "Comment": "italic #7f8c98",
    "Keyword": "#ff7ab2",
    "Keyword.Constant": "#d9a6ff",
    "Keyword.Type": "#6bdfff",
    "Operator.Word": "#ff7ab2",
    "Name.Function": "#7fb8ff",
    "Name.Class": "bold #6bdfff",
    "Name.Namespace": "#6bdfff",
    "Name.Builtin": "#6bdfff",
    "Name.Exception": "#ffa14f",
    "Name.Decorator": "#ffa14f",
    "Name.Tag": "#ff7ab2",
    "Name.Attribute": "#7fb8ff",
    "Name.Constant": "#d9a6ff",
    "Literal.String": "#8fd18a",
    "Literal.String.Escape": "#ffa14f",
    "Literal.String.Interpol": "#ffa14f",
    "Literal.String.Doc": "italic #7f8c98",
    "Literal.Number": "#e5c07b",
    "Generic.Heading": "bold #7fb8ff",
    "Generic.Subheading": "bold #6bdfff",
    "Generic.Inserted": "#8fd18a",
    "Generic.Deleted": "#ff7b72",
    "Generic.Prompt": "#7f8c98",
    "Generic.Output": "#b8c0cc",
    "Generic.Strong": "bold",
    "Generic.Emph": "italic",
}
_LIGHT_CODE = {
    **_DARK_CODE,
    "Comment": "italic #6a737d",
    "Keyword": "#a31d6b",
    "Keyword.Constant": "#6f42c1",
    "Keyword.Type": "#005f87",
    "Operator.Word": "#a31d6b",
    "Name.Function": "#1f4fb5",
    "Name.Class": "bold #005f87",
    "Name.Namespace": "#005f87",
    "Name.Builtin": "#005f87",
    "Name.Exception": "#a04000",
    "Name.Decorator": "#a04000",
    "Name.Tag": "#a31d6b",
    "Name.Attribute": "#1f4fb5",
    "Name.Constant": "#6f42c1",
    "Literal.String": "#1d6f2c",
    "Literal.String.Escape": "#a04000",
    "Literal.String.Interpol": "#a04000",
    "Literal.String.Doc": "italic #6a737d",
    "Literal.Number": "#805800",
    "Generic.Heading": "bold #1f4fb5",
    "Generic.Subheading": "bold #005f87",
    "Generic.Inserted": "#1d6f2c",
    "Generic.Deleted": "#b31d28",
    "Generic.Prompt": "#6a737d",
    "Generic.Output": "#444c56",
}
_ANSI_CODE = {
    "Comment": "dim italic",
    "Keyword": "magenta",
    "Operator.Word": "magenta",
    "Name.Function": "blue",
    "Name.Class": "bold cyan",
    "Name.Namespace": "cyan",
    "Name.Builtin": "cyan",
    "Name.Exception": "red",
    "Name.Decorator": "yellow",
    "Name.Tag": "magenta",
    "Name.Attribute": "blue",
    "Literal.String": "green",
    "Literal.String.Doc": "dim italic",
    "Literal.Number": "yellow",
    "Generic.Heading": "bold",
    "Generic.Subheading": "bold",
    "Generic.Inserted": "green",
    "Generic.Deleted": "red",
    "Generic.Prompt": "dim",
    "Generic.Strong": "bold",
    "Generic.Emph": "italic",
}


def _style(definition: str) -> Style:
    return Style.parse(definition)


def _styles(definitions: dict[str, str]) -> dict[str, Style]:
    return {name: Style.parse(definition) for name, definition in definitions.items()}


@dataclass(frozen=True, eq=False, slots=True)
class Theme:
    """Styles by role. Nothing is told by colour alone: each role has a sign, a place or an attribute of its own."""

    text: Style = PLAIN
    headings: tuple[Style, ...] = ()
    strong: Style = field(default_factory=lambda: _style("bold"))
    emphasis: Style = field(default_factory=lambda: _style("italic"))
    strike: Style = field(default_factory=lambda: _style("strike"))
    link: Style = field(default_factory=lambda: _style("underline"))
    image: Style = field(default_factory=lambda: _style("italic"))
    code: Style = field(default_factory=lambda: _style("bold"))
    math: Style = field(default_factory=lambda: _style("italic"))
    html: Style = field(default_factory=lambda: _style("dim"))
    quote: Style = field(default_factory=lambda: _style("italic"))
    quote_bar: Style = field(default_factory=lambda: _style("dim"))
    bullet: Style = PLAIN
    rule: Style = field(default_factory=lambda: _style("dim"))
    table_rule: Style = field(default_factory=lambda: _style("dim"))
    table_head: Style = field(default_factory=lambda: _style("bold"))
    code_rule: Style = field(default_factory=lambda: _style("dim"))
    code_label: Style = field(default_factory=lambda: _style("dim"))
    code_block: Style = PLAIN
    """Under the text of a code block. With a background, the block is filled to the width of the document."""
    code_tokens: dict[str, Style] = field(default_factory=dict[str, Style])
    """Styles by the name of Pygments' token type, such as "Name.Function"."""

    def heading(self, level: int) -> Style:
        """The style of a heading of `level` (1 to 6)."""
        return self.headings[min(level, len(self.headings)) - 1] if self.headings else self.strong

    @classmethod
    def from_colors(
        cls, *, accent: str, muted: str, code: str, link: str, quote: str | None = None, dark: bool = True
    ) -> Self:
        """A theme of five colours, each written as Rich writes them: `#rrggbb` or a name."""
        return cls(
            headings=(
                _style(f"bold underline {accent}"),
                _style(f"bold {accent}"),
                _style(f"bold {accent}"),
                _style("bold"),
                _style("bold"),
                _style(f"bold {muted}"),
            ),
            link=_style(f"underline {link}"),
            image=_style(f"italic {link}"),
            code=_style(code),
            math=_style(f"italic {code}"),
            html=_style(muted),
            quote=_style(f"italic {quote or muted}"),
            quote_bar=_style(muted),
            bullet=_style(accent),
            rule=_style(muted),
            table_rule=_style(muted),
            code_rule=_style(muted),
            code_label=_style(muted),
            code_tokens=_styles(_DARK_CODE if dark else _LIGHT_CODE),
        )

    @classmethod
    def dark(cls) -> Self:
        """For light text on a dark ground."""
        return cls.from_colors(accent="#7fb8ff", muted="#7f8c98", code="#e5c07b", link="#6bdfff", quote="#b8c0cc")

    @classmethod
    def light(cls) -> Self:
        """For dark text on a light ground."""
        return cls.from_colors(
            accent="#1f4fb5", muted="#6a737d", code="#8a3b00", link="#005f87", quote="#444c56", dark=False
        )

    @classmethod
    def ansi(cls, *, color: bool = True) -> Self:
        """Of the terminal's own 16 colours; without `color`, of attributes alone (NO_COLOR)."""
        plain = cls(headings=(_style("bold underline"), _style("bold"), _style("bold"), _style("bold")))
        if not color:
            return plain
        return replace(
            plain,
            headings=(_style("bold underline blue"), _style("bold blue"), _style("bold blue"), _style("bold")),
            link=_style("underline cyan"),
            image=_style("italic cyan"),
            code=_style("yellow"),
            math=_style("italic yellow"),
            bullet=_style("blue"),
            code_tokens=_styles(_ANSI_CODE),
        )
