"""The prompt's text: a TextArea whose keys act in the order they were typed and into which nothing unclean comes."""

from typing import ClassVar, cast

from textual import actions, events
from textual._callback import invoke
from textual.actions import SkipAction
from textual.app import App
from textual.binding import BindingType
from textual.widgets import TextArea

from ollama_tui.domain.text import drawable
from ollama_tui.tui.terminal import let_keys_in
from ollama_tui.tui.widgets.prompt_keys import editing_bindings

# Format and space characters that input methods type and `str.isprintable` denies: the joiners that hold an emoji or a
# Persian word together, and the spaces of Chinese and French.
_TYPED = frozenset("\u200c\u200d\u3000\u00a0\u202f\u2009")
_MODIFIERS = ("alt+", "ctrl+", "super+", "meta+", "hyper+")


class PromptArea(TextArea, inherit_bindings=False):
    """The text of a prompt. Its parent, the Prompt, knows what Enter and the like mean."""

    BINDINGS: ClassVar[list[BindingType]] = editing_bindings()

    DEFAULT_CSS = """
    PromptArea, PromptArea:focus {
        height: auto;
        max-height: 33vh;
        border: none;
        padding: 0 1;
        background: transparent;
        scrollbar-size-vertical: 1;
    }
    """

    def on_focus(self) -> None:
        """From now on keys have somewhere to go."""
        let_keys_in(cast("App[object]", self.app))

    async def _on_key(self, event: events.Key) -> None:
        """Type a character, or do at once what the key is bound to.

        Textual lets a key bubble to the app before it looks for its binding. Letters typed behind it overtake it
        meanwhile: of `a` Backspace `b` in one packet `b` would be deleted, and Enter would send what came after it.
        """
        character = event.character
        if character is not None and not event.key.startswith(_MODIFIERS):
            if event.is_printable:
                return
            if character in _TYPED:
                event.stop()
                event.prevent_default()
                self.replace(character, *self.selection, maintain_selection_offset=False)
                return
        event.prevent_default()
        bound = self.screen.active_bindings.get(event.key)
        if bound is None or not bound.enabled or bound.node not in (self, self.parent):
            return
        _, name, params = actions.parse(bound.binding.action)
        try:
            await invoke(getattr(bound.node, f"action_{name}"), *params)
        except SkipAction:
            return
        event.stop()

    def write(self, text: str) -> None:
        """Put `text` in place of what is selected."""
        self.replace(drawable(text), *self.selection, maintain_selection_offset=False)

    def rewrite(self, text: str) -> None:
        """Put `text` in place of everything; undo brings the old text back."""
        self.replace(drawable(text), (0, 0), self.document.end, maintain_selection_offset=False)

    def action_cursor_text_start(self) -> None:
        """Go to the beginning of the text."""
        self.move_cursor((0, 0))

    def action_cursor_text_end(self) -> None:
        """Go to the end of the text."""
        self.move_cursor(self.document.end)
