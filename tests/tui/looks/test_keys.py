"""Keys: changed by id, taken away, in sets for hands that know vim or Emacs; what is wrong with them is told."""

from pathlib import Path

import pytest
from textual.widgets import Input

from ollama_tui.config.settings import Settings
from ollama_tui.tui.actions import ACTIONS, BY_ID
from ollama_tui.tui.key_conflicts import conflicts
from ollama_tui.tui.key_names import problem_of
from ollama_tui.tui.keymaps import PRESETS
from ollama_tui.tui.places import AREA_NAMES, PLACE_NAMES, PLACES
from tests.tui.app.opened import opened


@pytest.mark.parametrize("preset", PRESETS)
def test_no_set_of_keys_is_at_odds_with_itself(preset: str) -> None:
    assert conflicts(preset, {}) == []
    assert set(PRESETS[preset]) <= set(BY_ID)
    for name, keys in {**{action.id: action.keys for action in ACTIONS}, **PRESETS[preset]}.items():
        assert [problem for key in keys.split(",") if key and (problem := problem_of(key))] == [], name


def test_every_area_has_its_place_and_its_heading() -> None:
    areas = {action.area for action in ACTIONS}
    assert areas <= {area for here in PLACES.values() for area in here}
    assert areas <= set(AREA_NAMES)
    assert set(PLACES) == set(PLACE_NAMES)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"chat.nwe": "f11"}, "There is no action 'chat.nwe' to give a key. Did you mean chat.new?"),
        ({"zzz": "f11"}, "There is no action 'zzz' to give a key; F1 lists them."),
        ({"chat.new": "ctrl+pageupp"}, "chat.new: There is no key ctrl+pageupp. Did you mean ctrl+pageup?"),
        ({"chat.new": "crtl+n"}, "chat.new: There is no key crtl+n. Did you mean ctrl+n?"),
        ({"chat.new": "Ctrl+Shift+G"}, "chat.new: There is no key Ctrl+Shift+G. Did you mean ctrl+shift+g?"),
        (
            {"chat.new": "none"},
            "chat.new: There is no key none: two quotes with nothing between take an action's keys away.",
        ),
        ({"chat.new": "shift+g"}, "chat.new: A terminal sends shift+g as G."),
        ({"chat.new": "ctrl+shift+g"}, "chat.new: Only terminals with the Kitty protocol send ctrl+shift+g."),
        ({"chat.new": "ctrl+i"}, "chat.new: ctrl+i is tab but in terminals with the Kitty protocol."),
        ({"prompt.redo": "ctrl+z"}, "ctrl+z is on prompt.redo and on prompt.undo: in the prompt, prompt.redo wins."),
        ({"chat.new": "ctrl+e"}, "ctrl+e is on prompt.line_end and on chat.new: in the prompt, prompt.line_end wins."),
        ({"chat.new": "f3"}, "f3 is on chat.new and on app.models: in the prompt, chat.new wins."),
        ({"rows.up": "l"}, "l is on rows.up and on models.load: among the models, rows.up wins."),
        (
            {"chat.think": "shift+tab"},
            "shift+tab is on chat.think: otherwise it goes to the part before, which it does no more.",
        ),
        ({"chat.think": "ctrl+k"}, "ctrl+k is on chat.think, but edits in a field to fill in."),
    ],
)
def test_what_is_wrong_with_keys_is_told(keys: dict[str, str], told: str) -> None:
    assert told in conflicts("default", keys)


def test_what_is_right_is_not_told() -> None:
    for keys in (
        {"chat.new": "f11"},
        {"chat.new": ""},
        {"prompt.send": "ctrl+j, ctrl+shift+s", "prompt.newline": "enter"},
        {"chat.new": "ctrl+o", "chat.list": "ctrl+n"},
        {"transcript.start": "alt+less_than_sign", "models.load": "ctrl+@"},
    ):
        assert conflicts("default", keys) == [], keys


async def test_who_is_told_to_win_wins(tmp_path: Path) -> None:
    keys = {
        "prompt.redo": "ctrl+z",
        "chat.list": "f3, f3, f99",
        "chat.new": "",
        "chat.temporary": "f11",
        "app.quit": "ctrl+n",
        "prompt.send": "crtl+x",
    }
    async with opened(tmp_path, settings=Settings(keys=keys), size=(120, 30)) as program:
        assert [told for told in conflicts("default", keys) if "f3" in told] == [
            "f3 is on chat.list and on app.models: in the prompt, chat.list wins."
        ]
        await program.press("f3")
        await program.sees("None yet. Ask something.")
        await program.press("escape")
        await program.type("ab")
        await program.press("ctrl+z")
        assert program.pane.prompt.text == "ab", "it is redo now"
        await program.press("ctrl+u", "f11")
        await program.sees("temporary")
        await program.press("f1")
        await program.sees("! f3 is on chat.list")
        await program.type("trace")
        await program.sees("* F11")
        assert "Begin a conversation that leaves no trace (changed; was none)" in program.screen
        await program.press("escape", "escape")
        await program.ask("asked by Enter, which a slip of the pen takes from nothing")
        await program.press("ctrl+n")
        await program.until(lambda: program.app.leaving)


