"""The answer that streams: what came since the last look is added to its parts, and nothing else is touched."""

import time
from dataclasses import replace

from rich.cells import cell_len
from rich.segment import Segment

from ollama_tui.domain.event import Ended, Notice, Text, Thinking
from ollama_tui.domain.message import Figures
from ollama_tui.domain.text import storable
from ollama_tui.services.live import LiveTurn
from ollama_tui.tui.signs import sign
from ollama_tui.tui.transcript import frame, words
from ollama_tui.tui.transcript.item import Item, Surroundings
from ollama_tui.tui.transcript.part import Slot
from ollama_tui.tui.transcript.row import Row, Word
from ollama_tui.tui.transcript.thinking import ThinkingBlock

PATIENCE = 0.3
"""Seconds before it is said what is waited for."""


class GrowingItem(Item):
    """An item that follows a live turn until it is done, and then is an item like the others."""

    def __init__(self, live: LiveTurn, around: Surroundings, *, gap: int = 1) -> None:
        # The partial answer that it may go on from comes with the first events.
        super().__init__(replace(live.answer, text="", thinking=""), around, gap=gap)
        self.live = live
        self.streaming = True
        self._read = 0
        """How many events are in the parts."""
        self._thought = 0
        """Pieces of thinking that came in this turn."""
        self._growing: Slot | None = None
        """The part that ends with the cursor."""

    def release(self) -> None:
        """Forget the lines, which are made again from all events."""
        super().release()
        self._read = self._thought = 0
        self._growing = None
        if self.streaming:
            self.notices.clear()

    def poll(self, *, may_fold: bool = True) -> int | None:
        """Take what is new; the first line that is not as it was, None if all is.

        `may_fold` lets the thinking fold by itself when the answer begins.
        """
        if not self.streaming or not self.laid_out:
            return None
        live = self.live
        done = live.done  # before the events are read: what comes after is for the next look
        changes = [self._take(may_fold=may_fold), self._label(), self._wait()]
        if done:
            changes.append(self._finish())
        return min((change for change in changes if change is not None), default=None)

    def _take(self, *, may_fold: bool) -> int | None:
        events = self.live.events
        begin, end = self._read, len(events)
        if begin == end:
            return None
        self._read = end
        text: list[str] = []
        thinking: list[str] = []
        told = len(self.notices)
        for index in range(begin, end):
            match events[index]:
                case Text() as event:
                    text.append(event.text)
                case Thinking() as event:
                    thinking.append(event.text)
                    self._thought += index >= self.live.carried
                case Notice() as event:
                    self.notices.append(event)
                case _:
                    pass
        changes: list[int] = []
        if thinking:
            changes.append(self._think(storable("".join(thinking))))
        if text:
            changes.append(self._say(storable("".join(text)), may_fold=may_fold))
        if len(self.notices) > told:
            self._put(Slot.NOTICES, frame.told_by(self.notices, self.around.looks))
            changes.append(self._changed(Slot.NOTICES))
        if isinstance(events[end - 1], Ended) and self._growing is not None:
            slot, self._growing = self._growing, None
            changes.append(self._changed(slot, max(0, self._parts[slot].height - 1)))
        return min(changes, default=None)

    def sources(self) -> list[tuple[int, str]]:
        """As far as it has come."""
        if not self.streaming:
            return super().sources()
        thought = [(int(Slot.THINKING), self.thinking.text)] if self.thinking else []
        return [*thought, (int(Slot.BODY), self.body.source)]

    def _think(self, text: str) -> int:
        before = self._end_of(self._growing)
        if self.thinking is None:
            opened = self.opened if self.opened is not None else not self._said
            self.thinking = ThinkingBlock(self.message.id, self.around.looks, opened=opened)
            self.thinking.append(text)
            self._put(Slot.THINKING, self.thinking)
            line = 0
        else:
            line = self.thinking.append(text)
        if self.thinking.opened and not self._said:
            self._growing = Slot.THINKING
        return self._changed(Slot.THINKING, min(line, before))

    def _say(self, text: str, *, may_fold: bool) -> int:
        began = not self._said
        before = self._end_of(Slot.BODY)
        line = self.body.append(text)
        self._growing = Slot.BODY
        if not began:
            return self._changed(Slot.BODY, min(line, before))
        if self.thinking and self.opened is None and may_fold:
            self.thinking.open(False)
        return self._changed(Slot.THINKING)

    @property
    def _said(self) -> bool:
        """Whether the answer proper has begun."""
        return not self.body.empty

    def _end_of(self, slot: Slot | None) -> int:
        """The last line of a part that has the cursor."""
        part = self._parts.get(slot) if slot is not None else None
        return max(0, part.height - 1) if part else 0

    def _label(self) -> int | None:
        """Say how long it has been thinking, or how long it thought."""
        if not self.thinking:
            return None
        live = self.live
        began = live.first_token_at or live.started
        ended = live.answer_began_at
        if ended is None and not self._said:
            label = words.thinking(time.monotonic() - began)
        else:
            duration = int(((ended or began) - began) * 1e9)
            label = words.thought(Figures(thinking_duration=duration, thinking_tokens=self._thought))
        return self._changed_head() if self.thinking.label(label) else None

    def _changed_head(self) -> int:
        """Only the first line of the thinking has changed."""
        first = next(first for first, slot, _part in self._stack if slot is Slot.THINKING)
        self._strips.pop(first, None)
        return first

    def _wait(self) -> int | None:
        """Say what is waited for, after a while and as long as nothing has come."""
        live = self.live
        nothing = self._read <= live.carried and live.first_token_at is None and not live.done
        if nothing and live.seconds >= PATIENCE:
            word = Word(sign(words.waiting(live.waiting, live.seconds)), self.around.looks.dim)
            row = Row([word])
            shown = self._parts.get(Slot.WAITING)
            if isinstance(shown, Row) and shown.says(row):
                return None
            self._put(Slot.WAITING, row)
            return self._changed(Slot.WAITING)
        if Slot.WAITING in self._parts and not nothing:
            self._put(Slot.WAITING, None)
            return self._changed(Slot.WAITING)
        return None

    def _finish(self) -> int:
        """Become the finished message."""
        self.streaming = False
        self._growing = None
        self.message = self.live.answer
        line = self.body.close()
        self._put(Slot.WAITING, None)
        if self.thinking:
            self.thinking.label(words.thought(self.message.figures))
        self._put_foot()
        if self.thinking or self.body.empty:
            return self._changed(Slot.THINKING)
        return self._changed(Slot.BODY, max(0, min(line, self.body.height - 1)))

    def _trailing(self, y: int) -> list[Segment]:
        """The cursor, after the last character, where it fits."""
        if self._growing is None:
            return []
        found = self._part_at(y)
        if not found:
            return []
        first, slot, part = found
        if slot is not self._growing or y != first + part.height - 1:
            return []
        used = sum(cell_len(segment.text) for segment in part.segments(y - first))
        return [Segment(sign("▌"), self.around.looks.cursor)] if used < self._inner else []
