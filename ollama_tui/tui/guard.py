"""The last line before the terminal: no control character leaves, whatever a widget forgot.

Text is made harmless where it enters (`domain.text`); Textual itself writes what it is given (8.2.8, strip.py
`render_ansi`), so this filter looks once more at every segment that is drawn.
"""

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from ollama_tui.domain.text import one_line

_HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class TerminalGuard(LineFilter):
    """Makes every drawn segment harmless; costs one regular expression a segment."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The segments, with what a terminal would obey made visible."""
        search = _HARMFUL.search
        if not any(search(segment.text) for segment in segments):
            return segments
        return [
            Segment(one_line(text), style, control) if search(text) else Segment(text, style, control)
            for text, style, control in segments
        ]
