"""Pulling: names to choose from, one honest bar, stopping, going on, failing, and what an earlier run left."""

from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from ollama_tui.demo.faults import Fault
from ollama_tui.demo.machine import Registry
from ollama_tui.domain.event import Progress
from ollama_tui.domain.i18n import set_language
from ollama_tui.tui.widgets import model_manager
from ollama_tui.tui.widgets.model_manager import ModelManager
from ollama_tui.tui.widgets.model_table import ModelTable
from ollama_tui.tui.widgets.transfer_list import TransferLine, TransferList
from tests.tui.models.stage import ManagerApp, a_stage, library, line_with, lines, made, sees, settled, shown, until


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often."""
    monkeypatch.setattr(model_manager, "_LOOK", 0.2)


async def test_without_models_it_leads_to_the_pull(tmp_path: Path) -> None:
    async with a_stage(tmp_path, [], library(made("deepseek-r1:7b"))) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await sees(pilot, "No models are installed here yet.")
            await sees(pilot, "Type a name, or go down to one; then Enter pulls it.")
            assert "llama3.2:3b" in shown(app)
            await pilot.press("enter")
            await pilot.pause(0.2)
            assert stage.paths("/api/pull") == 0, "nothing was typed or gone to"
            await pilot.press("down")
            await sees(pilot, "Enter pulls deepseek-r1:7b (4.7 GB).")
            await pilot.press("enter")
            await sees(pilot, "deepseek-r1:7b is installed. n chats with it.")
            await until(pilot, lambda: app.screen.query_one(ModelTable).key == "deepseek-r1:7b")
            await pilot.press("n")
            await until(pilot, lambda: app.posted)


async def test_the_way_to_the_pull_is_not_forced(tmp_path: Path) -> None:
    async with a_stage(tmp_path, []) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await sees(pilot, "then Enter pulls it")
            await pilot.press("escape")
            await sees(pilot, "No models are installed here. p pulls one")
            await pilot.press("ctrl+r")
            await pilot.pause(0.3)
            assert "Enter pulls" not in shown(app)


async def test_a_pull_asked_for_by_name_keeps_its_name(tmp_path: Path) -> None:
    async with a_stage(tmp_path, []) as stage:
        stage.faults.add(Fault(path="/api/tags", hold=0.3, times=1))
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            app.screen.query_one(ModelManager).open_pull("mixtral:8x7b")
            await settled(pilot)
            await sees(pilot, "Enter pulls mixtral:8x7b.")


async def test_names_are_completed_and_checked(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("p", *"gem")
            await sees(pilot, "Enter pulls gem.")
            assert line_with(app, "gemma3:4b").startswith(" ● ")
            await pilot.press("down")
            await sees(pilot, "Enter updates gemma3:4b")
            await pilot.press("down")
            await sees(pilot, "Enter pulls gemma3:1b (815 MB).")
            await pilot.press(*" x")
            await sees(pilot, "A model's name has no spaces.")
            await pilot.press("enter")
            await pilot.pause(0.2)
            assert stage.paths("/api/pull") == 0
            await pilot.press(*["backspace"] * 5, *"x:cloud")
            await sees(pilot, "it runs elsewhere, and what you write to it leaves this machine")


async def test_a_click_pulls(tmp_path: Path) -> None:
    async with a_stage(tmp_path, registries=library(made("llama3.2:3b"))) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("p")
            await sees(pilot, "llama3.2:3b")
            row = next(index for index, line in enumerate(lines(app)) if "llama3.2:3b" in line)
            await pilot.click(offset=(10, row))
            await sees(pilot, "llama3.2:3b is installed.")


async def test_insecure(tmp_path: Path) -> None:
    registries = {
        "localhost:5001": Registry({"library/tiny:latest": made("localhost:5001/library/tiny:latest")}, plain=True)
    }
    async with a_stage(tmp_path, registries=registries) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("p", *"localhost:5001/library/tiny", "alt+i")
            await sees(pilot, "[x] insecure")
            await pilot.press("enter")
            await sees(pilot, "localhost:5001/library/tiny is installed.")
            await until(pilot, lambda: "tiny" in app.screen.query_one(ModelTable).key)


async def test_stopped_and_resumed(tmp_path: Path) -> None:
    slow = made("llama3.2:3b", size=40_000_000)
    async with a_stage(tmp_path, registries=library(slow), download=20e6) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("p", *"llama3.2:3b", "enter")
            await sees(pilot, "/40 MB so far")
            await sees(pilot, " MB/s ")
            assert "left" in line_with(app, "so far")
            row = next(index for index, line in enumerate(lines(app)) if "t stop" in line)
            await pilot.click(offset=(lines(app)[row].index("t stop") + 2, row))
            await sees(pilot, "so far  stopped")
            pulled = next(r for r in stage.server.requests if r.path == "/api/pull")
            await until(pilot, lambda: pulled.disconnected)
            done = line_with(app, "stopped")
            await pilot.pause(0.3)
            assert line_with(app, "stopped") == done
            app.screen.query_one(TransferList).focus()
            await pilot.press("r")
            await until(pilot, lambda: "x stop" in line_with(app, "llama3.2:3b "))
            await pilot.press("x")
            await sees(pilot, "so far  stopped")
            assert "r resume  x forget" in shown(app)
            # an end of the program, and another start
        await stage.another_workspace()
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await sees(pilot, "resume    forget")
            assert "/40 MB so far" in line_with(app, "llama3.2:3b")
            app.screen.query_one(TransferList).focus()
            await pilot.press("r")
            await sees(pilot, "llama3.2:3b is installed.")
            await pilot.press("x")
            await until(pilot, lambda: "Transfers" not in shown(app))
        await stage.another_workspace()
        assert stage.workspace.transfers.resumable() == ()


async def test_among_the_models_a_key_of_its_own_stops_the_transfer(tmp_path: Path) -> None:
    slow = [made(name, size=400_000_000) for name in ("llama3.2:3b", "phi4:latest")]
    async with a_stage(tmp_path, registries=library(*slow), download=20e6) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            assert "transfer" not in lines(app)[-1]
            await pilot.press("p", *"llama3.2:3b", "enter")
            await sees(pilot, "t stop the transfer")
            assert "x stop" not in shown(app), "there x removes the model"
            await pilot.press("t")
            await sees(pilot, "Stopped llama3.2:3b. t goes to it")
            await sees(pilot, "t transfers")
            await pilot.press("t", "r")
            await until(pilot, lambda: "x stop" in line_with(app, "llama3.2:3b "))
            app.screen.query_one(ModelTable).focus()
            await pilot.press("p", *"phi4", "enter")
            await until(pilot, lambda: len(app.screen.query_one(TransferList).keys) == 2)
            await until(pilot, lambda: lines(app)[-1].startswith(" t transfers"))
            await pilot.press("t")
            await until(pilot, lambda: app.screen.query_one(TransferList).has_focus)
            assert [live.state for live in stage.workspace.transfers.all()] == ["running", "running"]
            assert line_with(app, "phi4").rstrip().endswith("x stop")


async def test_a_failed_pull_says_why_and_can_be_tried_again(tmp_path: Path) -> None:
    async with a_stage(tmp_path, registries=library(made("llama3.2:3b"))) as stage:
        stage.faults.add(Fault(path="/api/pull", after=1, ending="error", text="max retries exceeded: EOF", times=1))
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("p", *"llama3.2:3b", "enter")
            await sees(pilot, "What arrived is kept.")  # the lines below the row have moved it
            row = next(index for index, line in enumerate(lines(app)) if " retry " in line)
            await pilot.click(offset=(lines(app)[row].index("retry") + 2, row))
            await sees(pilot, "llama3.2:3b is installed.")


async def test_a_name_that_no_registry_has(tmp_path: Path) -> None:
    async with a_stage(tmp_path, registries=library()) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("p", *"nosuch", "enter")
            await sees(pilot, "The library has no model of that name")
            app.screen.query_one(TransferList).focus()
            await pilot.press("x")
            await until(pilot, lambda: "Transfers" not in shown(app))


async def test_leaving_does_not_stop_a_pull(tmp_path: Path) -> None:
    async with a_stage(tmp_path, registries=library(made("llama3.2:3b", size=20_000_000)), download=20e6) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("p", *"llama3.2:3b", "enter")
            await sees(pilot, "t stop")
            await pilot.press("escape")
            assert not app.screen.query(ModelManager)
            await until(pilot, lambda: stage.workspace.transfers.all()[0].state == "done")


class BarApp(App[None]):
    """The list of transfers alone."""

    def compose(self) -> ComposeResult:
        yield TransferList()


def _at(completed: int, total: int, status: str = "pulling 0123456789ab") -> TransferLine:
    progress = Progress(status=status, total=total, completed=completed)
    return TransferLine(id="1", name="big:7b", kind="pull", state="running", progress=progress)


async def test_a_bar_that_falls_back_says_why() -> None:
    app = BarApp()
    async with app.run_test(size=(80, 5)) as pilot:
        bars = app.query_one(TransferList)
        bars.show([_at(90_000_000, 100_000_000)])
        await sees(pilot, "90/100 MB so far")
        bars.show([_at(92_000_000, 200_000_000)])
        await sees(pilot, "more to fetch than known before")
        bars.show([_at(190_000_000, 200_000_000)])
        await sees(pilot, "190/200 MB so far")
        assert "more to fetch" not in shown(app)
        bars.show([_at(120_000_000, 200_000_000)])
        await sees(pilot, "a part is fetched again")
        bars.show([_at(150_000_000, 200_000_000)])
        await sees(pilot, "a part is fetched again")
        bars.show([_at(195_000_000, 200_000_000)])
        await sees(pilot, "195/200 MB so far")
        bars.show([_at(200_000_000, 200_000_000, "verifying sha256 digest")])
        await sees(pilot, "200/200 MB  verifying sha256 digest")
        assert "so far" not in shown(app)


async def test_no_bar_is_full_before_the_end() -> None:
    app = BarApp()
    async with app.run_test(size=(80, 5)) as pilot:
        bars = app.query_one(TransferList)
        bars.show([_at(99_999_999, 100_000_000)])
        await sees(pilot, "▰▱")
        bars.show([_at(0, 0, "pulling manifest")])
        await sees(pilot, "pulling manifest")
        assert "▱" not in shown(app)


async def test_a_line_of_wide_words_ends_where_the_screen_does() -> None:
    set_language("zh_CN")
    app = BarApp()
    async with app.run_test(size=(60, 5)) as pilot:
        bars = app.query_one(TransferList)
        for state in ("running", "stopped", "failed", "done"):
            bars.show([replace(_at(90_000_000, 100_000_000), state=state, problem="磁盘已满" * 9)])
            await pilot.pause()
            assert sum(cell_len(piece.text) for piece in bars.draw("1", 60)) <= 60, state
