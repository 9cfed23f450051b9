"""The program where it meets the terminal: what is drawn, and what is written to the terminal beside that."""

import sys

from rich.console import RenderableType
from textual import work
from textual.app import App
from textual.color import Color
from textual.driver import Driver
from textual.screen import Screen

from ollama_tui.config.settings import Settings
from ollama_tui.domain.text import one_line
from ollama_tui.tui.actions import keys_of
from ollama_tui.tui.clipboard import copy
from ollama_tui.tui.guard import TerminalGuard
from ollama_tui.tui.keymaps import changed_keys, keymap_of
from ollama_tui.tui.monochrome import NoColours
from ollama_tui.tui.reduced import PlainStylesheet, redraw, set_reduced


class Surface(App[int]):
    """An app that sends nothing harmful, copies by the way that works, and can be drawn reduced and without colours."""

    def __init__(self, settings: Settings, driver_class: type[Driver] | None) -> None:
        super().__init__(driver_class=driver_class)
        self.settings = settings
        self.changed_keys = changed_keys(settings.keymap, settings.keys)
        """The keys of actions that are not the table's, by id."""
        self.stylesheet = PlainStylesheet(variables=self.get_css_variables())
        if self.no_color:
            self._filters[-1:] = [NoColours(lambda: Color.parse(self.theme_variables["background"]))]
        self._filters.append(TerminalGuard())

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
