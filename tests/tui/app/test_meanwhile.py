"""Another conversation is opened while something is still going on in the one before: nothing gets lost or astray."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from opened import Program, opened
from PIL import Image

from ollama_tui.demo.conversation import Ask
from ollama_tui.demo.faults import Fault
from ollama_tui.demo.models import CHAT_TEMPLATE, Script
from ollama_tui.domain.host import HostAddress
from ollama_tui.domain.message import Attachment, Role
from ollama_tui.services.attachment import read_file
from ollama_tui.tui.actions import BY_ID
from tests.services.place import Place, a_model, a_place

NOBODY = HostAddress(id="nobody", url="http://127.0.0.1:9", source="flag")


def _short(ask: Ask) -> Script:
    return Script(f"I saw {len(ask.messages)} messages.")


@asynccontextmanager
async def _talking(folder: Path, model: str = "short") -> AsyncGenerator[tuple[Program, Place]]:
    far = a_model("far", _short, template=CHAT_TEMPLATE, remote_host="https://far.example", remote_model="far")
    async with a_place(folder / "server", [a_model("short", _short, template=CHAT_TEMPLATE), far]) as place:
        address = HostAddress(id="test", url=place.url, source="flag")
        async with opened(folder, address=address, model=model) as program:
            yield program, place


async def test_what_may_not_leave_yet_stays_with_its_conversation(tmp_path: Path) -> None:
    async with _talking(tmp_path, "far") as (program, place):
        await program.type("a secret\n")
        await program.sees("runs on another machine")
        left = program.pane.conversation.id
        await program.press("ctrl+n")
        await program.until(lambda: program.pane.conversation.id != left)
        await program.until(lambda: not program.pane.query("Question"))
        await program.until(lambda: program.pane.prompt.text == "a secret")  # a new one goes on with what was not sent
        assert place.asked("/api/chat") == []


async def test_what_may_not_leave_yet_outlives_the_program(tmp_path: Path) -> None:
    async with _talking(tmp_path, "far") as (program, _place):
        await program.type("a secret\n")
        await program.sees("runs on another machine")
        program.pane.prompt.insert_text("and more")
        await program.app.leave()
    async with _talking(tmp_path, "far") as (program, place):
        assert "a secret" in program.pane.prompt.text
        assert "and more" in program.pane.prompt.text
        await program.press("enter")
        await program.sees("runs on another machine")
        program.pane.prompt.insert_text("typed since")
        await program.press("n")
        await program.until(lambda: not program.pane.query("Question"))
        assert "a secret" in program.pane.prompt.text
        assert program.pane.prompt.text.endswith("typed since")
        assert place.asked("/api/chat") == []


async def test_a_summary_is_kept_where_it_was_made(tmp_path: Path) -> None:
    async with _talking(tmp_path) as (program, place):
        await program.ask("other")
        other = program.pane.conversation.id
        await program.press("ctrl+n")
        await program.until(lambda: program.pane.conversation.id != other)
        for count, text in enumerate(("first", "second", "third"), 1):
            await program.type(f"{text}\n")
            await program.until(lambda count=count: len(program.pane.messages) == 2 * count)
            await program.ended()
        place.faults.add(Fault(path="/api/chat", times=1, after=1, stall=1.0))
        await program.until(lambda: program.pane.gauge.summed)
        await program.app.perform(BY_ID["chat.summarise"])
        await program.until(lambda: program.pane.gauge.summing)
        summed = program.pane.conversation.id
        await program.press("f7")
        await program.until(lambda: program.pane.conversation.id == other)
        await program.until(lambda: not program.pane.gauge.summing)
        history = program.app.workspace.history
        kept = await history.conversation(summed)
        assert kept is not None
        assert (await history.branch(kept.id, kept.leaf_id or ""))[-1].role is Role.SUMMARY
        shown = await history.conversation(other)
        assert shown is not None
        branch = await history.branch(other, shown.leaf_id or "")
        assert [message.role for message in branch] == [Role.USER, Role.ASSISTANT]
        assert program.pane.conversation.id == other


async def test_a_way_out_that_is_not_taken_is_offered_no_more_in_another_conversation(tmp_path: Path) -> None:
    async with _talking(tmp_path) as (program, _place):
        await program.ask("other")
        other = program.pane.conversation.id
        await program.press("ctrl+n")
        await program.until(lambda: program.pane.conversation.id != other)
        await program.pane.set_option("num_ctx", 256)
        program.pane.prompt.insert_text("long " * 600)
        await program.press("enter")
        await program.sees("The prompt does not fit")
        await program.press("f7")
        await program.until(lambda: program.pane.conversation.id == other)
        await program.until(lambda: not program.pane.query("Question"))
        assert "num_ctx" not in program.pane.conversation.setup.options


async def test_choosing_a_model_for_another_try_ends_with_the_conversation(tmp_path: Path) -> None:
    async with _talking(tmp_path) as (program, place):
        await program.ask("other")
        other = program.pane.conversation.id
        await program.press("ctrl+n")
        await program.until(lambda: program.pane.conversation.id != other)
        await program.ask("first")
        asked = len(place.asked("/api/chat"))
        await program.app.perform(BY_ID["chat.retry_with"])
        await program.until(lambda: program.pane.query("ModelPicker"))
        await program.press("f7")
        await program.until(lambda: program.pane.conversation.id == other)
        await program.until(lambda: program.pane.messages)
        await program.until(lambda: not program.pane.query("ModelPicker"))
        assert "is answered again" not in program.screen
        await program.press("enter")
        assert len(place.asked("/api/chat")) == asked


async def test_conversations_opened_at_once_are_opened_one_after_the_other(tmp_path: Path) -> None:
    async with _talking(tmp_path) as (program, _place):
        await program.ask("first")
        first = program.pane.conversation.id
        await program.press("ctrl+n")
        await program.until(lambda: program.pane.conversation.id != first)
        await program.type("not sent yet")
        new, last = BY_ID["chat.new"], BY_ID["chat.last"]
        for at_once in ((new, new), (last, new, new), (new, last), (new, new, last, new)):
            await asyncio.gather(*(program.app.perform(action) for action in at_once))
            if program.pane.conversation.id == first:
                assert program.pane.prompt.text == ""
                await program.app.perform(new)
            assert program.pane.prompt.text == "not sent yet"
    async with _talking(tmp_path) as (program, _place):
        assert program.pane.prompt.text == "not sent yet"


async def test_a_picture_stays_with_the_question_that_waits_for_a_model(tmp_path: Path) -> None:
    picture = tmp_path / "red.png"
    Image.new("RGB", (64, 48), "red").save(picture)
    async with opened(tmp_path) as program:
        await program.ask("another conversation")
    async with opened(tmp_path, address=NOBODY, model=None, ready=False) as program:
        await program.sees("No Ollama server answers")
        program.pane.prompt.take_focus()
        program.pane.prompt.insert_text(f"/image {picture}")
        await program.press("enter")
        await program.sees("[image: red.png 64×48]")
        await program.type("what is it?\n")
        await program.sees("What you sent is kept")
        await program.press("f7")
        await program.until(lambda: program.pane.messages)
        assert "red.png" not in program.screen
    async with opened(tmp_path, model="eyes") as program:
        await program.ask("")
        asked = program.pane.messages[-2]
        assert (asked.text, [file.name for file in asked.attachments]) == ("what is it?", ["red.png"])
        assert "red" in program.pane.messages[-1].text
        assert program.pane.prompt.text == ""


async def test_what_waits_says_how_it_is_sent_where_nothing_runs_and_is_asked_by_one_key(tmp_path: Path) -> None:
    async with opened(tmp_path, model="markdown", size=(80, 24)) as program:
        await program.type("2500 tokens at 40 tokens/s\n")
        await program.until(lambda: program.pane.live and len(program.pane.live.text) > 50)
        await program.type("10 tokens\n")
        await program.sees("waits: 10 tokens")
        assert "with nothing written" not in program.screen
        await program.press("alt+r")
        await program.sees("An answer is being written here.")
        program.pane.transcript.focus()  # Esc in the prompt would take the line away
        await program.press("escape")
        await program.sees("No answer runs: Enter with nothing written asks it; Alt+Q takes it back.")
        await program.until(lambda: "An answer is being written here." not in program.screen)
        program.pane.prompt.take_focus()
        await program.press("enter")
        await program.until(lambda: len(program.pane.messages) == 4 or program.pane.live)
        await program.until(lambda: "waits:" not in program.screen)
        await program.ended()
        assert [message.text for message in program.pane.messages[2:3]] == ["10 tokens"]
        await program.press("enter")
        assert program.pane.live is None


async def test_what_waited_is_taken_back_with_its_files_after_a_restart_and_outlives_the_next(tmp_path: Path) -> None:
    picture = tmp_path / "red.png"
    Image.new("RGB", (64, 48), "red").save(picture)
    async with opened(tmp_path, model="eyes") as program:
        await program.ask("hello")
        conversation = program.pane.conversation
        await program.app.workspace.history.queue(conversation.id, "what is it?", *_with_content(picture))
        await program.app.workspace.history.queue(conversation.id, "", *_with_content(picture))
    picture.unlink()
    async with opened(tmp_path, model="eyes") as program:
        await program.press("f7")
        await program.sees("waits: what is it?")
        await program.sees("waits: red.png")
        await program.type("typed since")
        await program.press("alt+q")
        await program.until(lambda: program.pane.prompt.area.text == "[image: red.png 64×48]\ntyped since")
        await program.until(lambda: "waits: red.png" not in program.screen)
    async with opened(tmp_path, model="eyes") as program:
        await program.press("f7")
        await program.sees("typed since")
        await program.press("enter")
        await program.until(lambda: len(program.pane.messages) == 6)  # what waits is asked after it
        await program.ended()
        asked = program.pane.messages[2]
        assert (asked.text, [file.name for file in asked.attachments]) == ("typed since", ["red.png"])
        assert list((tmp_path / "unsent").iterdir())
        await program.app.workspace.erase()
        assert not list((tmp_path / "unsent").iterdir())


def _with_content(path: Path) -> tuple[list[Attachment], dict[str, bytes]]:
    attachment, content = read_file(path)
    return [attachment], {attachment.sha256: content}


async def test_a_picture_that_may_not_leave_is_in_the_prompt_again(tmp_path: Path) -> None:
    picture = tmp_path / "red.png"
    Image.new("RGB", (64, 48), "red").save(picture)
    async with _talking(tmp_path, "far") as (program, _place):
        program.pane.prompt.insert_text(f"@{picture}")
        await program.press("enter")
        await program.sees("runs on another machine")
        program.pane.prompt.insert_text("typed since")
        await program.press("n")
        await program.until(lambda: not program.pane.query("Question"))
        assert program.pane.prompt.text == f"@{picture}\ntyped since"


async def test_what_is_looked_up_when_the_program_ends_is_no_crash(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.ask("hello")
        workspace = program.app.workspace

        async def look() -> None:
            while True:
                await workspace.history.conversations(limit=5)

        leaving = asyncio.create_task(program.app.leave())
        await program.until(lambda: program.app.leaving)
        program.app.run_worker(look)
        await leaving
    assert program.app.return_code == 0
    assert not workspace.paths.crash_log.exists()
