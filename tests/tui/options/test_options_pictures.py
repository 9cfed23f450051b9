"""How the form of options looks, kept as pictures: values set, unset and wrong, in both themes, small and large."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from textual.pilot import Pilot

from ollama_tui.config.paths import Paths
from ollama_tui.config.settings import Settings
from ollama_tui.tui import app as app_module
from ollama_tui.tui.app import OllamaTui, Opening
from ollama_tui.tui.widgets.option_input import OptionInput
from tests.tui.app.opened import DEMO, Program
from tests.tui.options.test_options_form import form, setup, to

Compare = Callable[..., bool]
_REPORTS = os.environ.get("TEXTUAL_SNAPSHOT_TEMPDIR", "")
"""Where the plugin collects differences; a test's own environment has no variables of Textual's."""


class Pictured(OllamaTui):
    """Closes what it opened once its picture is taken."""

    CSS_PATH = Path(app_module.__file__).with_name("app.tcss")

    async def on_exit_app(self) -> None:
        self.leaving = True
        self._stop_workers()
        await self.workspace.aclose()


@pytest.mark.parametrize("theme", ["lamp", "paper"])
@pytest.mark.parametrize("size", [(80, 24), (140, 45)], ids=["small", "large"])
def test_the_form(
    snap_compare: Compare, theme: str, size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTUAL_SNAPSHOT_TEMPDIR", _REPORTS)

    async def dress(pilot: Pilot[int]) -> None:
        program = Program(cast("OllamaTui", pilot.app), pilot)
        await program.until(lambda: getattr(program.app, "workspace", None) is not None)
        await program.until(lambda: program.pane.conversation.setup.model is not None)
        await program.type("/set system 简短回答。 Be brief. 🌈\n")
        await program.until(lambda: setup(program).system)
        await program.press("ctrl+u")
        await form(program)
        await program.type("0.2\n")
        await to(program, "top_p")
        await program.type("most")
        await program.press("down")
        await to(program, "stop")
        await program.press("up")
        await to(program, "num_ctx")
        program.pane.query_one(OptionInput).cursor_blink = False
        await program.sees("num_ctx · How much is read")
        await program.sees("ctx ~29/?")
        before = ""
        while program.screen != before:  # until nothing comes any more
            before = program.screen
            await pilot.pause(0.4)

    app = Pictured(
        Opening(
            settings=Settings(theme=theme),
            paths=Paths(data=tmp_path, config=tmp_path),
            environment={},
            address=DEMO,
            model="thinker",
        )
    )
    assert snap_compare(app, terminal_size=size, run_before=dress)
