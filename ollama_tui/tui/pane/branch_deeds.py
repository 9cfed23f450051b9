"""What a person does with the branches of a conversation by key, palette or mouse."""

from typing import TYPE_CHECKING

from textual import on

from ollama_tui.domain.message import Message
from ollama_tui.tui.pane import branching
from ollama_tui.tui.pane.pane import Pane
from ollama_tui.tui.widgets.prompt_revision import RevisingPrompt

if TYPE_CHECKING:  # imported where they are first needed: not before the first paint
    from ollama_tui.tui.widgets.transcript import Transcript


class BranchingPane(Pane):
    """A pane with the actions of its tree."""

    def message_shown(self, message_id: str) -> Message | None:
        """A message of the open branch."""
        return next((message for message in self.messages if message.id == message_id), None)

    async def on_transcript_variant_requested(self, event: "Transcript.VariantRequested") -> None:
        """Another variant of a message, and what followed it."""
        event.stop()
        await branching.step(self, event.message_id, event.step)

    async def action_chat_before(self) -> None:
        """The variant before, of the message under the reading cursor or the last one."""
        await branching.step_last(self, -1)

    async def action_chat_after(self) -> None:
        """The variant after."""
        await branching.step_last(self, 1)

    # The tree

    async def action_chat_edit(self) -> None:
        """Change an earlier message in the prompt."""
        await self.revision.begin_meant(self)
        self.gauge.refresh()

    @on(RevisingPrompt.Revised)
    async def _revise(self, event: RevisingPrompt.Revised) -> None:
        event.stop()
        await self.revision.send(self, event)

    @on(RevisingPrompt.RevisionChanged)
    def _note_revision(self, event: RevisingPrompt.RevisionChanged) -> None:
        event.stop()
        self.revision.note(self, self.prompt.written)  # the event may be of another message
        self.gauge.refresh()

    @on(RevisingPrompt.RevisionLeft)
    async def _leave_revision(self, event: RevisingPrompt.RevisionLeft) -> None:
        event.stop()
        await self.revision.leave(self)
        self.gauge.refresh()

    async def action_chat_tree(self) -> None:
        """The tree, to walk in."""
        from ollama_tui.tui.screens.tree import TreeScreen

        await self.program.push_screen(TreeScreen(self))

    async def action_chat_fork(self) -> None:
        """A conversation of its own, up to here."""
        await branching.fork(self)

    async def action_chat_delete_message(self) -> None:
        """Let the message under the reading cursor leave, or the last question with its answers."""
        await branching.delete(self)

    async def action_chat_restore_message(self) -> None:
        """Bring back the message deleted last."""
        await branching.restore(self)

    async def on_transcript_delete_requested(self, event: "Transcript.DeleteRequested") -> None:
        event.stop()
        await branching.delete(self, self.message_shown(event.message_id))

    async def on_transcript_restore_requested(self, event: "Transcript.RestoreRequested") -> None:
        event.stop()
        await branching.restore(self)
