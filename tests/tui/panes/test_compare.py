"""Comparing: one prompt for all panes, one question to several, and keeping one of the answers."""

import json
from pathlib import Path

from ollama_tui.config.settings import Settings
from ollama_tui.demo.machine import Speed
from ollama_tui.demo.server import DemoServer
from ollama_tui.demo.socket import serve
from ollama_tui.domain.host import HostAddress
from ollama_tui.domain.message import Ending, Role
from ollama_tui.tui.widgets.choose_several import ChooseSeveral
from tests.tui.app.opened import Program, opened

WIDE = (150, 40)


async def all_ended(program: Program, count: int) -> None:
    """There are so many panes, and all have answered."""
    screen = program.app.chat_screen
    await program.until(lambda: len(screen.panes) == count and all(pane.is_open for pane in screen.panes))
    await program.until(
        lambda: all(
            pane.live is None and pane.messages and pane.messages[-1].role is Role.ASSISTANT for pane in screen.panes
        ),
        within=30,
    )


async def compare(program: Program, *keys: str) -> None:
    """Open the question of what to compare, and answer it."""
    await program.press("alt+shift+d")
    await program.sees("Compare what?")
    await program.press(*keys)


async def test_one_prompt_asks_all_panes(tmp_path: Path) -> None:
    async with opened(tmp_path, size=WIDE) as program:
        await program.press("alt+shift+a")
        await program.sees("There is one pane only")
        await program.type("for all")
        await program.press("alt+n")
        screen = program.app.chat_screen
        await program.until(lambda: len(screen.panes) == 2 and all(pane.is_open for pane in screen.panes))
        await program.press("shift+tab", "alt+shift+a")
        await program.sees("To all 2 panes")
        await program.until(lambda: program.screen.count("for all") == 1)
        await program.type(" of you\n")
        await all_ended(program, 2)
        assert {pane.messages[0].text for pane in screen.panes} == {"for all of you"}
        assert len({pane.conversation.id for pane in screen.panes}) == 2
        await program.sees("tok/s  first token")
        await program.type("half")
        await program.press("alt+shift+a")
        await program.until(lambda: "To all 2 panes" not in program.screen)
        assert [pane.prompt.text for pane in screen.panes] == ["half", ""]
        await program.type(" a word")
        assert screen.panes[0].prompt.text == "half a word", "the focus is where the words are"
        await program.app.workspace.history.queue(screen.panes[1].conversation.id, "waiting", (), {})
        await program.press("alt+shift+a")
        await program.until(lambda: screen.comparing.together and not screen.panes[1].prompt.area.size.height)
        for pane in screen.panes:
            await pane.show_queue()
        screen.row.focus_on(screen.panes[1])
        await program.press("alt+q")
        await program.until(lambda: screen.comparing.together and screen.comparing.together.prompt.text.startswith("w"))
        await program.until(lambda: "waits:" not in program.screen)


async def test_settings_of_one_model_are_compared_and_one_is_kept(tmp_path: Path) -> None:
    server = DemoServer(speed=Speed(load=0))
    async with (
        serve(server, port=0) as far,
        opened(
            tmp_path, address=HostAddress(id="far", url=far.url, source="flag"), size=WIDE, model="markdown"
        ) as program,
    ):
        await program.ask("10 tokens at 1000 tokens/s")
        await program.type("70 tokens at 70 tokens/s")
        await compare(program, "t")
        await all_ended(program, 3)
        screen = program.app.chat_screen
        origin = screen.panes[0].conversation.id
        options = [pane.messages[-1].sent.options for pane in screen.panes if pane.messages[-1].sent]
        seed = options[0]["seed"]
        assert options == [{"temperature": value, "seed": seed} for value in (0, 0.7, 1.2)]
        bodies = [json.loads(request.body) for request in server.requests if request.path == "/api/chat"]
        asked = [body for body in bodies if body.get("messages") and not body.get("_debug_render_only")][-3:]
        assert sorted((body["options"] for body in asked), key=lambda one: one["temperature"]) == options
        assert [body["messages"] for body in asked] == [asked[0]["messages"]] * 3
        assert {pane.messages[-2].text for pane in screen.panes} == {"70 tokens at 70 tokens/s"}
        await program.sees("temperature 0.7")
        await program.sees("and begun only")
        kept = screen.panes[1].messages[-1]
        await program.press("shift+tab")
        await program.type("typed meanwhile")
        await program.press("alt+shift+k")
        await program.sees("All 3 answers stand here as variants")
        assert len(screen.panes) == 1
        assert program.pane.conversation.id == origin
        assert program.pane.prompt.text == "typed meanwhile"
        last = program.pane.messages[-1]
        assert (last.text, last.figures, last.ending) == (kept.text, kept.figures, Ending.COMPLETE)
        assert program.pane.conversation.setup.options["temperature"] == 0.7
        await program.until(lambda: (2, 3) in program.pane.transcript.variants.values())
        history = program.app.workspace.history
        assert len(await history.siblings(last.id)) == 3
        assert [row.id for row in await history.conversations()] == [origin]


