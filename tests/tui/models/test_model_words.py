"""Whatever a server or a person wrote is drawn as text: no control, no markup, no bidi."""

import re
from pathlib import Path

from textual.app import App, ComposeResult

from ollama_tui.demo.faults import Fault
from ollama_tui.domain.event import Progress
from ollama_tui.domain.identity import now
from ollama_tui.domain.model import LoadedModel, Model
from ollama_tui.tui.actions import ACTIONS
from ollama_tui.tui.widgets.model_card import ModelDetails
from ollama_tui.tui.widgets.model_manager import ModelManager
from ollama_tui.tui.widgets.model_picker import ModelPicker
from ollama_tui.tui.widgets.model_table import ModelTable
from ollama_tui.tui.widgets.pull_form import Toggle
from ollama_tui.tui.widgets.rows import Rows
from ollama_tui.tui.widgets.running_models import RunningModels
from ollama_tui.tui.widgets.transfer_list import TransferLine, TransferList
from tests.tui.models.stage import ManagerApp, a_stage, lines, made, sees, settled, shown

EVIL = "[bold red]x[/] [@click=app.quit]\x1b]52;c;aGk=\x07\x1b[2J\x9b31m\u202e\u2066\ud800 名字\n\r\ttail"
_RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class EvilApp(App[None]):
    """Every list with the worst of names."""

    def compose(self) -> ComposeResult:
        yield ModelTable()
        yield RunningModels()
        yield TransferList()

    def on_mount(self) -> None:
        model = Model(
            name=EVIL,
            size=5,
            family=EVIL,
            parameter_size=EVIL,
            quantization=EVIL,
            capabilities=frozenset({EVIL}),
            remote_host=EVIL,
        )
        self.query_one(ModelTable).show([model])
        loaded = LoadedModel(name=EVIL, size=10, size_vram=5, expires_at=now() + 100_000)
        self.query_one(RunningModels).show([loaded], {f"{EVIL}2": 0.0})
        lines = [
            TransferLine(
                id="1", name=EVIL, kind="pull", state="failed", progress=Progress(status=EVIL), problem=EVIL, hint=EVIL
            ),
            TransferLine(id="2", name=EVIL, kind="pull", state="running", progress=Progress(status=EVIL)),
        ]
        self.query_one(TransferList).show(lines)


async def test_lists_draw_no_control_and_no_markup() -> None:
    app = EvilApp()
    async with app.run_test(size=(140, 20)) as pilot:
        await pilot.pause()
        picture = "\n".join(lines(app))
        assert not _RAW.search(picture)
        assert "[bold red]x[/]" in picture
        assert "名字" in picture


async def test_the_picker_draws_no_control_and_no_markup() -> None:
    class Picker(App[None]):
        def compose(self) -> ComposeResult:
            yield ModelPicker([Model(name=EVIL, remote_host=EVIL, capabilities=frozenset({"completion"}))])

    app = Picker()
    async with app.run_test(size=(200, 20)) as pilot:
        app.query_one(ModelPicker).take_focus()
        await pilot.press("enter")
        await sees(pilot, "Enter once more uses it")
        assert not _RAW.search(shown(app))
        assert shown(app).count("[bold red]x[/]") >= 2


async def test_errors_of_the_server_are_text(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        stage.faults.add(Fault(path="/api/show", status=500, text=EVIL.replace("\ud800", "")))
        stage.faults.add(Fault(path="/api/pull", status=500, text=EVIL.replace("\ud800", "")))
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(140, 30)) as pilot:
            await settled(pilot)
            await pilot.press("enter")
            await sees(pilot, "[bold red]x[/]")
            assert not _RAW.search(shown(app))
            await pilot.press("escape", "p", *"evil", "enter")
            await sees(pilot, "evil: ")
            await sees(pilot, "[bold red]x[/]")
            assert not _RAW.search(shown(app))


async def test_details_are_text(tmp_path: Path) -> None:
    evil = EVIL.replace("\ud800", "")
    model = made("evil:latest", system=evil, licenses=(evil,))
    async with a_stage(tmp_path, [model]) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(140, 40)) as pilot:
            await settled(pilot)
            await pilot.press("enter")
            for _section in range(6):
                await pilot.press("right")
                await pilot.pause()
                assert not _RAW.search(shown(app))
            await pilot.press("left")
            await sees(pilot, "[bold red]x[/] [@click=app.quit]")


async def test_a_pasted_escape_is_not_drawn_in_the_pull(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("p")
            from textual.events import Paste

            assert app.focused is not None
            app.focused.post_message(Paste("a\x1b[2Jb"))
            await sees(pilot, "a␛[2Jb")
            assert not _RAW.search(shown(app))
            await pilot.press("enter")
            await pilot.pause(0.1)
            assert stage.paths("/api/pull") == 0


def test_every_action_of_the_table_has_its_method() -> None:
    homes = {"models": ModelManager, "rows": Rows, "transfers": TransferList, "card": ModelDetails, "toggle": Toggle}
    found = [action for action in ACTIONS if action.area in homes]
    assert {action.area for action in found} == set(homes)
    for action in found:
        assert callable(getattr(homes[action.area], f"action_{action.method}", None)), action.id
