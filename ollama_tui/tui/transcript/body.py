"""The text of a message: a model's as Markdown, any other as it was written."""

from typing import Protocol

from ollama_tui.domain.message import Message, Role
from ollama_tui.tui.markdown.theme import Theme
from ollama_tui.tui.transcript.part import Part
from ollama_tui.tui.transcript.plain import PlainText
from ollama_tui.tui.transcript.prose import Prose


class Body(Part, Protocol):
    """A part whose text may grow at its end."""

    @property
    def empty(self) -> bool:
        """Whether it has no text."""
        ...

    def append(self, text: str) -> int:
        """Add at the end; the first line that is not as it was."""
        ...

    def close(self) -> int:
        """Nothing more comes; the first line that is not as it was."""
        ...

    def code_blocks(self) -> list[str]:
        """The code of each code block, without its fences."""
        ...


NO_BODY: Body = PlainText()


def body_of(message: Message, theme: Theme, *, streaming: bool) -> Body:
    """The body of a message; of one that streams, to be added to."""
    if not _is_markdown(message):
        return PlainText(message.text)
    prose = Prose(theme, message.text)
    if not streaming:
        prose.close()
    return prose


def _is_markdown(message: Message) -> bool:
    """Whether a text is to be laid out: a model's is, but for JSON that was asked for, gone on with or not."""
    if message.role not in (Role.ASSISTANT, Role.SUMMARY):
        return False
    sent = message.sent
    if sent is None:
        return True
    return sent.format is None and not (sent.continued_raw and message.text.lstrip().startswith(("{", "[")))


def sources_of(message: Message) -> tuple[str, str]:
    """The source of a finished message's body and that of its thinking, as their parts have them once they are made."""
    text = message.text.replace("\r", "")
    if not _is_markdown(message):
        text = text.lstrip("\n")
    return text, message.thinking.replace("\r", "").lstrip("\n")