async def test_what_waits_in_a_fork_waits_in_the_conversation_that_is_kept(tmp_path: Path) -> None:
    async with opened(tmp_path, size=WIDE, model="markdown") as program:
        await program.type("20 tokens at 1000 tokens/s")
        await compare(program, "t")
        await all_ended(program, 3)
        screen = program.app.chat_screen
        for pane in screen.panes[1:]:
            screen.row.focus_on(pane)
            await program.type("900 tokens at 50 tokens/s\n")
            await program.until(lambda pane=pane: pane.live)
            for question in ("asked next in each", f"asked next in {screen.panes.index(pane)}"):
                await program.type(f"{question}\n")
                await program.until(lambda question=question: f"waits: {question}" in program.screen)
        screen.row.focus_on(screen.panes[0])
        await program.press("alt+shift+k")
        await program.sees("All 3 answers stand here as variants")
        await program.sees("What waits in one of them waits here")
        assert len(screen.panes) == 1
        for question in ("asked next in each", "asked next in 1", "asked next in 2"):
            assert program.screen.count(f"waits: {question}") == 1
        await program.press("alt+q")
        await program.until(lambda: program.pane.prompt.text == "asked next in 2")
        await program.until(lambda: "waits: asked next in 2" not in program.screen)
        await program.press("enter")
        await program.until(lambda: "waits:" not in program.screen, within=20)
        await program.until(lambda: len(program.pane.messages) == 8, within=20)
        questions = [message.text for message in program.pane.messages if message.role is Role.USER]
        assert questions[1:] == ["asked next in 2", "asked next in each", "asked next in 1"]


async def test_models_are_compared_over_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path, size=WIDE) as program:
        await program.ask("hello")
        await compare(program, "m")
        await program.sees("Which models?")
        await program.press("enter")
        await program.sees("Tick two at least")
        await program.until(lambda: program.app.screen.query("ChooseSeveral _Ticks:focus"))
        names = [name for name, _words in program.app.screen.query_one(ChooseSeveral)._choices]
        await program.press("home", *["down"] * names.index("markdown"), "space")
        await program.sees("[x] markdown")  # by a sign, not by colour alone
        assert "[x] echo" in program.screen
        assert "[ ] guide" in program.screen
        await program.press("enter")
        await all_ended(program, 2)
        await program.sees("keep this answer")
        await program.pilot.pause(0.6)
    async with opened(tmp_path, size=WIDE, model=None) as program:
        await all_ended(program, 2)
        models = [pane.messages[-1].model for pane in program.app.chat_screen.panes]
        assert [model.name for model in models if model] == ["echo:latest", "markdown:latest"]
        await program.press("shift+tab")
        await program.until(lambda: program.pane is program.app.chat_screen.panes[1])
        await program.press("alt+shift+k")
        await program.sees("All 2 answers stand here")
        assert program.pane.messages[-1].model == models[1]
        await program.until(lambda: (3, 3) in program.pane.transcript.variants.values())


async def test_it_says_that_models_seem_to_be_loaded_by_turns(tmp_path: Path) -> None:
    async with (
        serve(DemoServer(speed=Speed(load=1.0, most=1)), port=0) as far,
        opened(
            tmp_path, address=HostAddress(id="far", url=far.url, source="flag"), size=WIDE, model="markdown"
        ) as program,
    ):
        await program.type("60 tokens at 40 tokens/s")
        await compare(program, "m")
        await program.sees("Which models?")
        names = [name for name, _words in program.app.screen.query_one(ChooseSeveral)._choices]
        await program.press("home", *["down"] * names.index("echo"), "space", "enter")
        await all_ended(program, 2)
        await program.sees("“2 echo” was loaded (")
        await program.sees("which is in memory no more: the server seems to load")


async def give(program: Program, command: str) -> None:
    """Give a command, in place of what is written."""
    program.pane.prompt.load_draft(command)
    await program.press("enter")


