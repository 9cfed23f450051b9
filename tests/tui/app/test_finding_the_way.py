"""What a person finds: the first run, the table of actions, the list, the models, the palette."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from opened import Program, opened
from textual.command import CommandPalette
from textual.widget import Widget
from textual.widgets import Input

from ollama_tui.config.settings import Settings
from ollama_tui.domain.host import HostAddress
from ollama_tui.tui.actions import ACTIONS, Action
from ollama_tui.tui.key_conflicts import conflicts
from ollama_tui.tui.screens.models import ModelsScreen

NOBODY = HostAddress(id="nobody", url="http://127.0.0.1:9", source="flag")


async def test_without_a_server_two_keystrokes_lead_to_a_chat(tmp_path: Path) -> None:
    async with opened(tmp_path, address=NOBODY, model=None, ready=False) as program:
        await program.sees("No Ollama server answers")
        await program.press("enter")
        await program.sees("built-in demo: it answers by rule")
        await program.type("tour\n")
        await program.sees("I am guide")


async def test_a_model_that_is_not_there_is_told_before_the_first_question(tmp_path: Path) -> None:
    async with opened(tmp_path, model="guied") as program:
        await program.sees("guied is not installed here. /pull guied fetches it. Did you mean guide?")
        await program.app.workspace.host.copy("guide", "guied")
        await program.pane.here.models(refresh=True)
        await program.sees("Ask guied anything.")
        await program.type("/model embed\n")
        await program.sees("embed:latest cannot chat: it makes embeddings.")


async def test_an_address_where_nothing_can_be_is_asked_for_again(tmp_path: Path) -> None:
    nowhere = HostAddress(id="odd", url="ht!tp://x y:11434", source="environment")
    async with opened(tmp_path, address=nowhere, model=None, ready=False) as program:
        await program.sees("ht!tp://x y:11434 can be no server's address.")
        await program.sees("An address is like 192.168.1.5")
        await program.sees("use another server")
        await program.type("2")
        await program.sees("another address")
        await program.type("o")
        await program.sees("as OLLAMA_HOST takes it")
        await program.type("h h\n")
        await program.sees("h h can be no server's address.")
        await program.press("ctrl+u")
        await program.type("127.0.0.1:99999\n")
        await program.sees("as Ollama reads it: 99999 is no port.")
        assert "99999" in program.screen, "what was written stands there to be mended"
        await program.press("ctrl+u")
        await program.type("127.0.0.1:9\n")
        await program.sees("No Ollama server answers at http://127.0.0.1:9.")


async def test_what_is_sent_without_a_server_is_asked_when_there_is_one(tmp_path: Path) -> None:
    async with opened(tmp_path, address=NOBODY, model=None, ready=False) as program:
        await program.type("xyzzy\n")
        await program.sees("What you sent is kept")
        await program.press("enter")  # takes the demo: the choice that is marked
        await program.until(lambda: program.pane.messages)
        await program.until(lambda: "waits:" not in program.screen)
        await program.until(lambda: program.pane.live is None)
        assert program.pane.messages[0].text == "xyzzy"


async def test_where_no_other_server_is_known_an_address_is_asked_for_at_once(tmp_path: Path) -> None:
    alone = replace(NOBODY, id="local", source="default")
    async with opened(tmp_path, address=alone, model=None, ready=False) as program:
        await program.sees("No Ollama server answers")
        await program.until(lambda: program.app.screen.query("Choices:focus"))
        await program.type("2")
        await program.sees("The server's address, as OLLAMA_HOST takes it")


async def test_ollama_serve_is_offered_where_it_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binary = tmp_path / "bin" / "ollama"
    binary.parent.mkdir()
    binary.write_text("#!/bin/sh\n")
    binary.chmod(0o755)
    monkeypatch.setenv("PATH", str(binary.parent))
    async with opened(tmp_path, address=NOBODY, model=None, ready=False) as program:
        await program.sees("start Ollama's server")


async def test_every_action_of_the_palette_can_be_done(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        for action in ACTIONS:
            if action.palette:
                target = await program.app._target_of(action)
                assert hasattr(target, f"action_{action.method}"), action.id


def test_every_action_that_is_named_anywhere_is_in_the_table() -> None:
    areas = "|".join({action.area for action in ACTIONS})
    named = {
        (found[1], path.name)
        for path in (Path(__file__).parents[3] / "ollama_tui" / "tui").rglob("*.py")
        for found in re.finditer(rf'"((?:{areas})\.[a-z_]+)"', path.read_text(encoding="utf-8"))
        if not found[1].endswith((".tcss", ".py"))
    }
    assert len(named) > len(ACTIONS)
    assert {name for name, _file in named} <= {action.id for action in ACTIONS}, named


async def test_the_palette_comes_back_while_it_goes(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        for _ in range(3):
            program.app.action_app_palette()
            await program.until(lambda: isinstance(program.app.screen, CommandPalette))
            palette = program.app.screen
            assert isinstance(palette, CommandPalette)
            palette._action_escape()
            palette.dismiss()  # as a second key does that was on its way
            program.app.action_app_palette()
            await program.until(lambda: isinstance(program.app.screen, CommandPalette))
            await program.press("escape")


async def test_the_palette_shows_the_best_hit_first(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.press("ctrl+p")
        await program.type("tree")
        await program.sees("Walk in the tree")
        await program.until(lambda: "Show all keys" not in program.screen)
        assert "Try the answer again" not in program.screen, "letters strewn over a name are no hit beside a word"
        await program.press("enter")
        await program.sees("Nothing was said here yet")


@pytest.mark.parametrize("action", [action for action in ACTIONS if action.keys], ids=lambda action: action.id)
def test_function_keys_have_a_second_key(action: Action) -> None:
    keys = action.keys.split(",")
    if any(key.startswith("f") and key[1:].isdigit() for key in keys):
        assert len(keys) > 1


def test_keys_do_not_clash_and_avoid_what_terminals_take() -> None:
    assert conflicts("default", {}) == []
    essential = {key for action in ACTIONS if action.area in ("app", "chat") for key in action.keys.split(",")}
    assert not essential & {"ctrl+b", "ctrl+a", "ctrl+i", "ctrl+m", "ctrl+h"}
    assert not any(key.startswith("ctrl+shift+") for key in essential)


async def test_keys_can_be_changed_and_clashes_are_told(tmp_path: Path) -> None:
    settings = Settings(keys={"chat.new": "f5", "app.nonsense": "f6", "chat.think": "ctrl+n,f8"})
    async with opened(tmp_path, settings=settings) as program:
        await program.ask("one")
        await program.press("f5")
        await program.until(lambda: not program.pane.messages)
        await program.sees("There is no action")
        await program.sees("f8 is on chat.think and on chat.model")


async def test_the_list_opens_renames_deletes_and_brings_back(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(120, 30)) as program:
        await program.ask("first")
        await program.press("ctrl+n")
        await program.ask("second")
        await program.press("f6")
        await program.until(lambda: program.app.screen.query("ConversationList:focus-within"))
        await program.press("r")
        await program.until(lambda: program.app.screen.query("Question Input"))
        field = program.app.screen.query("Question Input").only_one(Input)
        field.value = "A better title"
        await program.press("enter")
        await program.sees("A better title")
        await program.press("f6")
        await program.until(lambda: program.app.screen.query("ConversationList:focus-within"))
        await program.press("d")
        await program.sees("Deleted.")
        await program.until(lambda: "A better" not in _list_of(program))
        await program.app.chat_screen.action_chat_restore()
        await program.until(lambda: "A better" in _list_of(program))
        await program.until(lambda: "Deleted." not in program.screen)


def _list_of(program: Program) -> str:
    return "\n".join(line[:28] for line in program.screen.splitlines())


async def test_the_models_are_at_one_key_and_back(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.press("f3")
        await program.sees("NAME")
        await program.sees("thinker")
        assert isinstance(program.app.screen, ModelsScreen)
        await program.press("f3")
        await program.sees("Ask echo anything")
        await program.press("f3")
        await program.press("n")
        await program.sees("anything.")


@pytest.mark.parametrize("key", ["f2", "alt+2"])
async def test_one_key_leads_to_the_prompt_from_anywhere(tmp_path: Path, key: str) -> None:
    async with opened(tmp_path, size=(80, 24)) as program:
        await program.ask("hello")
        for away in (["f6"], ["f6", "slash"], ["f9"], ["ctrl+f"], ["f5"], ["f10"], ["alt+p"], ["alt+shift+m"], ["f3"]):
            await program.press(*away)
            await program.until(lambda: program.app.focused is not program.pane.prompt.area)
            await program.press("f3", key) if away == ["f6"] else await program.press(key)
            await program.until(lambda: program.app.focused is program.pane.prompt.area)
            assert program.app.screen is program.app.chat_screen
            await program.until(lambda: program.pane.transcript.region.height)  # nothing stands in its place
        await program.press("f10")
        await program.type("x")
        await program.press("down")
        await program.press(key)
        await program.until(lambda: program.app.focused is program.pane.prompt.area)
        assert program.pane.prompt.said == "An option cannot be used as it is written: F10 leads back to it."
        assert program.pane.query("OptionsForm"), "what cannot be kept as it is written is not thrown away"


async def test_the_model_can_be_changed_beside_the_conversation(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.ask("one")
        await program.press("f8")
        await program.sees("Which model?")
        await program.type("think\n")
        await program.until(lambda: program.screen.splitlines()[0].startswith(" thinker"))
        await program.ask("two")
        names = [message.model.name for message in program.pane.messages if message.model]
        assert names == ["echo:latest", "thinker:latest"]


async def test_printable_keys_pressed_anywhere_land_in_the_prompt(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.ask("one")
        await program.press("f9")
        assert isinstance(program.app.focused, Widget)
        await program.type("abc")
        await program.until(lambda: program.pane.prompt.text == "abc")


async def test_help_lists_every_key(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(100, 200)) as program:
        await program.press("f1")
        for action in ACTIONS:
            if action.area in ("app", "chat"):
                await program.sees(action.name)
        await program.press("escape")
        await program.sees("Ask echo anything")


async def test_all_data_can_be_deleted(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.ask("a very special word")
        await program.app.action_app_erase()
        await program.sees("for good?")
        await program.press("y")
        await program.sees("Everything is deleted")
    assert not program.files_hold(b"special")


@pytest.mark.parametrize("size", [(80, 24), (200, 60), (20, 5), (140, 45)])
async def test_at_home_in_any_size(tmp_path: Path, size: tuple[int, int]) -> None:
    async with opened(tmp_path, size=size) as program:
        await program.ask("one 中文 🎉")
        await program.until(lambda: "~" not in program.screen)  # the gauge shows what was counted
        before = program.screen
        await program.pilot.resize_terminal(20, 5)
        await program.pilot.pause(0.1)
        await program.pilot.resize_terminal(*size)
        await program.until(lambda: program.screen == before)


async def test_help_lists_the_commands_and_its_shortcuts_the_keys(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.type("/help \n")
        await program.sees("/set")
        await program.sees("/archive")
        await program.press("escape")
        await program.type("/help shortcuts\n")
        await program.sees("type to look for an action")


async def test_what_needs_an_answer_says_that_there_is_none(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        for key, words in (
            ("alt+r", "There is no answer yet."),
            ("alt+v", "There is nothing to read yet."),
            ("alt+shift+r", "There is no answer yet."),
            ("alt+c", "There is nothing to copy yet."),
            ("alt+g", "There is no answer yet."),
        ):
            await program.press(key)
            await program.sees(words)
