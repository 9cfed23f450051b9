"""The prompt: where the person writes, with what stands around it while they do."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.actions import SkipAction
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import TextArea

from ollama_tui.domain.i18n import _
from ollama_tui.tui import slash
from ollama_tui.tui.actions import key_sign
from ollama_tui.tui.attachments import AttachmentError, FileToSend, typed_path
from ollama_tui.tui.editor import EditorError, edit
from ollama_tui.tui.terminal import app_of
from ollama_tui.tui.widgets.prompt_area import PromptArea
from ollama_tui.tui.widgets.prompt_command import command_of, is_command
from ollama_tui.tui.widgets.prompt_hint import PromptHint
from ollama_tui.tui.widgets.prompt_keys import prompt_bindings
from ollama_tui.tui.widgets.prompt_list import PromptList
from ollama_tui.tui.widgets.prompt_moving import MovingPrompt
from ollama_tui.tui.widgets.prompt_offering import Offering
from ollama_tui.tui.widgets.prompt_queue import PromptQueue
from ollama_tui.tui.widgets.prompt_recollection import Recall, Recollection, nothing
from ollama_tui.tui.widgets.prompt_search import PromptSearch

_DRAFT_PAUSE = 0.3
"""Seconds without a change after which what is written is worth keeping."""


class Prompt(MovingPrompt):
    """A text to be sent. It keeps nothing: what it is given it shows, what is written in it it posts."""

    BINDINGS: ClassVar[list[BindingType]] = prompt_bindings()

    DEFAULT_CSS = """
    Prompt {
        height: auto;
        border-top: solid $panel;
        &:focus-within { border-top: solid $primary; }
    }
    """

    @dataclass
    class Submitted(Message):
        """The person sends `text` and `files` (each with its bytes)."""

        text: str
        files: tuple[FileToSend, ...] = ()
        draft: str = ""
        """What stands for both where only text is kept, as `Prompt.text` has it."""

    @dataclass
    class Command(Message):
        """The person gives a command."""

        command: slash.Command
        written: str = ""
        """The command as it was written."""

    @dataclass
    class DraftChanged(Message):
        """What is written changed a moment ago."""

        text: str

    @dataclass
    class Unqueued(Message):
        """The person takes the queued question `id` back."""

        id: str

    class Blank(Message):
        """Enter, with nothing written."""

    class StopAsked(Message):
        """Ctrl+C while an answer runs."""

    def __init__(
        self,
        *,
        recall: Recall = nothing,
        is_busy: Callable[[], bool] = lambda: False,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        super().__init__()
        self.deputy: Prompt | None = None
        """What is written in instead, while this one is hidden."""
        self._is_busy = is_busy
        self._environment = environment
        self.area = PromptArea(_("Ask anything, / for commands, @ to attach"))
        self._list, self._queue, self._hint = PromptList(), PromptQueue(), PromptHint()
        self._recollection = Recollection(recall)
        self._offering = Offering(self.area, self._list)
        self._search = PromptSearch(self.area, self._list, self._recollection)
        self._drafted = ""
        """The draft as it was posted or loaded last."""
        self._labelled: dict[str, str] = {}
        """What was sent, to what was written for it: with the chips, for a question that is taken back."""
        self.on_its_way: list[str] = []
        """Sent, and not on the disk as a question: still a draft, for whoever takes it (see `pane.drafting`)."""

    def compose(self) -> ComposeResult:
        yield from (self._list, self._queue, self.area, self._hint)

    def on_mount(self) -> None:
        """Begin to watch for a pause in the writing."""
        self._pause = self.set_interval(_DRAFT_PAUSE, self.post_draft, pause=True)

    # What others call

    @property
    def text(self) -> str:
        """What is written: pasted texts in full, files as `@path`."""
        written = self._search.kept
        return self.area.chips.expand(self.area.text if written is None else written)

    def take_focus(self) -> None:
        """Let the keys come here, at once: `focus()` would come after what is asked next has taken it."""
        if self.is_attached:
            self.screen.set_focus((self.deputy or self).area)

    def load_draft(self, text: str) -> None:
        """Show `text`, kept from before, as if nothing had been written here yet."""
        if self._search.kept is not None:
            self._search.end()
        self._offering.reset()
        self._recollection.leave()
        self.area.rewrite(self._labelled.get(text, text))
        self.area.history.clear()
        self._drafted = self.text

    def insert_text(self, text: str) -> None:
        """Put `text` where the cursor is."""
        (self.deputy or self).area.write(text)

    def set_queued(self, queued: Sequence[tuple[str, str]], how: str = "") -> None:
        """Show the questions (id and text) that wait, and in words `how` they are sent where that is not by itself."""
        self._queue.show(queued, how)

    def take_back(self, text: str, files: Sequence[tuple[FileToSend, Path | None]] | None = None) -> None:
        """Write a question here again that was to be asked, with its files, before what is written since."""
        prompt = self.deputy or self
        if prompt._search.kept is not None:
            prompt._search.end()
        written, chips = prompt._labelled.get(text, text), prompt.area.chips
        if files is not None and [file for file, _path in files] != list(chips.send(written)[1]):
            labels = [chips.add_file(file, path) for file, path in files]
            written = "\n".join([*([text] if text else []), *labels])
        prompt.put_before(written)

    def put_before(self, written: str) -> None:
        """Put something before what is written."""
        since = self.area.text
        self.area.rewrite(f"{written}\n{since}" if since.strip() else written)

    def complain(self, text: str, *, as_long_as: Callable[[], bool] | None = None) -> None:
        """Say what went wrong, until something else is written; `as_long_as`: only while that holds."""
        self._hint.show(text, at=self.area.text, is_error=True, as_long_as=as_long_as)

    def say(self, text: str, *, as_long_as: Callable[[], bool] | None = None) -> None:
        """Say a word about what happened, as `complain` does."""
        self._hint.show(text, at=self.area.text, as_long_as=as_long_as)

    def forget_untrue(self) -> None:
        """Say no more what does not hold any more."""
        self._hint.forget_untrue()

    def know(self, command: str, words: Sequence[str]) -> None:
        """Offer `words` after `command`: the models after `load`, `model` and `pull`, the themes after `theme`."""
        self._offering.known[command] = words

    def post_draft(self) -> None:
        """Post what is written, if that is new."""
        self._pause.pause()
        if (text := self.text) != self._drafted:
            self._drafted = text
            self.post_message(self.DraftChanged(text))

    # What happens around the text

    @on(TextArea.Changed)
    def _follow(self, event: TextArea.Changed) -> None:
        event.stop()
        if self._search.kept is not None:
            self.run_worker(self._search.look, group="prompt-list", exclusive=True)
            return
        self._pause.resume()  # not reset: who types without a pause is kept up with, too
        self._hint.follow(self.area.text)
        self._offer()

    @on(TextArea.SelectionChanged)
    def _follow_cursor(self, event: TextArea.SelectionChanged) -> None:
        event.stop()
        if self._offering.is_open and self._search.kept is None:
            self._offer()

    def _offer(self) -> None:
        if self._offering.path_word() is not None:
            self.run_worker(self._offering.look_at_disk, group="prompt-list", exclusive=True)
        else:
            self._offering.look()

    @on(PromptList.Chosen)
    async def _choose(self, event: PromptList.Chosen) -> None:
        event.stop()
        if self._search.kept is not None:
            self._list.move(event.index - self._list.marked)
            await self._search.take()
        elif self._offering.choose(event.index) is not None:
            await self._take_offer()
        self.take_focus()

    @on(PromptQueue.Removed)
    def _take_back(self, event: PromptQueue.Removed) -> None:
        event.stop()
        self.post_message(self.Unqueued(event.id))
        self.take_focus()

    @on(PromptArea.Failed)
    def _say_why(self, event: PromptArea.Failed) -> None:
        event.stop()
        self.complain(event.reason)

    def on_descendant_blur(self) -> None:
        """Somewhere else is written now: what was written here is to be kept."""
        self._offering.reset()
        self.post_draft()

    def on_unmount(self) -> None:
        """The same at the end."""
        self.post_draft()

    # Sending

    async def action_prompt_send(self) -> None:
        """Send what is written, do the command, or take what the list offers."""
        if self._search.kept is not None:
            await self._search.take()
            return
        if not self._offering.path_word():
            self._offering.look()
        if self._offering.is_meant and not await self._take_offer():
            return
        written = self.area.text
        if not written.strip():
            self.post_message(self.Blank())
            return
        full = self.area.chips.expand(written)
        if await is_command(full):
            await self._give_command(written, full)
            return
        try:
            written = await self.area.attach_named(written)
        except AttachmentError as error:
            self.complain(str(error))
            return
        text, files = self.area.chips.send(written)
        text = slash.unquote(text) if text.startswith('"""') else text
        if text or files:
            self.on_its_way.append(full)
            self._clear_sent(full)
            self._labelled[text] = self._labelled[full] = written
            self.post_message(self.Submitted(text, files, full))

    async def _give_command(self, written: str, full: str) -> None:
        try:
            command = await command_of(full)
        except slash.SlashError as error:
            self.complain(str(error))
            return
        self._clear_sent(full)
        if command.name != "image":
            self.post_message(self.Command(command, written))
        elif not await self.area.attach(typed_path(command.arguments[0])):
            self.area.rewrite(written)

    def _clear_sent(self, full: str) -> None:
        self._recollection.note(full)
        self._offering.reset()
        self._hint.show("")
        self.area.rewrite("")

    async def _take_offer(self) -> bool:
        """Write the marked offer; whether there is nothing more to be written after it."""
        offer = self._offering.marked
        word = self._offering.path_word()
        if offer is None:
            return False
        is_command = self.area.text.startswith("/")
        self._offering.take(offer)
        if word is None or not offer.is_final or is_command:
            await self._offering.look_again()
            return offer.is_final and is_command
        self._offering.reset()
        row, column = self.area.cursor_location
        self.area.delete((row, column - len(offer.text) - 1), (row, column), maintain_selection_offset=False)
        if not await self.area.attach(typed_path(offer.text)):
            self.area.write(f"@{offer.text}")
        return False

    # The other keys

    def action_prompt_newline(self) -> None:
        """Begin a new line."""
        if self._search.kept is None:
            self.area.write("\n")

    async def action_prompt_complete(self) -> None:
        """Take what the list offers; without an offer the key is somebody else's."""
        if self._search.kept is not None:
            await self._search.take()
            return
        if self._offering.marked is None:
            await self._offering.look_again()
        if self._offering.marked is None:
            raise SkipAction
        await self._take_offer()

    def action_prompt_close(self) -> None:
        """Close the list or end the search; else the key is somebody else's."""
        if self._search.kept is not None:
            self._search.end()
        elif self._offering.is_open:
            self._offering.close()
        else:
            self._hint.show("")
            raise SkipAction

    async def action_prompt_search(self) -> None:
        """Search the earlier prompts; again, the next of them."""
        if self._search.kept is None:
            self._offering.reset()
            await self._search.begin()
        else:
            self._list.move(1)

    async def action_prompt_edit(self) -> None:
        """Write in the person's own editor."""
        before = self.area.chips.expand(self.area.text)
        try:
            after = await edit(before, self._environment, app_of(self).suspend())
        except EditorError as error:
            self.complain(str(error))
        except SuspendNotSupported:
            self.complain(_("The terminal cannot be given to an editor here."))
        else:
            if (after := after.removesuffix("\n")) != before:
                self.area.rewrite(after)

    def action_prompt_expand(self) -> None:
        """Show the whole of the pasted text at the cursor, or of the first one."""
        if not self.area.open_chip(self.area.cursor_location) and not self.area.open_first_chip():
            self.say(_("There is no pasted text here."))

    def action_prompt_unqueue(self) -> None:
        """Take the question back that would be asked last."""
        if not self._queue.last:
            self.say(_("No question waits."))
        else:
            self._take_back(PromptQueue.Removed(self._queue.last[0]))

    def action_prompt_clear(self) -> None:
        """Copy what is selected, stop the answer, or clear what is written."""
        if not self.area.selection.is_empty:
            self.area.action_copy()
        elif selected := self.screen.get_selected_text():
            self.screen.clear_selection()
            app_of(self).copy_to_clipboard(selected)
        elif self._search.kept is not None:
            self._search.end()
        elif self._is_busy():
            self.post_message(self.StopAsked())
        elif self.area.text:
            self.area.rewrite("")
            self.say(_("Cleared. {key} brings it back.").format(key=self._key_of("prompt.undo")))
        else:
            self.say(_("{key} or /bye leaves the program.").format(key=self._key_of("app.quit")))

    def action_prompt_end(self) -> None:
        """Delete what is right of the cursor; with nothing written, leave."""
        if self.area.text or self._search.kept is not None:
            self.area.action_delete_right()
        else:
            self.post_message(self.Command(slash.Command("bye")))

    def _key_of(self, action_id: str) -> str:
        bound = self.screen.active_bindings.items()
        return next((key_sign(key) for key, active in bound if active.binding.id == action_id), "")