async def test_by_command_models_of_two_servers_and_values_of_an_option(tmp_path: Path) -> None:
    async with serve(DemoServer(speed=Speed(load=0)), port=0) as far:
        settings = Settings(hosts={"far": far.url})
        async with opened(tmp_path, size=WIDE, settings=settings) as program:
            await give(program, "/compare temperature=0,1.2")
            await program.sees("there is none yet")
            await program.press("ctrl+c")
            await program.ask("5 tokens at 1000 tokens/s")
            await give(program, "/compare num_ctx=")
            await program.sees("Give two to 4 values.")
            await program.press("ctrl+c")
            await give(program, "/compare far/nosuch")
            await program.sees("nosuch is not installed at far.")
            assert program.pane.prompt.text == "/compare far/nosuch"
            program.pane.prompt.load_draft("/compare far/ma")
            await program.press("tab")
            await program.until(lambda: program.pane.prompt.text == "/compare far/markdown:latest ")
            await program.sees("guide:latest")  # and so on, if wanted
            await program.press("enter")
            await all_ended(program, 2)
            answers = [pane.messages[-1] for pane in program.app.chat_screen.panes]
            asked = [(answer.model.host_id, answer.model.name) for answer in answers if answer.model]
            assert asked == [("demo", "echo:latest"), ("far", "markdown:latest")]
            await program.sees("far/markdown")
            await program.press("alt+shift+k")
            await program.until(lambda: len(program.app.chat_screen.panes) == 1)
            await give(program, "/compare temperature=0,1.2")
            await all_ended(program, 2)
            sent = [pane.messages[-1].sent for pane in program.app.chat_screen.panes]
            assert [each.options["temperature"] for each in sent if each] == [0, 1.2]


async def test_what_is_no_comparison_is_said(tmp_path: Path) -> None:
    async with opened(tmp_path, size=WIDE) as program:
        await program.press("alt+shift+d")
        await program.sees("Write the question first")
        await program.press("alt+shift+k")
        await program.sees("Nothing is compared here")
        await program.type("one")
        await compare(program, "o")
        await program.sees("The option and its values")
        await program.type("tempratur 1 2\n")
        await program.sees("tempratur")
        await program.press("escape")
        await program.until(lambda: not program.app.screen.query("Question"))
        assert program.pane.prompt.text == "one"
        assert len(program.app.chat_screen.panes) == 1


async def test_panes_scroll_together_when_they_are_tied(tmp_path: Path) -> None:
    async with opened(tmp_path, model="markdown", size=(150, 20)) as program:
        await program.ask("600 tokens at 5000 tokens/s")
        await program.press("alt+shift+n")
        screen = program.app.chat_screen
        await program.until(lambda: len(screen.panes) == 2 and all(pane.is_open for pane in screen.panes))
        first, second = screen.panes
        await program.until(lambda: first.transcript.max_scroll_y > 20 and second.transcript.max_scroll_y > 20)
        await program.press("f9", "pageup")
        await program.until(lambda: second.transcript.scroll_y < second.transcript.max_scroll_y)
        assert first.transcript.scroll_y == first.transcript.max_scroll_y
        await program.press("alt+shift+s")
        before = second.transcript.scroll_y
        await program.press("f9", "up", "up", "up")
        await program.until(lambda: second.transcript.scroll_y == before - 3)
        await program.until(lambda: first.transcript.scroll_y == first.transcript.max_scroll_y - 3)


async def test_no_draft_is_lost_under_one_prompt(tmp_path: Path) -> None:
    async with opened(tmp_path, size=WIDE) as program:
        await program.type("left")
        await program.press("alt+n")
        screen = program.app.chat_screen
        await program.until(lambda: len(screen.panes) == 2 and program.pane is screen.panes[1] and program.pane.is_open)
        await program.press("alt+shift+a")
        await program.sees("To all 2 panes")
        await program.type("both")
        await program.press("alt+n")
        await program.until(lambda: len(screen.panes) == 3 and all(pane.is_open for pane in screen.panes))
        first, second, _third = screen.panes
        screen.row.focus_on(second)
        await program.press("alt+w")
        await program.until(lambda: len(screen.panes) == 2)
        together = screen.comparing.together
        assert together is not None
        await program.until(lambda: together.owner is first)
        assert together.prompt.text == "left\nboth"
        await program.type("!")
        await program.app.leave()  # before there was a pause
    async with opened(tmp_path, size=WIDE, model=None) as program:
        await program.until(lambda: all(pane.is_open for pane in program.app.chat_screen.panes))
        await program.sees("left")
        assert program.app.chat_screen.panes[0].prompt.text == "left\nboth!"
