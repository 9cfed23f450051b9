"""The conversation as it is read: every message, and the answer while it comes."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from textual import events
from textual.message import Message as Posted
from textual.timer import Timer

from ollama_tui.domain.message import Attachment, Message
from ollama_tui.services.live import LiveTurn
from ollama_tui.services.schema import Verdict
from ollama_tui.tui.signs import is_reduced
from ollama_tui.tui.transcript.beat import next_look
from ollama_tui.tui.transcript.growing import GrowingItem
from ollama_tui.tui.transcript.item import Item, Surroundings
from ollama_tui.tui.transcript.looks import COMPONENTS, STYLES, looks_of
from ollama_tui.tui.transcript.part import Deed
from ollama_tui.tui.transcript.picture import Pixels
from ollama_tui.tui.transcript.standing import marks_of
from ollama_tui.tui.transcript.taking_view import TakingView
from ollama_tui.tui.transcript.warming import warm

POLLS = 10
"""How often a second a streaming answer is looked at, and so at most drawn."""

SLOW_POLLS = 2
"""The same where the screen is to be still."""

_CALM = 0.6
"""Seconds after which the screen is there, and there is time for what an answer will need."""


class Transcript(TakingView):
    """Shows messages one under the other and follows a live turn. It changes nothing: what is wanted is posted."""

    DEFAULT_CSS = STYLES
    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS

    @dataclass
    class RetryRequested(Posted):
        """The person wants this answer tried again."""

        message_id: str

    @dataclass
    class ContinueRequested(Posted):
        """The person wants this answer to go on."""

        message_id: str

    @dataclass
    class LinkRequested(Posted):
        """A link was clicked: only http and https."""

        url: str

    @dataclass
    class ThinkingToggled(Posted):
        """The thinking of a message was opened or folded."""

        message_id: str
        opened: bool

    class WholeRequested(Posted):
        """The person wants the whole history to be sent again, without its summary."""

    @dataclass
    class MenuRequested(Posted):
        """The person wants to know what can be done with a message."""

        message_id: str

    @dataclass
    class DeleteRequested(Posted):
        """The person wants a message to leave."""

        message_id: str

    class RestoreRequested(Posted):
        """The person wants back what was deleted last."""

    @dataclass
    class VariantRequested(Posted):
        """The person wants to see the previous (-1) or the next (1) variant of a message."""

        message_id: str
        step: int

    @dataclass
    class JsonRequested(Posted):
        """The person wants to see the JSON of an answer as a tree."""

        message_id: str

    def __init__(
        self,
        *,
        pixels: Callable[[Attachment], Pixels | None] | None = None,
        verdict_of: Callable[[Message], Verdict | None] | None = None,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._pixels = pixels
        self._verdict_of = verdict_of
        self._around: Surroundings | None = None
        self._messages: tuple[Message, ...] = ()
        self._variants: Mapping[str, tuple[int, int]] = {}
        self._live: LiveTurn | None = None
        self._figures = True
        self._timer: Timer | None = None

    # What is shown

    @property
    def variants(self) -> Mapping[str, tuple[int, int]]:
        """Message id to which of how many variants it is, from 1."""
        return self._variants

    def show(
        self,
        messages: Sequence[Message],
        live: LiveTurn | None = None,
        *,
        variants: Mapping[str, tuple[int, int]] | None = None,
    ) -> None:
        """Show a conversation's branch, root to leaf, and the turn that is live in it.

        Where most of it is shown already, the view stays where it is; another conversation is shown from its end.
        `variants` gives for a message which of how many it is, from 1; None leaves what was given before.
        """
        self._messages = tuple(messages)
        self._live = live
        self._variants = self._variants if variants is None else variants
        self._fill()

    def follow(self, live: LiveTurn) -> None:
        """Add the question and the answer of a turn that has just begun, and go to the end."""
        self._live = live
        self._fill()
        self.to_end()

    def show_figures(self, shown: bool) -> None:
        """Show or hide the figures under the answers."""
        self._figures = shown
        if self._around is not None and self._around.figures != shown:
            self._around.figures = shown
            self._redraw()

    def _fill(self) -> None:
        around, live = self._around, self._live
        if around is None or not self.is_attached:
            return
        around.variants = self._variants
        around.today = datetime.now().astimezone()
        messages = list(self._messages)
        if live:
            known = {message.id for message in messages}
            messages += [one for one in (live.question, live.answer) if one and one.id not in known]
        around.marks = marks_of(messages)
        had = {item.message.id: item for item in self.roll.items}
        eye = self.roll.items[self._eye.index].message.id if had else None
        current = self.roll.items[self.current].message.id if self.current is not None else None
        items = [self._item(message, had.get(message.id), around) for message in messages]
        for index, item in enumerate(items):
            item.gap = min(index, 1)
            item.set_last(index == len(items) - 1)
            item.set_verdict()
        same = [item.message.id for item in items[: len(had)]] == list(had)
        self.roll.fill(items, self.room.width or self.roll.width or 80)
        if not same:
            self.screen.clear_selection()
        self.current = self.roll.index_of(current) if current else None
        place = self.roll.index_of(eye) if eye else None
        if place is None:
            self.following = True
        else:
            self._eye = replace(self._eye, index=place)
            if not self.following:
                self._measure_around(place)
        self._settle()
        self.refresh()
        self.tell_found()
        self._watch_live()

    def _item(self, message: Message, had: Item | None, around: Surroundings) -> Item:
        live = self._live
        if live and not live.done and live.answer.id == message.id:
            same = isinstance(had, GrowingItem) and had.live is live
            return had if same and had else GrowingItem(live, around)
        if live and live.done and live.answer.id == message.id:
            message = live.answer
        if isinstance(had, GrowingItem) and had.live.done:
            had.poll()
        if had and not had.streaming and _looks_the_same(had.message, message):
            had.message = message
            if message.id in around.variants:
                had.set_variants()
            had.set_mark()
            return had
        item = Item(message, around)
        item.opened = had.opened if had else None
        return item

    def on_mount(self) -> None:
        """Take the looks, and show what was given before."""
        self._around = Surroundings(looks_of(self), figures=self._figures)
        if self._pixels:
            self._around.pixels = self._pixels
        if self._verdict_of:
            self._around.verdict_of = self._verdict_of
        self.looks = self._around.looks
        self._fill()
        self.set_timer(_CALM, self._warm)

    def _warm(self) -> None:
        self.run_worker(warm, thread=True, group="warm", exit_on_error=False)

    def notify_style_update(self) -> None:
        """Draw everything anew if the theme has changed."""
        super().notify_style_update()
        self.call_next(self._restyle)  # the component classes have their new styles only then (8.2.8)

    def _restyle(self) -> None:
        if self._around is None or not self.is_attached:
            return
        looks = looks_of(self)
        if looks != self.looks:
            self.looks = self._around.looks = looks
            self._stop_watching()
            self._redraw()
            self._watch_live()

    def _redraw(self) -> None:
        """Make every line anew, at the place that is looked at."""
        for item in self.roll.items:
            item.release()
        self.roll.set_width(self.roll.width)
        if not self.following and self.roll.items:
            self._measure_around(self._eye.index)
        self.poll()
        self._settle()
        self.refresh()

    # The live turn

    def _watch_live(self) -> None:
        """Look at the turn regularly as long as it lives."""
        if self.roll.growing():
            if self._timer is None:
                self._look_again()
            self.poll()
        else:
            self._stop_watching()

    def _stop_watching(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _look_again(self) -> None:
        """Look once more, when it is this one's turn."""
        streaming = [other for other in self.screen.query(Transcript) if other is self or other.is_growing]
        rate = SLOW_POLLS if is_reduced() else POLLS
        delay = next_look(time.monotonic(), streaming.index(self), len(streaming), rate)
        self._timer = self.set_timer(delay, self._beat)

    def _beat(self) -> None:
        self._timer = None
        if self.is_growing:
            self._look_again()
        self.poll()

    @property
    def is_growing(self) -> bool:
        """Whether an answer streams in it."""
        return bool(self.roll.growing())

    def poll(self) -> None:
        """Draw what has come since the last look."""
        for index in self.roll.growing():
            item = self.roll.items[index]
            if not isinstance(item, GrowingItem):
                continue
            may_fold = self.following or self._eye.index != index
            line = item.poll(may_fold=may_fold)
            if line is not None:
                self.changed(index, line)
                self.tell_found()
        if not self.roll.growing():
            self._watch_live()
            self.refresh_more()

    # What the person does

    async def on_click(self, event: events.Click) -> None:
        """Do what the clicked place is for; two clicks take a word, three a line."""
        event.prevent_default()  # which would select everything (8.2.8, `Widget._on_click`)
        offset = event.get_content_offset(self)
        if offset is None:
            return
        if event.chain > 1:
            self.select_at(event, offset)
        elif self.more_below and offset.y == self.room.height - 1 and self.on_more(offset.x):
            self.action_transcript_end()
        elif not self.text_selection and (found := self.item_at(offset)):
            index, y = found
            if deed := self.roll.items[index].deed_at(offset.x, y):
                self._do(index, deed)

    def _do(self, index: int, deed: Deed) -> None:
        match deed.verb:
            case "thinking":
                self.toggle_thinking(index)
            case "retry":
                self.post_message(self.RetryRequested(deed.value))
            case "continue":
                self.post_message(self.ContinueRequested(deed.value))
            case "link":
                if deed.value.lower().startswith(("http://", "https://")):
                    self.post_message(self.LinkRequested(deed.value))
            case "whole":
                self.post_message(self.WholeRequested())
            case "previous":
                self.post_message(self.VariantRequested(deed.value, -1))
            case "next":
                self.post_message(self.VariantRequested(deed.value, 1))
            case "json":
                self.post_message(self.JsonRequested(deed.value))
            case "menu":
                self.post_message(self.MenuRequested(deed.value))

    def toggle_thinking(self, index: int | None = None) -> None:
        """Open or fold the thinking of an item, else of the current one; its first line stays where it is."""
        if index is None:
            item = self.current_item
            if item is None:
                return
            index = self.roll.items.index(item)
        item = self.roll.lay_out(index)
        opened = item.toggle_thinking()
        if opened is None:
            return
        if opened and not item.streaming:
            self.stay()
        self.changed(index, 0)
        self.post_message(self.ThinkingToggled(item.message.id, opened))

    def action_transcript_act(self) -> None:
        """What the current message offers first: to go on, to be tried again, its thinking, or all of it."""
        item = self.current_item
        if item is None:
            return
        deeds = item.offers()
        if deeds:
            self._do(0, deeds[0])
        elif item.thinking or item.message.thinking:
            self.toggle_thinking()
        elif not item.streaming:
            self.post_message(self.MenuRequested(item.message.id))

    def action_transcript_delete(self) -> None:
        """Let the message under the cursor leave."""
        if message := self.marked_message:
            self.post_message(self.DeleteRequested(message.id))

    def action_transcript_restore(self) -> None:
        """Bring back what was deleted last."""
        self.post_message(self.RestoreRequested())

    def action_transcript_before(self) -> None:
        """The variant before."""
        self._ask_variant(-1)

    def action_transcript_after(self) -> None:
        """The variant after."""
        self._ask_variant(1)

    def _ask_variant(self, step: int) -> None:
        message = self.current_message
        if message and message.id in self._variants:
            self.post_message(self.VariantRequested(message.id, step))


def _looks_the_same(one: Message, other: Message) -> bool:
    """Whether two states of a message are drawn alike: what was sent for it and where it hangs is not drawn."""
    return one == other or replace(one, sent=None, order=0, parent_id=None) == replace(
        other, sent=None, order=0, parent_id=None
    )
