"""What a person does in a transcript: click, select, move, open, copy; and what is shown around the text."""

import pytest
from textual.app import App
from textual.pilot import Pilot
from transcript_reader import Reader, answer, begun, end, question, say

from ollama_tui.domain.event import Notice
from ollama_tui.domain.message import Attachment, Ending, FailureRecord, Figures, Message
from ollama_tui.tui.transcript.picture import Pixels
from ollama_tui.tui.widgets.transcript import Transcript

FIGURES = Figures(
    answer_tokens=187,
    answer_duration=3_880_000_000,
    first_token=400_000_000,
    load_duration=1_200_000_000,
    thinking_duration=3_100_000_000,
    thinking_tokens=212,
)


async def drag(pilot: Pilot[None], begin: tuple[int, int], finish: tuple[int, int]) -> None:
    await pilot.mouse_down(offset=begin)
    await pilot.hover(offset=finish)
    await pilot.mouse_up(offset=finish)
    await pilot.pause()


async def test_head_thinking_and_figures() -> None:
    whole = answer("Hello.", thinking="Hm.", figures=FIGURES, end_reason="stop")
    app = Reader([question("Hi"), whole], variants={whole.id: (2, 3)})
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        lines = app.lines()
        assert lines[0].split() == ["You", "⋯"]
        assert lines[1] == " Hi"
        assert lines[3].startswith(" llama3.2:3b")
        assert lines[3].endswith("‹2/3›")
        assert lines[4] == " ▸ Thought for 3.1 s · 212 tokens"
        assert lines[5] == " Hello."
        assert lines[6] == " 48.2 tok/s · 187 tokens · first token 0.4 s · load 1.2 s · stop"
        app.transcript.show_figures(False)
        assert "tok/s" not in app.text()


@pytest.mark.parametrize(
    ("values", "words", "offered"),
    [
        ({"ending": Ending.STOPPED}, "■ stopped", ["continue", "try again"]),
        ({"ending": Ending.STOPPED, "end_reason": "exit"}, "■ stopped when the program was left", ["continue"]),
        ({"ending": Ending.LENGTH, "end_reason": "length"}, "■ length: the context", ["continue"]),
        ({"ending": Ending.CUT_OFF}, "■ cut off", ["continue", "try again"]),
        ({"ending": Ending.UNFINISHED}, "■ not finished", []),
        ({"ending": Ending.FAILED, "failure": FailureRecord(code="busy")}, "✗ The server has too many", ["try again"]),
        ({"ending": Ending.COMPLETE}, "", []),
    ],
)
async def test_endings_are_said_and_what_can_be_done_is_offered(
    values: dict[str, object], words: str, offered: list[str]
) -> None:
    app = Reader([question("Hi"), answer("Half", **values)])
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        assert words in app.text()
        for name in ("continue", "try again"):
            assert (name in app.text()) >= (name in offered)
        assert "exit" not in app.text()
        if not offered:
            assert "try again" not in app.text()


async def test_clicking_an_offer_asks_for_it_and_so_does_enter() -> None:
    stopped = answer("Half", ending=Ending.STOPPED)
    app = Reader([question("Hi"), stopped])
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.click(offset=app.find("try again"))
        await pilot.click(offset=app.find("continue"))
        await pilot.press("enter")
        kinds = [type(message) for message in app.posted]
        assert kinds == [Transcript.RetryRequested, Transcript.ContinueRequested, Transcript.ContinueRequested]
        assert {getattr(message, "message_id", None) for message in app.posted} == {stopped.id}


async def test_only_the_last_answer_offers_something() -> None:
    app = Reader([question("Hi"), answer("Half", ending=Ending.STOPPED), question("More"), answer("All")])
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        assert "■ stopped" in app.text()
        assert "try again" not in app.text()


async def test_links_are_asked_for_and_never_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def open_url(app: App[None], url: str, **named: bool) -> None:
        pytest.fail(f"opened unasked: {url}")

    monkeypatch.setattr(App, "open_url", open_url)
    app = Reader(
        [answer("[good](https://example.com/a) and [evil](javascript:alert(1)) and [file](file:///etc/passwd)")]
    )
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.click(offset=app.find("good"))
        await pilot.click(offset=app.find("evil"))
        await pilot.click(offset=app.find("file"))
        await pilot.pause()
        assert [m.url for m in app.posted if isinstance(m, Transcript.LinkRequested)] == ["https://example.com/a"]
        assert len(app.posted) == 1


