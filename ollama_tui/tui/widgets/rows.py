"""A list of rows with a cursor, each drawn as text of its own: for tables that change while one looks at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.terminal import point_at


class Piece(NamedTuple):
    """A stretch of a row."""

    text: str
    look: str = ""
    """Empty, or one of muted, strong, good, warning, error."""
    verb: str = ""
    """What a click on it asks for; empty for the row itself."""


class Rows(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows known by keys. New rows keep the cursor on the key it was on, and the place where one had scrolled to."""

    BINDINGS = bindings_for("rows")
    ALLOW_SELECT = False
    RESTING_CURSOR: ClassVar[bool] = False
    """Whether the cursor is shown while the focus is elsewhere."""
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "rows--muted",
        "rows--strong",
        "rows--good",
        "rows--warning",
        "rows--error",
        "rows--cursor",
        "rows--header",
    }
    DEFAULT_CSS = """
    Rows {
        height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; color: $foreground;
        & > .rows--muted { color: $text-muted; }
        & > .rows--strong { color: $text-primary; text-style: bold; }
        & > .rows--good { color: $text-success; }
        & > .rows--warning { color: $text-warning; }
        & > .rows--error { color: $text-error; }
        & > .rows--header { color: $text-muted; }
        & > .rows--cursor { background: $foreground 10%; }
        &:focus > .rows--cursor { background: $primary 35%; text-style: bold; }
    }
    """

    cursor: reactive[int] = reactive(0)
    """Which row, from 0."""

    @dataclass
    class Moved(Message):
        """The cursor is on another row."""

        rows: "Rows"
        key: str

        @property
        def control(self) -> "Rows":
            """The list."""
            return self.rows

    @dataclass
    class Chosen(Message):
        """Enter, or a click on a verb of a row (`open` for the row itself)."""

        rows: "Rows"
        key: str
        verb: str

        @property
        def control(self) -> "Rows":
            """The list."""
            return self.rows

    def __init__(self, *, id: str | None = None, one_click: bool = False) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._keys: tuple[str, ...] = ()
        self._one_click = one_click
        self.words: tuple[str, ...] = ()
        """What is shown where there are no rows, a paragraph each."""
        self._squeezed = (0, 0)
        """The first row shown before there was less room, and the one since: equal as long as there was enough."""

    # -- what subclasses answer

    def draw(self, key: str, width: int) -> Sequence[Piece]:  # noqa: ARG002
        """The row of `key`, in at most `width` cells."""
        return (Piece(key),)

    def header(self, width: int) -> Sequence[Piece]:  # noqa: ARG002
        """The line above the rows, or nothing."""
        return ()

    @property
    def shows_cursor(self) -> bool:
        """Whether the row under the cursor is marked."""
        return self.has_focus or self.RESTING_CURSOR

    # -- what others call

    @property
    def keys(self) -> tuple[str, ...]:
        """The rows, in order."""
        return self._keys

    @property
    def key(self) -> str:
        """The row under the cursor, or empty."""
        return self._keys[self.cursor] if self.cursor < len(self._keys) else ""

    def replace(self, keys: Sequence[str], words: Sequence[str] = ()) -> None:
        """Show these rows, or `words` where there are none."""
        before = self.key
        keys, words = tuple(keys), tuple(words)
        changed = len(keys) != len(self._keys) or (not keys and words != self.words)
        self._keys, self.words = keys, words
        place = keys.index(before) if before in keys else min(self.cursor, max(0, len(keys) - 1))
        self.set_reactive(Rows.cursor, place)
        if changed:
            self._measure()
        self.refresh()
        if self.key != before:
            self._bring_into_view()
            self.post_message(self.Moved(self, self.key))

    def move_to(self, key: str) -> None:
        """Put the cursor on `key`, if there is such a row."""
        if key in self._keys:
            self.cursor = self._keys.index(key)

    # -- drawing

    def _measure(self) -> None:
        lines = len(self._keys) + self._head if self._keys else len(self._word_lines()) + self._head
        size = Size(0, max(1, lines))
        if size != self.virtual_size:
            self.virtual_size = size
            if self.styles.height is not None and self.styles.height.is_auto:
                self.refresh(layout=True)

    @property
    def _head(self) -> int:
        return 1 if self.header(max(1, self.size.width)) else 0

    def _word_lines(self) -> list[str]:
        width = max(10, self.size.width - 2)
        return [line.plain for words in self.words for line in Content(words).wrap(width, overflow="fold")]

    def on_resize(self) -> None:
        """Wrap the words anew, and keep the cursor in view; with the room back, all is where it was."""
        self._measure()
        top = self.scroll_offset.y
        wanted, shown = self._squeezed
        wanted = wanted if top == shown else top
        shown = self._nearest_top(wanted)
        self._squeezed = wanted, shown
        if shown != top:
            self.scroll_to(y=shown, animate=False, immediate=True)

    def render_line(self, y: int) -> Strip:
        """One line of the screen: the header stays, the rows scroll under it."""
        width = self.size.width
        if self._head and y == 0:
            return self._strip(self.header(width), width, "rows--header")
        index = y - self._head + self.scroll_offset.y
        if not self._keys:
            lines = self._word_lines()
            pieces = (Piece(f" {lines[index]}", "muted"),) if index < len(lines) else ()
            return self._strip(pieces, width, "")
        if index >= len(self._keys):
            return self._strip((), width, "")
        marked = index == self.cursor and self.shows_cursor
        return self._strip(self.draw(self._keys[index], width), width, "rows--cursor" if marked else "", index)

    def _strip(self, pieces: Sequence[Piece], width: int, line_look: str, row: int = -1) -> Strip:
        line = self.rich_style
        if line_look:
            line = self.get_component_rich_style(line_look)
        segments: list[Segment] = []
        for text, look, verb in pieces:
            style = line
            if look:
                own = self.get_component_rich_style(f"rows--{look}")
                style = line + Style(color=own.color, bold=own.bold or None)
            segments.append(Segment(text, style + Style.from_meta({"verb": verb, "row": row}) if verb else style))
        return Strip(segments).adjust_cell_length(width, line)

    # -- moving

    def validate_cursor(self, cursor: int) -> int:
        """Within the rows."""
        return max(0, min(cursor, len(self._keys) - 1))

    def watch_cursor(self) -> None:
        """Tell, and scroll as little as needed."""
        self.refresh()
        self._bring_into_view()
        self._point()
        if self._keys:
            self.post_message(self.Moved(self, self.key))

    def on_focus(self) -> None:
        """Point at the row under the cursor."""
        self._point()

    def _point(self) -> None:
        point_at(self, self.cursor + self._head - self.scroll_offset.y)

    def _bring_into_view(self) -> None:
        top = self.scroll_offset.y
        if (nearest := self._nearest_top(top)) != top:
            self.scroll_to(y=nearest, animate=False)

    def _nearest_top(self, top: int) -> int:
        """The first row shown, as near to `top` as the cursor can be seen from."""
        room = self.size.height - self._head
        if room <= 0 or not self._keys:
            return top
        return min(max(top, self.cursor - room + 1), self.cursor)

    def action_rows_up(self) -> None:
        """One row up."""
        self.cursor -= 1

    def action_rows_down(self) -> None:
        """One row down."""
        self.cursor += 1

    def action_rows_page_up(self) -> None:
        """A screenful up."""
        self.cursor -= max(1, self.size.height - self._head - 1)

    def action_rows_page_down(self) -> None:
        """A screenful down."""
        self.cursor += max(1, self.size.height - self._head - 1)

    def action_rows_first(self) -> None:
        """To the first row."""
        self.cursor = 0

    def action_rows_last(self) -> None:
        """To the last row."""
        self.cursor = len(self._keys) - 1

    def action_rows_choose(self) -> None:
        """Open the row under the cursor."""
        if self.key:
            self.post_message(self.Chosen(self, self.key, "open"))

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, or does what the words under it say; a second one opens."""
        place = event.get_content_offset(self)
        if place is None:
            return
        index = place.y - self._head + self.scroll_offset.y
        verb = str(event.style.meta.get("verb", ""))
        if place.y < self._head:
            if verb:
                self.clicked_header(verb)
            return
        if 0 <= index < len(self._keys):
            event.stop()
            again = index == self.cursor and event.chain > 1
            self.cursor = index
            if verb or again or self._one_click:
                self.post_message(self.Chosen(self, self.key, verb or "open"))

    def clicked_header(self, verb: str) -> None:
        """A click on the header."""
