"""The whole program on a screen of a given size, talking to the demo."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from ollama_tui.config.paths import Paths
from ollama_tui.config.settings import Settings
from ollama_tui.domain.host import DEMO_HOST_ID, HostAddress
from ollama_tui.domain.message import Ending, Role
from ollama_tui.tui.app import OllamaTui, Opening
from ollama_tui.tui.pane.deeds import ConversationPane

DEMO = HostAddress(id=DEMO_HOST_ID, url="", source="demo")


class Program:
    """What a person at the screen can do and see."""

    def __init__(self, app: OllamaTui, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def pane(self) -> ConversationPane:
        return self.app.chat_screen.pane

    @property
    def screen(self) -> str:
        """The characters on the screen, line by line."""
        lines = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in lines)

    async def type(self, text: str) -> None:
        """Type, a key at a time."""
        names = {" ": "space", "\n": "enter", "/": "slash"}
        await self.pilot.press(*(names.get(character, character) for character in text))

    def files_hold(self, text: bytes) -> bool:
        """Whether any file of the program holds `text`."""
        data = self.app.workspace.paths.data
        return any(text in path.read_bytes() for path in data.rglob("*") if path.is_file())

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def until(self, holds: Callable[[], object], *, within: float = 10) -> None:
        """Wait until something holds, or fail with the screen as it is."""
        try:
            async with asyncio.timeout(within):
                while not holds():
                    await self.pilot.pause(0.02)
        except TimeoutError:
            raise AssertionError(f"it does not come true; the screen:\n{self.screen}") from None

    async def sees(self, text: str, *, within: float = 10) -> None:
        """Wait until `text` is on the screen."""
        await self.until(lambda: text in self.screen, within=within)

    async def ask(self, text: str) -> None:
        """Ask, and wait for the answer's end."""
        await self.type(f"{text}\n")
        await self.until(lambda: self.pane.messages or self.pane.live)
        await self.ended()

    async def ended(self) -> None:
        """Wait until the last answer has ended and is shown as it is kept."""
        await self.until(lambda: self.pane.live is None, within=20)
        await self.until(
            lambda: (
                self.pane.messages
                and self.pane.messages[-1].ending is not Ending.UNFINISHED
                and self.pane.messages[-1].role is Role.ASSISTANT
                and not any(
                    worker.group == "attend" and worker.node is self.pane and not worker.is_finished
                    for worker in self.app.workers
                )
            )
        )
        await self.pilot.pause(0.05)


@asynccontextmanager
async def opened(
    data: Path,
    *,
    address: HostAddress = DEMO,
    size: tuple[int, int] = (100, 30),
    settings: Settings | None = None,
    model: str | None = "echo",
    ready: bool = True,
) -> AsyncGenerator[Program]:
    """The program, opened on `data`; with `ready`, once it knows which model to ask."""
    opening = Opening(
        settings=settings or Settings(),
        paths=Paths(data=data, config=data),
        environment={},
        address=address,
        model=model,
    )
    app = OllamaTui(opening)
    async with app.run_test(size=size, notifications=True) as pilot:
        program = Program(app, pilot)
        await program.until(lambda: getattr(app, "workspace", None) is not None)
        if ready:
            await program.until(lambda: program.pane.conversation.setup.model is not None)
        await pilot.pause(0.05)
        yield program
        await app.leave()
