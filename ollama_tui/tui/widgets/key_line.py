"""One line of keys and what they do here, as they are configured; each can be clicked."""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.widget import Widget

from ollama_tui.tui.widgets import key_hints


class KeyLine(Widget):
    """As many keys as fit, the first the most important; a key that does nothing now is left out."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "KeyLine { height: 1; padding: 0 1; color: $text-muted; background: $surface; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._hints: tuple[tuple[str, str], ...] = ()

    def show(self, hints: Sequence[tuple[str, str]]) -> None:
        """Show the keys of these actions: an id and a short word each."""
        self._hints = tuple(hints)
        self.refresh()

    def render(self) -> Content:
        """The keys that work now."""
        return key_hints.line_of(key_hints.hints(self.screen, self._hints), self.size.width, "  ")

    async def on_click(self, event: events.Click) -> None:
        """Do what the words under the pointer say."""
        await key_hints.click(self, event)
