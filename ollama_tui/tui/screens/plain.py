"""The conversation's text and nothing else, for the terminal's own selection.

The mouse is left to the terminal meanwhile. The text is written as `cat` would write it: lines as long as they are,
which the terminal breaks by itself, and nothing after their ends; so what is selected has neither false line ends nor
blanks. Textual fills every line to the full width and breaks it itself (8.2.8), so this screen paints on its own.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import Message
from ollama_tui.domain.text import drawable
from ollama_tui.services.transcript import as_text
from ollama_tui.tui.actions import bindings_for, key_sign
from ollama_tui.tui.signs import sign
from ollama_tui.tui.terminal import app_of, take_mouse

if TYPE_CHECKING:
    from ollama_tui.tui.app import OllamaTui

_TAB = 4
_AHEAD = 20
"""Columns that a long line is moved by where lines are not broken."""

Row = tuple[int, int, int]
"""Which line, and from which to which of its characters."""


class PlainText(ScrollView, can_focus=True, inherit_bindings=False):
    """The lines, broken anywhere or not at all, without anything around them."""

    DEFAULT_CSS = "PlainText { height: 1fr; scrollbar-size: 0 0; padding: 0; }"
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("plain")

    def __init__(self, messages: Sequence[Message]) -> None:
        super().__init__()
        self._messages = tuple(messages)
        self._lines: list[str] = []
        self._rows: list[Row] = []
        self._broken = True
        """Whether long lines are broken at the edge; else they go on beyond it."""
        self._bare = False
        """Whether Markdown's marks are left out."""
        self.top = 0
        """The first row that is shown."""
        self.left = 0
        """Columns left of what is shown, where lines are not broken."""

    def on_mount(self) -> None:
        """Begin at the end."""
        self._read()
        self.top = len(self._rows)
        self._move(0)

    def _read(self) -> None:
        from ollama_tui.tui.pane.copying import plain_text

        text = plain_text(self._messages) if self._bare else as_text(self._messages)
        self._lines = drawable(text).expandtabs(_TAB).rstrip("\n").split("\n")
        self._break()

    def _break(self) -> None:
        width = max(2, self.size.width or app_of(self).size.width)
        self._rows = []
        for index, line in enumerate(self._lines):
            if self._broken:
                self._rows += [(index, start, end) for start, end in _pieces(line, width)]
            else:
                self._rows.append((index, 0, len(line)))

    @property
    def room(self) -> int:
        """How many rows are shown."""
        return max(1, self.size.height)

    def shown_rows(self) -> list[tuple[str, bool]]:
        """What is shown: each row's text, and whether the line goes on in the next row."""
        shown = self._rows[self.top : self.top + self.room]
        if not self._broken:
            return [(_cropped(self._lines[index], self.left, self.size.width), False) for index, _start, _end in shown]
        return [(self._lines[index][start:end], end < len(self._lines[index])) for index, start, end in shown]

    def render_line(self, y: int) -> Strip:
        """A row, where Textual draws it: without a terminal, and on Windows."""
        rows = self.shown_rows()
        text = rows[y][0] if y < len(rows) else ""
        return Strip([Segment(text, self.rich_style)]).adjust_cell_length(self.size.width, self.rich_style)

    def on_resize(self) -> None:
        """Break anew, with the same line at the top."""
        line = self._rows[self.top][0] if self.top < len(self._rows) else 0
        self._break()
        self.top = next((at for at, row in enumerate(self._rows) if row[0] == line), 0)
        self._move(0)

    def _move(self, rows: int) -> None:
        self.top = max(0, min(self.top + rows, len(self._rows) - self.room))
        self.virtual_size = Size(self.size.width, self.room)
        self.refresh()

    def action_plain_up(self) -> None:
        """A row up."""
        self._move(-1)

    def action_plain_down(self) -> None:
        """A row down."""
        self._move(1)

    def action_plain_page_up(self) -> None:
        """A screenful up, less one row."""
        self._move(1 - self.room)

    def action_plain_page_down(self) -> None:
        """A screenful down, less one row."""
        self._move(self.room - 1)

    def action_plain_start(self) -> None:
        """The first row."""
        self._move(-len(self._rows))

    def action_plain_end(self) -> None:
        """The last row."""
        self._move(len(self._rows))

    def action_plain_left(self) -> None:
        """What stands to the left, where lines are not broken."""
        self.left = max(0, self.left - _AHEAD)
        self.refresh()

    def action_plain_right(self) -> None:
        """What stands to the right."""
        longest = max((cell_len(line) for line in self._lines), default=0)
        if not self._broken and self.left + self.size.width < longest:
            self.left += _AHEAD
            self.refresh()

    def action_plain_wrap(self) -> None:
        """Break long lines, or do not."""
        line = self._rows[self.top][0] if self._rows else 0
        self._broken = not self._broken
        self.left = 0
        self._break()
        self.top = next((at for at, row in enumerate(self._rows) if row[0] == line), 0)
        self._move(0)

    def action_plain_marks(self) -> None:
        """With Markdown's marks, or without."""
        self._bare = not self._bare
        self._read()
        self._move(0)

    def action_plain_close(self) -> None:
        """Back."""
        self.screen.dismiss()


