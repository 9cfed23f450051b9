"""The prompt while an earlier message is changed in it: the message's text instead of the draft, which comes back."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from ollama_tui.domain.text import one_line
from ollama_tui.tui.attachments import AttachmentError, FileToSend
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.cut import cut_content
from ollama_tui.tui.widgets.prompt import Prompt


class RevisionLine(Widget):
    """Says, above the text, that it is an earlier message's, and how to leave."""

    COMPONENT_CLASSES = {"revision-line--what"}  # noqa: RUF012 - as Textual has it

    DEFAULT_CSS = """
    RevisionLine {
        height: 1;
        display: none;
        padding: 0 1;
        background: $panel;
        .revision-line--what { color: $text-accent; text-style: bold; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._what = ""
        self._how: tuple[str, ...] = ()

    @property
    def what(self) -> str:
        """What is changed; empty if nothing is."""
        return self._what

    def tell(self, what: str, how: Sequence[str] = ()) -> None:
        """Say what is changed, and how it is sent and left; nothing, to go."""
        self._what, self._how = one_line(what), tuple(map(one_line, how))
        self.display = bool(what)
        self.refresh(layout=True)

    def render(self) -> Content:
        """What is changed, and as many of the ways as fit, whole."""
        room = max(1, self.content_size.width)
        line = cut_content(Content.styled(sign(self._what), self.get_visual_style("revision-line--what")), room)
        for way in self._how:
            more = line + Content(sign(" · ")) + Content(sign(way))
            if more.cell_length > room:
                break
            line = more
        return line


class RevisingPrompt(Prompt):
    """A prompt in which an earlier message can be changed. All that is written meanwhile is text, and no command."""

    @dataclass
    class Revised(Message):
        """The person sends the changed message: `text` and `files` as a question is sent, `written` as it stands."""

        text: str
        files: tuple[FileToSend, ...]
        written: str

    @dataclass
    class RevisionChanged(Message):
        """What is written for the earlier message changed a moment ago."""

        text: str

    class RevisionLeft(Message):
        """The person leaves the message as it was."""

    def compose(self) -> ComposeResult:
        self._line = RevisionLine()
        self._draft: str | None = None
        self._noted = ""
        for part in super().compose():
            if part is self.area:
                yield self._line
            yield part

    @property
    def is_revising(self) -> bool:
        """Whether an earlier message is being changed."""
        return self._draft is not None

    @property
    def written(self) -> str:
        """What stands in the prompt, the draft or a message: pasted texts in full, files as `@path`."""
        return super().text

    @property
    def text(self) -> str:
        """The draft, also while it waits for a message to be changed."""
        return self.written if self._draft is None else self.area.chips.expand(self._draft)

    @property
    def said(self) -> str:
        """What stands under the prompt: what went wrong, or a word about what happened."""
        return self._hint.text

    @property
    def is_complaining(self) -> bool:
        """Whether it says that something went wrong."""
        return self._hint.is_error

    def give_back(self, written: str) -> None:
        """Let a command that could not be done stand here again, to be mended, unless something else is written."""
        area = (self.deputy or self).area
        if not area.text:
            area.rewrite(written)
            self._hint.stay_at(self.area.text)

    def begin_revision(self, text: str, files: Sequence[FileToSend], *, what: str, how: Sequence[str]) -> None:
        """Put the draft away and show `text` to be changed, with `files` as chips behind it."""
        if self._search.kept is not None:
            self._search.end()
        draft = self.area.text if self._draft is None else self._draft
        labels = [self.area.chips.add_file(file, None) for file in files]
        missing = [label for label in labels if label not in text]
        self._draft = draft
        self._offering.reset()
        self._recollection.leave()
        self.area.rewrite("\n".join([*([text] if text else []), *missing]))
        self.area.history.clear()
        self._noted = self.written
        self._line.tell(what, how)
        self._hint.show("")
        self.take_focus()

    def end_revision(self) -> None:
        """Bring the draft back."""
        if self._draft is None:
            return
        draft, self._draft = self._draft, None
        self._line.tell("")
        self._hint.show("")
        self._recollection.leave()
        self.area.rewrite(draft)
        self.area.history.clear()

    def load_draft(self, text: str) -> None:
        """Show `text`, and no earlier message any more."""
        if self._draft is not None:
            self._draft = None
            self._line.tell("")
        super().load_draft(text)

    def put_draft(self, text: str) -> None:
        """Show `text` as the draft, or let it wait where an earlier message is being changed."""
        if self._draft is None:
            self.load_draft(text)
        else:
            self._draft = self._drafted = text

    def put_before(self, written: str) -> None:
        """Put something before the draft, which may wait."""
        if self._draft is None:
            super().put_before(written)
        else:
            self._draft = f"{written}\n{self._draft}" if self._draft.strip() else written

    def post_draft(self) -> None:
        """Post what is written, if that is new."""
        super().post_draft()
        if self._draft is not None and (written := self.written) != self._noted:
            self._noted = written
            self.post_message(self.RevisionChanged(written))

    async def action_prompt_send(self) -> None:
        """Send the changed message, or what is written."""
        if self._draft is None or self._search.kept is not None:
            await super().action_prompt_send()
            return
        written = self.area.text
        try:
            written = await self.area.attach_named(written)
        except AttachmentError as error:
            self.complain(str(error))
            return
        text, files = self.area.chips.send(written)
        self.post_message(self.Revised(text, files, self.area.chips.expand(self.area.text)))

    def action_prompt_close(self) -> None:
        """Close the list or end the search; then leave the message as it was; else the key is somebody else's."""
        if self._draft is None or self._search.kept is not None or self._offering.is_open:
            super().action_prompt_close()
        else:
            self.post_draft()
            self.post_message(self.RevisionLeft())

    def _offer(self) -> None:
        """Offer files only: a message may begin with a slash."""
        if self._draft is None or self._offering.path_word() is not None:
            super()._offer()
        else:
            self._offering.reset()

    @on(events.Click, "RevisionLine")
    def _leave(self) -> None:
        self.action_prompt_close()
