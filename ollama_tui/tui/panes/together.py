"""One prompt under all panes: what is sent there is asked in each of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from ollama_tui.domain.i18n import _
from ollama_tui.tui.pane import drafting, serving, waiting
from ollama_tui.tui.pane.deeds import ConversationPane
from ollama_tui.tui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from ollama_tui.tui.screens.chat import ChatScreen

_FOR_EACH = frozenset({"set", "model", "retry", "continue"})
"""The commands that are given to each pane; the others are given to the one that has the focus."""


class _PromptForAll(Prompt):
    """Their own queues the panes show themselves."""

    def __init__(self, screen: "ChatScreen", owner: ConversationPane) -> None:
        super().__init__(recall=owner.recall, is_busy=lambda: any(pane.live for pane in screen.panes))
        self._chat = screen

    def action_prompt_unqueue(self) -> None:
        """Take back the question that would be asked last in the pane that has the focus."""
        self._chat.pane.prompt.action_prompt_unqueue()


class Together(Vertical):
    """The prompt for all. What is typed in it is the draft of the pane that had the focus when it came."""

    DEFAULT_CSS = """
    Together { height: auto; }
    Together > Static { height: 1; padding: 0 1; color: $text-accent; border-top: none; }
    Together > Prompt { border-top: none; }
    Together > Prompt:focus-within { border-top: none; }
    """

    def __init__(self, screen: "ChatScreen", owner: ConversationPane) -> None:
        super().__init__()
        self._chat = screen
        self.owner = owner
        self.prompt = _PromptForAll(screen, owner)

    def compose(self) -> ComposeResult:
        yield Static(markup=False)
        yield self.prompt

    def on_mount(self) -> None:
        """Go on with what is typed."""
        self.prompt.load_draft(self.owner.prompt.text)
        serving.offer_names(self.owner, self.prompt)
        self.prompt.take_focus()
        self.call_after_refresh(self.cover, self._chat.panes)  # what has the focus must not vanish under it

    def cover(self, panes: Sequence[ConversationPane]) -> None:
        """Stand in for the prompts of these panes."""
        for pane in panes:
            pane.add_class("-together")
            pane.prompt.deputy = self.prompt
        if self.owner not in panes:
            self.owner, typed = panes[0], self.prompt.text
            texts = [text for text in (self.owner.prompt.text, typed) if text]
            self.prompt.load_draft("\n".join(dict.fromkeys(texts)))
            drafting.note(self.owner)
        words = _("To all {count} panes").format(count=len(panes))
        self.query_one(Static).update(Content.styled(words, "bold"))

    def uncover(self, panes: Sequence[ConversationPane]) -> None:
        """Let each pane have its own again; what is typed goes to the owner's."""
        for pane in panes:
            pane.remove_class("-together")
            pane.prompt.deputy = None
        if self.owner in panes:
            self.owner.prompt.load_draft(self.prompt.text)
            drafting.note(self.owner)

    @on(Prompt.Submitted)
    async def _ask_all(self, event: Prompt.Submitted) -> None:
        event.stop()
        self.owner.prompt.load_draft("")
        try:
            for pane in self._chat.panes:
                await pane.submit(event.text, event.files, event.draft)
        finally:
            drafting.arrived(self.owner, self.prompt, event.draft)

    @on(Prompt.Blank)
    async def _ask_what_waits(self, event: Prompt.Blank) -> None:
        event.stop()
        for pane in self._chat.panes:
            await waiting.ask_first(pane)

    @on(Prompt.Command)
    def _give_command(self, event: Prompt.Command) -> None:
        event.stop()
        each = event.command.name in _FOR_EACH
        for pane in self._chat.panes if each else [self._chat.pane]:
            pane.post_message(Prompt.Command(event.command, event.written))

    @on(Prompt.DraftChanged)
    def _keep_draft(self, event: Prompt.DraftChanged) -> None:
        event.stop()
        self.owner.prompt.load_draft(self.prompt.text)
        drafting.note(self.owner)

    @on(Prompt.StopAsked)
    async def _stop(self, event: Prompt.StopAsked) -> None:
        event.stop()
        await self._chat.pane_deeds.action_pane_stop_all()