async def test_vim_goes_on_finding_after_the_bar_is_closed(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=Settings(keymap="vim"), size=(80, 24)) as program:
        for word in ("needle one", "needle two"):  # each is said twice: asked, and echoed
            await program.ask(word)
        transcript = program.pane.transcript

        async def at(place: str) -> None:
            await program.until(lambda: program.pane.prompt.said == place and transcript.has_focus)

        await program.press("escape", "g", "slash")
        await program.until(lambda: program.app.screen.query("FindBar"))
        await program.type("needle\n")
        await program.until(lambda: not program.app.screen.query("FindBar"))
        await program.press("n")
        await at("2 of 4")
        await program.press("n", "N", "N")
        await at("1 of 4")
        await program.press("escape")
        await program.until(lambda: transcript.finder.sought is None)
        await program.press("n")
        await at("2 of 4")
        await program.press("slash")
        await program.until(lambda: program.app.screen.query("FindBar"))
        await program.type("two")
        await program.sees("1 of 2")
        await program.press("escape")
        await program.until(lambda: transcript.has_focus)
        await program.press("N")
        await at("2 of 2")


async def test_vim_reads_by_letters_and_types_in_the_prompt(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=Settings(keymap="vim"), model="markdown", size=(80, 24)) as program:
        await program.type("gGjk 300 tokens\n")
        await program.until(lambda: program.pane.live and program.pane.live.text)
        await program.press("escape")
        await program.until(lambda: program.pane.live is None and program.pane.messages[-1].text)
        transcript = program.pane.transcript
        assert not transcript.has_focus, "Esc stopped the answer, and no more"
        await program.ask("300 tokens")
        await program.press("escape")
        assert transcript.has_focus
        await program.press("g")
        assert transcript.first_line == 0
        await program.press("j", "j", "j", "k")
        assert transcript.first_line == 2
        await program.press("ctrl+d", "ctrl+u", "z", "x")
        assert transcript.first_line == 2
        assert program.pane.prompt.text == ""
        await program.press("G")
        assert transcript.following
        await program.press("K", "v", "j")
        assert transcript.selected_text()
        await program.press("y")
        await program.sees("Sent to the terminal")
        await program.press("i")
        await program.type("jk")
        assert program.pane.prompt.text == "jk"
        await program.press("ctrl+u", "f8")
        await program.sees("AGE")
        await program.type("j")
        assert program.app.screen.query_one(Input).value == "j", "in a field letters are letters"
        await program.press("escape", "f3")
        await program.sees("PARAMS")
        manager = program.app.screen.query_one("ModelTable")
        before = manager.cursor  # pyright: ignore
        await program.press("j", "j", "k")
        assert manager.cursor == before + 1  # pyright: ignore


async def test_emacs_moves_by_control_keys(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=Settings(keymap="emacs")) as program:
        prompt = program.pane.prompt
        await program.type("one two\x20three")
        await program.press("alt+b", "ctrl+k")
        assert prompt.text == "one two "
        await program.press("ctrl+a", "ctrl+y")
        assert prompt.text == "threeone two "
        await program.press("ctrl+f", "ctrl+f", "ctrl+b", "ctrl+d")
        assert prompt.text == "threeoe two "
        await program.press("ctrl+underscore")
        assert prompt.text == "threeone two "
        await program.press("ctrl+e", "ctrl+j", "x", "ctrl+p", "y", "ctrl+n", "z")
        assert prompt.text == "tyhreeone two \nxz"
        await program.press("alt+x")
        await program.sees("Choose another server")


async def test_the_help_looks_for_what_is_typed(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(120, 30)) as program:
        await program.press("f1")
        await program.sees("chat.think")
        await program.type("code block")
        await program.until(lambda: "chat.think" not in program.screen)
        assert "Alt+K" in program.screen
        assert "chat.copy_code" in program.screen
        await program.press("escape")
        await program.sees("chat.think")
        await program.press("end")
        await program.sees("toggle.turn")
        await program.type("no such thing")
        await program.sees("No action, key or id has that.")
        await program.press("escape", "escape")
        await program.sees("Ask echo anything.")
