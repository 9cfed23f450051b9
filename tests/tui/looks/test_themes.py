"""Colours: themes of one's own from files, seen as they are chosen, remembered; and a screen without any."""

import os
from pathlib import Path

import pytest
from textual.widgets._toast import Toast

from ollama_tui.config.settings import Settings
from ollama_tui.tui.theme_files import read_themes
from tests.program.window import a_window
from tests.tui.app.opened import Program, opened

MINE = 'primary = "#ff8800"\nbackground = "#102030"\ndark = true\n[variables]\nborder = "#00ff00 50%"\n'


def put(folder: Path, name: str, text: str) -> None:
    (folder / "themes").mkdir(exist_ok=True)
    (folder / "themes" / name).write_text(text)


def ground(program: Program) -> str:
    """The colour behind everything."""
    return program.app.screen.styles.background.hex.lower()


async def test_themes_are_seen_as_one_goes_through_them_and_the_chosen_one_is_kept(tmp_path: Path) -> None:
    put(tmp_path, "mine.toml", MINE)
    async with opened(tmp_path) as program:
        assert ground(program) == "#16181d"
        await program.app.action_app_theme()
        await program.sees("Which colours?")
        await program.sees("dark, yours")
        await program.type("mine")
        await program.until(lambda: program.app.theme == "mine")
        assert "Ask echo anything" in program.screen, "what it colours is in sight"
        await program.press("escape")
        await program.until(lambda: ground(program) == "#16181d")
        await program.app.action_app_theme()
        await program.sees("Which colours?")
        await program.press("down")
        await program.until(lambda: program.app.theme == "mine")
        await program.press("f9")
        await program.until(lambda: ground(program) == "#16181d")
        await program.press("alt+n")
        await program.until(lambda: len(program.app.chat_screen.panes) == 2 and program.pane.is_open)
        await program.app.action_app_theme()
        await program.sees("Which colours?")
        await program.press("down")
        await program.until(lambda: program.app.theme == "mine")
        await program.press("alt+w")
        await program.until(lambda: ground(program) == "#16181d")
        await program.app.action_app_theme()
        await program.sees("Which colours?")
        await program.type("paper")
        await program.until(lambda: program.app.theme == "paper")
        await program.press("enter")
        await program.until(lambda: ground(program) == "#fbfaf7")
        await program.type("/theme mine\n")
        await program.until(lambda: ground(program) == "#102030")
        await program.type("/theme mnie\n")
        await program.sees("There is no theme mnie. Did you mean mine?")
        await program.press("ctrl+c")
        await program.type("/theme xyzzy\n")
        await program.sees("There is no theme xyzzy. /theme alone shows all.")
        await program.press("ctrl+c")
    async with opened(tmp_path) as program:
        await program.until(lambda: ground(program) == "#102030")
        put(tmp_path, "mine.toml", MINE.replace("#102030", "#203040"))
        await program.app.action_app_theme()
        await program.until(lambda: program.app.theme_variables["background"] == "#203040")
        await program.press("escape")
        await program.until(lambda: ground(program) == "#203040")
        os.remove(tmp_path / "themes" / "mine.toml")
        await program.app.action_app_theme()
        await program.press("escape")
        await program.until(lambda: ground(program) == "#16181d")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('primary = "#12"', "primary is no colour: '#12'"),
        ('primary = "#123456"\nprimry = "red"', "a theme has no 'primry': did you mean primary?"),
        ('secondary = "red"', "it needs a primary colour"),
        ('primary = "red"\ndark = "yes"', "dark is true or false"),
        ('primary = "red"\ntext_alpha = 3', "text_alpha is a number from 0 to 1"),
        ('primary = "red"\n[variables]\nborder = "no colour"', "border is no colour: 'no colour'"),
        ('primary = "red"\nname = "a b"', "'a b' is no name for a theme"),
        ("primary = red", "Invalid value"),
    ],
)
async def test_a_broken_file_is_named_with_the_reason_and_left_out(tmp_path: Path, text: str, told: str) -> None:
    put(tmp_path, "good.toml", MINE)
    put(tmp_path, "bad.toml", text)
    themes, problems = read_themes(tmp_path / "themes")
    assert [theme.name for theme in themes] == ["good"]
    (problem,) = problems
    assert problem.startswith(f"The theme {tmp_path / 'themes' / 'bad.toml'} is left out: {told}")


async def test_a_broken_file_and_an_unknown_name_are_told_on_the_screen(tmp_path: Path) -> None:
    put(tmp_path, "bad.toml", 'primary = "[b]"')
    async with opened(tmp_path, settings=Settings(theme="papre"), size=(120, 40)) as program:
        said = "bad.toml is left out: primary is no colour: '[b]'; colours are written"
        await program.until(lambda: any(said in str(toast.render()) for toast in program.app.screen.query(Toast)))
        await program.sees("There is no theme papre. Did you mean paper?")
        assert program.app.theme == "lamp"


async def test_without_colour_none_is_sent_and_what_is_chosen_is_reversed(tmp_path: Path) -> None:
    arguments = ("--demo", "--model", "echo", "--data-dir", tmp_path)
    with a_window(tmp_path, *arguments, columns=80, rows=24, NO_COLOR="1") as window:
        await window.sees("Ask echo")
        window.type("\x13")
        await window.sees("AGE")
        await window.still()
        row = next(row for row in window.cells() if "echo:latest" in "".join(str(cell[0]) for cell in row))
        other = next(row for row in window.cells() if "guide:latest" in "".join(str(cell[0]) for cell in row))
        reverse = -2
        assert all(cell[reverse] for cell in row[1:20])
        assert not any(cell[reverse] for cell in other)
        assert {cell[1:3] for line in window.cells() for cell in line} == {("default", "default")}


async def test_of_sixteen_colours_none_hides_what_it_draws(tmp_path: Path) -> None:
    arguments = ("--demo", "--model", "echo", "--data-dir", tmp_path)
    for theme in ("lamp", "paper", "nord"):
        with a_window(
            tmp_path, *arguments, columns=80, rows=24, TERM="xterm", COLORTERM="", OLLAMA_TUI_THEME=theme
        ) as window:
            await window.sees("Ask echo")
            window.type("\x13")
            await window.sees("AGE")
            await window.still()
            seen = [cell for row in window.cells() for cell in row if str(cell[0]).strip()]
            assert not [cell for cell in seen if cell[1] == cell[2]], theme
            row = next(row for row in window.cells() if "echo:latest" in "".join(str(cell[0]) for cell in row))
            other = next(row for row in window.cells() if "guide:latest" in "".join(str(cell[0]) for cell in row))
            assert row[4][2] != other[4][2], theme
