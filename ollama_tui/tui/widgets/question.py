"""A question to the person, beside what it is about not over it: a line, choices with a key each, or a field."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from ollama_tui.domain.text import one_line
from ollama_tui.tui.keymaps import done_by
from ollama_tui.tui.widgets.asking import Asking
from ollama_tui.tui.widgets.choices import Choices


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to answer."""

    id: str
    label: str
    key: str = ""
    """A printable key that chooses it."""


class Question(Asking[str]):
    """A line with choices, or with a field: the answer is the id of the choice, or the text of the field."""

    DEFAULT_CSS = """
    Question > OptionList, Question > OptionList:focus {
        height: auto; max-height: 12; border: none; padding: 0; background: transparent;
    }
    Question > Input, Question > Input:focus { border: none; height: 1; padding: 0; background: $panel; }
    """

    def __init__(
        self,
        text: str,
        choices: Sequence[Choice] = (),
        *,
        field: str | None = None,
        placeholder: str = "",
        heeds_strays: bool = False,
        unbidden: bool = False,
    ) -> None:
        """What is to become of a printable key that chooses nothing; by itself, nothing does.

        `heeds_strays`: it leaves the question unanswered, so that what was meant for a field never comes to the letter
        that says yes. `unbidden`: it is written where it was, as the person did not ask for the question.
        """
        super().__init__()
        self._heeds_strays = heeds_strays
        self._unbidden = unbidden
        self._text = text
        self._choices = tuple(choices)
        self._field = field
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        yield Static(Content(self._text))
        if self._field is not None:
            yield Input(self._field, placeholder=self._placeholder, select_on_focus=False)
        else:
            yield Choices(*(self._option(choice) for choice in self._choices), markup=False)

    @staticmethod
    def _option(choice: Choice) -> Option:
        key = Content.styled(f" {choice.key} ", "bold $text-accent") if choice.key else Content("   ")
        return Option(Content.assemble(key, one_line(choice.label)), id=choice.id)

    def take_focus(self) -> None:
        """Let the person answer."""
        target: Widget = self.query_one(Input if self._field is not None else OptionList)
        self.screen.set_focus(target)  # at once: the next key belongs here

    @on(Input.Submitted)
    def _take_text(self, event: Input.Submitted) -> None:
        event.stop()
        self.settle(event.value)

    @on(OptionList.OptionSelected)
    def _take_choice(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.settle(event.option.id)

    def on_key(self, event: events.Key) -> None:
        """Esc goes away; a choice's own key chooses it."""
        if done_by(self, "question", event.key) == "question.close":
            self.settle(None)
        elif self._field is None and (
            chosen := next((choice for choice in self._choices if choice.key == event.character), None)
        ):
            self.settle(chosen.id)
        elif not event.is_printable or self._unbidden:
            return
        elif self._heeds_strays:
            self.settle(None)
        event.stop()
        event.prevent_default()
