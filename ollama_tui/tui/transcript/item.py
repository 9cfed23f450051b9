"""One message in the transcript: its parts stacked, its lines drawn, and what stands at a cell of it."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from ollama_tui.domain.event import Notice
from ollama_tui.domain.message import Attachment, Message, Role
from ollama_tui.services.schema import Verdict
from ollama_tui.tui.signs import sign
from ollama_tui.tui.transcript import frame, words
from ollama_tui.tui.transcript.body import NO_BODY, Body, body_of, sources_of
from ollama_tui.tui.transcript.looks import Looks
from ollama_tui.tui.transcript.part import Deed, Part, Slot
from ollama_tui.tui.transcript.picture import Files, Pixels
from ollama_tui.tui.transcript.plain import PlainText
from ollama_tui.tui.transcript.standing import PLAIN, Mark
from ollama_tui.tui.transcript.thinking import ThinkingBlock

MARGIN = 1
"""Empty cells at the left and at the right."""
_STRIPS_KEPT = 512
"""Drawn lines kept of one item: several screens."""
_AROUND_TEXT = 3
"""Lines that an item has beside its text, roughly."""


def _no_pixels(file: Attachment) -> Pixels | None:  # noqa: ARG001 - a signature
    return None


def _no_verdict(message: Message) -> Verdict | None:  # noqa: ARG001 - a signature
    return None


@dataclass(slots=True)
class Surroundings:
    """What items need to be drawn beside their messages; the items of a transcript share it."""

    looks: Looks
    variants: Mapping[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    """Message id to which of how many variants it is, from 1."""
    pixels: Callable[[Attachment], Pixels | None] = _no_pixels
    verdict_of: Callable[[Message], Verdict | None] = _no_verdict
    """What an answer is as JSON, where that was asked for."""
    figures: bool = True
    """Whether figures are shown."""
    today: datetime = field(default_factory=lambda: datetime.now().astimezone())
    marks: Mapping[str, Mark] = field(default_factory=dict[str, Mark])
    """Message id to how it stood in the last prompt, where the model did not see it."""


class Item:
    """A message, laid out when it is first needed. The one that streams is a `growing.GrowingItem`."""

    streaming = False

    def __init__(self, message: Message, around: Surroundings, *, gap: int = 1) -> None:
        self.message = message
        self.around = around
        self.gap = gap
        """Empty lines before it."""
        self.last = False
        """Whether it is the last one, where what can be done next is offered."""
        self.opened: bool | None = None
        """Whether the person opened or folded the thinking; None leaves it to itself."""
        self.mark = PLAIN
        """How it stood in the last prompt."""
        self.notices: list[Notice] = []
        """What came with the turn, where that is known beside the message."""
        self.height = 0
        """Lines, once it is laid out."""
        self.body: Body = NO_BODY
        """The text, once it is laid out."""
        self.thinking: ThinkingBlock | None = None
        """The thinking, if there is any and it is laid out."""
        self._width = 0
        self._parts: dict[Slot, Part] = {}
        self._stack: list[tuple[int, Slot, Part]] = []
        """First line, slot and part, of those parts that have lines."""
        self._strips: dict[int, Strip] = {}
        self._verdict: Verdict | None = None

    @property
    def laid_out(self) -> bool:
        """Whether its lines are known, at some width."""
        return bool(self._parts)

    def fits(self, width: int) -> bool:
        """Whether its lines are known at `width` cells."""
        return self.laid_out and width == self._width

    def estimate(self, width: int) -> int:
        """About how many lines it will have."""
        text = self.message.text
        return self.gap + _AROUND_TEXT + text.count("\n") + len(text) // max(1, width - 2 * MARGIN)

    def lay_out(self, width: int) -> None:
        """Know the lines at `width` cells."""
        width = max(1, width)
        if self.fits(width):
            return
        self._width = width
        if self._parts:
            for part in self._parts.values():
                part.set_width(self._inner)
        else:
            self._build()
        self._restack()
        self._strips.clear()

    def release(self) -> None:
        """Forget the lines, which can be made again."""
        self.body, self.thinking = NO_BODY, None
        self._parts.clear()
        self._stack.clear()
        self._strips.clear()

    @property
    def _inner(self) -> int:
        return max(1, self._width - 2 * MARGIN)

    def _put(self, slot: Slot, part: Part | None) -> None:
        if part is None:
            self._parts.pop(slot, None)
        else:
            part.set_width(self._inner)
            self._parts[slot] = part

    def _build(self) -> None:
        message, around = self.message, self.around
        self._put_head()
        if message.role is Role.SUMMARY:
            label = words.summary(message)
            self.thinking = ThinkingBlock(
                message.id, around.looks, text=message.text, label=label, opened=bool(self.opened)
            )
            self._put(Slot.THINKING, self.thinking)
        else:
            self.body = body_of(message, around.looks.markdown, streaming=self.streaming)
            self._put(Slot.BODY, self.body)
        if message.thinking:
            self.thinking = ThinkingBlock(
                message.id,
                around.looks,
                text=message.thinking,
                label=words.thought(message.figures),
                opened=bool(self.opened),
            )
            self._put(Slot.THINKING, self.thinking)
        if message.attachments:
            self._put(Slot.FILES, Files(message.attachments, around.pixels, around.looks))
        self._put_foot()

    def _put_head(self) -> None:
        message, around = self.message, self.around
        self.mark = around.marks.get(message.id, PLAIN)
        variant = around.variants.get(message.id, (1, 1))
        self._put(Slot.HEAD, frame.head(message, around.looks, variant, around.today, self.mark.standing))
        note = PlainText(sign(f"┈┈ {self.mark.note} ┈┈"), around.looks.warning) if self.mark.note else None
        self._put(Slot.STANDING, note)

    def _put_foot(self) -> None:
        if self.streaming:
            return
        self._verdict = self.around.verdict_of(self.message)
        parts = frame.foot(
            self.message,
            self.around.looks,
            self.notices,
            verdict=self._verdict,
            last=self.last,
            figures=self.around.figures,
        )
        for slot in Slot:
            if Slot.TOOLS <= slot < Slot.STANDING:
                self._put(slot, parts.get(slot))

    def _restack(self) -> None:
        line = self.gap
        self._stack.clear()
        for slot in sorted(self._parts):
            part = self._parts[slot]
            if part.height:
                self._stack.append((line, slot, part))
                line += part.height
        self.height = line

    def _changed(self, slot: Slot, line: int = 0) -> int:
        """Stack the parts anew after a change at a line of a part; the first line of the item that is not as it was."""
        self._restack()
        first = next((first for first, other, _part in self._stack if other >= slot), self.height) + line
        for stale in [y for y in self._strips if y >= first]:
            del self._strips[stale]
        return first

    def set_last(self, last: bool) -> None:
        """Say whether it is the last item."""
        if last != self.last:
            self.last = last
            if self._parts:
                self._put_foot()
                self._changed(Slot.TOOLS)

    def set_verdict(self) -> None:
        """Draw the foot anew if more is known now of the answer as JSON."""
        if self._parts and not self.streaming and self.around.verdict_of(self.message) != self._verdict:
            self._put_foot()
            self._changed(Slot.TOOLS)

    def set_variants(self) -> None:
        """Draw the head anew: which of how many variants it is has changed."""
        if self._parts:
            self._put_head()
            self._changed(Slot.HEAD)

    def set_mark(self) -> None:
        """Draw it anew if it stands otherwise in the last prompt now."""
        if self._parts and self.mark != self.around.marks.get(self.message.id, PLAIN):
            self._put_head()
            self._changed(Slot.HEAD)
            self._strips.clear()

    def toggle_thinking(self) -> bool | None:
        """Open or fold the thinking, because the person wants it so; whether it is open now, None without any."""
        if not self.thinking:
            return None
        self.opened = not self.thinking.opened
        self.thinking.open(self.opened)
        self._changed(Slot.THINKING)
        return self.opened

    def offers(self) -> list[Deed]:
        """What can be done about it, the likeliest first."""
        return frame.offers(self.message) if self.last and not self.streaming else []

    # Drawing

    def strip(self, y: int) -> Strip:
        """One line over the whole width, on the transcript's ground."""
        strip = self._strips.get(y)
        if strip is None:
            if len(self._strips) >= _STRIPS_KEPT:
                self._strips.clear()
            strip = self._strips[y] = self._draw(y)
        return strip

    def _draw(self, y: int) -> Strip:
        looks = self.around.looks
        base = looks.base
        found = self._part_at(y)
        if not found:
            return Strip.blank(self._width, base)
        first, slot, part = found
        faint = looks.faint if self.mark.standing and slot is not Slot.STANDING else None
        segments = [Segment(" " * MARGIN, base)]
        used = MARGIN
        for text, style, _control in (*part.segments(y - first), *self._trailing(y)):
            drawn = base + style if style else base
            segments.append(Segment(text, drawn + faint if faint else drawn))
            used += cell_len(text)
        # One strip, and of the whole width: each of Textual's costs about 15 µs (8.2.8).
        segments.append(Segment(" " * max(0, self._width - used), base))
        strip = Strip(segments, max(used, self._width))
        return strip if used <= self._width else strip.crop(0, self._width)

    def _trailing(self, y: int) -> list[Segment]:  # noqa: ARG002 - for an item that grows
        return []

    def _part_at(self, y: int) -> tuple[int, Slot, Part] | None:
        for first, slot, part in self._stack:
            if first <= y < first + part.height:
                return first, slot, part
        return None

    def deed_at(self, x: int, y: int) -> Deed | None:
        """What a click there does."""
        found = self._part_at(y)
        return found[2].deed_at(x - MARGIN, y - found[0]) if found else None

    # Places: a slot and an offset in the source of the part there

    def locate(self, x: int, y: int) -> tuple[int, int]:
        """The place shown at a cell, or the one before it."""
        found = self._part_at(y)
        if not found:
            return 0, 0
        first, slot, part = found
        return slot, part.locate(x - MARGIN, y - first)

    def line_of(self, place: tuple[int, int]) -> int:
        """The line that shows a place of a part's source, or comes nearest."""
        slot, offset = place
        found = next(((first, part) for first, other, part in self._stack if other >= slot), None)
        if not found:
            return max(0, self.height - 1)
        first, part = found
        return (
            first + bisect_right(range(part.height), offset, key=lambda y: part.locate(0, y)) - 1 if offset else first
        )

    def sources(self) -> list[tuple[int, str]]:
        """Slot and source of what is said and thought, in reading order, laid out or not."""
        said, thought = sources_of(self.message)
        return [(slot, text) for slot, text in ((Slot.THINKING, thought), (Slot.BODY, said)) if text]

    def source_at(self, slot: int) -> str:
        """The source of a part; empty if there is none."""
        part = self._parts.get(Slot(slot))
        return part.source if part else ""

    def cells(self, y: int, start: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int]]:
        """The cells of a line, as (first, after the last), that show something between two places."""
        found = self._part_at(y)
        if not found:
            return []
        first, slot, part = found
        if not start[0] <= slot <= end[0] or not part.source:
            return []
        begin = start[1] if slot == start[0] else 0
        finish = end[1] if slot == end[0] else len(part.source)
        return [(left + MARGIN, right + MARGIN) for left, right in part.cells(y - first, begin, finish)]

    def cut(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        """The source between two places."""
        pieces: list[str] = []
        for slot in sorted(self._parts):
            if start[0] <= slot <= end[0]:
                source = self._parts[slot].source
                begin = start[1] if slot == start[0] else 0
                pieces.append(source[begin : end[1]] if slot == end[0] else source[begin:])
        return "\n\n".join(piece for piece in pieces if piece)
