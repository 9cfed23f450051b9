"""The reduced screen: ASCII, still, drawn twice a second; switched by setting, environment or live."""

from pathlib import Path

from ollama_tui.config.settings import Settings, read_settings
from ollama_tui.tui.actions import BY_ID
from ollama_tui.tui.widgets.transcript import SLOW_POLLS
from tests.program.window import ESCAPE, MODELS, a_window
from tests.tui.app.opened import Program, opened


def strange(program: Program) -> set[str]:
    """What of the screen is not ASCII."""
    return {character for character in program.screen if not character.isascii()}


async def test_everything_of_ours_is_ascii_and_nothing_of_the_models_is_changed(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=Settings(reduced=True), size=(120, 30)) as program:
        program.pane.prompt.insert_text("say → 你好 │")
        await program.ask("")
        assert strange(program) == set("→你好│"), "only what was said"
        await program.press("f6")
        assert strange(program) == set("→你好│")
        await program.press("escape", "f8")
        await program.sees("AGE")
        assert strange(program) <= set("→你好│")
        for key, seen in (("f3", "PARAMS"), ("f1", "Everywhere"), ("ctrl+p", "Search")):
            await program.press(key)
            await program.sees(seen)
            assert strange(program) <= set("→你好│"), key


PANELS = {
    "chat.options": "Range: 0 to 5",
    "chat.presets": "temperature 0.2 - think high",
    "chat.parameters": "What the model was given",
    "chat.tree": "Tree - ",
    "chat.tokens": "characters/token",
    "chat.context": "at most",
    "chat.find": "Find",
    "chat.edit": "Editing message",
    "chat.rename": "Title:",
    "app.host": "another address ~",
    "app.search": "Type words",
    "compare.open": "other values of an option ~",
    "app.theme": "ansi-dark",
    "pane.models": "NAME",
    "pane.split": "Ask thinker",
}
"""What opens a panel or a screen, and what is seen of it."""


async def test_every_panel_is_ascii(tmp_path: Path) -> None:
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "brief.toml").write_text('think = "high"\n[options]\ntemperature = 0.2\n')
    async with opened(tmp_path, settings=Settings(reduced=True), size=(120, 40), model="thinker") as program:
        await program.ask("why?")
        for action, seen in PANELS.items():
            await program.app.perform(BY_ID[action])
            await program.sees(seen)
            signs = {sign for sign in strange(program) if not sign.isalnum()} - set("“”。，；：（）、")
            assert not signs, action
            await program.press("escape")
            await program.until(lambda: program.app.screen is program.app.chat_screen)


async def test_it_is_switched_while_the_program_runs_and_remembered(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(120, 30), model="markdown") as program:
        await program.ask("40 tokens")
        await program.press("f6")
        before = program.screen
        assert "│" in before
        assert "─" in before
        await program.app.perform(BY_ID["app.reduced"])
        await program.until(lambda: not strange(program))
        assert program.app.animation_level == "none"
        await program.app.perform(BY_ID["app.reduced"])
        await program.until(lambda: "│" in program.screen and "─" in program.screen)
        assert program.app.animation_level == "full"
        await program.app.perform(BY_ID["app.reduced"])
        await program.until(lambda: not strange(program))
    async with opened(tmp_path) as program:
        await program.until(lambda: not strange(program) & set("─│·"))
        assert program.app.animation_level == "none"


async def test_a_streaming_answer_is_drawn_twice_a_second(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=Settings(reduced=True), model="markdown") as program:
        await program.type("400 tokens at 100 tokens/s\n")
        await program.until(lambda: program.pane.live and program.pane.live.text)
        polls = 0
        transcript = program.pane.transcript
        drawn = transcript.changed

        def counted(index: int, line: int) -> None:
            nonlocal polls
            polls += 1
            drawn(index, line)

        transcript.changed = counted
        await program.pilot.pause(2)
        assert 1 <= polls <= 2 * SLOW_POLLS + 1


def test_the_environment_asks_for_it(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "none.toml", {"OLLAMA_TUI_REDUCED": "1"})[0].reduced is True
    assert read_settings(tmp_path / "none.toml", {})[0].reduced is None


async def test_the_terminals_own_cursor_is_where_the_person_is(tmp_path: Path) -> None:
    arguments = ("--demo", "--reduced", "--model", "echo", "--data-dir", tmp_path)
    with a_window(tmp_path, *arguments, columns=80, rows=24) as window:
        await window.sees("Ask echo")
        window.type("你好 x")
        await window.sees("你好 x")
        await window.still()
        lines = window.lines
        assert b"\x1b[?25h" in window.output
        written = next(y for y, line in enumerate(lines) if "x" in line and "你" in line)
        assert (window.cursor.y, window.cursor.x) == (written, 1 + 4 + 2)
        window.type(MODELS)
        await window.sees("PARAMS")
        window.type("\x1b[B")
        await window.still()
        row = window.lines[window.cursor.y]
        window.type("\x1b[B")
        await window.still()
        assert window.lines[window.cursor.y] != row
        assert "40 KB" in window.lines[window.cursor.y]
        window.type(ESCAPE)
        await window.sees("Ask echo")
        assert not [character for line in window.lines for character in line if character in "─│▰·"]
