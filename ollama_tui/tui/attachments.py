"""Files that go with a question: read, recognised by their first bytes, and named."""

from typing import NamedTuple

from ollama_tui.domain.message import Attachment


class FileToSend(NamedTuple):
    """A file with its bytes."""

    attachment: Attachment
    content: bytes
