"""Markdown for the terminal, drawn while it is being written."""

from ollama_tui.tui.markdown.document import CodeBlock, Document
from ollama_tui.tui.markdown.theme import Theme

__all__ = ["CodeBlock", "Document", "Theme"]