async def test_a_selection_over_messages_is_the_source_without_wraps_and_bars() -> None:
    long = "some words " * 20
    app = Reader([question(f"Q {long}end"), answer(f"A **bold** {long}\n\n```python\nx = 1\n```\n\nlast line")])
    async with app.run_test(size=(40, 40)) as pilot:
        x, y = app.find("last line")
        await drag(pilot, app.find("Q some"), (x + 3, y))
        assert app.screen.get_selected_text() == (f"Q {long}end\n\nA **bold** {long}\n\n```python\nx = 1\n```\n\nlast")


async def test_a_selection_stays_on_its_text_while_more_comes_and_the_width_changes() -> None:
    app = Reader([question("first words of all")])
    async with app.run_test(size=(60, 12)) as pilot:
        live = begun()
        app.transcript.follow(live)
        say(live, "an answer of several words")
        await pilot.pause(0.25)
        x, y = app.find("answer of")
        await drag(pilot, (x, y), (x + 5, y))
        say(live, "\n\nmore" * 40)
        await pilot.pause(0.25)
        await pilot.resize_terminal(25, 12)
        await pilot.pause()
        assert app.screen.get_selected_text() == "answer"


async def test_the_selection_is_seen() -> None:
    app = Reader([question("one two three")])
    async with app.run_test(size=(60, 12)) as pilot:
        x, y = app.find("two")
        await drag(pilot, (x, y), (x + 2, y))
        ground = app.screen.get_component_rich_style("screen--selection").bgcolor
        marked = "".join(s.text for s in app.strips()[y] if s.style and s.style.bgcolor == ground)
        assert marked == "two"
        assert not [s for s in app.strips()[y] if s.style and s.text.strip() and s.style.color == s.style.bgcolor]


async def test_two_clicks_take_a_word_and_three_a_line() -> None:
    app = Reader([question("one two three\nfour")])
    async with app.run_test(size=(60, 12)) as pilot:
        x, y = app.find("two")
        await pilot.click(Transcript, offset=(x + 1, y), times=2)
        assert app.screen.get_selected_text() == "two"
        await pilot.click(Transcript, offset=(x + 1, y), times=3)
        assert app.screen.get_selected_text() == "one two three"


async def test_chinese_is_selected_by_its_cells() -> None:
    app = Reader([question("天空为什么是蓝色的")])
    async with app.run_test(size=(60, 12)) as pilot:
        await drag(pilot, (5, 1), (8, 1))
        assert app.screen.get_selected_text() == "为什"


async def test_keys_go_from_message_to_message_and_actions_follow_the_cursor() -> None:
    first = answer("First ```no```\n\n```\ncode one\n```", thinking="why not")
    app = Reader([question("Q1"), first, question("Q2"), answer("Second")])
    async with app.run_test(size=(60, 30)) as pilot:
        transcript = app.transcript
        assert transcript.text_to_copy() == "Second"
        await pilot.press("ctrl+up", "ctrl+up", "ctrl+up")
        assert transcript.current_message == first
        assert [line for line in app.lines() if line.startswith("▎llama3.2")]
        assert transcript.text_to_copy() == first.text
        assert transcript.code_blocks() == ["code one"] or transcript.code_blocks() == ["code one\n"]
        assert transcript.thinking_to_copy() == "why not"
        await pilot.press("enter")
        assert "│ why not" in app.text()
        await pilot.press("ctrl+down", "ctrl+down", "ctrl+down")
        assert "▎" not in app.text()
        transcript.copy_code()
        transcript.copy_message()
        await pilot.pause()
        assert [m.text for m in app.posted if isinstance(m, Transcript.CopyRequested)] == ["Second"]


async def test_variants_are_asked_for() -> None:
    some = answer("B")
    app = Reader([question("A"), some], variants={some.id: (1, 2)})
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.click(offset=app.find("›"))
        await pilot.press("left")
        wanted = [(m.message_id, m.step) for m in app.posted if isinstance(m, Transcript.VariantRequested)]
        assert wanted == [(some.id, 1), (some.id, -1)]


async def test_printable_keys_are_left_to_the_screen() -> None:
    app = Reader([question("A"), answer("B")])
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("h", "i", "space", "!", "j", "k")
        assert app.typed == "hi !jk"


