"""The prompt's text: a TextArea whose keys act in the order they were typed, and into which nothing unclean comes."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import actions, events
from textual._callback import invoke
from textual.actions import SkipAction
from textual.binding import BindingType
from textual.document._document import Location, Selection
from textual.geometry import Offset
from textual.message import Message
from textual.widgets import TextArea

from ollama_tui.domain.text import one_line
from ollama_tui.tui.attachments import AttachmentError, dropped_pictures, named_files, read
from ollama_tui.tui.pasting import clean_paste
from ollama_tui.tui.terminal import app_of, let_keys_in
from ollama_tui.tui.widgets.prompt_chips import Chip, Chips, is_long
from ollama_tui.tui.widgets.prompt_keys import editing_bindings

# Format and space characters that input methods type and `str.isprintable` denies: the joiners that hold an emoji or a
# Persian word together, and the spaces of Chinese and French.
_TYPED = frozenset("\u200c\u200d\u3000\u00a0\u202f\u2009")
_MODIFIERS = ("alt+", "ctrl+", "super+", "meta+", "hyper+")


class PromptArea(TextArea, inherit_bindings=False):
    """The text of a prompt. Its parent, the Prompt, knows what Enter and the like mean."""

    BINDINGS: ClassVar[list[BindingType]] = editing_bindings()
    COMPONENT_CLASSES: ClassVar[set[str]] = {"prompt-area--chip"}

    DEFAULT_CSS = """
    PromptArea, PromptArea:focus {
        height: auto;
        max-height: 33vh;
        border: none;
        padding: 0 1;
        background: transparent;
        scrollbar-size-vertical: 1;
    }
    PromptArea .prompt-area--chip { color: $accent; background: $accent 15%; }
    """

    @dataclass
    class Failed(Message):
        """A file that was dropped cannot be attached."""

        reason: str

    def __init__(self, placeholder: str) -> None:
        self.chips = Chips()  # before TextArea's own: its selection is validated there
        self._killed = ""
        self.is_one_line = False
        """Whether pastes are put on one line and stay what they are: for a search."""
        super().__init__(placeholder=placeholder, highlight_cursor_line=False)
        self.cursor_blink = False  # calm, and nothing to draw while nothing happens
        self.match_cursor_bracket = False

    def on_focus(self) -> None:
        """From now on keys have somewhere to go."""
        let_keys_in(app_of(self))

    async def _on_key(self, event: events.Key) -> None:
        """Type a character, or do at once what the key is bound to.

        Textual lets a key bubble to the app before it looks for its binding. Letters typed behind it overtake it
        meanwhile: of `a` Backspace `b` in one packet `b` would be deleted, and Enter would send what came after it.
        """
        character = event.character
        if character is not None and not event.key.startswith(_MODIFIERS):
            if event.is_printable:
                return
            if character in _TYPED:
                event.stop()
                event.prevent_default()
                self.replace(character, *self.selection, maintain_selection_offset=False)
                return
        event.prevent_default()
        bound = self.screen.active_bindings.get(event.key)
        if bound is None or not bound.enabled or bound.node not in (self, self.parent):
            return
        _, name, params = actions.parse(bound.binding.action)
        try:
            await invoke(getattr(bound.node, f"action_{name}"), *params)
        except SkipAction:
            return
        event.stop()

    async def _on_paste(self, event: events.Paste) -> None:
        """Let the prompt see what is pasted, in its turn among the keys."""
        event.stop()
        event.prevent_default()
        await self.paste(event.text)

    async def paste(self, text: str) -> None:
        """Take a pasted text: pictures that were dropped and long texts become chips."""
        text = clean_paste(text)
        if self.is_one_line:
            self.write(" ".join(text.split("\n")))
            return
        for path in await asyncio.to_thread(dropped_pictures, text):
            await self.attach(path)
            text = ""
        if text:
            self.write(self.chips.add_pasted(text) if is_long(text) else text)

    async def attach(self, path: Path) -> bool:
        """Put a file's chip at the cursor; whether that could be done."""
        try:
            file = await asyncio.to_thread(read, path)
        except AttachmentError as error:
            self.post_message(self.Failed(str(error)))
            return False
        row, column = min(self.selection)
        before = self.document.get_line(row)[:column]
        self.write((" " if before and not before[-1].isspace() else "") + self.chips.add_file(file, path) + " ")
        return True

    def write(self, text: str) -> None:
        """Put `text` in place of what is selected."""
        self.replace(clean_paste(text), *self.selection, maintain_selection_offset=False)

    def rewrite(self, text: str) -> None:
        """Put `text` in place of everything; undo brings the old text back."""
        self.replace(clean_paste(text), (0, 0), self.document.end, maintain_selection_offset=False)

    def replace_before(self, count: int, text: str) -> None:
        """Put `text` in place of the `count` characters before the cursor on its line."""
        row, column = self.cursor_location
        self.replace(text, (row, column - count), (row, column), maintain_selection_offset=False)

    # Chips

    def chip_at(self, location: Location) -> tuple[Location, Location, Chip] | None:
        """The chip at a place or ending there: from, to, and what it is."""
        row, column = location
        for start, end, chip in self.chips.spans(self.document.get_line(row)):
            if start <= column <= end:
                return (row, start), (row, end), chip
        return None

    async def attach_named(self, written: str) -> str:
        """`written` with the files that it names as chips.

        Raises:
            AttachmentError: one of them cannot be attached.
        """
        if "@" in written or "/" in written:
            for named in reversed(await asyncio.to_thread(named_files, written)):
                label = self.chips.add_file(await asyncio.to_thread(read, named.path), named.path)
                written = f"{written[: named.start]}{label}{written[named.end :]}"
        return written

    def open_chip(self, location: Location) -> bool:
        """Put a pasted text in the place of its chip; whether there was one."""
        found = self.chip_at(location)
        if found is None or not found[2].pasted:
            return False
        self.replace(found[2].pasted, found[0], found[1], maintain_selection_offset=False)
        return True

    def open_first_chip(self) -> bool:
        """The same for the first chip of all."""
        for row, line in enumerate(self.document.lines):
            for start, _end, chip in self.chips.spans(line):
                if chip.pasted:
                    return self.open_chip((row, start))
        return False

    def on_click(self, event: events.Click) -> None:
        """A click on a pasted text's chip shows the whole text."""
        row, column = place = self.get_target_document_location(event)
        found = self.chip_at(place)
        if found is not None and found[0][1] <= column < found[1][1] and row == found[0][0]:
            self.open_chip(place)

    def get_line(self, line_index: int) -> Text:
        """A line as it is drawn, with its chips in their colour.

        What was not pasted, as a file's name or what an editor wrote, may hold controls: they have no width, but are
        drawn with one.
        """
        written = self.document.get_line(line_index)
        line = Text(one_line(written), end="", no_wrap=True)
        for start, end, _chip in self.chips.spans(written):
            line.stylize(self.get_component_rich_style("prompt-area--chip"), start, end)
        return line

    def validate_selection(self, selection: Selection) -> Selection:
        """The cursor stands before or behind a chip, never in it."""
        ahead = selection.end >= self.selection.end
        end = self._beside(selection.end, ahead)
        return Selection(end if selection.is_empty else self._beside(selection.start, not ahead), end)

    def _beside(self, location: Location, ahead: bool) -> Location:
        row, column = location
        for start, end, _chip in self.chips.spans(self.document.get_line(row)):
            if start < column < end:
                return (row, end if ahead else start)
        return location

    def get_cursor_left_location(self) -> Location:
        """The place to the left; a chip is one step, also for deleting."""
        return self._beside(super().get_cursor_left_location(), False)

    def get_cursor_right_location(self) -> Location:
        """The place to the right; a chip is one step."""
        return self._beside(super().get_cursor_right_location(), True)

    def get_cursor_word_left_location(self) -> Location:
        """The place a word to the left; a chip is one word."""
        return self._beside(super().get_cursor_word_left_location(), False)

    def get_cursor_word_right_location(self) -> Location:
        """The place a word to the right; a chip is one word."""
        return self._beside(super().get_cursor_word_right_location(), True)

    def get_cursor_line_start_location(self, smart_home: bool = False) -> Location:
        """The start of the wrapped line."""
        return self._beside(super().get_cursor_line_start_location(smart_home), False)

    def get_cursor_line_end_location(self) -> Location:
        """The end of the wrapped line."""
        return self._beside(super().get_cursor_line_end_location(), True)

    def scroll_cursor_visible(self, center: bool = False, animate: bool = False) -> Offset:
        """Scroll to the cursor, where there is one.

        In the middle of an undo it still stands where the text was longer: Textual 8.2.8 measures, and with that shows
        or hides the scrollbar, before it moves the cursor, and raises (_text_area.py:1724, _wrapped_document.py:439).
        """
        if self.cursor_location[0] >= self.wrapped_document.document.line_count:
            return Offset()
        return super().scroll_cursor_visible(center, animate)

    # Actions of its own

    def action_cursor_text_start(self) -> None:
        """Go to the beginning of the text."""
        self.move_cursor((0, 0))

    def action_cursor_text_end(self) -> None:
        """Go to the end of the text."""
        self.move_cursor(self.document.end)

    def action_delete_word_right(self) -> None:
        """Delete the word to the right; a chip is one word."""
        if (
            self.selection.is_empty
            and (found := self.chip_at(self.cursor_location))
            and found[1] > self.cursor_location
        ):
            self.delete(self.cursor_location, found[1], maintain_selection_offset=False)
        else:
            super().action_delete_word_right()

    def action_delete_to_start_of_line(self) -> None:
        """Delete to the start of the line, and keep what was there for `yank`."""
        self._killed = self.get_text_range(self.get_cursor_line_start_location(), self.cursor_location) or self._killed
        super().action_delete_to_start_of_line()

    def action_delete_to_end_of_line(self) -> None:
        """Delete to the end of the line, and keep what was there for `yank`."""
        self._killed = self.get_text_range(self.cursor_location, self.get_cursor_line_end_location()) or self._killed
        super().action_delete_to_end_of_line()

    def action_yank(self) -> None:
        """Put in what was deleted last to a line's start or end."""
        self.write(self._killed)

    def action_paste(self) -> None:
        """Put in what was cut or copied in the program."""
        self.call_next(self.paste, app_of(self).clipboard)
