"""A prompt alone on a screen, what it posts, and what is seen."""

from collections.abc import Sequence

from textual import events, on
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.pilot import Pilot

from ollama_tui.tui.attachments import FileToSend
from ollama_tui.tui.slash import Command
from ollama_tui.tui.widgets.prompt import Prompt

EARLIER = ["newest", "two\nlines", "Pirate song", "oldest pirate"]


class PromptApp(App[None]):
    """Keeps what the prompt posts."""

    def __init__(self, earlier: Sequence[str] = EARLIER, *, busy: bool = False) -> None:
        super().__init__()
        self.earlier = earlier
        self.busy = busy
        self.sent: list[str] = []
        self.files: list[FileToSend] = []
        self.commands: list[Command] = []
        self.drafts: list[str] = []
        self.unqueued: list[str] = []
        self.queued: dict[str, str] = {}
        self.stops = 0
        self.prompt = Prompt(recall=self.recall, is_busy=lambda: self.busy)

    def compose(self) -> ComposeResult:
        yield VerticalScroll(can_focus=False)
        yield self.prompt

    async def recall(self, text: str, limit: int) -> Sequence[str]:
        """The earlier prompts, as the history gives them."""
        return [earlier for earlier in self.earlier if text.casefold() in earlier.casefold()][:limit]

    @on(Prompt.Submitted)
    def _sent(self, event: Prompt.Submitted) -> None:
        self.sent.append(event.text)
        self.files += event.files

    @on(Prompt.Command)
    def _commanded(self, event: Prompt.Command) -> None:
        self.commands.append(event.command)

    @on(Prompt.DraftChanged)
    def _drafted(self, event: Prompt.DraftChanged) -> None:
        self.drafts.append(event.text)

    @on(Prompt.Unqueued)
    def _taken_back(self, event: Prompt.Unqueued) -> None:
        self.unqueued.append(event.id)
        self.prompt.take_back(self.queued[event.id])

    @on(Prompt.StopAsked)
    def _stopped(self) -> None:
        self.stops += 1

    @property
    def written(self) -> str:
        """What the prompt shows, chips as their labels."""
        return self.prompt.area.text


def seen(app: App[None]) -> list[str]:
    """The screen's lines, as they are drawn."""
    lines = app.screen._compositor.render_strips(app.screen.size)
    return ["".join(segment.text for segment in strip).rstrip() for strip in lines]


async def write(pilot: Pilot[None], text: str) -> None:
    """Type `text`, and let everything follow from it."""
    for character in text:
        await pilot.press({" ": "space", "\n": "ctrl+j"}.get(character, character))
    await settle(pilot)


async def paste(pilot: Pilot[None], text: str) -> None:
    """Paste `text`, as the terminal's driver passes it on."""
    pilot.app.post_message(events.Paste(text))
    await settle(pilot)


async def settle(pilot: Pilot[None]) -> None:
    """Wait until workers and their messages are done."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