async def test_a_question_is_no_markdown_and_keeps_its_lines() -> None:
    app = Reader([question("**not bold**\n    indented\n\ttab [b]markup[/b]")])
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        assert app.lines()[1:4] == [" **not bold**", "     indented", "     tab [b]markup[/b]"]


async def test_an_image_is_named_and_shown_small() -> None:
    file = Attachment(sha256="0", name="cat.png", media_type="image/png", size=120_000, width=640, height=480)

    def pixels(_file: Attachment) -> Pixels:
        return Pixels(4, 4, bytes(range(48)))

    app = Reader([question("Look", attachments=(file,))], pixels=pixels)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        assert app.lines()[2:5] == [" [image cat.png 640×480 · 120 kB]", " ▀▀▀▀", " ▀▀▀▀"]


EVIL = "\x1b]52;c;ZXZpbA==\x07\x1b[2J\x9b31m\u202ereversed\u2066 \x00\x08\x7f \ud800 [red]markup[/red]"


async def test_nothing_raw_reaches_the_lines_wherever_it_comes_from() -> None:
    file = Attachment(sha256="0", name=EVIL, media_type=EVIL, size=1)
    failed = answer(
        EVIL,
        thinking=EVIL,
        ending=Ending.FAILED,
        end_reason=EVIL,
        failure=FailureRecord(code="server-failed", params={"detail": EVIL}),
    )
    from dataclasses import replace

    from ollama_tui.domain.model import ModelRef

    failed = replace(failed, model=ModelRef(host_id="x", name=EVIL))
    app = Reader([question(EVIL, attachments=(file,)), failed])
    async with app.run_test(size=(100, 60)) as pilot:
        await pilot.press("ctrl+up")
        live = begun(EVIL)
        app.transcript.follow(live)
        live.events.append(Notice("think-lowered", {"from": EVIL, "to": EVIL}))
        say(
            live,
            EVIL,
            f"\n\n```{EVIL}\n{EVIL}\n```\n\n[{EVIL}](https://x/{EVIL})\n\n|{EVIL}|b|\n|---|---|\n|{EVIL}|d|\n",
        )
        await pilot.pause(0.25)
        for index in range(len(app.transcript.roll.items)):
            app.transcript.toggle_thinking(index)
        text = app.text()
        assert "[red]markup[/red]" in text
        bad = {c for c in text if c != "\n" and (ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000)}
        assert not bad | ({"\u202e", "\u2066"} & set(text))
        end(live)


async def test_the_theme_can_change_while_it_streams() -> None:
    app = Reader([question("A"), answer("B **bold** `code`")])
    async with app.run_test(size=(60, 20)) as pilot:
        live = begun()
        app.transcript.follow(live)
        say(live, "Some `code`")
        await pilot.pause(0.25)
        before = app.text()
        for theme in ("paper", "ansi-dark", "lamp"):
            app.theme = theme
            await pilot.pause(0.25)
            assert app.text() == before
            colours = {str(s.style.color.name) for strip in app.strips() for s in strip if s.style and s.style.color}
            if theme == "ansi-dark":
                assert not [name for name in colours if name.startswith("#")]


def messages(app: Reader) -> list[Message]:
    return [item.message for item in app.transcript.roll.items]


async def test_a_continued_answer_is_one_message_that_goes_on() -> None:
    from dataclasses import replace

    from ollama_tui.domain.conversation import Conversation
    from ollama_tui.services.live import LiveTurn

    half = answer("It is bec", ending=Ending.STOPPED)
    ask = question("Why?")
    app = Reader([ask, half])
    async with app.run_test(size=(60, 20)) as pilot:
        live = LiveTurn(Conversation(id="c"), None, replace(half, id="new", ending=Ending.UNFINISHED))
        app.transcript.show([ask], live)
        say(live, "ause of the light.")
        await pilot.pause(0.25)
        assert "It is because of the light." in app.text()
        end(live)
        await pilot.pause(0.25)
        assert [message.text for message in messages(app)] == ["Why?", "It is because of the light."]


async def test_the_last_code_block_may_be_further_up() -> None:
    app = Reader([answer("~~~\nfirst\n~~~\n\n~~~\nsecond\n~~~"), question("Thanks"), answer("Welcome")])
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        assert app.transcript.last_code().strip() == "second"
        app.transcript.show([question("Nothing"), answer("here")])
        assert app.transcript.last_code() == ""
