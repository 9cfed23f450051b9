"""What stands where there is no conversation yet: what the program found, and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ollama_tui.tui.widgets.choices import Choices
from ollama_tui.tui.widgets.question import Choice


class Welcome(VerticalScroll, can_focus=False):
    """A few lines and, where there is something to choose, choices."""

    DEFAULT_CSS = """
    Welcome { height: 1fr; padding: 1 2; }
    Welcome > Static { height: auto; }
    Welcome > OptionList, Welcome > OptionList:focus {
        height: auto; border: none; margin-top: 1; padding: 0; background: transparent;
    }
    """

    @dataclass
    class Chosen(Message):
        """The person chose."""

        choice_id: str

    @dataclass
    class Asked(Message):
        """What was clicked stands for this action."""

        action_id: str

    @dataclass
    class Typed(Message):
        """A printable key: it belongs to the prompt."""

        character: str

    def __init__(self) -> None:
        super().__init__()
        self._choices: tuple[Choice, ...] = ()

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def tell(self, text: Content, choices: Sequence[Choice] = ()) -> None:
        """Show `text` and the choices; with choices, the first is ready to be taken with Enter."""
        self.query_one(Static).update(text)
        if tuple(choices) == self._choices:
            return  # rebuilding would move the cursor under the person's finger
        self._choices = tuple(choices)
        self.query(Choices).remove()
        if choices:
            options = Choices(*map(_option, choices), markup=False)
            self.mount(options)
            options.highlighted = 0

    def take_focus(self) -> None:
        """Let the person choose."""
        self.screen.set_focus(self.query(Choices).last())  # at once: the next key belongs here

    def choose(self) -> None:
        """Take the choice that is marked, if there is one."""
        for choices in self.query(Choices):
            choices.action_select()

    @property
    def has_choices(self) -> bool:
        """Whether there is something to choose."""
        return bool(self._choices)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option.id:
            self.post_message(self.Chosen(event.option.id))

    def on_click(self, event: events.Click) -> None:
        """A click on a key's line does what the key does."""
        if action_id := event.style.meta.get("does"):
            event.stop()
            self.post_message(self.Asked(str(action_id)))

    def on_key(self, event: events.Key) -> None:
        """What is typed goes to the prompt, but for the choices' own keys."""
        if event.character and event.is_printable:
            chosen = next((choice for choice in self._choices if choice.key == event.character), None)
            self.post_message(self.Chosen(chosen.id) if chosen else self.Typed(event.character))
            event.stop()


def _option(choice: Choice) -> Option:
    return Option(Content.assemble((f" {choice.key} ", "bold $text-accent"), " ", choice.label), id=choice.id)
