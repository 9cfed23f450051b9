"""What the keys do in the prompt."""

from prompt_app import PromptApp, paste, seen, settle, write
from textual import events

from ollama_tui.tui.actions import ACTIONS
from ollama_tui.tui.slash import Command
from ollama_tui.tui.widgets.prompt_keys import EDITING


async def test_enter_sends_and_others_make_a_line():
    app = PromptApp()
    async with app.run_test() as pilot:
        await pilot.press("a", "ctrl+j", "b", "shift+enter", "c", "alt+enter", "d", "enter")
        assert app.sent == ["a\nb\nc\nd"]
        assert app.written == ""
        await pilot.press("enter", "space", "enter")
        assert app.sent == ["a\nb\nc\nd"], "nothing is nothing to send"


async def test_keys_that_come_in_one_packet_act_in_their_order():
    app = PromptApp()
    async with app.run_test() as pilot:
        for key, character in [("a", "a"), ("x", "x"), ("backspace", "\x7f"), ("b", "b"), ("enter", "\r"), ("c", "c")]:
            app.post_message(events.Key(key, character))
        await settle(pilot)
        assert app.sent == ["ab"]
        assert app.written == "c"


async def test_what_input_methods_type_arrives():
    text = "你好\u3000👩\u200d💻 na\u00efve"
    app = PromptApp()
    async with app.run_test() as pilot:
        for character in text:
            app.post_message(events.Key("ideographic" if character == "\u3000" else character, character))
        await pilot.pause()
        assert app.written == text


async def test_it_grows_to_a_third_of_the_screen():
    app = PromptApp()
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.prompt.area.size.height == 1
        assert any("Ask anything, / for commands, @ to attach" in line for line in seen(app))
        await write(pilot, "a\nb\nc")
        assert app.prompt.area.size.height == 3
        await write(pilot, "\n" * 20)
        assert 6 <= app.prompt.area.size.height <= 8
        await pilot.press("enter")
        await settle(pilot)
        assert app.prompt.area.size.height == 1


async def test_ctrl_c_clears_with_a_way_back_and_then_tells_how_to_leave():
    app = PromptApp()
    async with app.run_test() as pilot:
        await write(pilot, "a thought")
        await pilot.press("ctrl+c")
        await settle(pilot)
        assert app.written == ""
        assert any("^Z brings it back" in line for line in seen(app))
        await pilot.press("ctrl+z")
        assert app.written == "a thought"
        await pilot.press("ctrl+c", "ctrl+c")
        await settle(pilot)
        assert any("/bye leaves the program" in line for line in seen(app))
        app.busy = True
        await write(pilot, "next")
        await pilot.press("ctrl+c")
        await settle(pilot)
        assert (app.stops, app.written) == (1, "next")


async def test_ctrl_d_leaves_only_when_nothing_is_written():
    app = PromptApp()
    async with app.run_test() as pilot:
        await write(pilot, "ab")
        await pilot.press("home", "ctrl+d")
        assert (app.written, app.commands) == ("b", [])
        await pilot.press("ctrl+d", "ctrl+d")
        await settle(pilot)
        assert app.commands == [Command("bye")]


async def test_every_action_of_the_table_is_there():
    app = PromptApp()
    async with app.run_test():
        for action in ACTIONS:
            if action.area == "prompt":
                name = EDITING.get(action.id, action.method).partition("(")[0]
                owner = app.prompt.area if action.id in EDITING else app.prompt
                assert callable(getattr(owner, f"action_{name}", None)), action.id


async def test_keys_can_be_changed():
    app = PromptApp()
    app.set_keymap({"prompt.send": "ctrl+s", "prompt.newline": "enter", "prompt.delete_left": "ctrl+h"})
    async with app.run_test() as pilot:
        await pilot.press("a", "enter", "b", "x", "ctrl+h", "ctrl+s")
        await settle(pilot)
        assert app.sent == ["a\nb"]


async def test_nothing_unclean_comes_in():
    app = PromptApp()
    async with app.run_test() as pilot:
        await paste(pilot, "a\r\nb\rc\x85d\u2028e\x0bf \x1b[31mred\x1b]52;c;aGk=\x07 \u202e\x07")
        assert app.written == "a\nb\nc\nd\ne\nf red \ufffd\u2407"
        assert app.sent == []
        assert app.prompt.area.document.line_count == 6
        app.prompt.load_draft("\x1b]0;t\x07x\x9b2J")
        assert app.written == "x\ufffd2J"
        await pilot.press("enter")
        await settle(pilot)
        assert app.sent == ["x\ufffd2J"]


async def test_drafts_are_posted_after_a_pause_and_when_the_focus_goes():
    app = PromptApp()
    async with app.run_test() as pilot:
        await write(pilot, "abc")
        assert app.drafts == []
        await pilot.pause(0.5)
        assert app.drafts == ["abc"]
        await write(pilot, "d")
        app.screen.set_focus(None)
        await settle(pilot)
        assert app.drafts == ["abc", "abcd"]
        app.prompt.load_draft("other")
        await pilot.pause(0.5)
        assert app.drafts == ["abc", "abcd"], "what was loaded is nothing new"
        app.prompt.take_focus()
        await pilot.press("enter")
        await pilot.pause(0.5)
        assert (app.sent, app.drafts[-1]) == (["other"], "")


async def test_triple_quotes_are_taken_off():
    app = PromptApp()
    async with app.run_test() as pilot:
        await paste(pilot, '"""a\n  b"""')
        await pilot.press("enter")
        await settle(pilot)
        assert app.sent == ["a\n  b"]
