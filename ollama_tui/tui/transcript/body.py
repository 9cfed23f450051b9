"""The text of a message: a person's as it was written, a model's as Markdown."""

from typing import Protocol

from ollama_tui.domain.message import Message
from ollama_tui.tui.transcript.part import Part
from ollama_tui.tui.transcript.plain import PlainText


class Body(Part, Protocol):
    """A part whose text may grow at its end."""

    def append(self, text: str) -> int:
        """Add at the end; the first line that is not as it was."""
        ...

    def code_blocks(self) -> list[str]:
        """The code of each code block, without its fences."""
        ...

    def close(self) -> int:
        """Nothing more comes; the first line that is not as it was."""
        ...


NO_BODY: Body = PlainText()


def body_of(message: Message) -> Body:
    """The body of a message."""
    return PlainText(message.text)
