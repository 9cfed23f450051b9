"""What is shown beside a conversation, or where that is narrow in place of it."""

from dataclasses import dataclass

from textual.containers import Vertical
from textual.message import Message

from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.widgets.key_line import KeyLine


class Aside(Vertical):
    """The pane decides where it stands (`tui/pane/beside.py`); what it wants it posts."""

    BINDINGS = bindings_for("aside")
    DEFAULT_CSS = """
    Aside { height: 1fr; background: $background; }
    Aside.-beside { dock: right; width: 50%; max-width: 72; height: 100%; border-left: solid $panel; }
    """

    class Left(Message):
        """The person is done with it."""

    @dataclass
    class CopyAsked(Message):
        """This text is to be copied."""

        text: str

    @property
    def is_unfinished(self) -> bool:
        """Whether something is written in it that would be lost with it."""
        return False

    def on_descendant_focus(self) -> None:
        """Which keys work here is known only now."""
        for line in self.query(KeyLine):
            line.refresh()

    def take_focus(self) -> None:
        """Let the keys come here."""
        self.focus()

    async def action_aside_close(self) -> None:
        """Go back to the conversation."""
        self.post_message(self.Left())
