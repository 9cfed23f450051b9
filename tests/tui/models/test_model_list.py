"""The list of installed models: what stands in it, its order, its filter, and what it asks of the server."""

from pathlib import Path

import pytest

from ollama_tui.demo.faults import Fault
from ollama_tui.tui.widgets import model_manager
from ollama_tui.tui.widgets.model_manager import ModelManager
from ollama_tui.tui.widgets.model_table import ModelTable
from tests.tui.models.stage import ManagerApp, OtherScreen, a_stage, line_with, lines, made, sees, settled, shown, until


async def test_a_line_tells_what_a_model_is(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            assert line_with(app, "qwen3:8b").split() == [
                *("qwen3:8b", "8.2B", "Q4_K_M", "5.2", "GB", "40k", "chat", "think", "tools", "2h")
            ]
            assert line_with(app, "nomic-embed-text").split()[-2:] == ["embed", "3d"]
            cloud = line_with(app, "gpt-oss").split()
            assert cloud[3] == "-"
            assert cloud[5] == "cloud"
            assert "7 installed · 20 GB" in lines(app)[0]
            assert stage.paths("/api/show") == 0


async def test_numbers_line_up(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            ends = {line_with(app, name).index("B  Q4_K_M") for name in ("qwen3:8b", "gemma3:4b", "deepseek-r1:7b")}
            assert len(ends) == 1
            sizes = {line_with(app, name).index(unit) for name, unit in (("gemma3:4b", " GB"), ("nomic", " MB"))}
            assert len(sizes) == 1


async def test_a_long_name_loses_its_middle_and_the_details_have_it_whole(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            assert "hf.co/bar" in line_with(app, "…")
            assert "Q4_K_M " in line_with(app, "hf.co/bar")
            app.screen.query_one(ModelTable).move_to("hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M")
            await pilot.press("enter")
            await sees(pilot, "hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M")


async def test_wide_has_more(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(140, 45)) as pilot:
            await settled(pilot)
            assert "2 weeks ago" in line_with(app, "hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M")


async def test_narrow_keeps_names_and_sizes(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(40, 15)) as pilot:
            await settled(pilot)
            assert "5.2 GB" in line_with(app, "qwen3:8b")
            assert all(len(line) <= 40 for line in lines(app))


def _names(app: ManagerApp) -> list[str]:
    return list(app.screen.query_one(ModelTable).keys)


async def test_sorting_marks_its_column(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            assert _names(app)[0] == "qwen3:8b"
            assert "AGE▼" in lines(app)[1]
            await pilot.press("s")
            assert _names(app) == sorted(_names(app), key=str.casefold)
            assert "NAME▲" in lines(app)[1]
            await pilot.press("S")
            assert _names(app) == sorted(_names(app), key=str.casefold, reverse=True)
            assert "NAME▼" in lines(app)[1]
            await pilot.click(ModelTable, offset=(lines(app)[1].index("SIZE") + 1, 0))
            assert _names(app)[0] == "qwen3:8b"
            assert _names(app)[-1] == "gpt-oss:120b-cloud"
            await pilot.click(ModelTable, offset=(lines(app)[1].index("SIZE") + 1, 0))
            assert _names(app)[0] == "gpt-oss:120b-cloud"
            await pilot.click(ModelTable, offset=(lines(app)[1].index("PARAMS") + 1, 0))
            assert _names(app)[0] == "gpt-oss:120b-cloud"
            assert _names(app)[-1] == "nomic-embed-text:latest"


async def test_filter(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("slash", *"tools 7")
            assert _names(app) == ["qwen2.5-coder:7b"]
            await pilot.press(*"xyz")
            await sees(pilot, "No model has “tools 7xyz”. Esc shows them all.")
            await pilot.press("escape")
            assert len(_names(app)) == 7
            await pilot.press("slash", *"gemma", "enter", "x")
            await sees(pilot, "Remove gemma3:4b?")


async def test_two_hundred_models(tmp_path: Path) -> None:
    models = [made(f"model{number:03}:latest", weights="one", days=number) for number in range(200)]
    async with a_stage(tmp_path, models) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            table = app.screen.query_one(ModelTable)
            await pilot.press("end")
            await sees(pilot, "model199")
            await pilot.press(*["pageup"] * 3, "down")
            before, top = table.key, table.scroll_offset.y
            assert top > 0
            stage.server.machine.store.remove(models[5].parsed)
            await pilot.press("ctrl+r")
            await until(pilot, lambda: len(table.keys) == 199)
            assert table.key == before
            assert abs(table.scroll_offset.y - top) <= 1
            assert stage.paths("/api/show") == 0
            # one blob under two hundred names takes its room once
            assert "199 installed · 2.0 GB" in lines(app)[0]


async def test_nothing_is_asked_while_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_manager, "_LOOK", 0.05)
    monkeypatch.setattr(model_manager, "_LIST", 0.05)
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await until(pilot, lambda: stage.paths("/api/ps") >= 2)
            await app.push_screen(OtherScreen())
            await pilot.pause(0.3)
            asked = stage.paths("/api/ps"), stage.paths("/api/tags")
            await pilot.pause(0.8)
            assert (stage.paths("/api/ps"), stage.paths("/api/tags")) == asked
            await app.pop_screen()
            await until(pilot, lambda: stage.paths("/api/ps") > asked[0])


async def test_one_look_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_manager, "_LOOK", 0.05)
    async with a_stage(tmp_path) as stage:
        stage.faults.add(Fault(path="/api/ps", hold=30))
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: stage.paths("/api/ps") == 1)
            await pilot.pause(0.8)
            assert stage.paths("/api/ps") == 1
            assert "qwen3:8b" in shown(app)


async def test_a_slow_list_says_how_long(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        stage.faults.add(Fault(path="/api/tags", hold=2.5, times=1))
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await sees(pilot, "Asking the server …")
            await sees(pilot, "asking … 1 s")
            await sees(pilot, "qwen3:8b")


async def test_a_server_that_goes_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_manager, "_LOOK", 0.1)
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            port = await stage.stop_server()
            await sees(pilot, "No Ollama server answers at")
            await sees(pilot, "Start it with")
            assert "qwen3:8b" in shown(app), "what was known stays"
            await pilot.press("l")
            await pilot.pause(0.3)
            assert app.is_running
            await stage.start_server(port)
            await until(pilot, lambda: "No Ollama server" not in shown(app))


async def test_a_server_that_is_not_there_at_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_manager, "_LOOK", 0.1)
    async with a_stage(tmp_path) as stage:
        port = await stage.stop_server()
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await sees(pilot, "No list of models yet.")
            await stage.start_server(port)
            await sees(pilot, "qwen3:8b")


async def test_another_host_is_another_list(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            demo = next(address for address in stage.workspace.addresses if address.id == "demo")
            await stage.workspace.use_host(demo)
            await sees(pilot, "Models · demo")
            await until(pilot, lambda: "qwen3:8b" not in shown(app))


async def test_escape_leaves_and_keys_can_be_changed(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            app.set_keymap({"models.pull": "o", "rows.down": "j"})
            manager = app.screen.query_one(ModelManager)
            await pilot.press("j")
            assert app.screen.query_one(ModelTable).cursor == 1
            await pilot.press("p")
            assert not manager.has_class("-pulling")
            await pilot.press("o")
            assert manager.has_class("-pulling")
            await pilot.press("escape")
            await sees(pilot, "o pull")
            await pilot.press("escape")
            assert not app.screen.query(ModelManager)


async def test_a_click_on_a_key_does_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.click("#models-keys", offset=(lines(app)[-1].index("p pull") + 3, 0))
            await sees(pilot, "Pull a model")


async def test_made_tiny_and_back_it_is_the_same_picture(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        app = ManagerApp(stage.workspace)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("down", "down")
            before = shown(app)
            await pilot.resize_terminal(20, 5)
            await pilot.pause(0.1)
            assert all(len(line) <= 20 for line in lines(app))
            await pilot.resize_terminal(80, 24)
            await until(pilot, lambda: shown(app) == before)
