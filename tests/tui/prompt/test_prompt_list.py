"""What stands around the text: offers, earlier prompts, questions that wait."""

from prompt_app import EARLIER, PromptApp, seen, settle, write

from ollama_tui.tui.slash import Command


def screen(app: PromptApp) -> str:
    """All that is to be seen."""
    return "\n".join(seen(app))


async def test_commands_are_offered_completed_and_posted():
    app = PromptApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.prompt.know("load", ["llama3.2:3b", "qwen3:8b"])
        await write(pilot, "/")
        assert "/set" in screen(app)
        assert "Change how the model is asked" in screen(app)
        await write(pilot, "se")
        await pilot.press("tab")
        await settle(pilot)
        assert app.written == "/set "
        assert "parameter" in screen(app)
        await write(pilot, "par")
        await pilot.press("enter")
        await write(pilot, "ctx")
        await pilot.press("tab")
        await write(pilot, "8192")
        assert app.written == "/set parameter num_ctx 8192"
        await pilot.press("enter")
        await settle(pilot)
        assert app.commands == [Command("set", ("parameter", "num_ctx", "8192"))]
        assert app.written == ""
        await write(pilot, "/load q")
        await pilot.press("enter")
        await settle(pilot)
        assert app.commands[-1] == Command("load", ("qwen3:8b",))


async def test_a_name_that_is_written_in_full_is_no_beginning_of_another():
    app = PromptApp()
    async with app.run_test() as pilot:
        app.prompt.know("load", ["reason2:latest", "reason:latest"])
        await write(pilot, "/load reason")
        await pilot.press("enter")
        await settle(pilot)
        assert app.commands == [Command("load", ("reason",))]
        app.prompt.know("load", ["qwen3:8b", "qwen3:4b", "llama3.2:3b"])
        await write(pilot, "/load llama3.2")
        await pilot.press("enter")
        await settle(pilot)
        await write(pilot, "/load qwen3")
        await pilot.press("enter")
        await settle(pilot)
        assert app.commands[1:] == [Command("load", ("llama3.2:3b",)), Command("load", ("qwen3",))]
        app.commands.clear()
        app.prompt.know("pull", ["llama3.2:3b"])
        await write(pilot, "/pull llama3.2")
        await pilot.press("enter")
        await settle(pilot)
        assert app.commands == [Command("pull", ("llama3.2",))]
        await write(pilot, "/pull llama3.2")
        await pilot.press("tab", "enter")
        await settle(pilot)
        assert app.commands[-1] == Command("pull", ("llama3.2:3b",)), "what is chosen by hand"


async def test_enter_does_a_command_that_is_only_begun():
    app = PromptApp()
    async with app.run_test() as pilot:
        await pilot.press("slash", "l", "i", "enter")
        await settle(pilot)
        assert app.commands == [Command("list")]


async def test_a_line_of_the_list_can_be_chosen_by_arrow_and_by_mouse():
    app = PromptApp()
    async with app.run_test() as pilot:
        await write(pilot, "/show ")
        await pilot.press("down", "enter")
        await settle(pilot)
        assert app.commands == [Command("show", ("license",))]
        await write(pilot, "/show ")
        row = next(number for number, line in enumerate(seen(app)) if "template" in line)
        await pilot.click(offset=(3, row))
        await settle(pilot)
        assert app.written == "/show template"


async def test_escape_closes_the_list_until_tab():
    app = PromptApp()
    async with app.run_test() as pilot:
        await write(pilot, "/s")
        await pilot.press("escape")
        await write(pilot, "h")
        assert "/show" not in screen(app)
        assert app.written == "/sh"
        await pilot.press("tab")
        await settle(pilot)
        assert app.written == "/show "


async def test_a_wrong_command_stays_with_a_word():
    app = PromptApp()
    async with app.run_test() as pilot:
        await write(pilot, "/frob it")
        await pilot.press("enter")
        await settle(pilot)
        assert app.written == "/frob it"
        assert "✗ There is no command /frob" in screen(app)
        await pilot.press("home", "space", "enter")
        await settle(pilot)
        assert (app.sent, app.commands) == (["/frob it"], [])
        assert "✗" not in screen(app)


async def test_up_recalls_and_the_unsent_is_kept():
    app = PromptApp()
    async with app.run_test() as pilot:
        await write(pilot, "unsent")
        shown: list[str] = []
        for _number in range(5):
            await pilot.press("up")
            shown.append(app.written)
        assert shown == [*EARLIER, EARLIER[-1]]
        for _number in range(3):
            await pilot.press("down")
        assert app.written == EARLIER[0]
        await pilot.press("down")
        assert app.written == "unsent"


async def test_up_goes_through_the_lines_first():
    app = PromptApp()
    async with app.run_test() as pilot:
        await write(pilot, "one\ntwo")
        await pilot.press("up")
        assert app.written == "one\ntwo"
        await pilot.press("up")
        assert app.written == "newest"


async def test_what_was_just_sent_is_recalled_first():
    app = PromptApp()
    async with app.run_test() as pilot:
        await write(pilot, "just now")
        await pilot.press("enter", "up")
        await settle(pilot)
        assert app.written == "just now"


async def test_many_earlier_prompts_are_fetched_as_needed():
    app = PromptApp([f"prompt {number}" for number in range(70)])
    async with app.run_test() as pilot:
        await pilot.press(*["up"] * 70)
        assert app.written == "prompt 69"


async def test_ctrl_r_searches():
    app = PromptApp()
    async with app.run_test() as pilot:
        await write(pilot, "kept")
        await pilot.press("ctrl+r")
        await write(pilot, "pirate")
        assert "Pirate song" in screen(app)
        assert "newest" not in screen(app)
        assert app.prompt.text == "kept", "the search is no draft"
        await pilot.press("ctrl+r", "enter")
        await settle(pilot)
        assert app.written == "oldest pirate"
        assert app.sent == []
        await pilot.press("ctrl+r", "x", "x")
        await settle(pilot)
        assert "No earlier prompt has that." in screen(app)
        await pilot.press("escape")
        await settle(pilot)
        assert app.written == "oldest pirate"
        assert app.drafts == [] or "xx" not in app.drafts


async def test_a_search_and_its_enter_in_one_packet():
    app = PromptApp()
    async with app.run_test() as pilot:
        from textual import events

        for key in ("ctrl+r", "s", "o", "n", "g", "enter", "enter"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await settle(pilot)
        assert app.sent == ["Pirate song"]


async def test_questions_that_wait_are_shown_and_taken_back():
    app = PromptApp()
    async with app.run_test() as pilot:
        app.queued = {"a": "first\nquestion", "b": "second " * 30}
        app.prompt.set_queued([*app.queued.items()], "How they are sent.")
        await settle(pilot)
        assert "waits: first␤question" in screen(app)
        assert any(line.strip() == "How they are sent." for line in seen(app))
        assert all(len(line) <= 80 for line in seen(app))
        await pilot.press("alt+q")
        await settle(pilot)
        assert app.unqueued == ["b"]
        assert app.written == "second " * 30
        row = next(number for number, line in enumerate(seen(app)) if "first" in line)
        await pilot.click(offset=(78, row))
        await settle(pilot)
        assert app.unqueued == ["b", "a"]
        assert app.written == "first\nquestion\n" + "second " * 30, "what is written stays, too"
        app.prompt.set_queued([])
        await settle(pilot)
        assert "waits" not in screen(app)
