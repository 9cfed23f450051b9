"""What a search found: titles in a line each, messages in two: who said it and when, and what stands around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ollama_tui.domain.hit import Hit
from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import Role
from ollama_tui.domain.text import one_line
from ollama_tui.tui.copied.plain import without_marks
from ollama_tui.tui.signs import sign
from ollama_tui.tui.transcript.words import clock

_NEAR_END = 10
"""Hits before the last one at which more are asked for."""


class HitList(ScrollView, can_focus=False):
    """Shows hits it is given, with a cursor; the field above keeps the focus."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "hit-list--title",
        "hit-list--muted",
        "hit-list--found",
        "hit-list--cursor",
    }
    DEFAULT_CSS = """
    HitList {
        height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; color: $foreground;
        & > .hit-list--title { color: $text-primary; text-style: bold; }
        & > .hit-list--muted { color: $text-muted; }
        & > .hit-list--found { color: $text-warning; text-style: bold underline; }
        & > .hit-list--cursor { background: $primary 35%; }
    }
    """

    cursor: reactive[int] = reactive(0)
    """Which hit, from 0."""

    @dataclass
    class Chosen(Message):
        """Open it."""

        hit: Hit

    class MoreRequested(Message):
        """The end of what was given comes into sight."""

    def __init__(self) -> None:
        super().__init__()
        self._hits: tuple[Hit, ...] = ()
        self._words: tuple[str, ...] = ()
        self._lines: list[tuple[int, int]] = []
        """Which hit each line is of, and which of its lines: 0 and 1; -1 for a heading above it."""
        self._tops: list[int] = []
        """The first line of each hit."""

    @property
    def hits(self) -> tuple[Hit, ...]:
        """What is shown."""
        return self._hits

    @property
    def hit(self) -> Hit | None:
        """The one under the cursor."""
        return self._hits[self.cursor] if self.cursor < len(self._hits) else None

    def show(self, hits: Sequence[Hit], words: Sequence[str] = (), *, stay: bool = False) -> None:
        """Show these, or `words`, a paragraph each, where there are none; with `stay` the cursor keeps its hit."""
        before = self.hit
        self._hits, self._words = tuple(hits), tuple(words)
        place = next((at for at, hit in enumerate(self._hits) if before and _key(hit) == _key(before)), 0)
        self._measure()
        self.set_reactive(HitList.cursor, place if stay else 0)
        if not stay:
            self.scroll_to(y=0, animate=False)
        self.refresh()

    def add(self, hits: Sequence[Hit]) -> None:
        """Show more after the others."""
        self._hits = (*self._hits, *hits)
        self._measure()
        self.refresh()

    def move(self, hits: int) -> None:
        """So many hits down, or up."""
        self.cursor += hits

    @property
    def page(self) -> int:
        """Hits in a screenful, less one."""
        return max(1, self.size.height // 2 - 1)

    def validate_cursor(self, cursor: int) -> int:
        """Within the hits."""
        return max(0, min(cursor, len(self._hits) - 1))

    def watch_cursor(self) -> None:
        """Scroll as little as needed."""
        self.refresh()
        if not self._hits:
            return
        first = self._tops[self.cursor]
        last = first + (self._hits[self.cursor].part != "title")
        while first > 0 and self._lines[first - 1][1] < 0:
            first -= 1  # its heading is seen, too
        top, room = self.scroll_offset.y, self.size.height
        if first < top:
            self.scroll_to(y=first, animate=False)
        elif last >= top + room:
            self.scroll_to(y=last - room + 1, animate=False)
        self._look_ahead(self.cursor)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        line = min(round(new_value) + self.size.height, len(self._lines) - 1)
        if self._lines:
            self._look_ahead(self._lines[line][0])

    def _look_ahead(self, place: int) -> None:
        if self._hits and place >= len(self._hits) - _NEAR_END:
            self.post_message(self.MoreRequested())

    def on_resize(self) -> None:
        """Wrap the words anew."""
        self._measure()

    def on_click(self, event: events.Click) -> None:
        """A click opens."""
        place = event.get_content_offset(self)
        line = place.y + self.scroll_offset.y if place else -1
        if 0 <= line < len(self._lines) and self._lines[line][1] >= 0:
            event.stop()
            index = self.cursor = self._lines[line][0]
            self.post_message(self.Chosen(self._hits[index]))

    # Drawing

    def _measure(self) -> None:
        lines: list[tuple[int, int]] = []
        self._tops = []
        headed = any(hit.part == "title" for hit in self._hits) and any(hit.part != "title" for hit in self._hits)
        for index, hit in enumerate(self._hits):
            titles = hit.part == "title"
            if headed and (not index or titles != (self._hits[index - 1].part == "title")):
                lines.append((index, -1))
            self._tops.append(len(lines))
            lines += [(index, 0)] if titles else [(index, 0), (index, 1)]
        self._lines = lines
        self.virtual_size = Size(0, max(1, len(lines) or len(self._word_lines())))

    def _word_lines(self) -> list[str]:
        width = max(10, self.size.width - 2)
        return [line.plain for words in self._words for line in Content(words).wrap(width, overflow="fold")]

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.size.width
        line = y + self.scroll_offset.y
        base = self.rich_style
        if not self._hits:
            lines = self._word_lines()
            text = f" {lines[line]}" if line < len(lines) else ""
            return Strip([Segment(text, base + self._look("muted"))]).adjust_cell_length(width, base)
        if line >= len(self._lines):
            return Strip.blank(width, base)
        index, part = self._lines[line]
        if part < 0:
            heading = _("Titles") if self._hits[index].part == "title" else _("Messages")
            return Strip([Segment(f" {heading}", base + self._look("muted"))]).adjust_cell_length(width, base)
        if index == self.cursor:
            base = self.get_component_rich_style("hit-list--cursor")
        segments = self._head(index, width) if part == 0 else self._around(self._hits[index], width)
        drawn = [Segment(text, base + style if style else base) for text, style, _control in segments]
        return Strip(drawn).adjust_cell_length(width, base)

    def _look(self, name: str) -> Style:
        style = self.get_component_rich_style(f"hit-list--{name}")
        return Style(color=style.color, bold=style.bold, underline=style.underline, italic=style.italic)

    def _head(self, index: int, width: int) -> list[Segment]:
        """The conversation's title where it is another than that of the hit above, who said it, and when."""
        hit = self._hits[index]
        muted = self._look("muted")
        before = self._hits[index - 1] if index else None
        right = [clock(hit.created_at, datetime.now().astimezone())]
        right[:0] = [f"#{one_line(tag)}" for tag in hit.tags]
        right[:0] = [word for word, holds in ((_("archived"), hit.archived), (_("deleted"), hit.deleted)) if holds]
        right[:0] = [_("pinned")] if hit.pinned else []
        told = f"  {'  '.join(right)} "
        room = max(0, width - cell_len(told))
        if hit.part == "title":
            left = [Segment(" "), *self._marked(hit.title, hit.spans, room - 2, self._look("title"))]
            model = f"  {one_line(hit.model).removesuffix(':latest')}"
            if sum(cell_len(text) for text, _style, _control in left) + cell_len(model) <= room:
                left.append(Segment(model, muted))
        else:
            who = self._who(hit)
            same = before is not None and before.part != "title" and before.conversation_id == hit.conversation_id
            if same:
                left = [Segment(f"   {who}", muted)]
            else:
                title = _cut(one_line(hit.title) or _("Untitled"), max(8, room - cell_len(who) - 4))
                left = [Segment(f" {title}", self._look("title")), Segment(sign(" · "), muted), Segment(who, muted)]
        strip = Strip(left).adjust_cell_length(room)
        return [*strip, Segment(told, muted)]

    @staticmethod
    def _who(hit: Hit) -> str:
        match hit.role:
            case Role.USER:
                who = _("You")
            case Role.ASSISTANT:
                who = one_line(hit.model).removesuffix(":latest") or _("Model")
            case Role.SYSTEM:
                who = _("System")
            case Role.TOOL:
                who = _("Tool")
            case _:
                who = _("Summary")
        return _("{who}, thinking").format(who=who) if hit.part == "thinking" else who

    def _around(self, hit: Hit, width: int) -> list[Segment]:
        """What stands around the words."""
        text, spans = hit.snippet, hit.spans
        if hit.role in (Role.ASSISTANT, Role.SUMMARY):
            text, spans = without_marks(text, spans)
        return [Segment("   "), *self._marked(text, spans, width - 4, Style.null())]

    def _marked(self, text: str, spans: Sequence[tuple[int, int]], room: int, style: Style) -> list[Segment]:
        """`text` in at most `room` cells, with its spans marked; the first one is in sight."""
        text = one_line(text.replace("\r", " "))
        start = 0
        if spans:
            first, end = spans[0]
            if cell_len(text[:end]) > room * 2 // 3:
                start = first
                while start > 0 and cell_len(text[start - 1 : first]) < room // 4:
                    start -= 1
        segments = [Segment(sign("…"), style)] if start else []
        if text.startswith("…"):  # it was cut out of a longer one
            segments, start = [Segment(sign("…"), style)], max(start, 1)
        found = self._look("found")
        for begin, end in spans:
            segments += [Segment(text[start:begin], style), Segment(text[begin:end], found)]
            start = end
        segments.append(Segment(text[start:], style))
        strip = Strip(segments)
        if strip.cell_length > room:
            strip = Strip([*strip.crop(0, max(0, room - 1)), Segment(sign("…"), style)])
        return list(strip)


def _key(hit: Hit) -> tuple[str, str | None]:
    return hit.conversation_id, hit.message_id


def _cut(text: str, width: int) -> str:
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + sign("…")
