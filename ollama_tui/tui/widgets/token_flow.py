"""Tokens one after the other, as they cut a text: each in a colour of its own, with its id under it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar, Literal

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ollama_tui.domain.text import one_line
from ollama_tui.domain.token import Token, TokenKind
from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.signs import sign

View = Literal["both", "text", "ids"]
VIEWS: tuple[View, ...] = ("both", "text", "ids")

SHOWN = 20_000
"""Tokens that are laid out; the rest of a longer text is only counted."""
_COLOURS = 4


def piece(token: Token) -> str:
    """A token as it is drawn: spaces and line ends are seen, bytes that are no whole characters are hexadecimal."""
    try:
        text = token.raw.decode()
    except UnicodeDecodeError:
        return f"{sign('⟨')}{token.raw.hex(' ')}{sign('⟩')}"
    if not text:
        return sign("⟨⟩")
    for white, mark in ((" ", "·"), ("\n", "⏎"), ("\t", "⇥")):
        text = text.replace(white, sign(mark))
    return one_line(text) or "␍"


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where a token stands: its line of tokens, its first column, and the cells it takes."""

    line: int
    left: int
    width: int


class TokenFlow(ScrollView, can_focus=True, inherit_bindings=False):
    """Draws tokens and a cursor on one of them. A line end in the text ends a line here."""

    BINDINGS = bindings_for("tokens")
    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"token-flow--{number}" for number in range(_COLOURS)),
        "token-flow--special",
        "token-flow--byte",
        "token-flow--id",
        "token-flow--cursor",
    }
    DEFAULT_CSS = """
    TokenFlow {
        height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; padding: 0 1;
        & > .token-flow--0 { background: $primary 35%; color: $foreground; }
        & > .token-flow--1 { background: $accent 30%; color: $foreground; }
        & > .token-flow--2 { background: $success 30%; color: $foreground; }
        & > .token-flow--3 { background: $secondary 35%; color: $foreground; }
        & > .token-flow--special { text-style: bold italic; }
        & > .token-flow--byte { text-style: italic; }
        & > .token-flow--id { color: $text-muted; }
        & > .token-flow--cursor { text-style: reverse; }
    }
    """

    cursor: reactive[int] = reactive(0)
    """Which token, from 0."""
    view: reactive[View] = reactive[View]("both")
    """What is drawn: the pieces with their ids, the pieces, or the ids."""

    @dataclass
    class Moved(Message):
        """The cursor is on another token, because the person moved it."""

        flow: "TokenFlow"

        @property
        def control(self) -> "TokenFlow":
            """The flow."""
            return self.flow

    def __init__(self) -> None:
        super().__init__()
        self._tokens: Sequence[Token] = ()
        self._starts: list[int] = []
        self._cells: list[_Cell] = []
        self._lines: list[list[int]] = []
        """The numbers of the tokens in each line."""
        self._laid_out_at = 0

    @property
    def token(self) -> Token | None:
        """The token under the cursor."""
        return self._tokens[self.cursor] if self.cursor < len(self._tokens) else None

    @property
    def place(self) -> int:
        """Where the token under the cursor begins, in bytes from the first one's beginning."""
        return self._starts[self.cursor] if self.cursor < len(self._starts) else 0

    def show(self, tokens: Sequence[Token]) -> None:
        """Show these; the cursor stays on its number."""
        self._tokens = tokens[:SHOWN]
        self._starts = [0, *accumulate(len(token.raw) for token in self._tokens)][: len(self._tokens)]
        self.set_reactive(TokenFlow.cursor, self.validate_cursor(self.cursor))
        self._lay_out()

    def move_to_place(self, place: int) -> None:
        """Put the cursor on the token that holds byte `place`, and tell nobody."""
        if self._starts:
            self.cursor = max(0, bisect_right(self._starts, place) - 1)

    # Layout

    def _lay_out(self) -> None:
        room = max(8, self.scrollable_content_region.width)
        self._laid_out_at = room
        self._cells, self._lines = [], [[]]
        left = 0
        for number, token in enumerate(self._tokens):
            width = min(self._width_of(token), room)
            if left + width > room and self._lines[-1]:
                self._lines.append([])
                left = 0
            self._cells.append(_Cell(len(self._lines) - 1, left, width))
            self._lines[-1].append(number)
            left += width
            if token.raw.endswith(b"\n"):
                self._lines.append([])
                left = 0
        self.virtual_size = Size(room, max(1, len(self._lines) * self._pitch))
        self._bring_into_view()
        self.refresh()

    def _width_of(self, token: Token) -> int:
        match self.view:
            case "text":
                return cell_len(piece(token))
            case "ids":
                return len(str(token.id)) + 1
            case "both":
                return max(cell_len(piece(token)), len(str(token.id)) + 1)

    @property
    def _pitch(self) -> int:
        """Lines of the screen that a line of tokens takes."""
        return 2 if self.view == "both" else 1

    def on_resize(self) -> None:
        """Wrap anew."""
        if self.scrollable_content_region.width != self._laid_out_at:
            self._lay_out()

    def watch_show_vertical_scrollbar(self) -> None:
        """Wrap anew: the bar takes a cell, without any size changing."""
        self.call_after_refresh(self.on_resize)

    def watch_view(self) -> None:
        """Wrap anew."""
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        """Half of a line of tokens, or a whole one: the pieces, or the ids."""
        width = self.scrollable_content_region.width
        line, half = divmod(y + self.scroll_offset.y, self._pitch)
        if line >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        ids = self.view == "ids" or half == 1
        segments = [self._segment(number, ids) for number in self._lines[line]]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def _segment(self, number: int, ids: bool) -> Segment:
        token, cell = self._tokens[number], self._cells[number]
        text = str(token.id) if ids else piece(token)
        if cell_len(text) > cell.width:
            text = set_cell_size(text, cell.width - 1) + sign("…")
        text += " " * (cell.width - cell_len(text))
        names = [f"token-flow--{number % _COLOURS}"]
        if ids and self.view == "both":
            names = ["token-flow--id"]
        elif token.kind in (TokenKind.CONTROL, TokenKind.USER_DEFINED, TokenKind.UNKNOWN):
            names.append("token-flow--special")
        elif token.kind is TokenKind.BYTE:
            names.append("token-flow--byte")
        style = self.get_component_rich_style(names[0])
        for name in names[1:]:
            style += self.get_component_rich_style(name, partial=True)
        if number == self.cursor and not (ids and self.view == "both"):
            style += Style(reverse=True, bold=True)
        return Segment(text, style + Style.from_meta({"token": number}))

    # Moving

    def validate_cursor(self, cursor: int) -> int:
        """On a token."""
        return max(0, min(cursor, len(self._tokens) - 1))

    def watch_cursor(self) -> None:
        """Scroll as little as needed."""
        self._bring_into_view()
        self.refresh()

    def _bring_into_view(self) -> None:
        room = self.scrollable_content_region.height
        if room <= 0 or not self._cells:
            return
        top = self._cells[self.cursor].line * self._pitch
        if top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False)
        elif top + self._pitch > self.scroll_offset.y + room:
            self.scroll_to(y=top + self._pitch - room, animate=False)

    def _move(self, number: int) -> None:
        before = self.cursor
        self.cursor = number
        if self.cursor != before:
            self.post_message(self.Moved(self))

    def _move_lines(self, lines: int) -> None:
        """To the token above or below, as near as there is one."""
        if not self._cells:
            return
        here = self._cells[self.cursor]
        step = 1 if lines > 0 else -1
        line = max(0, min(len(self._lines) - 1, here.line + lines))
        while 0 <= line < len(self._lines) and not self._lines[line]:
            line += step
        if 0 <= line < len(self._lines):
            self._move(min(self._lines[line], key=lambda number: abs(self._cells[number].left - here.left)))

    def action_tokens_previous(self) -> None:
        """One token back."""
        self._move(self.cursor - 1)

    def action_tokens_next(self) -> None:
        """One token on."""
        self._move(self.cursor + 1)

    def action_tokens_up(self) -> None:
        """A line up."""
        self._move_lines(-1)

    def action_tokens_down(self) -> None:
        """A line down."""
        self._move_lines(1)

    def action_tokens_page_up(self) -> None:
        """A page up."""
        self._move_lines(-max(1, self.size.height // self._pitch - 1))

    def action_tokens_page_down(self) -> None:
        """A page down."""
        self._move_lines(max(1, self.size.height // self._pitch - 1))

    def action_tokens_first(self) -> None:
        """To the first token."""
        self._move(0)

    def action_tokens_last(self) -> None:
        """To the last token."""
        self._move(len(self._tokens) - 1)

    def on_click(self, event: events.Click) -> None:
        """The token under the mouse."""
        number = event.style.meta.get("token")
        if isinstance(number, int):
            event.stop()
            self._move(number)
