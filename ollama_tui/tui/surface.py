"""The program where it meets the terminal: what is drawn, and what is written to the terminal beside that."""

import sys
from pathlib import Path

from rich.console import RenderableType
from textual import events, work
from textual.app import App
from textual.color import Color
from textual.driver import Driver
from textual.screen import Screen
from textual.theme import BUILTIN_THEMES
from textual.widgets import Input

from ollama_tui.config.settings import Settings
from ollama_tui.domain.text import drawable, one_line
from ollama_tui.tui.actions import keys_of
from ollama_tui.tui.clipboard import copy
from ollama_tui.tui.guard import TerminalGuard
from ollama_tui.tui.keymaps import changed_keys, keymap_of
from ollama_tui.tui.keys_behind import KeysBehind
from ollama_tui.tui.monochrome import NoColours, SixteenColours
from ollama_tui.tui.reduced import PlainStylesheet, redraw, set_reduced
from ollama_tui.tui.themes import DEFAULT_THEME, THEMES


class Surface(App[int]):
    """An app that sends nothing harmful, copies by the way that works, and can be drawn reduced and without colours."""

    def __init__(self, settings: Settings, driver_class: type[Driver] | None) -> None:
        super().__init__(driver_class=driver_class)
        self.settings = settings
        self.changed_keys = changed_keys(settings.keymap, settings.keys)
        """The keys of actions that are not the table's, by id."""
        self._keys_behind = KeysBehind(self, super().on_event)
        self.own_themes: list[str] = []
        """The names of the themes that are the person's files."""
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DEFAULT_THEME
        self.stylesheet = PlainStylesheet(variables=self.get_css_variables())
        if self.no_color:
            self._filters[-1:] = [NoColours(self._ground)]
        elif self.console.color_system == "standard":
            self._filters.append(SixteenColours(self._ground))
        self._filters.append(TerminalGuard())

    async def on_event(self, event: events.Event) -> None:
        """Keys go to what has the focus, and behind one that opens something to what it opens."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self._keys_behind.take(event)
        else:
            await super().on_event(event)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """No cursor blinks: it is calm, and nothing is drawn while nothing happens."""
        if isinstance(event.widget, Input):
            event.widget.cursor_blink = False

    # Colours

    def _ground(self) -> Color:
        return Color.parse(self.theme_variables["background"])

    def preview_theme(self, name: str) -> None:
        """Draw with a theme, without remembering it."""
        if name in self.available_themes:
            self.theme = name

    def read_own_themes(self, folder: Path) -> None:
        """Read the person's themes anew; what is wrong with one is told, and the one in use is drawn as it is now."""
        from ollama_tui.tui.theme_files import read_themes

        themes, problems = read_themes(folder)
        before = self.available_themes.get(self.theme)
        for name in self.own_themes:
            self.unregister_theme(name)
        for theme in (*BUILTIN_THEMES.values(), *THEMES, *themes):
            self.register_theme(theme)
        self.own_themes = [theme.name for theme in themes]
        for problem in problems:
            self.warn(problem)
        if self.theme not in self.available_themes:
            self.theme = DEFAULT_THEME
        elif self.available_themes[self.theme] != before:
            self.mutate_reactive(App.theme)

    def warn(self, text: str) -> None:
        """Tell of something that does not stand anywhere on the screen."""
        self.notify(drawable(text), severity="warning", timeout=12, markup=False)

    def apply_keys(self) -> None:
        """Give the actions their keys."""
        self.set_keymap(dict(keymap_of(self.changed_keys)))

    def shown_keys(self, action_id: str) -> tuple[str, ...]:
        """The keys of an action, as they are in force."""
        return keys_of(action_id, self.changed_keys)

    @property
    def reads_by_keys(self) -> bool:
        """Whether letters move in the conversation while it has the focus, and are not for the prompt."""
        return self.settings.keymap == "vim"

    def draw_reduced(self, reduced: bool) -> None:
        """Draw the reduced screen, or the full one."""
        set_reduced(self, reduced)
        redraw(self)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Let a screen that paints by itself do so (8.2.8: there is no other way past the fill of every line)."""
        painting = getattr(screen, "painting", None)
        if painting is None or self.is_headless or sys.platform == "win32" or not self._running or self._batch_count:
            super()._display(screen, renderable)  # pyright: ignore[reportUnknownMemberType]
        elif renderable is not None:
            self.send_to_terminal(painting())

    def announce(self, text: str) -> None:
        """A notification by the terminal (OSC 9), for who looks elsewhere; a terminal without them ignores it."""
        self.send_to_terminal(f"\x1b]9;{one_line(text)}\x07")

    @property
    def clipboard_way(self) -> str:
        """How to copy, as it is configured."""
        return self.settings.clipboard

    def keep_clipping(self, text: str) -> None:
        """Keep a text for pasting within the program."""
        self._clipboard = text

    def send_to_terminal(self, sequence: str) -> None:
        """Write a sequence that draws nothing."""
        if self._driver is not None:
            self._driver.write(sequence)
            self._driver.flush()

    @work(group="copy")
    async def copy_to_clipboard(self, text: str) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Copy as Textual's widgets ask for it, by the same ways; what is known of it is told.

        Nothing is no text: Textual's Input would empty the clipboard where nothing is marked.
        """
        if text:
            self.notify(await copy(self, text), timeout=3, markup=False)
