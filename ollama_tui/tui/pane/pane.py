"""One conversation: shows it, takes what the person writes, and asks."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message as TextualMessage

from ollama_tui.domain.conversation import Conversation, Setup
from ollama_tui.domain.host import HostAddress
from ollama_tui.domain.identity import new_id, now
from ollama_tui.domain.message import Attachment, Message
from ollama_tui.domain.model import Model, ModelRef, same_model
from ollama_tui.domain.options import OptionValue
from ollama_tui.tui.keymaps import first_key
from ollama_tui.tui.pane import answering, branching, drafting, drawing, opening, serving, waiting, welcoming
from ollama_tui.tui.pane.catching_up import CatchingUp
from ollama_tui.tui.pane.gauge import Gauge
from ollama_tui.tui.pane.heading import head_line
from ollama_tui.tui.pane.revising import Revision
from ollama_tui.tui.widgets.head import Head
from ollama_tui.tui.widgets.prompt import Prompt
from ollama_tui.tui.widgets.prompt_revision import RevisingPrompt
from ollama_tui.tui.widgets.question import Choice, Question
from ollama_tui.tui.widgets.welcome import Welcome

if TYPE_CHECKING:  # what takes time to import comes after the first paint: see `attach`
    from ollama_tui.services.live import LiveTurn
    from ollama_tui.services.server import Server
    from ollama_tui.services.workspace import ServerState, Workspace
    from ollama_tui.tui.app import OllamaTui
    from ollama_tui.tui.pane.deeds import ConversationPane
    from ollama_tui.tui.widgets.transcript import Transcript

Files = Sequence[tuple[Attachment, bytes]]


@dataclass(frozen=True, slots=True)
class Held:
    """What was sent before it was known whom to ask."""

    text: str
    files: Files
    draft: str
    """What stands for both where only text is kept: pasted texts in full, files as `@path`."""


class Pane(Vertical):
    """One conversation. What it shows is kept by the workspace; it only knows which conversation is open here.

    It takes keys from the first paint on, before there is a workspace: what is sent meanwhile is held back.
    """

    DEFAULT_CSS = """
    Pane { width: 1fr; height: 1fr; }
    Pane > Transcript { height: 1fr; display: none; }
    Pane.-talking > Transcript { display: block; }
    Pane.-talking > Welcome { display: none; }
    Pane.-together > Prompt, Pane.-together > Prompt:focus-within { border-top: none; }
    Pane.-together > Prompt > PromptArea { display: none; }
    """

    class Changed(TextualMessage):
        """The list at the side may have to change: a new conversation, another title, another one open here."""

    @dataclass
    class ServerChosen(TextualMessage):
        """The person chose one of the welcome's ways to a server, for this pane."""

        pane: "ConversationPane"
        choice_id: str

    workspace: "Workspace"
    """There from `attach` on."""

    def __init__(self, *, model: str | None = None, address: HostAddress | None = None) -> None:
        super().__init__()
        self._attached = asyncio.Event()
        self._opening = asyncio.Lock()
        """One conversation is opened after the other: what is typed in each, and what is taken over, stays whole."""
        self.address = address
        """The server of new conversations here; None for the one in use."""
        self.conversation = Conversation(id=new_id())
        self.stored = False
        """Whether the conversation is in the history yet: one without a question is not."""
        self.messages: tuple[Message, ...] = ()
        self.server: ServerState | None = None
        """What is known of `here`."""
        self.wanted_model = model
        self.held: list[Held] = []
        self.left_draft = ""
        """Where something is written that was not sent and is not on the screen: a line about it."""
        self.given = Setup()
        """How the conversation asked when it was begun."""
        self.settled = False
        """Whether it is known how a new conversation asks: with which model, or that there is none."""
        self.moved = False
        """Whether another server was chosen, and its models are not known yet."""
        self.followed: LiveTurn | None = None
        """The answer that is waited for here."""
        self.deleted: str | None = None
        """`binned` or `purged` where the open conversation was deleted elsewhere."""
        self.catching_up = CatchingUp(self)
        self.takes: Callable[[str, Files, str], Awaitable[None]] | None = None
        """What takes the next question that is sent, instead of asking it."""
        self.unasked: list[str] = []
        """What was sent, as a draft, while the person is asked whether it may be."""
        self.question: Question | None = None
        self.gauge = Gauge(self)
        self.revision = Revision()

    def compose(self) -> ComposeResult:
        yield Head()
        yield Welcome()
        yield RevisingPrompt(recall=self.recall, is_busy=lambda: self.live is not None)

    async def attach(
        self, workspace: "Workspace", conversation: Conversation | None = None, *, stored: bool = True
    ) -> None:
        """Begin with a conversation, else with a new one and what was typed last time and not sent."""
        from ollama_tui.tui.pane.pictures import Pictures
        from ollama_tui.tui.pane.verdicts import Verdicts
        from ollama_tui.tui.widgets.transcript import Transcript

        self.workspace = workspace
        self._pictures = Pictures()
        self.verdicts = Verdicts()
        await self.mount(Transcript(pixels=self._pictures.of, verdict_of=self.verdicts.of), before=self.prompt)
        if conversation is None:
            await drafting.take(self)
        else:
            await drafting.take_up(self, conversation, stored=stored)
        self.settled = self.conversation.setup.model is not None
        self._attached.set()
        await welcoming.look(self)
        self.show_server(None)
        if self.stored:
            await self.show()

    @property
    def is_open(self) -> bool:
        """Whether there is a workspace yet."""
        return self._attached.is_set()

    def shut(self) -> None:
        """It is being taken away: nothing begins here any more."""
        self._attached.clear()

    @property
    def own_server(self) -> "Server":
        """The server that new conversations ask here."""
        return self.workspace.at(self.address or self.workspace.address)

    @property
    def here(self) -> "Server":
        """The server that is asked here: that of the conversation's model if it is known, else the pane's own."""
        model = self.conversation.setup.model
        known = self.workspace.address_of(model.host_id) if model is not None else None
        return self.workspace.at(known) if known is not None else self.own_server

    @property
    def program(self) -> "OllamaTui":
        """The app, as ours."""
        return cast("OllamaTui", self.app)  # pyright: ignore[reportUnknownMemberType] - App's type is open in Textual

    @property
    def prompt(self) -> RevisingPrompt:
        """Where the person writes."""
        return self.query_one(RevisingPrompt)

    @property
    def transcript(self) -> "Transcript":
        """What was said."""
        from ollama_tui.tui.widgets.transcript import Transcript

        return self.query_one(Transcript)

    @property
    def live(self) -> "LiveTurn | None":
        """The answer that is being written in this conversation."""
        if not self.is_open:
            return None
        return self.workspace.turns.live(self.conversation.id)

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was asked yet, and nothing but the model was set by hand."""
        return not self.stored and replace(self.conversation.setup, model=None) == replace(self.given, model=None)

    def key_sign_of(self, action_id: str) -> str:
        """The first key of an action, as it is shown."""
        return first_key(self, action_id)

    # Opening

    async def begin_new(self, *, temporary: bool = False, setup: Setup | None = None) -> None:
        """Leave this conversation as it is and begin another."""
        async with self._opening:
            await self._begin_new(temporary=temporary, setup=setup)

    async def _begin_new(self, *, temporary: bool, setup: Setup | None) -> None:
        await opening.begin_new(self, temporary=temporary, setup=setup)

    async def begin_like(self, setup: Setup) -> None:
        """In a new conversation: ask as another one does."""
        self.conversation = replace(self.conversation, setup=setup)
        self.settled = True
        self.show_head()
        welcoming.tell(self)

    async def open(self, conversation: Conversation, *, stored: bool = True) -> None:
        """Show a kept conversation, or, where it is not `stored`, one that nothing was asked in yet."""
        async with self._opening:
            is_left = await drafting.leave(self)
            await drafting.take_up(self, conversation, stored=stored)
            self.messages = self.messages if stored else ()
            await self.show()
            if is_left:
                drafting.tell_temporary(self)

    async def show(self) -> None:
        """Bring the screen up to what is kept, and tell of it."""
        await drawing.draw(self)
        await answering.follow(self)
        self.post_message(self.Changed())

    async def look_at_pictures(self, messages: Sequence[Message]) -> None:
        """Make the attached pictures small, unless they are not to be shown."""
        if self.program.settings.images == "blocks":
            await self._pictures.look(self.workspace.history_of(self.conversation), messages)

    async def show_queue(self) -> None:
        """Show what waits to be asked: behind the running answer, for a model, or for the person to say so."""
        await waiting.show(self)

    async def reload(self) -> None:
        """Something changed in the conversation: show it, and tell of it."""
        await self.catch_up()
        self.post_message(self.Changed())

    async def catch_up(self) -> None:
        """Something changed behind the pane: a turn ended, another pane or another instance wrote."""
        if self.stored:
            self.conversation = await branching.as_kept(self)
        await drawing.draw(self)
        await answering.follow(self)

    # The server

    def show_server(self, server: "ServerState | None") -> None:
        """Tell what is known of the server; ask what was held back once there is somebody to ask."""
        serving.show(self, server)

    @on(Welcome.Chosen)
    def _choose_way(self, event: Welcome.Chosen) -> None:
        event.stop()
        self.choose_server(event.choice_id)

    def choose_server(self, choice_id: str) -> None:
        """Ask another server here."""
        self.post_message(self.ServerChosen(cast("ConversationPane", self), choice_id))

    @on(Welcome.Typed)
    def _type_from_welcome(self, event: Welcome.Typed) -> None:
        event.stop()
        self.prompt.take_focus()
        self.prompt.insert_text(event.character)

    # Asking

    @on(Prompt.Submitted)
    async def _submit(self, event: Prompt.Submitted) -> None:
        event.stop()
        takes, self.takes = self.takes, None
        try:
            await (takes or self.submit)(event.text, event.files, event.draft)
        finally:
            drafting.arrived(self, self.prompt, event.draft)

    async def submit(self, text: str, files: Files, draft: str) -> None:
        """Ask, as soon as it is known whom. `draft` stands for it as long as it is not asked: see `Held`."""
        if self.conversation.setup.model is None or self.held:
            self.held.append(Held(text, files, draft))
            if self.is_open:
                await self.show_queue()
                welcoming.tell(self)
            return
        await self.ask(text, files, draft)

    async def ask(self, text: str, files: Files, draft: str) -> None:
        """Ask, or let it wait behind the answer that runs."""
        await answering.ask(self, text, files, draft)

    @on(Prompt.Unqueued)
    async def _unqueue(self, event: Prompt.Unqueued) -> None:
        event.stop()
        await waiting.take_back(self, event.id)

    @on(Prompt.Command)
    @work(group="command")
    async def _command(self, event: Prompt.Command) -> None:
        event.stop()
        await self._attached.wait()
        from ollama_tui.tui.pane.commands import run_command

        await run_command(self, event.command, event.written)

    @on(Prompt.DraftChanged)
    def _keep_draft(self, event: Prompt.DraftChanged) -> None:
        event.stop()
        if self.is_open:
            drafting.mirror(self)
            drafting.note(self)  # the event may be of a conversation that was left since
            self.gauge.refresh()

    async def save_draft(self) -> None:
        """Keep what is typed, now."""
        if self.is_open:
            drafting.note(self)
            await self.revision.keep(self)
            await self.workspace.drafts.flush()

    async def recall(self, text: str, limit: int) -> Sequence[str]:
        """Earlier prompts, as soon as they can be read."""
        await self._attached.wait()
        return await self.workspace.prompts(text, limit)

    # What the person sees of it

    def show_head(self) -> None:
        """The head's line, from what is known now; the gauge follows."""
        self.draw_head()
        if self.is_open:
            self.gauge.refresh()

    def draw_head(self) -> None:
        """The head's line, with the gauge as it is."""
        for head in self.query(Head):  # none, while the pane is taken away
            head.line = head_line(self)

    def model_of(self, ref: ModelRef | None) -> Model | None:
        """What the server tells of a model, if it was asked already."""
        if ref is None or self.server is None:
            return None
        return next((model for model in self.server.models if same_model(model.name, ref.name)), None)

    async def change_setup(self, setup: Setup) -> None:
        """Ask differently from now on."""
        self.conversation = replace(self.conversation, setup=setup, updated_at=self.conversation.updated_at or now())
        if self.stored:
            await self.workspace.history_of(self.conversation).update(self.conversation)
        self.show_head()
        self.post_message(self.Changed())

    async def use_model(self, ref: ModelRef) -> None:
        """Ask this model from now on, first what was held back for want of one."""
        await self.change_setup(replace(self.conversation.setup, model=ref))
        self.settled = True
        welcoming.tell(self)
        await serving.ask_held(self)

    async def set_option(self, name: str, value: OptionValue | None) -> None:
        """Set an option of this conversation; None leaves it to the model again."""
        options = {key: old for key, old in self.conversation.setup.options.items() if key != name}
        if value is not None:
            options[name] = value
        await self.change_setup(replace(self.conversation.setup, options=options))

    def dismiss_question(self) -> None:
        """What is asked of the person needs no answer any more."""
        if self.question is not None:
            self.question.settle(None)

    async def ask_person(
        self,
        text: str,
        choices: Sequence[Choice] = (),
        *,
        field: str | None = None,
        placeholder: str = "",
        unbidden: bool = False,
    ) -> str | None:
        """Ask something above the prompt and wait; only from a worker. None if the person went away."""
        self.dismiss_question()
        question = self.question = Question(text, choices, field=field, placeholder=placeholder, unbidden=unbidden)

        def wanted() -> bool:
            return self.question is question and not (unbidden and bool(self.prompt.text))

        def over() -> None:
            if self.question is question:
                self.question = None
            (self.question if self.question is not None and self.question.is_mounted else self.prompt).take_focus()

        return await question.put(self, self.prompt, focus=wanted, after=over)
