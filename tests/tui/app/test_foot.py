"""The last line names keys that work where the focus is, and no others."""

from pathlib import Path

import pytest
from opened import Program, opened
from textual.geometry import Offset

from ollama_tui.tui.widgets.foot import Foot


def foot(program: Program) -> str:
    """The last line."""
    return program.screen.splitlines()[-1]


@pytest.mark.parametrize("width", [80, 140])
async def test_the_foot_follows_the_focus(tmp_path: Path, width: int) -> None:
    async with opened(tmp_path, size=(width, 30)) as program:

        async def shows(first: str, *, never: str = "") -> None:
            await program.until(lambda: foot(program).strip().startswith(first))
            assert not never or never not in foot(program), foot(program)

        await program.ask("hello")
        await shows("Enter send")
        await program.press("alt+shift+m")
        await program.until(lambda: program.app.chat_screen.row.manager is not None)
        await shows("Enter details · n chat · p pull", never="send")
        assert program.screen.count("n chat") == 1, "once, and not in the pane as well"
        await program.press("p")
        await shows("↑↓ choose · Enter pull", never="send")
        await program.press("escape", "shift+tab")
        await shows("Enter send")
        await program.press("alt+shift+m")
        await program.press("f6")
        await shows("Enter open · / filter · r rename", never="send")
        await program.press("slash")
        await shows("Enter open · ↓ to the list", never="rename")
        await program.press("escape", "escape", "f10")
        await shows("Esc back", never="send")
        await program.press("escape", "f9")
        await shows("Enter what can be done · ←→ variants", never="send")
        await program.press("enter")
        await shows("Enter choose · Esc leave it", never="send")
        await program.press("escape", "f8")
        await shows("Enter take it · Esc leave it", never="send")
        await program.press("escape", "f5")
        await shows("Esc close", never="send")
        await program.press("escape", "alt+shift+d")
        await program.sees("Compare what?")
        await program.press("m")
        await shows("Space tick · Enter begin · Esc leave it", never="send")
        await program.press("escape", "alt+shift+t")
        await shows("Esc back · Enter go there · ←→ fold", never="send")
        await program.press("escape", "alt+t")
        await shows("Esc back · ←→ token · Tab edit")
        await program.press("tab")
        await shows("Esc back · Tab tokens", never="←→ token")
        await program.press("escape", "alt+slash")
        await shows("Enter open")
        await program.press("escape")
        await shows("Enter send")


async def test_reading_names_what_enter_does(tmp_path: Path) -> None:
    async with opened(tmp_path, model="thinker") as program:

        async def enter_does(what: str) -> None:
            await program.until(lambda: f"Enter {what}" in foot(program))

        await program.type("a question\n")
        await program.sees("Thinking")
        await program.press("escape")
        await program.ended()
        await program.press("f9")
        await enter_does("go on")
        await program.press("enter")
        await program.ended()
        await enter_does("its thinking")
        await program.press("ctrl+up", "ctrl+up")
        await enter_does("what can be done")


async def test_what_the_foot_names_can_be_clicked(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        at = foot(program).index("models")
        await program.pilot.click(Foot, offset=Offset(at, 0))
        await program.sees("installed")


async def test_a_head_is_clicked_for_its_own_pane(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(140, 30)) as program:
        first = program.pane
        await program.press("alt+n")
        await program.until(lambda: program.pane is not first and program.pane.is_open)
        await program.pilot.pause(0.05)
        line = program.screen.splitlines()[0]
        await program.pilot.click(offset=Offset(line.index("ctx"), 0))
        await program.until(lambda: first.query("ContextDetails:focus-within"))
        assert program.pane is first
