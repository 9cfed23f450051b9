"""What is drawn piece by piece is what a screen drawn as a whole shows."""

from pathlib import Path
from typing import Any, cast

import pyte
from rich.console import Console
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.screen import Screen

from tests.tui.app.opened import Program, opened


class Copy:
    """A terminal that gets only what is drawn."""

    def __init__(self, program: Program, size: tuple[int, int]) -> None:
        self.screen = pyte.Screen(*size)
        stream = pyte.Stream(self.screen)
        console = Console(force_terminal=True, color_system="truecolor", legacy_windows=False)
        compositor = program.app.screen._compositor
        draw = compositor.render_update

        def render_update(
            full: bool = False, screen_stack: list[Screen[Any]] | None = None, simplify: bool = False
        ) -> Any:
            update = cast("LayoutUpdate | ChopsUpdate | None", draw(full, screen_stack, simplify))
            if update is not None:
                text = update.render_segments(console)
                stream.feed(("\x1b[H" + text if isinstance(update, LayoutUpdate) else text).replace("\n", "\r\n"))
            return update

        compositor.render_update = render_update
        self.program = program

    async def is_right(self) -> None:
        """Wait until it shows what the program shows."""
        await self.program.until(lambda: self.shown == self.program.screen)

    @property
    def shown(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)


async def test_pieces_make_the_whole(tmp_path: Path) -> None:
    size = (140, 40)
    async with opened(tmp_path, model="markdown", size=size) as program:
        copy = Copy(program, size)
        program.app.screen.refresh(layout=True)
        await program.pilot.resize_terminal(100, 30)
        await program.pilot.resize_terminal(*size)
        await copy.is_right()
        await program.type("150 tokens at 60 tokens/s\n")
        await program.press("alt+n")
        await program.until(lambda: len(program.app.chat_screen.panes) == 2 and program.pane.is_open)
        await program.type("你好 typed while the other pane streams")
        await program.press("alt+shift+m")
        await program.sees("NAME")
        program.app.warn("a toast over all of it")
        await program.press("escape", "shift+tab", "f9", "pageup", "up")
        await program.until(lambda: not program.app.workspace.turns.all_live(), within=20)
        await copy.is_right()
        await program.press("f8")
        await program.sees("Which model?")
        await program.type("think")
        await copy.is_right()
        await program.press("escape", "alt+w", "alt+shift+up")
        await copy.is_right()
