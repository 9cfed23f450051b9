"""One line of keys and what they do here, as they are configured; each can be clicked."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from ollama_tui.tui.actions import UNBOUND, key_sign
from ollama_tui.tui.terminal import app_of


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
        keys: dict[str, str] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.id and active.enabled and not active.binding.key.startswith(UNBOUND):
                keys.setdefault(active.binding.id, active.binding.key)
        room = self.size.width
        pieces: list[Content] = []
        for action, word in self._hints:
            if action not in keys:
                continue
            sign = key_sign(keys[action])
            width = cell_len(sign) + 1 + cell_len(word) + (2 if pieces else 0)
            if width > room:
                break
            room -= width
            if pieces:
                pieces.append(Content("  "))
            hint = Content.assemble((sign, "bold $text"), " ", word)
            pieces.append(hint.stylize(Style.from_meta({"does": action})))
        return Content("").join(pieces)

    async def on_click(self, event: events.Click) -> None:
        """Do what the words under the pointer say."""
        action = event.style.meta.get("does")
        for active in self.screen.active_bindings.values():
            if action and active.binding.id == action:
                event.stop()
                await app_of(self).run_action(active.binding.action, active.node)
                return
