"""Finding in the open conversation: marks, going round, folded thinking, Chinese, and an answer that streams."""

import asyncio
import time
from pathlib import Path

from library import about, kept, tell

from ollama_tui.tui.pane import finding
from ollama_tui.tui.transcript.finding import Place
from tests.tui.app.opened import Program, opened


async def open_last(program: Program) -> None:
    await program.press("f7")
    await program.until(lambda: program.pane.messages)


async def find(program: Program, text: str) -> None:
    await program.press("ctrl+f")
    await program.until(lambda: program.app.screen.query("FindBar Input:focus"))
    await program.type(text)


def marked(program: Program) -> list[str]:
    """What is marked on the screen: the places by their ground, from the top."""
    transcript = program.pane.transcript
    grounds = {look.bgcolor for look in (transcript.looks.found, transcript.looks.here)}
    found: list[str] = []
    for strip in transcript.render_lines(transcript.size.region):
        found += [segment.text for segment in strip if segment.style and segment.style.bgcolor in grounds]
    return found


def here(program: Program) -> Place:
    place = program.pane.transcript.finder.here
    assert place is not None
    return place


async def test_places_are_counted_marked_and_gone_round(tmp_path: Path) -> None:
    async with kept(tmp_path) as history:
        await tell(
            history,
            about("Trees"),
            ("A maple?", "A **Maple** or a MAPLE.\n\n| tree | leaf |\n| --- | --- |\n| maple | red |\n"),
            *((f"more {number}", "filling " * 80) for number in range(12)),
            ("和枫树呢?", "枫树就是 maple,数据库。"),
        )
    async with opened(tmp_path, size=(80, 24)) as program:
        await open_last(program)
        await find(program, "maple")
        await program.sees("of 5")
        await program.press("enter")
        await program.sees("1 of 5")  # round the end, to the first
        await program.sees("A maple?")
        assert marked(program) == ["maple", "Maple", "MAPLE", "maple"]
        first = here(program)
        await program.press("up")
        await program.sees("5 of 5")
        assert marked(program) == ["maple"]
        await program.press("down")
        await program.sees("1 of 5")
        assert here(program) == first
        await program.press("escape")
        await program.until(lambda: not program.app.screen.query("FindBar"))
        assert marked(program) == []
        await program.type("/find 数据\n")
        await program.sees("1 of 1")
        assert marked(program) == ["数据"]
        await program.type("x")
        await program.sees("not here")


async def test_thinking_opens_where_a_place_is_in_it(tmp_path: Path) -> None:
    async with kept(tmp_path) as history:
        await tell(history, about("Thoughts", "thinker"), ("Which?", "That one."), thinking="Perhaps an ash.\n思考水杉")
    async with opened(tmp_path, size=(80, 24), model="thinker") as program:
        await open_last(program)
        await program.sees("Thought")
        assert "Perhaps" not in program.screen
        await find(program, "水杉")
        await program.sees("Perhaps an ash.")
        assert marked(program) == ["水杉"]


async def test_an_answer_that_streams_is_found_as_it_comes(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(100, 30), model="markdown") as program:
        await program.type("900 tokens at 150 tokens/s\n")
        await program.until(lambda: program.pane.live and len(program.pane.live.text) > 200)
        await find(program, "the")
        transcript = program.pane.transcript
        await program.until(lambda: transcript.finder.count(transcript.roll.items)[1] > 2)
        seen = transcript.finder.count(transcript.roll.items)[1]
        place = here(program)
        await program.until(lambda: transcript.finder.count(transcript.roll.items)[1] > seen + 3, within=20)
        assert here(program) == place
        assert program.pane.live is not None
        await program.press("up")  # round to the newest so far
        await program.until(lambda: here(program) != place)
        await program.app.workspace.turns.stop_all()
        await program.ended()
        folded = program.pane.messages[-1].text.lower() + program.pane.messages[0].text.lower()
        await program.until(lambda: transcript.finder.count(transcript.roll.items)[1] == folded.count("the"))


async def test_in_two_thousand_messages_it_is_found_at_once(tmp_path: Path) -> None:
    async with kept(tmp_path) as history:
        talk = about("Long")
        await tell(history, talk, *((f"question {number}", f"answer {number} 银杏 " * 30) for number in range(1000)))
    async with opened(tmp_path, size=(80, 24)) as program:
        await open_last(program)
        await program.press("ctrl+f")
        await program.type("answer 500 ")
        await program.sees("1 of 30")
        began = time.monotonic()
        await program.press("down")
        await program.sees("2 of 30")
        assert time.monotonic() - began < 1.0
        assert marked(program)


async def test_what_is_found_may_be_told_while_the_bar_comes_and_goes(tmp_path: Path) -> None:
    async with kept(tmp_path) as history:
        await tell(history, about("Trees"), ("A maple?", "A maple."))
    async with opened(tmp_path, size=(80, 24)) as program:
        await open_last(program)
        pane = program.pane
        finding.open_bar(pane)
        async with asyncio.timeout(10):
            while not pane.query("FindBar Input:focus"):
                finding.show_found(pane, 1, 2)
                await asyncio.sleep(0)
            await program.sees("1 of 2")
            finding.close_bar(pane)
            while finding.bar_of(pane) is not None:
                finding.show_found(pane, 1, 2)
                await asyncio.sleep(0)
        await find(program, "maple")
        await program.sees("of 2")