class PlainScreen(Screen[None]):
    """Has the text, and one line of keys under it."""

    def __init__(self, messages: Sequence[Message]) -> None:
        super().__init__()
        self._messages = messages

    def compose(self) -> ComposeResult:
        yield PlainText(self._messages)
        yield KeysBelow()

    def on_mount(self) -> None:
        """Leave the mouse to the terminal."""
        self.query_one(PlainText).focus()

    def on_screen_resume(self) -> None:
        """Leave the mouse to the terminal."""
        take_mouse(app_of(self), False)

    def on_screen_suspend(self) -> None:
        """Take it back."""
        take_mouse(app_of(self), True)

    def on_unmount(self) -> None:
        """Take it back."""
        take_mouse(app_of(self), True)

    def painting(self) -> str:
        """What to write to the terminal for it to show this screen."""
        rows = self.query_one(PlainText).shown_rows()
        text = "".join(row if goes_on else f"{row}\r\n" for row, goes_on in rows)
        below = self.query_one(KeysBelow)
        return (
            "\x1b[0m\x1b[2J\x1b[H\x1b[?7h"  # cleared; and lines that are too long are broken by the terminal
            f"{text}\x1b[?7l\x1b[{self.size.height};1H\x1b[2m{below.words}\x1b[0m"
        )


class KeysBelow(ScrollView, can_focus=False):
    """The keys, in one line."""

    DEFAULT_CSS = "KeysBelow { height: 1; dock: bottom; scrollbar-size: 0 0; }"
    ALLOW_SELECT = False

    @property
    def words(self) -> str:
        """The keys and what they do, as they fit."""
        app = cast("OllamaTui", self.app)  # pyright: ignore[reportUnknownMemberType] - App's type is open in Textual
        hints = (
            ("plain.close", _("back")),
            ("plain.up", _("up")),
            ("plain.down", _("down")),
            ("plain.wrap", _("break lines, or not")),
            ("plain.marks", _("with marks, or without")),
        )
        line = ""
        for action_id, word in hints:
            keys = app.shown_keys(action_id)
            piece = f"{key_sign(keys[0])} {word}" if keys else ""
            longer = f"{line}{sign(' · ') if line else ''}{piece}"
            if cell_len(longer) >= self.size.width:
                break
            line = longer
        return line

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """The line."""
        return Strip([Segment(self.words, self.rich_style)]).adjust_cell_length(self.size.width, self.rich_style)


def _pieces(line: str, width: int) -> list[tuple[int, int]]:
    """Where a terminal breaks a line: after as many characters as fit, a wide one never in two."""
    if line.isascii():
        return [(start, min(start + width, len(line))) for start in range(0, len(line), width)] or [(0, 0)]
    pieces: list[tuple[int, int]] = []
    start = used = 0
    for at, character in enumerate(line):
        size = get_character_cell_size(character)
        if used + size > width:
            pieces.append((start, at))
            start, used = at, 0
        used += size
    return [*pieces, (start, len(line))]


def _cropped(line: str, left: int, width: int) -> str:
    """The characters of a line in `width` cells from a column on."""
    strip = Strip([Segment(line)]).crop(left, left + width)
    return strip.text.rstrip()
