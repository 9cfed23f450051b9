"""What a person does with a conversation by key, palette or mouse."""

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on, work

from ollama_tui.domain.conversation import TitleSource
from ollama_tui.domain.failure import Failure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import THINK_LEVELS, Message, Think
from ollama_tui.domain.model import Model
from ollama_tui.tui.actions import BY_ID
from ollama_tui.tui.clipboard import copy
from ollama_tui.tui.pane import answering, branching, finding, message_menu, serving, shelving, waiting
from ollama_tui.tui.pane.branch_deeds import BranchingPane
from ollama_tui.tui.pane.setup_deeds import SetupDeeds
from ollama_tui.tui.widgets.prompt import Prompt
from ollama_tui.tui.widgets.question import Choice
from ollama_tui.tui.widgets.welcome import Welcome

if TYPE_CHECKING:  # imported where they are first needed: not before the first paint
    from ollama_tui.tui.widgets.context_details import ContextDetails
    from ollama_tui.tui.widgets.find_bar import FindBar
    from ollama_tui.tui.widgets.model_picker import ModelPicker
    from ollama_tui.tui.widgets.transcript import Transcript

_THINKING: tuple[Think | None, ...] = (None, False, True, *THINK_LEVELS)


class ConversationPane(SetupDeeds, BranchingPane):
    """A pane with its actions."""

    # Answers

    async def action_chat_stop(self) -> None:
        """Stop the answer, or a summary, or leave a question unanswered.

        With none, back to the prompt, or from there to reading where letters read.
        """
        from ollama_tui.tui.pane import context

        if (live := self.live) is not None:
            await self.workspace.turns.stop(live)
        elif context.stop(self):
            pass
        elif self.question is not None:
            self.dismiss_question()
        elif self.program.reads_by_keys and self.prompt.has_focus_within and self.messages:
            self.transcript.focus()
        else:
            self.prompt.take_focus()

    async def action_chat_retry(self) -> None:
        """Ask again."""
        await answering.retry(self)

    async def action_chat_continue(self) -> None:
        """Go on."""
        await answering.go_on(self)

    @on(Prompt.StopAsked)
    async def _stop(self, event: Prompt.StopAsked) -> None:
        event.stop()
        await self.action_chat_stop()

    async def on_transcript_retry_requested(self, event: "Transcript.RetryRequested") -> None:
        event.stop()
        await answering.retry(self, self.message_shown(event.message_id))

    async def on_transcript_continue_requested(self, event: "Transcript.ContinueRequested") -> None:
        event.stop()
        await answering.go_on(self, self.message_shown(event.message_id))

    @work(exclusive=True, group="menu")
    async def on_transcript_menu_requested(self, event: "Transcript.MenuRequested") -> None:
        """Ask what is to be done with a message."""
        event.stop()
        if message := self.message_shown(event.message_id):
            await message_menu.ask(self, message)

    # How it is asked

    async def action_chat_think(self) -> None:
        """The next way of thinking: left to the model, off, on, and the levels."""
        setup = self.conversation.setup
        at = _THINKING.index(setup.think) if setup.think in _THINKING else 0
        await self.change_setup(replace(setup, think=_THINKING[(at + 1) % len(_THINKING)]))

    _again: Message | None = None
    """The answer that the model being chosen is for; without one, it is for the conversation."""

    @work(exclusive=True, group="model")
    async def action_chat_model(self) -> None:
        """Choose the model for what comes next; each answer knows its own."""
        await self._open_picker()

    @work(exclusive=True, group="model")
    async def action_chat_retry_with(self) -> None:
        """Choose a model for another try at one answer; the conversation keeps its own."""
        if (answer := answering.needed_answer(self)) is not None and not branching.is_busy(self):
            await self.choose_model_for(answer)

    async def choose_model_for(self, answer: Message) -> None:
        """Ask with which model an answer is to be tried again."""
        if await self._open_picker():
            self._again = answer
            words = _("Message {number} is answered again by the model you choose; the conversation keeps its own.")
            told = words.format(number=answering.number_of(self, answer))
            self.prompt.say(told, as_long_as=lambda: self._again is answer)

    async def _open_picker(self) -> bool:
        from ollama_tui.tui.widgets.model_picker import ModelPicker

        if self.query(ModelPicker):
            self.close_picker()
            return False
        try:
            models = await self.here.models(refresh=True)
        except Failure as failure:
            self.prompt.complain(f"{failure.message} {failure.hint}".strip())
            return False
        current = self.conversation.setup.model
        loaded = {model.name for model in await self.here.refresh_loaded()}
        picker = ModelPicker(models, loaded=loaded, current=current.name if current else "")
        await self.mount(picker, before=self.prompt)
        picker.take_focus()
        return True

    async def begin_with(self, model: Model) -> None:
        """A new conversation with a model."""
        await self.begin_new()
        await self._take(model)

    async def _take(self, model: Model) -> None:
        ref = self.here.ref_of(model)
        await self.workspace.remember_model(ref)
        await self.use_model(ref)

    def dismiss_question(self) -> None:
        """Which model, neither."""
        super().dismiss_question()
        if self.query("ModelPicker"):
            self.close_picker()

    def close_picker(self) -> None:
        """Take the list of models away."""
        self._again = None
        self.query("ModelPicker").remove()
        self.prompt.take_focus()

    async def on_prompt_blank(self, event: Prompt.Blank) -> None:
        """Enter takes what the welcome offers, wherever the cursor is; in a conversation it asks what waits."""
        event.stop()
        self.query_one(Welcome).choose() if not self.has_class("-talking") else await waiting.ask_first(self)

    async def on_model_picker_chosen(self, event: "ModelPicker.Chosen") -> None:
        event.stop()
        again = self._again
        self.close_picker()
        ref = self.here.ref_of(event.model)
        if event.model.is_remote:
            await self.workspace.turns.consent(ref)
        if again is not None:
            await answering.retry(self, again, replace(self.conversation.setup, model=ref))
        else:
            await self._take(event.model)

    async def on_model_picker_pull_requested(self, event: "ModelPicker.PullRequested") -> None:
        event.stop()
        self.close_picker()
        await self.program.open_pull(event.name)

    def on_model_picker_dismissed(self, event: "ModelPicker.Dismissed") -> None:
        event.stop()
        self.close_picker()

    # What the model sees

    async def action_chat_context(self) -> None:
        """What the prompt is made of."""
        from ollama_tui.tui.pane import context_panel

        await context_panel.toggle(self)

    async def on_context_details_left(self, event: "ContextDetails.Left") -> None:
        event.stop()
        await self.action_chat_context()

    async def on_context_details_chosen(self, event: "ContextDetails.Chosen") -> None:
        event.stop()
        await self.program.perform(BY_ID[event.action_id])

    def action_chat_summarise(self) -> None:
        """Sum up the oldest turns."""
        from ollama_tui.tui.pane import context

        context.sum_up_now(self)

    async def action_chat_context_whole(self) -> None:
        """Send the whole history again."""
        from ollama_tui.tui.pane import context

        await context.send_whole(self)

    async def on_transcript_whole_requested(self, event: "Transcript.WholeRequested") -> None:
        event.stop()
        await self.action_chat_context_whole()

    async def action_chat_context_forget(self) -> None:
        """Ask again where a prompt does not fit."""
        from ollama_tui.tui.pane import context

        await context.forget_habit(self)
        self.gauge.refresh()

    # The conversation

    @work(exclusive=True, group="rename")
    async def rename(self, conversation_id: str) -> None:
        """Ask for another title."""
        history = self.workspace.history
        conversation = await history.conversation(conversation_id)
        if conversation is None:
            return
        title = await self.ask_person(_("Title:"), field=conversation.title)
        if title is not None and title.strip():
            await history.rename(conversation_id, title.strip(), TitleSource.PERSON)
            await self.reload()

    def action_chat_rename(self) -> None:
        """Rename the open conversation."""
        if self.stored:
            self.rename(self.conversation.id)

    @work(exclusive=True, group="title")
    async def action_chat_title(self) -> None:
        """Let the model find a title."""
        if not self.stored:
            return
        self.prompt.say(_("The model looks for a title …"))
        try:
            titled = await self.workspace.title_by_model(self.conversation)
        except Failure as failure:
            self.prompt.complain(f"{failure.message} {failure.hint}".strip())
            return
        self.prompt.say(_("Title: {title}").format(title=titled.title))
        await self.reload()

    # Finding, and where it is kept: see `finding` and `shelving`

    def action_chat_find(self) -> None:
        """Find in this conversation."""
        finding.open_bar(self)

    def on_find_bar_sought(self, event: "FindBar.Sought") -> None:
        event.stop()
        finding.look_for(self, event.text)

    def on_find_bar_step_asked(self, event: "FindBar.StepAsked") -> None:
        event.stop()
        self.transcript.go(event.step)

    async def on_find_bar_everywhere_asked(self, event: "FindBar.EverywhereAsked") -> None:
        event.stop()
        await self.program.action_app_search(event.text)

    def on_find_bar_read_on(self, event: "FindBar.ReadOn") -> None:
        event.stop()
        finding.read_on(self)

    def on_find_bar_left(self, event: "FindBar.Left") -> None:
        event.stop()
        finding.close_bar(self)

    def on_finding_view_found(self, event: "Transcript.Found") -> None:
        event.stop()
        finding.show_found(self, event.which, event.count)

    @work(group="shelving")
    async def action_chat_pin(self) -> None:
        """Above the others, or no more."""
        await shelving.pin(self)

    @work(group="shelving")
    async def action_chat_archive(self) -> None:
        """Into the archive, or back."""
        await shelving.archive(self)

    @work(exclusive=True, group="tags")
    async def action_chat_tag(self) -> None:
        """Ask for the tags."""
        await shelving.ask_tags(self, self.conversation.id if self.stored else None)

    # Copying and links

    @work(group="copy")
    async def take(self, what: str, *, plain: bool = False, number: int | None = None) -> None:
        """Copy the `message`, its `thinking`, a block of `code` or `all`, or put it into a `file` or `export` it."""
        from ollama_tui.tui.pane.copying import take

        await take(self, what, plain=plain, number=number)

    def action_chat_copy(self) -> None:
        """Copy what is selected, the message under the reading cursor, or the last answer."""
        self.take("message")

    def action_chat_copy_plain(self) -> None:
        """The same without Markdown's marks."""
        self.take("message", plain=True)

    def action_chat_copy_code(self) -> None:
        """Copy a block of code."""
        self.take("code")

    def action_chat_copy_thinking(self) -> None:
        """Copy the thinking."""
        self.take("thinking")

    def action_chat_copy_all(self) -> None:
        """Copy the conversation."""
        self.take("all")

    def action_chat_save_code(self) -> None:
        """Put a block of code into a file."""
        self.take("file")

    def action_chat_export(self) -> None:
        """Put the conversation into a file."""
        self.take("export")

    async def action_chat_plain(self) -> None:
        """The text alone, for the terminal's own selection."""
        from ollama_tui.tui.screens.plain import PlainScreen

        if not self.messages:
            self.prompt.say(_("There is nothing to read yet."))
        elif self.query("Transcript"):
            await self.program.push_screen(PlainScreen(self.transcript.messages_as_shown()))

    async def on_transcript_copy_requested(self, event: "Transcript.CopyRequested") -> None:
        event.stop()
        if event.what == "block":
            self.take("code")
        else:
            self.prompt.say(await copy(self.program, event.text))

    def on_transcript_left(self, event: "Transcript.Left") -> None:
        event.stop()
        if event.where == "find":
            finding.open_bar(self, reading=True)
        elif event.where == "found":
            finding.forget(self)
        else:
            self.prompt.take_focus()

    def on_transcript_link_requested(self, event: "Transcript.LinkRequested") -> None:
        event.stop()
        self._ask_link(event.url)

    @work(exclusive=True, group="link")
    async def _ask_link(self, url: str) -> None:
        choice = await self.ask_person(
            _("A link to {url}").format(url=url),
            [
                Choice("copy", _("copy the address"), "c"),
                Choice("open", _("open it in the browser: this leaves the program"), "o"),
            ],
        )
        if choice == "copy":
            self.prompt.say(await copy(self.program, url))
        elif choice == "open" and url.startswith(("http://", "https://")):
            self.program.open_url(url)

    async def action_chat_tokens(self) -> None:
        """Look at tokens."""
        from ollama_tui.tui.pane.inspecting import inspect

        await inspect(self)

    # The server

    @work(exclusive=True, group="host")
    async def choose_host(self) -> None:
        """Ask for another server."""
        known = [address for address in self.workspace.addresses if address.id != self.here.address.id]
        choices = [Choice(address.url or "demo:", f"{address.id}  {address.url}") for address in known]
        answer = "other"
        if any(address.url for address in known):  # the demo alone is no choice of servers: it is offered by itself
            answer = await self.ask_person(_("Which server?"), [*choices, Choice("other", _("another address …"), "o")])
        if answer == "other":
            answer = await serving.ask_address(self)
        if answer == "demo:":
            self.choose_server("demo")
        elif answer:
            self.choose_server(f"host:{answer}")
