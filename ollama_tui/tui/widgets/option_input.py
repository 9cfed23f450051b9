"""Where an option's value is typed: a line, or for the system prompt several."""

from dataclasses import dataclass

from rich.text import Text
from textual import events
from textual.message import Message
from textual.widgets import Input, TextArea
from textual.widgets.input import Selection

from ollama_tui.domain.text import one_line


class OptionInput(Input):
    """A line; for a field with a few values, Space and the arrows at its sides go through them."""

    DEFAULT_CSS = """
    OptionInput, OptionInput:focus { border: none; height: 1; padding: 0 1; background: $panel; }
    OptionInput:focus { background: $primary 15%; }
    OptionInput.-wrong, OptionInput.-wrong:focus { background: $error 20%; }
    """

    @dataclass
    class Stepped(Message):
        """The next value (1) or the one before (-1) is wanted."""

        step: int

    class CompletionAsked(Message):
        """Tab: the rest of a path is wanted."""

    def __init__(self) -> None:
        super().__init__(select_on_focus=False)
        self.choices: tuple[str, ...] = ()
        """The values of a field that has few."""
        self.takes_path = False

    def put(self, text: str) -> None:
        """Show a value, all of it selected: what is typed takes its place, Del and Backspace take it away."""
        self.value = one_line(text)
        self.selection = Selection(0, len(self.value))

    async def _on_key(self, event: events.Key) -> None:
        step = {"space": 1, "right": 1, "left": -1}.get(event.key, 0)
        chosen = self.value in self.choices
        if self.choices and step and chosen:
            event.stop()
            event.prevent_default()
            self.post_message(self.Stepped(step))
        elif self.takes_path and event.key == "tab" and self.value:
            event.stop()
            event.prevent_default()
            self.post_message(self.CompletionAsked())
        else:
            await super()._on_key(event)


class SystemArea(TextArea):
    """Several lines; from its first and its last line the arrows lead to the fields around it."""

    DEFAULT_CSS = """
    SystemArea, SystemArea:focus {
        border: none; padding: 0 1; height: 1fr; min-height: 3; background: $panel; scrollbar-size-vertical: 1;
    }
    """

    @dataclass
    class Passed(Message):
        """The cursor is to go to the field above (-1) or below (1)."""

        step: int

    def __init__(self) -> None:
        super().__init__(show_line_numbers=False, soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False)

    def get_line(self, line_index: int) -> Text:
        """A line as it is drawn: a system prompt from a file, a preset or a model may hold controls."""
        return Text(one_line(self.document.get_line(line_index)), end="", no_wrap=True)

    def put(self, text: str) -> None:
        """Show a text."""
        self.load_text(text)
        self.move_cursor(self.document.end)

    def action_cursor_up(self, select: bool = False) -> None:
        """A line up, or out of the text."""
        if not select and self.navigator.is_first_wrapped_line(self.cursor_location):
            self.post_message(self.Passed(-1))
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """A line down, or out of the text."""
        if not select and self.navigator.is_last_wrapped_line(self.cursor_location):
            self.post_message(self.Passed(1))
        else:
            super().action_cursor_down(select)
