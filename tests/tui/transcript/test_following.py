"""The view follows the end while it is there, and stays where it is when it is not."""

import re

import pytest
from textual.geometry import Region
from transcript_reader import Reader, answer, begun, end, question, say, talk, think

from ollama_tui.tui.transcript import growing


async def test_an_answer_grows_at_the_end_of_the_view() -> None:
    app = Reader(talk(40))
    async with app.run_test(size=(60, 20)) as pilot:
        live = begun()
        app.transcript.follow(live)
        for part in range(30):
            say(live, f"paragraph {part}\n\n")
            await pilot.pause(0.01)
        await pilot.pause(0.25)
        assert "paragraph 29" in app.text()
        assert "▌" in app.text()
        end(live)
        await pilot.pause(0.25)
        assert app.lines()[-1] == " 48.2 tok/s · 187 tokens · first token 0.4 s"
        assert "▌" not in app.text()


async def test_a_view_that_was_scrolled_up_does_not_move_while_text_streams() -> None:
    app = Reader(talk(40))
    async with app.run_test(size=(60, 20)) as pilot:
        live = begun()
        app.transcript.follow(live)
        say(live, "first words")
        await pilot.pause(0.25)
        await pilot.press("pageup")
        before = app.lines()
        assert "first words" not in app.text()
        for part in range(100):
            say(live, f"paragraph {part}\n\n")
        await pilot.pause(0.25)
        assert app.lines()[:-1] == before[:-1]
        assert "↓ more below" in app.lines()[-1]
        await pilot.press("end")
        assert "paragraph 99" in app.text()
        say(live, "the last words")
        await pilot.pause(0.25)
        assert "the last words" in app.text()
        assert "more below" not in app.text()


async def test_scrolling_down_to_the_end_follows_again_and_so_does_a_click() -> None:
    app = Reader(talk(10))
    async with app.run_test(size=(60, 20)) as pilot:
        live = begun()
        app.transcript.follow(live)
        say(live, "one\n\n" * 30)
        await pilot.pause(0.25)
        await pilot.press("up", "up")
        await pilot.press("down", "down")
        say(live, "two\n\n" * 30)
        await pilot.pause(0.25)
        assert "two" in app.text()
        await pilot.press("up")
        await pilot.pause()
        await pilot.click(offset=app.find("more below"))
        say(live, "three\n\n" * 30)
        await pilot.pause(0.25)
        assert "three" in app.text()


async def test_only_what_changed_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Reader([question("short"), answer("also short")])
    async with app.run_test(size=(60, 30)) as pilot:
        live = begun()
        app.transcript.follow(live)
        say(live, "line\n\n" * 5)
        await pilot.pause(0.25)
        asked: list[Region] = []
        real = app.transcript.refresh

        def refresh(*regions: Region, **named: bool) -> object:
            asked.extend(regions or [app.transcript.size.region])
            return real(*regions, **named)

        monkeypatch.setattr(app.transcript, "refresh", refresh)
        last = app.lines().index(" line▌")
        say(live, "more words")
        await pilot.pause(0.25)
        assert asked
        assert all(region.y >= last - 1 for region in asked)


async def test_waiting_is_told_after_a_while_with_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    from ollama_tui.domain.event import Waiting

    app = Reader([])
    async with app.run_test(size=(60, 20)) as pilot:
        live = begun()
        live.waiting = Waiting("loading")
        app.transcript.follow(live)
        await pilot.pause(0.1)
        assert "loading" not in app.text()
        live.started -= growing.PATIENCE + 4
        await pilot.pause(0.25)
        assert "loading the model or queued · 4 s" in app.text()
        live.waiting = Waiting("reading")
        await pilot.pause(0.25)
        assert "reading the prompt or queued · 4 s" in app.text()
        say(live, "here")
        await pilot.pause(0.25)
        assert "queued" not in app.text()
        assert "here" in app.text()


async def test_thinking_is_open_as_it_comes_and_folds_when_the_answer_begins() -> None:
    app = Reader([])
    async with app.run_test(size=(60, 20)) as pilot:
        live = begun()
        app.transcript.follow(live)
        think(live, "well, ", "let me see")
        await pilot.pause(0.25)
        assert "▾ Thinking · 0 s" in app.text()
        assert "│ well, let me see▌" in app.text()
        say(live, "Because.")
        await pilot.pause(0.25)
        assert "let me see" not in app.text()
        assert re.search(r"▸ Thought for 0\.\d s · 2 tokens", app.text())
        await pilot.click(offset=app.find("▸ Thought"))
        assert "│ well, let me see" in app.text()


async def test_thinking_that_the_person_opened_stays_open() -> None:
    app = Reader([])
    async with app.run_test(size=(60, 20)) as pilot:
        live = begun()
        app.transcript.follow(live)
        think(live, "well")
        await pilot.pause(0.25)
        await pilot.press("enter", "enter")
        say(live, "Because.")
        await pilot.pause(0.25)
        assert "│ well" in app.text()
        end(live)
        await pilot.pause(0.25)
        assert "│ well" in app.text()


async def test_thinking_that_is_being_read_further_up_does_not_fold_under_the_eyes() -> None:
    app = Reader([])
    async with app.run_test(size=(40, 12)) as pilot:
        live = begun()
        app.transcript.follow(live)
        think(live, *(f"thought {number}\n" for number in range(60)))
        await pilot.pause(0.25)
        await pilot.press("pageup", "pageup")
        before = app.lines()
        say(live, "Because.")
        await pilot.pause(0.25)
        assert app.lines()[:-1] == before[:-1]


@pytest.mark.parametrize("finished", [False, True])
async def test_a_turn_that_is_joined_late_looks_as_if_it_had_been_watched(finished: bool) -> None:
    live = begun()
    think(live, "hm")
    say(live, "**bold** and\n\n- a list\n- of two")
    if finished:
        end(live)
    late = Reader([live.question, live.answer] if live.question else [], live)
    async with late.run_test(size=(60, 20)) as pilot:
        await pilot.pause(0.25)
        assert "▸ Thought" in late.text()
        assert "bold and" in late.text()
        assert "of two" in late.text()
        assert ("tok/s" in late.text()) is finished


async def test_a_streamed_answer_looks_in_the_end_like_one_that_is_drawn_at_once() -> None:
    text = "# Head\n\nSome **bold** text with `code`.\n\n```python\nx = 1\n```\n\n"
    text += "| a | b |\n|---|---|\n| 1 | 2 |\n\n1. one\n2. two\n"
    live = begun()
    streamed = Reader([], live)
    async with streamed.run_test(size=(60, 40)) as pilot:
        for character in text:
            say(live, character)
            await pilot.pause(0.002)
        end(live)
        await pilot.pause(0.25)
        first = [list(strip) for strip in streamed.strips()]
    assert live.question
    at_once = Reader([live.question, live.answer])
    async with at_once.run_test(size=(60, 40)) as pilot:
        await pilot.pause()
        assert [list(strip) for strip in at_once.strips()] == first


async def test_an_answer_that_has_just_ended_is_not_laid_out_again_when_it_is_shown_as_kept() -> None:
    app = Reader([])
    async with app.run_test(size=(60, 20)) as pilot:
        live = begun()
        app.transcript.follow(live)
        say(live, "words " * 50)
        await pilot.pause(0.25)
        grown = app.transcript.roll.items[-1]
        end(live)
        assert live.question
        app.transcript.show([live.question, live.answer], None)
        assert app.transcript.roll.items[-1] is grown
        assert "48.2 tok/s" in app.text()
        assert "▌" not in app.text()
