"""Choosing the colours, beside what they colour: each theme is seen as one goes through them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import one_line
from ollama_tui.tui.fit import fit
from ollama_tui.tui.keymaps import done_by
from ollama_tui.tui.widgets.cut import cut_end, left
from ollama_tui.tui.widgets.rows import Piece, Rows

_NAME = 24
"""Cells for a name, where there is room."""


class ThemeRows(Rows, can_focus=False):
    """The themes; the field keeps the focus."""

    RESTING_CURSOR = True
    DEFAULT_CSS = """
    ThemeRows { height: auto; max-height: 8; }
    ThemeRows > .rows--cursor { background: $primary 35%; text-style: bold; }
    """

    def __init__(self, about: Mapping[str, str]) -> None:
        super().__init__(one_click=True)
        self._about = about

    def draw(self, key: str, width: int) -> Sequence[Piece]:
        """The name, and what kind of theme it is."""
        room = min(_NAME, width // 2)
        about = cut_end(self._about[key], max(0, width - room - 3))
        return Piece(f" {left(cut_end(one_line(key), room), room)} "), Piece(about, "muted")


class ThemePicker(Vertical):
    """Asks for a theme. It draws none itself: it tells which one is looked at, and which is chosen."""

    DEFAULT_CSS = """
    ThemePicker { height: auto; max-height: 50%; background: $surface; border-top: solid $accent; }
    ThemePicker > Input, ThemePicker > Input:focus { border: none; height: 1; padding: 0 1; background: $panel; }
    """

    @dataclass
    class Looked(Message):
        """Draw with this one for now."""

        name: str

    @dataclass
    class Chosen(Message):
        """Draw with this one from now on; with the one of before if it is empty."""

        picker: "ThemePicker"
        name: str

    def __init__(self, about: Mapping[str, str], *, before: str) -> None:
        """`about`: what each theme is, by its name; `before`: the one in use."""
        super().__init__()
        self.before = before
        self._about = about
        self._is_done = False

    def compose(self) -> ComposeResult:
        yield Input(placeholder=_("Which colours? Type to filter, Enter chooses, Esc leaves them as they are"))
        yield ThemeRows(self._about)

    def on_mount(self) -> None:
        """All of them."""
        self._show("")
        self.query_one(Input).focus()

    def _show(self, typed: str) -> None:
        names = [name for name in self._about if not typed.strip() or fit(typed, name).score]
        names.sort(key=lambda name: -fit(typed, name).score)
        self.query_one(ThemeRows).replace(names, (_("No theme is called that."),))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        rows = self.query_one(ThemeRows)
        self._show(event.value)
        rows.action_rows_first()

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        event.stop()
        if event.key and not self._is_done:
            self.post_message(self.Looked(event.key))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if name := self.query_one(ThemeRows).key:
            self.settle(name)

    @on(Rows.Chosen)
    def _clicked(self, event: Rows.Chosen) -> None:
        event.stop()
        self.settle(event.key)

    def settle(self, name: str) -> None:
        """Choose a theme, or none; once."""
        if not self._is_done:
            self._is_done = True
            self.post_message(self.Chosen(self, name))

    def on_descendant_blur(self) -> None:
        """Who goes elsewhere chooses none; a window that is left is come back to."""
        if self.app.app_focus:  # pyright: ignore[reportUnknownMemberType] - App's type is open in Textual
            self.settle("")

    def on_key(self, event: events.Key) -> None:
        """The field keeps the focus; up and down walk through the themes; Esc goes away."""
        rows = self.query_one(ThemeRows)
        match done_by(self, "rows", event.key) or done_by(self, "question", event.key):
            case _ if event.is_printable:
                return
            case "rows.up":
                rows.action_rows_up()
            case "rows.down":
                rows.action_rows_down()
            case "rows.page_up":
                rows.action_rows_page_up()
            case "rows.page_down":
                rows.action_rows_page_down()
            case "question.close":
                self.settle("")
            case _:
                return
        event.stop()
        event.prevent_default()
