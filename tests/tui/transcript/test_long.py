"""Conversations that are much longer than the screen."""

import time
from dataclasses import replace

import pytest
from textual.events import MouseScrollUp
from textual.strip import Strip
from transcript_reader import Reader, answer, begun, question, say, talk

from ollama_tui.tui.transcript.item import Item


async def test_only_what_is_near_the_view_is_laid_out() -> None:
    app = Reader(talk(2000))
    began = time.perf_counter()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "code 1999" in app.text()
        assert time.perf_counter() - began < 3  # a bare app takes most of it; see benchmarks/stream_screen.py
        assert sum(item.laid_out for item in app.transcript.roll.items) < 40
        await pilot.press("home")
        assert app.lines()[1] == " Question 0"
        assert sum(item.laid_out for item in app.transcript.roll.items) < 80


async def test_paging_never_jumps_though_heights_are_only_guessed() -> None:
    app = Reader(talk(300))
    async with app.run_test(size=(50, 20)) as pilot:
        await pilot.pause()
        for _ in range(25):
            before = app.lines()
            await pilot.press("pageup")
            assert app.lines()[-1] == before[0]
        for _ in range(24):
            before = app.lines()
            await pilot.press("pagedown")
            assert app.lines()[0] == before[-1]


async def test_the_wheel_never_jumps_either() -> None:
    app = Reader(talk(300))
    async with app.run_test(size=(50, 20)) as pilot:
        await pilot.pause()
        step = int(app.scroll_sensitivity_y)
        for _ in range(25):
            before = app.lines()
            app.transcript._on_mouse_scroll_up(_wheel(app))
            await pilot.pause()
            assert app.lines()[step:] == before[:-step]


def _wheel(app: Reader) -> MouseScrollUp:
    return MouseScrollUp(app.transcript, 5, 5, 0, -1, 0, False, False, False)


async def test_a_terminal_made_tiny_and_back_shows_the_same_picture() -> None:
    app = Reader(talk(100))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*["pageup"] * 7)
        before = app.lines()
        for size in ((20, 5), (1, 1), (20, 5), (200, 60), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert app.lines() == before
        await pilot.press("end")
        end = app.lines()
        for size in ((20, 5), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert app.lines() == end


async def test_the_same_message_stays_under_the_eye_when_the_width_changes() -> None:
    app = Reader(talk(100))
    async with app.run_test(size=(80, 24)) as pilot:
        transcript = app.transcript
        transcript.show_item(51)
        await pilot.pause()
        assert "llama3.2:3b" in "".join(app.lines()[:2])
        await pilot.resize_terminal(40, 24)
        await pilot.pause()
        index, _line = transcript.roll.find(transcript.first_line)
        assert index == 51


async def test_below_a_message_of_several_screens_all_takes_the_new_width() -> None:
    messages = talk(12)
    long = " ".join(f"word{number}" for number in range(1500))
    messages[5] = replace(messages[5], text=long)
    app = Reader(messages)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        transcript = app.transcript
        transcript.show_line(6, 0)
        await pilot.pause()
        transcript.scroll_to(y=transcript.first_line - 6, animate=False)
        await pilot.pause()
        assert transcript.roll.find(transcript.first_line)[0] == 5
        await pilot.resize_terminal(50, 24)
        await pilot.pause()
        shown = app.lines()
        assert transcript.roll.find(transcript.first_line)[0] == 5
        assert transcript.roll.find(transcript.first_line + 23)[0] > 5
        for item in transcript.roll.items:
            item.release()
        assert app.lines() == shown


async def test_drawing_costs_the_same_whatever_came_before(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = 0
    real = Item._draw

    def draw(self: Item, y: int) -> Strip:
        nonlocal drawn
        drawn += 1
        return real(self, y)

    monkeypatch.setattr(Item, "_draw", draw)
    counts: list[int] = []
    for earlier in (2, 500):
        app = Reader(talk(earlier))
        async with app.run_test(size=(60, 20)) as pilot:
            live = begun()
            app.transcript.follow(live)
            say(live, "word " * 2000)
            await pilot.pause(0.25)
            drawn = 0
            say(live, "word " * 5)
            await pilot.pause(0.25)
            counts.append(drawn)
    assert counts[0] == counts[1] <= 20


async def test_showing_again_keeps_the_place_and_another_conversation_begins_at_its_end() -> None:
    first, second = talk(50), [question("other"), answer("conversation " * 200)]
    app = Reader(first)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("pageup", "pageup")
        before = app.lines()
        app.transcript.show(list(first))
        await pilot.pause()
        assert app.lines() == before
        app.transcript.show(second)
        await pilot.pause()
        assert app.lines()[-1].startswith(" conversation")
