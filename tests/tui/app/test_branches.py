"""A person works on the branches of a conversation: variants, edits, forks, and what is deleted."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from branches import an_answer, another, give, mark, say, talked, texts
from opened import opened

from ollama_tui.domain.identity import new_id
from ollama_tui.domain.message import Attachment, Ending


async def test_variants_are_shown_for_every_message_and_gone_through_by_key(tmp_path: Path) -> None:
    async with talked(tmp_path, "first", "second") as program:
        before = program.pane.messages
        await mark(program, 2)
        async with an_answer(program):
            await program.press("alt+r")
        await program.sees("‹2/2›")
        assert len(texts(program)) == 2
        await mark(program, 2)
        await program.press("left")
        await program.until(lambda: program.pane.messages == before)
        await program.sees("‹1/2›")
        await program.until(lambda: program.pane.transcript.marked_message == before[1])
        await program.press("right")
        await program.until(lambda: len(texts(program)) == 2)
        await program.type("x")
        await program.press("alt+h")
        await program.until(lambda: program.pane.messages == before)
        await program.press("alt+h")
        await program.sees("one variant only")
        assert program.pane.prompt.text == "x"


async def test_another_window_does_not_change_the_branch_that_is_open_here(tmp_path: Path) -> None:
    async with talked(tmp_path, "one") as program:
        first = program.pane.messages[1]
        async with an_answer(program):
            await program.press("alt+r")
        second = program.pane.messages[1]
        await program.type("half a question")
        async with another(tmp_path) as other:
            await other.history.go_to(first.conversation_id, first.id)
            conversation = await other.conversation(first.conversation_id)
            assert conversation is not None
            await say(other, conversation, first, "below the first", "yes")
            seen = program.app.workspace.version
            await program.until(lambda: program.app.workspace.version != seen)
            await program.pilot.pause(0.6)
            assert program.pane.messages[1] == second
            assert program.pane.prompt.text == "half a question"
            async with an_answer(program):
                await program.press("enter")
            assert program.pane.messages[1] == second
            await say(other, conversation, program.pane.messages[-1], "below what is open here", "so")
            await program.sees("below what is open here")


async def test_a_question_is_changed_where_the_person_is_and_the_draft_comes_back(tmp_path: Path) -> None:
    async with talked(tmp_path, "one", "two") as program:
        old = program.pane.messages
        await program.type("draft")
        await program.press("alt+u")
        await program.sees("Editing message 3 of 4")
        await program.pilot.resize_terminal(80, 24)
        await program.sees("Editing message 3 of 4 · Enter asks anew · Esc leaves it · ^G editor\n")
        await program.sees("Alt+U one before")
        assert program.pane.prompt.written == "two"
        await program.type("!")
        await program.press("escape")
        await program.sees("draft")
        await program.press("alt+u")
        await program.until(lambda: program.pane.prompt.written == "two!")
        await program.press("alt+u")
        await program.sees("Editing message 1 of 4")
        async with an_answer(program):
            await program.type("x\n")
        assert texts(program)[0] == "onex"
        assert len(program.pane.messages) == 2
        assert "‹2/2›" in program.screen
        assert program.pane.prompt.text == "draft"
        await mark(program, 1)
        await program.press("left")
        await program.until(lambda: program.pane.messages == old)
    async with opened(tmp_path) as program:
        await program.press("f7")
        await program.until(lambda: program.pane.messages == old)
        assert program.pane.prompt.text == "draft"
        await program.press("alt+u")
        await program.until(lambda: program.pane.prompt.written == "two!")


async def test_a_changed_question_keeps_its_files_and_waits_for_the_answer_that_is_written(tmp_path: Path) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(8) + (3).to_bytes(4, "big") + (4).to_bytes(4, "big")
    file = Attachment(
        sha256=sha256(picture).hexdigest(), name="cat.png", media_type="image/png", size=24, width=3, height=4
    )
    async with talked(tmp_path, "one") as program:
        program.pane.prompt.insert_text("see?")
        history = program.app.workspace.history
        question = replace(program.pane.messages[0], id=new_id(), text="look", attachments=(file,))
        answer = replace(program.pane.messages[1], id=new_id(), parent_id=question.id, text="a cat")
        await history.begin(program.pane.conversation, question, {file.sha256: picture}, answer)
        await history.go_to(question.conversation_id, answer.id)
        kept = await history.conversation(question.conversation_id)
        assert kept is not None
        await program.pane.open(kept)
        await program.until(lambda: "look" in texts(program))
        await program.press("alt+u")
        await program.sees("[image: cat.png 3×4]")
        await program.press("ctrl+home")
        await program.type("now ")
        live = await program.app.workspace.turns.ask(program.pane.conversation, "meanwhile " * 300)
        await program.press("enter")
        await program.sees("An answer is being written here")
        assert program.pane.prompt.written.startswith("now look")
        await program.app.workspace.turns.stop(live)
        await program.until(lambda: program.pane.live is None)
        async with an_answer(program):
            await program.press("enter")
        assert texts(program)[0] == "now look"
        assert program.pane.messages[0].attachments == (file,)
        assert program.pane.prompt.text == "see?"


async def test_messages_are_deleted_and_brought_back(tmp_path: Path) -> None:
    async with talked(tmp_path, "one", "two") as program:
        before = program.pane.messages
        await mark(program, 1)
        await program.press("delete")
        await program.sees("Message 1 is deleted, with its answers.")
        assert program.pane.messages == before[2:]
        await program.press("alt+z")
        await program.until(lambda: program.pane.messages == before)
        await give(program, "/delete 2")
        await program.until(lambda: program.pane.messages == (before[0], *before[2:]))
        await give(program, "/delete 9")
        await program.sees("no message 9")
        await program.press("ctrl+c")
        await give(program, "/restore")
        await program.until(lambda: program.pane.messages == before)
        async with another(tmp_path) as other:
            await other.history.delete_message(before[3].id, before[3].id)
        await program.until(lambda: program.pane.messages == before[:3])


async def test_the_models_answer_is_changed_and_gone_on_with(tmp_path: Path) -> None:
    async with opened(tmp_path, model="markdown") as program:
        program.pane.prompt.insert_text("40 tokens at 2000 tokens/s")
        async with an_answer(program):
            await program.press("enter")
        whole = program.pane.messages[-1].text
        begun = whole[:40].rstrip()
        await give(program, "/edit 2")
        await program.sees("Editing answer 2 of 2")
        program.pane.prompt.area.rewrite(begun)
        await program.press("enter")
        await program.sees("· edited")
        assert program.pane.messages[-1].text == begun
        async with an_answer(program):
            await program.press("alt+g")
        assert program.pane.messages[-1].text.startswith(begun)
        await program.sees("‹3/3›")
        assert [len(texts(program)), program.pane.prompt.text] == [2, ""]


async def test_an_answer_is_tried_again_by_another_model(tmp_path: Path) -> None:
    async with talked(tmp_path, "one") as program:
        async with an_answer(program):
            await give(program, "/regenerate guide temperature=0.5")
        answer = program.pane.messages[-1]
        assert answer.model is not None
        assert answer.sent is not None
        assert (answer.model.name, answer.order, answer.sent.options) == ("guide:latest", 1, {"temperature": 0.5})
        await program.press("alt+shift+r")
        await program.sees("is answered again by the model you choose")
        await program.press("escape")
        await program.until(lambda: "by the model you choose" not in program.screen)
        await program.press("alt+shift+r")
        await program.sees("Which model?")
        async with an_answer(program):
            await program.type("eyes\n")
        assert program.pane.messages[-1].order == 2
        setup = program.pane.conversation.setup
        assert setup.model is not None
        assert (setup.model.name, setup.options) == ("echo:latest", {})
        await give(program, "/regenerate temperature=hot")
        await program.sees("temperature")


async def test_a_fork_is_opened_and_the_way_back_is_told(tmp_path: Path) -> None:
    async with talked(tmp_path, "one", "two", size=(120, 30)) as program:
        first = program.pane.conversation.id
        await mark(program, 2)
        await program.press("alt+shift+f")
        await program.sees("Fork: A talk")
        await program.until(lambda: texts(program) == ["one", "reply 1"])
        assert program.pane.conversation.id != first
        await program.press("f7")
        await program.until(lambda: program.pane.conversation.id == first)
        await program.until(lambda: len(program.pane.messages) == 4)


async def test_a_question_without_an_answer_is_answered_where_it_stands(tmp_path: Path) -> None:
    async with talked(tmp_path, "one", "two", size=(120, 30)) as program:
        await give(program, "/fork 3")
        await program.sees("Alt+R has it answered")
        async with an_answer(program):
            await program.press("alt+r")
        assert texts(program)[:3] == ["one", "reply 1", "two"]
        assert texts(program)[3].startswith("two")
        await give(program, "/delete 2")
        await program.until(lambda: texts(program)[:2] == ["one", "two"])
        await mark(program, 1)
        await program.press("alt+shift+r")
        await program.sees("Message 1 is answered again by the model you choose")
        async with an_answer(program):
            await program.type("guide\n")
        assert len(texts(program)) == 2
        assert program.pane.messages[1].parent_id == program.pane.messages[0].id
        await give(program, "/delete 2")
        await program.until(lambda: texts(program)[:2] == ["one", "two"])
        await mark(program, 1)
        await program.press("enter")
        await program.sees("have it answered")
        async with an_answer(program):
            await program.press("r")
        assert len(texts(program)) == 2


async def test_a_message_has_a_menu_for_keys_and_mouse(tmp_path: Path) -> None:
    async with talked(tmp_path, "one", size=(80, 24)) as program:
        await program.sees("\n You ")
        line = next(y for y, line in enumerate(program.screen.splitlines()) if line.startswith(" You"))
        await program.pilot.click(offset=(program.screen.splitlines()[line].index("⋯"), line))
        await program.sees("What with message 1?")
        await program.press("e")
        await program.sees("Editing message 1 of 2")
        await program.press("escape")
        await mark(program, 2)
        await program.press("enter")
        await program.sees("What with message 2?")
        await program.press("escape")


async def test_a_cut_answer_in_the_middle_is_gone_on_with(tmp_path: Path) -> None:
    async with talked(tmp_path, "one", "two") as program:
        cut = program.pane.messages[1]
        async with another(tmp_path) as other:
            await other.history.finish(replace(cut, text="reply", ending=Ending.STOPPED))
        await program.until(lambda: program.pane.messages[1].ending is Ending.STOPPED)
        await mark(program, 2)
        async with an_answer(program):
            await program.press("alt+g")
        assert len(texts(program)) == 2
        assert texts(program)[1].startswith("reply")
        assert len(texts(program)[1]) > len("reply")
        await program.sees("‹2/2›")


async def test_what_is_edited_in_a_conversation_that_was_deleted_for_good_begins_a_new_one(tmp_path: Path) -> None:
    async with talked(tmp_path, "one", "two") as program:
        gone = program.pane.conversation.id
        await program.press("alt+u")
        await program.type("!")
        async with another(tmp_path) as other:
            await other.history.delete(gone)
            await other.history._database.run(lambda c: c.execute("UPDATE conversation SET purge_at = 1"))
            await other.history.purge_due()
        await program.until(lambda: program.pane.deleted == "purged")
        async with an_answer(program):
            await program.press("enter")
        assert program.pane.conversation.id != gone
        assert texts(program)[0] == "two!"
