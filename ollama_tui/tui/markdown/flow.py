"""Styled text that is broken into rows while it grows."""

from collections.abc import Callable

from ollama_tui.tui.markdown.row import Span, cut, joined
from ollama_tui.tui.markdown.wrap import Range, wrap


class Flow:
    """Rows of at most `width` cells. What is fed later changes only the last of them, the open row."""

    __slots__ = ("_wrap", "open", "rows", "width")

    def __init__(self, width: int, breaks: Callable[[str, int], list[Range]] = wrap) -> None:
        self.width = width
        self.rows: list[list[Span]] = []
        self.open: list[Span] = []
        self._wrap = breaks

    def feed(self, spans: list[Span]) -> None:
        """Add text at the end."""
        rows = self._broken(spans)
        self.open = rows.pop()
        self.rows += rows

    def ended(self, spans: list[Span]) -> list[list[Span]]:
        """The rows after the finished ones, were the text to end after `spans`. The flow stays as it was."""
        rows = self._broken(spans) if spans else [self.open]
        if not rows[-1] and (len(rows) > 1 or self.rows):
            rows.pop()
        if rows:
            rows[-1] = _without_trailing_spaces(rows[-1])
        return rows

    def _broken(self, spans: list[Span]) -> list[list[Span]]:
        spans = joined([*self.open, *spans])
        return cut(spans, self._wrap("".join([span.text for span in spans]), self.width))


def _without_trailing_spaces(spans: list[Span]) -> list[Span]:
    spans = list(spans)
    while spans:
        last = spans[-1]
        text = last.text.rstrip(" ")
        if len(text) == len(last.text) or last.length != len(last.text):
            break
        spans.pop()
        if text:
            spans.append(Span(text, last.style, last.at, len(text), last.url))
            break
    return spans
