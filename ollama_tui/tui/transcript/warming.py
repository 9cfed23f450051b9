"""What the first answer needs and the first paint does not: imported on the side, before an answer comes."""

from ollama_tui.tui.markdown.document import Document
from ollama_tui.tui.markdown.theme import Theme

_SAMPLE = "*a* `b`\n\n| c |\n|---|\n\n" + "".join(
    f"```{language}\nx = 1\n```\n\n" for language in ("python", "bash", "json", "javascript")
)


def warm() -> None:
    """Lay out a little of everything. Meant for a thread: Python lets the screen go on meanwhile."""
    document = Document(Theme.dark())
    document.append(_SAMPLE)
    document.close()
    document.layout()
