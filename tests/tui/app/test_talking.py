"""A person talks: questions, answers, stopping, going on, what waits, what is kept."""

from pathlib import Path

import pytest
from opened import opened
from PIL import Image

from ollama_tui.domain.message import Ending, Role
from ollama_tui.tui.actions import BY_ID


async def test_a_question_is_answered_and_kept(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.ask("hello there")
        await program.sees("I am echo, a rule and not a language model")
        assert "tok/s" in program.screen
    async with opened(tmp_path) as program:
        await program.press("f7")
        await program.sees("I am echo, a rule and not a language model")
        assert [message.role for message in program.pane.messages] == [Role.USER, Role.ASSISTANT]


async def test_esc_stops_and_going_on_ends_as_if_it_had_not_been_stopped(tmp_path: Path) -> None:
    async with opened(tmp_path, model="markdown") as program:
        await program.type("300 tokens at 100 tokens/s\n")
        await program.until(lambda: program.pane.live and len(program.pane.live.text) > 100)
        await program.press("escape")
        await program.until(lambda: program.pane.live is None)
        await program.sees("stopped")
        stopped = program.pane.messages[-1]
        assert stopped.ending is Ending.STOPPED
        await program.press("alt+g")
        await program.until(lambda: program.pane.live is not None)
        await program.ended()
        whole = program.pane.messages[-1]
        assert whole.ending is Ending.COMPLETE
        assert whole.text.startswith(stopped.text)
        assert whole.sent is not None
        assert whole.sent.continued_raw
        await program.sees("‹2/2›")
        first, figures = stopped.figures, whole.figures
        assert first is not None
        assert figures is not None
        assert figures.tokens == first.seen_tokens + figures.answer_tokens == 300
        assert figures.speed == pytest.approx(300e9 / (first.seen_duration + figures.answer_duration))
        await program.sees("~300 tokens · first token")
        await program.press("alt+i")
        await program.sees("part 1")
        assert f"~{first.seen_tokens} tokens · first token" in program.screen
        assert f" tok/s · {figures.answer_tokens} tokens · first token" in program.screen


async def test_who_asks_while_reading_above_is_taken_to_the_answer(tmp_path: Path) -> None:
    async with opened(tmp_path, model="markdown", size=(80, 16)) as program:
        await program.ask("90 tokens at 2000 tokens/s")
        await program.press("f9", "home", "escape")
        assert not program.pane.transcript.following
        await program.ask("10 tokens at 2000 tokens/s")
        await program.sees("10 tokens")
        assert program.pane.transcript.following


async def test_pages_are_scrolled_from_the_prompt_as_long_as_it_does_not_need_the_keys(tmp_path: Path) -> None:
    async with opened(tmp_path, model="markdown", size=(80, 16)) as program:
        await program.ask("600 tokens at 2000 tokens/s")
        view, area = program.pane.transcript, program.pane.prompt.area
        await program.type("a draft")
        end = view.first_line
        await program.press("pageup")
        await program.until(lambda: view.first_line == end - view.room.height + 1)
        assert program.app.focused is area
        await program.press("pagedown")
        await program.until(lambda: view.following)
        area.rewrite("line\n" * 30)
        await program.until(lambda: area.max_scroll_y)
        last = area.cursor_location
        await program.press("pageup")
        await program.until(lambda: area.cursor_location < last)
        assert view.following
        area.rewrite("/")
        await program.sees("› /set")
        await program.press("pagedown")
        await program.sees("› /options")
        await program.press("pageup")
        await program.sees("› /set")
        assert view.following


async def test_what_is_sent_during_an_answer_waits_visibly_and_is_asked_after_it(tmp_path: Path) -> None:
    async with opened(tmp_path, model="markdown") as program:
        await program.type("120 tokens at 100 tokens/s\n")
        await program.until(lambda: program.pane.live)
        await program.type("second question\n")
        await program.sees("second question")
        await program.until(lambda: len(program.pane.messages) >= 3, within=20)
        await program.ended()
        questions = [message.text for message in program.pane.messages if message.role is Role.USER]
        assert questions == ["120 tokens at 100 tokens/s", "second question"]


async def test_a_conversation_goes_on_while_another_is_open(tmp_path: Path) -> None:
    async with opened(tmp_path, model="markdown") as program:
        await program.type("200 tokens at 200 tokens/s\n")
        await program.until(lambda: program.pane.live)
        first = program.pane.conversation.id
        await program.press("ctrl+n")
        await program.until(lambda: program.pane.conversation.id != first)
        await program.until(lambda: not program.app.workspace.turns.all_live(), within=20)
        await program.press("f7")
        await program.until(lambda: program.pane.conversation.id == first)
        assert program.pane.messages[-1].ending is Ending.COMPLETE


async def test_thinking_folds_when_the_answer_starts_and_is_kept(tmp_path: Path) -> None:
    async with opened(tmp_path, model="thinker") as program:
        await program.type("why?\n")
        await program.sees("Thinking")
        await program.ended()
        await program.sees("Thought for")
        assert program.pane.messages[-1].thinking
        assert "think" in program.screen.splitlines()[0]


async def test_a_temporary_conversation_leaves_no_trace(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.type("/temporary\n")
        await program.sees("nothing is kept")
        await program.ask("a secret word")
        await program.sees("a secret word")
        temporary = program.pane.conversation.id
        await program.type("secret draft")
        await program.press("ctrl+n")
        await program.sees("The temporary conversation is there until the program ends: F7 leads back to it.")
        await program.press("f7")
        await program.until(lambda: program.pane.conversation.id == temporary and len(program.pane.messages) == 2)
        assert program.pane.prompt.text == "secret draft"
        await program.press("alt+n")
        await program.until(lambda: program.pane.conversation.id != temporary and program.pane.is_open)
        await program.press("shift+tab", "alt+w")
        await program.sees("F7 leads back to it.")
        await program.press("f7")
        await program.until(lambda: program.pane.conversation.id == temporary and len(program.pane.messages) == 2)
        assert program.pane.prompt.text == "secret draft"
        await program.until(lambda: "leads back" not in program.screen)
    assert not program.files_hold(b"secret")


async def test_several_temporary_conversations_are_all_come_back_to(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        for draft in ("one", "two"):
            await program.type("/temporary\n")
            await program.until(lambda: program.pane.conversation.temporary and not program.pane.prompt.text)
            await program.type(draft)
            await program.press("ctrl+n")
            await program.until(lambda: not program.pane.conversation.temporary and not program.pane.prompt.text)
        for draft in ("two", "one", "two"):
            await program.press("f7")
            await program.until(lambda draft=draft: program.pane.prompt.text == draft)


async def test_deleting_a_temporary_conversation_asks_as_it_cannot_be_undone(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.type("/temporary\n")
        await program.sees("nothing is kept")
        await program.ask("a secret")
        asked, delete = program.pane.conversation.id, BY_ID["chat.delete"]
        await program.app.perform(delete)
        await program.sees("cannot be brought back")
        await program.press("n")
        await program.until(lambda: not program.pane.query("Question"))
        assert program.pane.conversation.id == asked
        await program.app.perform(delete)
        await program.sees("cannot be brought back")
        await program.press("y")
        await program.sees("Deleted for good.")
        assert program.pane.conversation.id != asked
        assert "a secret" not in program.screen
        assert "brings it back" not in program.screen


async def test_a_failed_turn_keeps_the_question_and_offers_to_try_again(tmp_path: Path) -> None:
    async with opened(tmp_path, model="nothing-of-this-name") as program:
        await program.ask("hello?")
        await program.sees("not installed")
        await program.sees("hello?")
        failed = program.pane.messages
        assert failed[-1].ending is Ending.FAILED
        assert "go on" not in program.screen.splitlines()[-1]
        await program.press("alt+g")
        await program.sees("Nothing came that it could go on from. Alt+R tries it again.")
        assert program.pane.messages == failed


async def test_with_a_complete_answer_there_is_nothing_to_go_on_with(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.ask("hello")
        whole = program.pane.messages
        await program.press("alt+g")
        await program.sees("The answer is complete")
        assert program.pane.messages == whole


async def test_drafts_survive(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.ask("one")
        await program.type("half a thought")
        await program.press("ctrl+n")
        await program.until(lambda: not program.pane.messages)
        await program.type("another")
    async with opened(tmp_path) as program:
        assert program.pane.prompt.text == "another"
        await program.press("f7")
        await program.until(lambda: program.pane.messages)
        assert program.pane.prompt.text == "half a thought"


async def test_what_was_left_unsent_elsewhere_is_pointed_to_as_long_as_it_is_there(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.ask("one")
        await program.type("half a thought")
        await program.pane.save_draft()  # and then the program dies
    async with opened(tmp_path) as program:
        await program.sees("What you wrote in “one” is not sent yet: F7 leads there.")
        await program.press("f7")
        await program.until(lambda: program.pane.prompt.text == "half a thought")
        await program.press("ctrl+n")
        await program.sees("What you wrote in “one” is not sent yet: F7 leads there.")
        await program.ask("two")
        await program.press("ctrl+n")
        await program.sees("What you wrote in “one” is not sent yet: F6 leads there.")
        await program.press("f7", "f7")
        await program.until(lambda: program.pane.prompt.text == "half a thought")
        program.pane.prompt.load_draft("")
        await program.press("ctrl+n")
        await program.sees("Ask echo anything.")
        assert "is not sent yet" not in program.screen


async def test_a_picture_is_sent_shown_small_and_kept(tmp_path: Path) -> None:
    picture = tmp_path / "red.png"
    Image.new("RGB", (640, 480), "red").save(picture)
    async with opened(tmp_path, model="eyes") as program:
        await program.type(f"/image {picture}\n")
        await program.sees("red.png")
        await program.ask("what is it?")
        await program.sees("640×480")
        await program.sees("▀▀▀▀")
        assert "red" in program.pane.messages[-1].text
        await program.type("/model echo\n")
        await program.ask("and in a word?")
        await program.sees("A picture or sound of this conversation goes along with every question, and echo:latest")
        await program.sees("Choose a model that can see, fork the conversation before it, or delete the message")
        await program.sees("Alt+Shift+R another model")
        await program.press("alt+shift+r")
        await program.sees("Which model?")
        await program.type("eyes\n")
        await program.until(lambda: program.pane.live is not None)
        await program.ended()
        assert "red" in program.pane.messages[-1].text
    async with opened(tmp_path, model="eyes") as program:
        await program.press("f7")
        await program.sees("▀▀▀▀")
