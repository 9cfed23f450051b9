"""Loading, unloading, removing and copying models, and their details."""

import re
from pathlib import Path

import pytest

from ollama_tui.demo.faults import Fault
from ollama_tui.tui.widgets import model_manager
from ollama_tui.tui.widgets.model_manager import ModelManager
from ollama_tui.tui.widgets.model_table import ModelTable
from ollama_tui.tui.widgets.running_models import RunningModels
from tests.tui.models.stage import ManagerApp, a_few, a_stage, line_with, lines, made, sees, settled, shown, until


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often."""
    monkeypatch.setattr(model_manager, "_LOOK", 0.1)


def _go(app: ManagerApp, name: str) -> None:
    app.screen.query_one(ModelTable).move_to(name)


async def test_load_shows_the_split_and_unload_ends_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await sees(pilot, "Nothing is in memory.")
            await pilot.press("l")
            await sees(pilot, "71% GPU 29% CPU")
            assert "▰▰▰▰▰▰▰▱▱▱" in line_with(app, "71% GPU")
            assert "ctx 4k" in line_with(app, "71% GPU")
            assert "unloads in 4:5" in line_with(app, "71% GPU")
            assert line_with(app, "8.2B").startswith(" ● qwen3:8b")
            body = next(request.body for request in stage.server.requests if request.path == "/api/generate")
            assert b'"shift":false' in body.replace(b" ", b"")
            _go(app, "gemma3:4b")
            await pilot.press("l")
            await sees(pilot, "100% CPU")
            await pilot.press("u")
            await until(pilot, lambda: "100% CPU" not in shown(app))
            assert "71% GPU" in shown(app)


async def test_loading_can_be_given_up(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        stage.faults.add(Fault(path="/api/generate", hold=60))
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("l")
            await sees(pilot, "loading … 0:0")
            await pilot.press("l")
            assert stage.paths("/api/generate") <= 1
            await until(pilot, lambda: stage.paths("/api/generate") == 1)
            await pilot.press("u")
            await sees(pilot, "Stopped loading qwen3:8b.")
            await until(pilot, lambda: any(r.disconnected for r in stage.server.requests if r.path == "/api/generate"))


async def test_a_load_that_fails_says_why(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        stage.faults.add(Fault(path="/api/generate", status=500, text="unable to load full model on GPU"))
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("l")
            await sees(pilot, "unable to load full model on GPU")
            await sees(pilot, "Nothing is in memory.")


async def test_what_cannot_be_loaded_or_unloaded_is_said(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("u")
            await sees(pilot, "qwen3:8b is not in memory.")
            _go(app, "gpt-oss:120b-cloud")
            await pilot.press("l")
            await sees(pilot, "runs elsewhere")
            assert stage.paths("/api/generate") == 0


async def test_times_go_on_and_the_cursor_stays(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            for name in ("qwen3:8b", "gemma3:4b"):
                await stage.workspace.host.load(name)
            running = app.screen.query_one(RunningModels)
            await until(pilot, lambda: len(running.keys) == 2)
            running.focus()
            await pilot.press("down")
            key, first = running.key, line_with(app, "unloads in")
            await stage.workspace.host.load("qwen2.5-coder:7b")  # ps sorts by expiry: it becomes the first
            await until(pilot, lambda: len(running.keys) == 3 and line_with(app, "unloads in") != first)
            assert running.key == key
            await pilot.press("u")
            await until(pilot, lambda: key not in running.keys)


async def test_forever_and_stopping(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await stage.workspace.host.load("gemma3:4b", keep_alive=-1)
            await sees(pilot, "Forever")


async def test_remove_asks_and_says_what_it_frees(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            _go(app, "gemma3:4b")
            await pilot.press("x")
            await sees(pilot, "Remove gemma3:4b? Up to 3.3 GB")
            await pilot.press("enter")
            await until(pilot, lambda: "Remove gemma3:4b?" not in shown(app))
            assert stage.paths("/api/delete") == 0, "Enter alone keeps it"
            await pilot.press("delete")
            await sees(pilot, "Remove gemma3:4b?")
            await pilot.press("escape")
            await until(pilot, lambda: "Remove gemma3:4b?" not in shown(app))
            assert stage.paths("/api/delete") == 0
            await pilot.press("x")
            await sees(pilot, "Remove gemma3:4b?")
            await pilot.press(*"try")  # meant for somewhere else
            await until(pilot, lambda: "Remove gemma3:4b?" not in shown(app))
            assert stage.paths("/api/delete") == 0
            await pilot.press("x")
            await sees(pilot, "Remove gemma3:4b?")
            await pilot.press("y")
            await sees(pilot, "Removed gemma3:4b.")
            await until(pilot, lambda: "gemma3:4b" not in app.screen.query_one(ModelTable).keys)
            assert app.screen.query_one(ModelTable).has_focus
            await stage.workspace.host.copy("qwen3:8b", "mine")
            await pilot.press("g")
            await until(pilot, lambda: "mine:latest" in app.screen.query_one(ModelTable).keys)
            _go(app, "mine:latest")
            await pilot.press("x")
            await sees(pilot, "Remove mine:latest? Only the name goes, and nothing becomes free: qwen3:8b is the same")


async def test_a_loaded_model_is_unloaded_before_it_is_removed(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("l")
            await sees(pilot, "71% GPU")
            await pilot.press("x")
            await sees(pilot, "It is in memory and is unloaded first.")
            await pilot.press("y")
            await sees(pilot, "Removed qwen3:8b.")
            paths = [request.path for request in stage.server.requests]
            assert paths.index("/api/delete") > max(
                index for index, path in enumerate(paths) if path == "/api/generate"
            )
            assert paths.count("/api/generate") == 2


async def test_removing_what_is_gone_says_so_and_mends_the_list(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await stage.workspace.host.delete("qwen3:8b")
            await pilot.press("x")
            await sees(pilot, "Remove qwen3:8b?")
            await pilot.press("y")
            await sees(pilot, "The model qwen3:8b is not installed on this server.")
            await until(pilot, lambda: "qwen3:8b" not in app.screen.query_one(ModelTable).keys)


async def test_copy_and_the_names_it_refuses(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("c")
            await sees(pilot, "Copy qwen3:8b to which name?")
            await pilot.press(*"two words", "enter")
            await sees(pilot, "A model's name has no spaces.")
            assert stage.paths("/api/copy") == 0
            await pilot.press("escape", "c")
            await sees(pilot, "to which name?")
            await pilot.press(*"mine", "enter")
            await sees(pilot, "Copied qwen3:8b to mine.")
            await until(pilot, lambda: app.screen.query_one(ModelTable).key == "mine:latest")


async def test_copy_over_another_model_asks(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("c")
            await sees(pilot, "to which name?")
            await pilot.press(*"GEMMA3:4b", "enter")
            await sees(pilot, "gemma3:4b is the name of another model.")
            await pilot.press("n")
            await sees(pilot, "to which other name?")
            assert stage.paths("/api/copy") == 0
            await pilot.press("enter")
            await sees(pilot, "gemma3:4b is the name of another model.")
            await pilot.press("y")
            await sees(pilot, "Copied qwen3:8b to GEMMA3:4b.")
            assert stage.paths("/api/copy") == 1


async def test_details_have_every_section(tmp_path: Path) -> None:
    model = made("tiny:latest", system="Speak like a poet.", licenses=("MIT\na\nb\nthird",), template="T{{ .Prompt }}")
    async with a_stage(tmp_path, [model]) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 40)) as pilot:
            await settled(pilot)
            await pilot.press("enter")
            await sees(pilot, "architecture      llama")
            assert "context length    131072" in shown(app)
            assert "  MIT" in shown(app)
            assert "  ..." in shown(app)
            for text in ("The server tells nothing here.", "T{{ .Prompt }}", "Speak like a poet.", "FROM ", "third"):
                await pilot.press("right")
                await sees(pilot, text)
            await pilot.press("y")
            await until(pilot, lambda: app.posted)
            copied = app.posted[-1]
            assert isinstance(copied, ModelManager.CopyRequested)
            assert copied.text == "MIT\na\nb\nthird"
            await pilot.press("right")
            await sees(pilot, "general.architecture")
            await pilot.press("left")
            await sees(pilot, "third")
            column = lines(app)[2].index("Template")
            await pilot.click("#card-sections", offset=(column + 1, 0))
            await sees(pilot, "T{{ .Prompt }}")
            await pilot.press("escape")
            await sees(pilot, "1 installed")
            assert app.screen.query_one(ModelTable).has_focus


async def test_wide_details_stand_beside_and_keys_mean_where_one_is(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(140, 45)) as pilot:
            await settled(pilot)
            await pilot.press("enter")
            await sees(pilot, "context length    40960")
            assert "deepseek-r1:7b" in shown(app)
            await pilot.press("x")
            await sees(pilot, "Remove qwen3:8b?")
            await pilot.press("escape")
            app.screen.query_one(ModelTable).focus()
            await pilot.press("down", "x")
            await sees(pilot, "Remove deepseek-r1:7b?")


async def test_details_of_a_model_that_is_gone(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await stage.workspace.host.delete("qwen3:8b")
            await pilot.press("enter")
            await sees(pilot, "The model qwen3:8b is not installed on this server.")


async def test_chat_is_asked_for_and_not_of_an_embedding_model(tmp_path: Path) -> None:
    async with a_stage(tmp_path, a_few()[1:3]) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("n")
            await until(pilot, lambda: app.posted)
            asked = app.posted[-1]
            assert isinstance(asked, ModelManager.ChatRequested)
            assert asked.model.name == "deepseek-r1:7b"
            await pilot.press("down", "n")
            await sees(pilot, "nomic-embed-text:latest cannot chat")
            assert len(app.posted) == 1


async def test_in_little_room_the_name_and_the_time_come_before_the_context(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(52, 24)) as pilot:
            await settled(pilot)
            await stage.workspace.host.load("qwen3:8b")
            await until(pilot, lambda: re.search(r"qwen3:8b .* unloads in \d+:\d\d", line_with(app, "unloads in")))
