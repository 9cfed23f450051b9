"""Changing an earlier message in the prompt: a question is asked otherwise, an answer is kept as it is written now."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ollama_tui.domain.failure import Failure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import Ending, Message, Role
from ollama_tui.tui.attachments import FileToSend
from ollama_tui.tui.pane import answering, branching, gone
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.prompt_revision import RevisingPrompt

if TYPE_CHECKING:
    from ollama_tui.services.live import LiveTurn
    from ollama_tui.tui.pane.pane import Pane


class Revision:
    """Which message is being changed, and what was written for others and left: it comes back with them."""

    def __init__(self) -> None:
        self.message: Message | None = None
        self._left: dict[str, str] = {}

    async def begin_meant(self, pane: "Pane") -> None:
        """Change the message under the reading cursor, else the last question; again, the question before it."""
        questions = [m for m in pane.messages if m.role is Role.USER and (self.message is None or m != self.message)]
        if self.message is not None and self.message in pane.messages:
            at = pane.messages.index(self.message)
            questions = [m for m in pane.messages[:at] if m.role is Role.USER] or questions
        marked = pane.transcript.marked_message
        await self.begin(pane, marked or (questions[-1] if questions else self.message))

    async def begin(self, pane: "Pane", message: Message | None) -> None:
        """Load a message into the prompt, as it is, or as it was left half changed."""
        if message is None or message.role not in (Role.USER, Role.ASSISTANT):
            pane.prompt.say(_("There is nothing to change yet."))
            return
        if message.ending is Ending.UNFINISHED:
            branching.is_busy(pane)
            return
        if pane.prompt.deputy is not None:
            words = _("One prompt stands under all panes. {key} gives each its own; then a message can be changed.")
            pane.prompt.complain(words.format(key=pane.key_sign_of("compare.all")))
            return
        history = pane.workspace.history_of(pane.conversation)
        await self.keep(pane)
        try:
            contents = [await history.attachment(attachment.sha256) for attachment in message.attachments]
            kept = self._left.get(message.id) or await history.draft(message.id)
        except Failure as failure:
            pane.prompt.complain(f"{failure.message} {failure.hint}".strip())
            return
        pairs = zip(message.attachments, contents, strict=True)
        files = [FileToSend(attachment, content) for attachment, content in pairs if content is not None]
        self.message = message
        self._prompt(pane).begin_revision(
            kept or message.text, () if kept else files, what=_what(pane, message), how=_how(pane, message)
        )
        for file in files:  # what was left half changed names those that are to be kept
            self._prompt(pane).area.chips.add_file(file, None)

    async def leave(self, pane: "Pane") -> None:
        """Leave the message as it was; what was written for it comes back when it is changed again."""
        message = self.message
        changed = message is not None and self._prompt(pane).is_revising and self._is_changed(pane, message)
        await self.keep(pane)
        self._close(pane)
        if changed:
            words = _("The message is as it was. What you wrote for it is kept: {key} there brings it back.")
            pane.prompt.say(words.format(key=pane.key_sign_of("chat.edit")))

    def note(self, pane: "Pane", text: str) -> None:
        """Keep what is written for the message, as a draft of its own."""
        message = self.message
        if message is None:
            return
        changed = self._is_changed(pane, message)
        if changed:
            self._left[message.id] = text
        else:
            self._left.pop(message.id, None)
        pane.workspace.drafts.save(replace(pane.conversation, id=message.id), text if changed else "")

    async def send(self, pane: "Pane", event: RevisingPrompt.Revised) -> None:
        """Ask the changed question beside the old one, or keep the changed answer."""
        message = self.message
        if message is None or branching.is_busy(pane):
            return
        if message.role is Role.ASSISTANT:
            await self._keep_answer(pane, message, event.written)
        elif not event.text and not event.files:
            pane.prompt.complain(_("There is nothing to send. To take the message away, delete it."))
        elif self._is_changed(pane, message) or not (answer := _answer_to(pane, message)):
            await self._ask(pane, message, event)
        else:
            self._close(pane)
            await answering.retry(pane, answer)

    async def _ask(self, pane: "Pane", message: Message, event: RevisingPrompt.Revised) -> None:
        gone.leave(pane)  # where it was deleted for good meanwhile, a new conversation begins with it
        is_there = message.conversation_id == pane.conversation.id
        follows = message.parent_id if is_there else None

        async def begin() -> "LiveTurn":
            live = await pane.workspace.turns.ask(pane.conversation, event.text, event.files, parent_id=follows)
            await self._done(pane, message)
            return live

        await answering.start(pane, begin)

    async def _keep_answer(self, pane: "Pane", message: Message, text: str) -> None:
        if text == message.text:
            self._close(pane)
            pane.prompt.say(_("Nothing was changed."))
            return
        if not text.strip():
            pane.prompt.complain(_("An answer without words says nothing. To take it away, delete it."))
            return
        from ollama_tui.services.asking import StillAnswering
        from ollama_tui.services.branching import change_answer

        try:
            kept = await change_answer(pane.workspace, pane.conversation, message, text)
        except StillAnswering:
            branching.say_busy(pane)
            return
        except Failure as failure:
            pane.prompt.complain(f"{failure.message} {failure.hint}".strip())
            return
        await self._done(pane, message)
        await branching.go_to(pane, kept.id, show=kept.id)
        words = _("Kept beside the model's own answer. {key} lets the model go on from exactly there.")
        pane.prompt.say(words.format(key=pane.key_sign_of("chat.continue")))

    async def _done(self, pane: "Pane", message: Message) -> None:
        """The change is made: nothing is left over of it."""
        self._left.pop(message.id, None)
        self._close(pane)
        pane.workspace.drafts.save(replace(pane.conversation, id=message.id), "")
        await pane.workspace.drafts.flush()

    async def keep(self, pane: "Pane") -> None:
        """Keep what is written for the message until now."""
        if self.message is not None and self._prompt(pane).is_revising:
            self.note(pane, pane.prompt.written)
            await pane.workspace.drafts.flush()

    def _close(self, pane: "Pane") -> None:
        self.message = None
        self._prompt(pane).end_revision()

    def _is_changed(self, pane: "Pane", message: Message) -> bool:
        prompt = self._prompt(pane)
        text, files = prompt.area.chips.send(prompt.area.text)
        if message.role is Role.ASSISTANT:
            return prompt.written != message.text
        return text != message.text.strip() or tuple(file.attachment for file in files) != message.attachments

    def _prompt(self, pane: "Pane") -> RevisingPrompt:
        return pane.prompt


def _answer_to(pane: "Pane", question: Message) -> Message | None:
    """The answer to a question on the open branch."""
    return next((m for m in pane.messages if m.role is Role.ASSISTANT and m.parent_id == question.id), None)


def _what(pane: "Pane", message: Message) -> str:
    number, count = branching.number_of(pane, message), len(pane.messages)
    if message.role is Role.USER:
        return sign(_("✎ Editing message {number} of {count}")).format(number=number, count=count)
    return sign(_("✎ Editing answer {number} of {count}")).format(number=number, count=count)


def _how(pane: "Pane", message: Message) -> list[str]:
    """How it is sent and left, the most important first."""
    editor = _("{key} editor").format(key=pane.key_sign_of("prompt.edit"))
    if message.role is not Role.USER:
        return [_("Enter keeps it"), _("Esc leaves it"), editor]
    before = _("{key} the one before").format(key=pane.key_sign_of("chat.edit"))
    return [_("Enter asks anew"), _("Esc leaves it"), editor, before]
