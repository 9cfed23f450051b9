"""What the next prompt comes to: on the screen, as a person meets it."""

from dataclasses import replace
from pathlib import Path

from contexts import account_of, say, talking, told, until_counted
from PIL import Image

from ollama_tui.demo.faults import Fault
from ollama_tui.domain.model import ModelRef


async def test_the_gauge_tells_as_one_types_what_the_server_will_count(tmp_path: Path) -> None:
    async with talking(tmp_path, model="deep") as (program, _place):
        pane = program.pane
        await pane.change_setup(replace(pane.conversation.setup, system="Be brief. 请简短。"))
        for text in ("Why is the sky blue?", "再说一遍 🎉", "and <|im_end|> what\nof that?  "):
            pane.prompt.insert_text(text)
            await until_counted(program, lambda: account_of(program).draft > 0)
            counted, exact = account_of(program).total, account_of(program).exact
            assert ("~" in program.screen.splitlines()[0]) is not exact
            await say(program, "")
            if len(pane.messages) > 2:
                assert exact
                assert counted == told(program)
            await until_counted(program, lambda: account_of(program).exact and not account_of(program).draft)


async def test_the_models_own_system_prompt_is_counted_as_such(tmp_path: Path) -> None:
    async with talking(tmp_path, model="pirate") as (program, _place):
        await program.app.workspace.contexts.card(
            program.pane.conversation.setup.model or ModelRef(host_id="", name="")
        )
        counted = account_of(program)
        for _turn in range(2):
            program.pane.gauge.forget()
            program.pane.prompt.insert_text("ahoy")
            await until_counted(program, lambda: account_of(program).draft > 0 and account_of(program).system > 10)
            counted = account_of(program)
            await say(program, "")
            assert abs(counted.total - told(program)) <= 8
            await until_counted(program, lambda: account_of(program).exact)
        assert counted.exact
        assert counted.total == told(program)


async def test_without_rendering_the_template_is_learned_from_the_figures(tmp_path: Path) -> None:
    async with talking(tmp_path) as (program, place):
        place.faults.add(Fault(path="/api/chat", skip=1, times=1, status=400, text="unknown field"))
        counted: list[int] = []
        for text in ("one", "two and two", "three 三", "four"):
            program.pane.prompt.insert_text(text)
            await until_counted(program, lambda: account_of(program).draft > 0)
            counted.append(account_of(program).total)
            assert account_of(program).exact or len(counted) < 4
            await say(program, "")
            place.faults.add(Fault(path="/api/chat", skip=1, times=1, status=400, text="unknown field"))
        assert counted[-1] == told(program)


async def test_an_estimate_says_so_and_comes_within_reach(tmp_path: Path) -> None:
    async with talking(tmp_path, tokens=False) as (program, _place):
        await say(program, "The quick brown fox jumps over the lazy dog. " * 20)
        program.pane.prompt.insert_text("And then it sleeps for a while in the shade. " * 20)
        await until_counted(program, lambda: account_of(program).draft > 0)
        assert "~" in program.screen.splitlines()[0]
        counted = account_of(program).total
        await say(program, "")
        assert abs(counted - told(program)) < 0.2 * told(program)


async def test_what_is_given_asked_for_and_possible_stands_in_the_details(tmp_path: Path) -> None:
    async with talking(tmp_path) as (program, _place):
        await program.type("hello")
        await program.press("f5")
        await program.sees("not known until it is loaded")
        await program.pane.set_option("num_ctx", 2000)
        await program.sees("2,000 (num_ctx)")
        await program.sees("/2k?")
        await program.press("escape")
        await say(program, "")
        await program.sees("/2k")
        assert "/2k?" not in program.screen
        await program.press("f5")
        await program.type("x")
        await program.sees("exact: as the server will count")
        assert program.pane.prompt.text == "x"
        for words in ("given now       2,000", "at most         32,768", "num_ctx 2000", "you are asked"):
            assert words in program.screen


async def test_images_are_an_estimate_until_the_server_has_counted_them(tmp_path: Path) -> None:
    picture = tmp_path / "red.png"
    Image.new("RGB", (64, 48), "red").save(picture)
    async with talking(tmp_path, model="eyes") as (program, _place):
        await program.type(f"/image {picture}\n")
        await program.sees("red.png")
        await program.type("what is it?")
        await program.press("f5")
        await program.sees("the server has not counted the images yet")
        counted = account_of(program)
        await program.press("escape")
        await program.until(lambda: program.pane.prompt.area.has_focus)
        await program.press("enter")
        await program.until(lambda: len(program.pane.messages) == 2)
        await program.ended()
        assert abs(counted.total - told(program)) <= 0.01 * told(program)
        program.pane.prompt.insert_text("and now?")
        await until_counted(program, lambda: account_of(program).draft > 0)
        counted = account_of(program)
        assert not counted.images_estimated
        assert abs(counted.images - 768) < 8
        await say(program, "")
        assert abs(counted.total - told(program)) <= 0.01 * told(program)
