"""Every action with the keys in force, by place; what is typed looks for one."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import one_line
from ollama_tui.tui.actions import ACTIONS, BY_ID, Action, key_sign
from ollama_tui.tui.keymaps import done_by
from ollama_tui.tui.places import AREA_NAMES
from ollama_tui.tui.screens.reading import Page
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.cut import cut_end

if TYPE_CHECKING:
    from ollama_tui.tui.app import OllamaTui

_KEYS_WIDTH = 24
_ID_FITS = 96
"""Columns from which the ids stand beside the names."""


class HelpScreen(Screen[None]):
    """The keys. Letters go to the field; the keys of a text to read scroll below it."""

    DEFAULT_CSS = """
    HelpScreen > Input, HelpScreen > Input:focus { border: none; height: 1; padding: 0 1; background: $panel; }
    HelpScreen > Page { padding: 0 1; height: 1fr; }
    HelpScreen > Page > Static { height: auto; }
    HelpScreen > .foot { height: auto; padding: 0 1; color: $text-muted; background: $surface; }
    """

    def compose(self) -> ComposeResult:
        yield Input(placeholder=sign(_("Keys: type to look for an action, a key or an id …")))
        with Page(can_focus=False):
            yield Static(markup=False)
        yield Static(self._told(), markup=False, classes="foot")

    @property
    def _app(self) -> "OllamaTui":
        return cast("OllamaTui", self.app)  # pyright: ignore[reportUnknownMemberType] - App's type is open in Textual

    def on_mount(self) -> None:
        """Keys may have been changed, so they are looked up now."""
        self.query_one(Input).focus()
        self._show()

    def on_resize(self) -> None:
        """As wide as there is room."""
        self._show()

    def _told(self) -> Content:
        """How to change them, and how to leave."""
        keys = self._app.shown_keys("page.close")
        text = _('{key} back · keys are changed by id in config.toml: [keys] "chat.new" = "f11"').format(
            key=key_sign(keys[0]) if keys else "Esc"
        )
        preset = self._app.settings.keymap
        return Content(sign(text if preset == "default" else f"{text} · keymap = {preset}"))

    @on(Input.Changed)
    def _look(self, event: Input.Changed) -> None:
        event.stop()
        self._show()
        self.query_one(Page).scroll_home(animate=False)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()

    def _show(self) -> None:
        wanted = self.query_one(Input).value.casefold().split()
        lines = list(self._lines(wanted))
        nothing = Content(_("No action, key or id has that."))
        self.query_one("Page > Static", Static).update(Content("\n").join(lines or [nothing]))

    def _lines(self, wanted: list[str]) -> Iterable[Content]:
        for problem in self._app.problems_of_keys() if not wanted else ():
            yield Content.styled(f"! {one_line(problem)}", "$text-warning")
        for area, heading in AREA_NAMES.items():
            rows = [
                row
                for action in ACTIONS
                if action.area == area and (row := self._row(action, _(heading), wanted)) is not None
            ]
            if rows:
                yield Content("")
                yield Content.styled(_(heading), "bold $text-accent")
                yield from rows

    def _row(self, action: Action, heading: str, wanted: list[str]) -> Content | None:
        keys = self._app.shown_keys(action.id)
        before = tuple(key for key in BY_ID[action.id].keys.split(",") if key)
        changed = keys != before
        signs = "  ".join(map(key_sign, keys)) or (_("palette") if action.palette else sign("–"))
        name = _(action.name)
        searched = f"{signs} {' '.join(keys)} {name} {action.id} {heading}".casefold()
        if changed:
            was = "  ".join(map(key_sign, before)) or _("none")
            name += " (" + _("changed; was {keys}").format(keys=was) + ")"
            searched += " " + _("changed")
        if not all(word in searched for word in wanted):
            return None
        width = max(40, self.size.width - 4)
        keys_width = _KEYS_WIDTH if self.size.width < _ID_FITS + 24 else _KEYS_WIDTH + 12
        room = width - keys_width - 2 - (len(action.id) + 2 if self.size.width >= _ID_FITS else 0)
        gap = max(1, keys_width - cell_len(signs))
        text = cut_end(name, max(10, room - max(0, cell_len(signs) + 1 - keys_width)))
        row = Content.assemble(("* " if changed else "  ", "bold $text-warning"), (signs, "bold"), " " * gap, text)
        if self.size.width >= _ID_FITS:
            row = Content.assemble(row, " " * max(2, width - row.cell_length - len(action.id)), (action.id, "dim"))
        return row

    def on_key(self, event: events.Key) -> None:
        """The field keeps the focus; the keys of a text to read scroll below it."""
        if event.is_printable:
            return
        done = done_by(self, "page", event.key)
        field = self.query_one(Input)
        if not done or (done in ("page.first", "page.last") and field.value):
            return
        event.stop()
        event.prevent_default()
        if done == "page.close" and field.value:
            field.value = ""
            return
        getattr(self.query_one(Page), f"action_{BY_ID[done].method}")()
