"""Reading a transcript: moving by lines, pages and messages, selecting with the mouse, and taking text out of it."""

from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import BindingType
from textual.geometry import Offset
from textual.selection import Selection

from ollama_tui.domain.message import Message, Role
from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.terminal import point_at
from ollama_tui.tui.transcript.item import Item
from ollama_tui.tui.transcript.marking import Marking, begin
from ollama_tui.tui.transcript.selection import between, line_at, source_of, word_at
from ollama_tui.tui.transcript.view import RollView


class ReadingView(RollView, inherit_bindings=False):
    """A roll with a cursor that goes from message to message. Printable keys are left to the screen."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("transcript")

    # Moving

    marking: Marking | None = None
    """What the keys select, while they do."""

    def _move(self, lines: int) -> None:
        if self.marking is not None:
            self._mark(self.marking.moved(self.marking.head + lines, self.roll))
            return
        self.scroll_to(y=self.first_line + lines, animate=False, force=True)

    def action_transcript_up(self) -> None:
        """A line up."""
        self._move(-1)

    def action_transcript_down(self) -> None:
        """A line down."""
        self._move(1)

    def action_transcript_page_up(self) -> None:
        """A page up, less one line."""
        self._move(1 - max(2, self.room.height))

    def action_transcript_page_down(self) -> None:
        """A page down, less one line."""
        self._move(max(2, self.room.height) - 1)

    def action_transcript_half_up(self) -> None:
        """Half a page up."""
        self._move(-max(1, self.room.height // 2))

    def action_transcript_half_down(self) -> None:
        """Half a page down."""
        self._move(max(1, self.room.height // 2))

    def action_transcript_start(self) -> None:
        """The first message."""
        self._move(-self.roll.height)

    def action_transcript_mark(self) -> None:
        """Begin to select lines, at the message under the cursor or at the first line that is seen; or stop there."""
        if self.marking is not None:
            self.marking = None
            return
        if not self.roll.items:
            return
        self.stay()
        line = self.first_line
        if self.current is not None:
            line = max(line, self.roll.top(self.current) + self.roll.items[self.current].gap)
        self._mark(begin(self.roll, line))

    def _mark(self, marking: Marking) -> None:
        self.marking = marking
        head, room = marking.head, self.room.height
        if not self.first_line <= head < self.first_line + room:
            top = head if head < self.first_line else head - room + 1
            self.scroll_to(y=top, animate=False, force=True)
        self.screen.selections = {self: marking.selection(self.roll)}

    def action_transcript_close(self) -> None:
        """Select no more; with nothing selected, Esc is the screen's."""
        if self.marking is None and not self.text_selection:
            raise SkipAction
        self.marking = None
        self.screen.clear_selection()

    def action_transcript_end(self) -> None:
        """The end, and stay there; without the cursor."""
        if self.marking is not None:
            self._move(self.roll.height)
            return
        self._point(None)
        self.to_end()

    def action_transcript_previous(self) -> None:
        """The cursor to the message before; at first to the one that begins last in the view."""
        if not self.roll.items:
            return
        if self.current is None:
            index, _line = self.roll.find(self.first_line + self.room.height - 1)
        else:
            index = max(0, self.current - 1)
        self._point(index)

    def action_transcript_next(self) -> None:
        """The cursor to the message after; after the last one, to the end and gone."""
        if self.current is None:
            return
        if self.current + 1 < len(self.roll.items):
            self._point(self.current + 1)
        else:
            self.action_transcript_end()

    def _point(self, index: int | None) -> None:
        self.current = index
        if index is not None:
            self.show_item(index)
            point_at(self, self.roll.top(index) + self.roll.items[index].gap - self.first_line)
        self.refresh()

    def bring(self, message_id: str) -> None:
        """Bring a message into view, with the cursor on it where there is one."""
        index = self.roll.index_of(message_id)
        if index is None:
            return
        if self.has_focus:
            self._point(index)
        elif index < len(self.roll.items) - 2:  # the last turn is in view where the end is
            self.stay()
            self.show_item(index)

    def on_blur(self) -> None:
        """Without the keys, the cursor goes."""
        self._point(None)

    # What it is about

    @property
    def current_item(self) -> Item | None:
        """The item that the cursor is on, else the last answer."""
        items = self.roll.items
        if self.current is not None and self.current < len(items):
            return items[self.current]
        return next((item for item in reversed(items) if item.message.role is Role.ASSISTANT), None)

    @property
    def marked_message(self) -> Message | None:
        """The message that the cursor is on, if there is a cursor."""
        return self.current_item.message if self.current is not None and self.current_item else None

    @property
    def current_message(self) -> Message | None:
        """The message that the cursor is on, else the last answer."""
        return self.current_item.message if self.current_item else None

    def text_to_copy(self) -> str:
        """What is selected, else the current message, as it was written."""
        return self.selected_text() or self.text_of_current()

    def selected_text(self) -> str:
        """What is selected, as it was written."""
        selection = self.text_selection
        return source_of(selection, self.roll) if selection else ""

    def text_of_current(self) -> str:
        """The current message, as it was written and as far as it has come."""
        item = self.current_item
        return self._text_of(item) if item else ""

    def messages_as_shown(self) -> list[Message]:
        """All messages; one that is still coming as far as it has come."""
        return [
            replace(item.message, text=self._text_of(item), thinking=item.thinking.text if item.thinking else "")
            if item.streaming
            else item.message
            for item in self.roll.items
        ]

    def _text_of(self, item: Item) -> str:
        if item.streaming:
            return item.body.source
        return item.message.text

    def thinking_to_copy(self) -> str:
        """The current message's thinking, folded or not."""
        item = self.current_item
        if not item:
            return ""
        return item.thinking.text if item.thinking else item.message.thinking

    def code_blocks(self) -> list[str]:
        """The code blocks of the current message, as they were written, without their fences."""
        item = self.current_item
        return self._code_of(item) if item else []

    def _code_of(self, item: Item) -> list[str]:
        if not any(fence in self._text_of(item) for fence in ("```", "~~~", "    ", "\t")):
            return []
        return self.roll.lay_out(self.roll.items.index(item)).body.code_blocks()

    def last_code(self) -> str:
        """The last code block of the current message, else of the last message that has one."""
        if blocks := self.code_blocks():
            return blocks[-1]
        for item in reversed(self.roll.items):
            if item.message.role is Role.ASSISTANT and (blocks := self._code_of(item)):
                return blocks[-1]
        return ""

    # Selection

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What is selected, as it was written."""
        return source_of(selection, self.roll), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002 - Textual's signature
        """Draw the view again."""
        self.refresh()

    def item_at(self, offset: Offset) -> tuple[int, int] | None:
        """The item at a cell of the view, and which of its lines that is."""
        line = self.first_line + offset.y
        return self.roll.find(line) if line < self.roll.height else None

    def select_at(self, event: events.Click, offset: Offset) -> None:
        """Two clicks take a word, three a line."""
        found = self.item_at(offset)
        if not found:
            return
        index, y = found
        item = self.roll.items[index]
        slot, place = item.locate(offset.x, y)
        if source := item.source_at(slot):
            span = word_at(source, place) if event.chain == 2 else line_at(source, place)
            self.screen.selections = {self: between(index, slot, span)}
