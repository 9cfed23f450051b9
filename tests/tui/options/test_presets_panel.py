"""Presets beside a conversation."""

import os
import time
from pathlib import Path

from ollama_tui.tui.widgets.options_form import OptionsForm
from ollama_tui.tui.widgets.presets_panel import PresetsPanel
from tests.tui.app.opened import Program, opened


async def panel(program: Program) -> None:
    await program.press("alt+p")
    await program.until(lambda: program.pane.query(PresetsPanel))
    await program.until(lambda: program.pane.query_one(PresetsPanel).has_focus_within)


async def test_one_is_kept_used_and_begun_with(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(80, 24)) as program:
        await panel(program)
        await program.sees("No presets yet.")
        await program.press("s")
        await program.sees("nothing to keep yet")
        await program.press("escape")
        await program.type("/set parameter temperature 0.1\n/set system 简短回答\n")
        await program.until(lambda: program.pane.conversation.setup.system)
        await panel(program)
        await program.press("s")
        await program.sees("under which name?")
        await program.type("brief\n")
        await program.sees("Which parts?")
        await program.press("a")
        await program.sees("Kept as brief")
        await program.press("d")
        await program.sees("★ brief")
        await program.press("escape", "ctrl+n")
        await program.until(lambda: not program.pane.query(PresetsPanel))
        assert program.pane.conversation.setup.system == "简短回答"
        assert program.pane.conversation.setup.options == {"temperature": 0.1}
        await program.type("/set parameter temperature 2\n/preset BRIEF\n")
        await program.until(lambda: program.pane.conversation.setup.options == {"temperature": 0.1})
        await program.sees("Preset brief: temperature 0.1")
        await program.type("/preset save short\n")
        await program.sees("Which parts?")
        await program.press("a")
        await program.sees("Kept as short: temperature 0.1")
        program.pane.prompt.insert_text("/preset sho")
        await program.sees("› short")
        await program.press("ctrl+c")
        await program.type("/preset nothing\n")
        await program.sees("There is no preset 'nothing'. There are: brief, short.")
        await program.press("f8")
        await program.until(lambda: program.pane.query("ModelPicker"))
        await program.type("markdown\n")
        await program.until(lambda: (m := program.pane.conversation.setup.model) and m.name == "markdown:latest")
        assert program.pane.conversation.setup.options == {}, "the default was another model's"


async def test_a_broken_file_is_named_and_the_others_work(tmp_path: Path) -> None:
    folder = tmp_path / "presets"
    folder.mkdir()
    (folder / "bad.toml").write_text("[options]\ntemperature = 9\n")
    (folder / "good.toml").write_text('mood = "\\u001b[2J"\nthink = false\n')
    async with opened(tmp_path, size=(120, 30)) as program:
        await panel(program)
        await program.sees("bad.toml, line 2: temperature must be between 0 and 5")
        await program.sees("'mood' is not known")
        await program.press("enter")
        await program.until(lambda: program.pane.conversation.setup.think is False)


async def test_what_is_done_to_the_files_while_the_list_is_open_is_seen_when_one_is_used(tmp_path: Path) -> None:
    (folder := tmp_path / "presets").mkdir()
    for name in ("edited", "gone", "hurt"):
        (folder / f"{name}.toml").write_text("[options]\ntop_k = 3\n")
    async with opened(tmp_path, size=(80, 24)) as program:
        await panel(program)
        await program.sees("hurt")
        (folder / "edited.toml").write_text("[options]\ntop_k = 4\n")
        (folder / "gone.toml").unlink()
        (folder / "hurt.toml").write_text("[options]\ntop_k =\n")
        await program.press("enter")
        await program.until(lambda: program.pane.conversation.setup.options == {"top_k": 4})
        await program.press("down", "enter")
        await program.sees("gone.toml is not there any more.")
        assert program.pane.query_one(PresetsPanel).has_focus_within
        await program.sees("✗ hurt.toml, line 2: Invalid value")
        assert program.pane.conversation.setup.options == {"top_k": 4}


async def test_one_is_deleted_brought_back_and_passed_on(tmp_path: Path) -> None:
    folder = tmp_path / "presets"
    folder.mkdir()
    (folder / "mine.toml").write_text("think = false\n")
    async with opened(tmp_path, size=(120, 30)) as program:
        await panel(program)
        await program.press("x")
        await program.sees("No presets yet.")
        await program.press("u")
        await program.sees("mine is back.")
        await program.press("m")
        await program.sees("this model")
        await program.press("e")
        await program.sees("to which file or folder?")
        await program.press("ctrl+u")
        await program.type(f"{tmp_path / 'out.toml'}\n")
        await program.sees("Written to")
        assert 'model = "echo:latest"' in (tmp_path / "out.toml").read_text()
        await program.press("i")
        await program.sees("from which file?")
        await program.type(f"{tmp_path / 'out.toml'}\n")
        await program.sees("mine 2")


async def test_what_was_deleted_can_be_had_back_for_30_days(tmp_path: Path) -> None:
    """Counted from when it was deleted, however old its file was by then."""
    (folder := tmp_path / "presets").mkdir()
    for name in ("long-ago", "lately"):
        (folder / f"{name}.toml").write_text("think = false\n")
        os.utime(folder / f"{name}.toml", (0, 0))
    deleted = folder / "deleted"
    async with opened(tmp_path, size=(120, 30)) as program:
        await panel(program)
        await program.sees("long-ago")
        await program.press("x")
        await program.sees("Deleted lately")
        await program.press("x")
        await program.sees("Deleted long-ago")
    month_ago = time.time() - 30 * 24 * 3600
    os.utime(deleted / "long-ago.toml", (month_ago - 60, month_ago - 60))
    (deleted / "of somebody else").touch()
    os.utime(deleted / "of somebody else", (0, 0))
    async with opened(tmp_path) as program:
        await program.until(lambda: not (deleted / "long-ago.toml").exists())
    assert {path.name for path in deleted.iterdir()} == {"lately.toml", "of somebody else"}


async def test_from_the_options_and_back(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.press("f10")
        await program.until(lambda: program.pane.query(OptionsForm))
        await panel(program)
        await program.press("escape")
        await program.until(lambda: program.pane.query_one(OptionsForm).has_focus_within)
        await program.press("escape")
        await program.until(lambda: program.app.focused is program.pane.prompt.area)
