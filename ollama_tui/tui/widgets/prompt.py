"""The prompt: where the person writes, with what stands around it while they do."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message

from ollama_tui.domain.i18n import _
from ollama_tui.tui.attachments import FileToSend
from ollama_tui.tui.slash import Command
from ollama_tui.tui.widgets.prompt_area import PromptArea
from ollama_tui.tui.widgets.prompt_keys import prompt_bindings

Recall = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives at most so many earlier prompts that contain a text, newest first."""


class Prompt(Vertical):
    """A text to be sent. It keeps nothing: what it is given it shows, what is written in it it posts."""

    BINDINGS: ClassVar[list[BindingType]] = prompt_bindings()

    DEFAULT_CSS = """
    Prompt {
        height: auto;
        border-top: solid $panel;
        &:focus-within { border-top: solid $primary; }
    }
    """

    @dataclass
    class Submitted(Message):
        """The person sends `text` and `files` (each with its bytes)."""

        text: str
        files: tuple[FileToSend, ...] = ()

    @dataclass
    class Command(Message):
        """The person gives a command."""

        command: Command

    @dataclass
    class DraftChanged(Message):
        """What is written changed a moment ago."""

        text: str

    @dataclass
    class Unqueued(Message):
        """The person takes the queued question `id` back."""

        id: str

    def __init__(self, *, recall: Recall | None = None) -> None:
        super().__init__()
        self._recall = recall

    def compose(self) -> ComposeResult:
        yield PromptArea(
            placeholder=_("Ask anything, / for commands, @ to attach"), highlight_cursor_line=False, id="prompt-text"
        )

    @property
    def area(self) -> PromptArea:
        """The text's own widget."""
        return self.query_one(PromptArea)

    @property
    def text(self) -> str:
        """What is written."""
        return self.area.text

    def take_focus(self) -> None:
        """Let the keys come here."""
        self.area.focus()

    def set_queued(self, queued: Sequence[tuple[str, str]]) -> None:
        """Show the questions (id and text) that wait behind a running answer."""

    def load_draft(self, text: str) -> None:
        """Show `text`, kept from before."""
        self.area.rewrite(text)
        self.area.history.clear()

    def insert_text(self, text: str) -> None:
        """Put `text` where the cursor is."""
        self.area.write(text)

    def action_prompt_send(self) -> None:
        """Send what is written."""
        text = self.text.strip()
        if text:
            self.area.rewrite("")
            self.post_message(self.Submitted(text))

    def action_prompt_newline(self) -> None:
        """Begin a new line."""
        self.area.write("\n")
