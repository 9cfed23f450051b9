"""A transcript out of which things are taken by keys, and that keys leave: it posts what is wanted."""

from dataclasses import dataclass

from textual.actions import SkipAction
from textual.message import Message as Posted

from ollama_tui.tui.transcript.finding_view import FindingView


class TakingView(FindingView):
    """Asks for what is under the cursor, or selected, to be copied."""

    @dataclass
    class CopyRequested(Posted, namespace="transcript"):
        """Something is to be copied, as it was written."""

        text: str
        what: str
        """`message`, `code` or `thinking`; for `block`, which block is to be asked."""

    @dataclass
    class Left(Posted, namespace="transcript"):
        """The keys are to go elsewhere: to the `prompt`, or to `find` something; or enough was `found`."""

        where: str

    def action_transcript_copy(self) -> None:
        """Copy the selection or the message."""
        self.copy_message()
        self.marking = None
        self.screen.clear_selection()

    def action_transcript_code(self) -> None:
        """Copy a block of its code; which, the pane asks."""
        self.post_message(self.CopyRequested("", "block"))

    def action_transcript_find(self) -> None:
        """Find in the conversation."""
        self.post_message(self.Left("find"))

    async def action_transcript_find_next(self) -> None:
        """The next place, also of what was looked for last."""
        await self.find_again(1)

    async def action_transcript_find_previous(self) -> None:
        """The place before."""
        await self.find_again(-1)

    def action_transcript_close(self) -> None:
        """Select no more, or else mark no more what was found."""
        try:
            super().action_transcript_close()
        except SkipAction:
            if self.finder.sought is None:
                raise
            self.post_message(self.Left("found"))

    def action_transcript_prompt(self) -> None:
        """Back to the prompt."""
        self.post_message(self.Left("prompt"))

    def copy_message(self) -> None:
        """Ask for what is selected, else the current message, to be copied."""
        self._ask_copy(self.text_to_copy(), "message")

    def copy_thinking(self) -> None:
        """Ask for the current message's thinking to be copied."""
        self._ask_copy(self.thinking_to_copy(), "thinking")

    def copy_code(self, number: int = -1) -> None:
        """Ask for a code block of the current message to be copied: from 0, or -1 for the last."""
        blocks = self.code_blocks()
        self._ask_copy(blocks[number] if -len(blocks) <= number < len(blocks) else "", "code")

    def _ask_copy(self, text: str, what: str) -> None:
        if text:
            self.post_message(self.CopyRequested(text, what))
