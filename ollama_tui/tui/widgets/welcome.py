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

from ollama_tui.tui.widgets.question import Choice


class Welcome(VerticalScroll, can_focus=False):
    """A few lines and, where there is something to choose, choices."""

    DEFAULT_CSS = """
    Welcome { height: 1fr; padding: 1 2; }
    Welcome > Static { height: auto; }
    Welcome > OptionList, Welcome > OptionList:focus {
        height: auto; border: none; margin-top: 1; padding: 0; background: transparent;
    }
    Welcome.-bare > OptionList { display: none; }
    """

    @dataclass
    class Chosen(Message):
        """The person chose."""

        choice_id: str

    @dataclass
    class Typed(Message):
        """A printable key: it belongs to the prompt."""

        character: str

    def compose(self) -> ComposeResult:
        yield Static(markup=False)
        yield OptionList(markup=False)

    def tell(self, text: Content, choices: Sequence[Choice] = ()) -> None:
        """Show `text` and the choices; with choices, the first is ready to be taken with Enter."""
        self.query_one(Static).update(text)
        options = self.query_one(OptionList)
        self.set_class(not choices, "-bare")
        shown = [(option.id, str(option.prompt)) for option in options.options]
        wanted = [(choice.id, f" {choice.key}  {choice.label}") for choice in choices]
        if shown == wanted:
            return  # rebuilding would move the cursor under the person's finger
        options.clear_options()
        options.add_options(
            Option(Content.assemble((f" {choice.key} ", "bold $text-accent"), " ", choice.label), id=choice.id)
            for choice in choices
        )
        if choices:
            options.highlighted = 0

    def take_focus(self) -> None:
        """Let the person choose."""
        self.query_one(OptionList).focus()

    @property
    def has_choices(self) -> bool:
        """Whether there is something to choose."""
        return not self.has_class("-bare")

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option.id:
            self.post_message(self.Chosen(event.option.id))

    def on_key(self, event: events.Key) -> None:
        """What is typed goes to the prompt, but for the choices' own digits."""
        options = self.query_one(OptionList)
        if event.character and event.is_printable:
            digit = int(event.character) - 1 if event.character in "123456789" else -1
            if 0 <= digit < options.option_count and self.has_choices:
                chosen = options.get_option_at_index(digit).id
                if chosen:
                    self.post_message(self.Chosen(chosen))
            else:
                self.post_message(self.Typed(event.character))
            event.stop()
