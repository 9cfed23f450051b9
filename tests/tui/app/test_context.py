"""What is done where a prompt does not fit: on the screen, as a person meets it."""

from pathlib import Path

from contexts import account_of, do, say, talking, until_counted
from PIL import Image

from ollama_tui.demo.faults import Fault
from ollama_tui.domain.message import Role


async def test_a_larger_context_is_offered_with_what_it_costs(tmp_path: Path) -> None:
    async with talking(tmp_path) as (program, place):
        await program.pane.set_option("num_ctx", 1024)
        program.pane.prompt.insert_text("word " * 1500)
        await program.press("enter")
        await program.sees("The prompt does not fit: it has ~1,508 tokens, and the model was given 1,024.")
        # 10 layers, 2 heads, 128 numbers for a key and as many for a value, 2 bytes each
        assert "2,048 tokens: 20 MB of memory instead of 10 MB" in program.screen
        assert place.asked("/api/chat") == []
        question = program.pane.messages[0]
        await program.press("l")
        await program.until(lambda: len(program.pane.messages) == 2 and program.pane.messages[1].text)
        await program.ended()
        assert program.pane.messages[0] == question
        assert program.pane.conversation.setup.options["num_ctx"] == 2048
        assert "‹" not in program.screen
        sent = program.pane.messages[1].sent
        assert sent is not None
        assert sent.context == 2048


async def test_the_oldest_turns_are_left_out_by_itself_until_that_is_forgotten(tmp_path: Path) -> None:
    async with talking(tmp_path) as (program, _place):
        await program.pane.set_option("num_ctx", 512)
        for text in ("first" + " word" * 150, "second" + " word" * 150):
            await say(program, text)
        program.pane.prompt.insert_text("third" + " word" * 250)
        await program.press("enter")
        await program.sees("leave out the oldest turn (2 of 5 messages")
        await program.press("r")
        await program.sees("remember: do the same by itself, in this conversation")
        await program.press("o")
        await program.until(
            lambda: (sent := program.pane.messages[-1].sent) and sent.left_out_ids and len(program.pane.messages) == 6
        )
        await program.sees("I saw 3 messages")
        await program.ended()
        ids = [message.id for message in program.pane.messages]
        sent = program.pane.messages[-1].sent
        assert sent is not None
        assert sent.left_out_ids == tuple(ids[:2])
        await say(program, "fourth" + " word" * 250)
        await program.sees("the oldest turns are left out, as you said")
        program.pane.transcript.scroll_to(y=0, animate=False)
        await program.sees("You · left out")
        program.pane.transcript.bring(program.pane.messages[4].id)
        await program.sees("6 messages were left out of the last prompt, 1 sent")
        await do(program, "chat.context_forget")
        program.pane.prompt.insert_text("fifth" + " word" * 250)
        await program.press("enter")
        await program.sees("remember: do it this time only")


async def test_the_oldest_turns_are_summed_up_and_the_whole_history_comes_back(tmp_path: Path) -> None:
    async with talking(tmp_path) as (program, place):
        await program.pane.set_option("num_ctx", 512)
        for text in ("first" + " word" * 150, "second" + " word" * 150, "third"):
            await say(program, text)
        program.pane.prompt.insert_text("fourth" + " word" * 200)
        await program.press("enter")
        await program.sees("sum up the")
        await program.press("s")
        await program.until(lambda: len(program.pane.messages) == 9 and program.pane.live is None)
        await program.ended()
        messages = program.pane.messages
        assert [message.role for message in messages[-3:]] == [Role.SUMMARY, Role.USER, Role.ASSISTANT]
        assert messages[6].text == "They spoke of 天空."
        assert messages[6].covers == tuple(message.id for message in messages[:4])
        asked = next(body for body in reversed(place.asked("/api/chat")) if "_debug_render_only" not in body)
        assert "They spoke of 天空." in asked["messages"][0]["content"]
        assert "first word" not in str(asked["messages"])
        await program.sees("Stands for 4 messages")
        program.pane.transcript.scroll_to(y=0, animate=False)
        await program.sees("You · summed up")
    async with talking(tmp_path) as (program, place):
        await program.press("f7")
        await program.until(lambda: len(program.pane.messages) == 9)
        await do(program, "chat.context_whole")
        await program.until(lambda: len(program.pane.messages) == 8)
        await program.pane.set_option("num_ctx", 4096)
        await say(program, "fifth")
        asked = next(body for body in reversed(place.asked("/api/chat")) if "_debug_render_only" not in body)
        assert len(asked["messages"]) == 9


async def test_a_summary_that_fails_or_is_stopped_changes_nothing(tmp_path: Path) -> None:
    async with talking(tmp_path) as (program, place):
        for text in ("first", "second", "third"):
            await say(program, text)
        before = program.pane.messages
        place.faults.add(Fault(path="/api/chat", times=1, status=500, text="out of memory"))
        await do(program, "chat.summarise")
        await program.sees("Nothing has changed")
        place.faults.add(Fault(path="/api/chat", times=1, after=1, ending="silence"))
        await do(program, "chat.summarise")
        await program.sees("Summing up 2 messages")
        await program.until(lambda: program.pane.gauge.summing)
        await program.press("escape")
        await program.sees("The summary was stopped: nothing has changed.")
        await program.pane.reload()
        assert program.pane.messages == before
        place.faults.add(Fault(path="/api/chat", times=1, after=1, stall=1.5))
        await do(program, "chat.summarise")
        await program.until(lambda: program.pane.gauge.summing)
        program.pane.prompt.insert_text("fourth")  # asked meanwhile: the summary comes after it
        await program.press("enter")
        await program.until(lambda: program.pane.messages[-1].role is Role.SUMMARY)
        assert len(program.pane.messages) == 9


async def test_a_question_that_waited_and_does_not_fit_asks_too(tmp_path: Path) -> None:
    async with talking(tmp_path) as (program, place):
        await program.pane.set_option("num_ctx", 512)
        await say(program, "first" + " word" * 150)
        place.faults.add(Fault(path="/api/chat", times=1, after=1, stall=0.5))
        program.pane.prompt.insert_text("second")
        await program.press("enter")
        await program.until(lambda: program.pane.live)
        program.pane.prompt.insert_text("third " * 400)
        await program.press("enter")
        await program.sees("The prompt does not fit", within=15)
        assert program.pane.messages[-2].text.startswith("third")
        await program.until(lambda: program.pane.question and program.pane.question.has_focus_within)
        await program.press("l")
        await program.sees("I saw 5 messages")


async def test_another_client_took_the_context_away(tmp_path: Path) -> None:
    async with talking(tmp_path) as (program, _place):
        await say(program, "first " * 500)
        await program.app.workspace.here.host.load("short", options={"num_ctx": 256})
        program.pane.gauge.look_again()
        await program.sees("/256 too long")
        await say(program, "second")  # and the server gives it back for who asks for nothing
        await program.sees("/4k")


async def test_a_cut_prompt_is_told_under_its_answer_also_later(tmp_path: Path) -> None:
    async with talking(tmp_path, guard_context=False) as (program, _place):
        await program.pane.set_option("num_ctx", 512)
        await say(program, "first " * 1500)
        await program.sees("The server cut the prompt")
    async with talking(tmp_path) as (program, _place):
        await program.press("f7")
        await program.sees("The server cut the prompt")


_REFUSAL = (
    '{"error":{"code":400,"message":"request (900 tokens) exceeds the available context size (256 tokens), try '
    'increasing it","type":"exceed_context_size_error","n_prompt_tokens":900,"n_ctx":256}}'
)


async def test_a_refusal_by_the_server_leads_to_the_same_choice_and_a_habit_does_not_run_in_circles(
    tmp_path: Path,
) -> None:
    async with talking(tmp_path) as (program, place):
        for text in ("first", "second"):
            await say(program, text)
        await until_counted(program, lambda: account_of(program).exact)
        place.faults.add(Fault(path="/api/chat", times=2, status=400, text=_REFUSAL))
        program.pane.prompt.insert_text("third")
        await program.press("enter")
        await program.sees("it has 900 tokens, and the model was given 256.")
        await program.press("r", "r")
        await program.sees("do the same by itself, everywhere")
        await program.press("o")
        await program.sees("do it this time only")
        await program.press("escape")
        await program.until(lambda: not program.pane.query("Question"))
        assert [message.text for message in program.pane.messages][4:] == ["third", ""]
        place.faults.add(Fault(path="/api/chat", times=1, status=400, text=_REFUSAL))
        await say(program, "fourth")
        await program.sees("the oldest turns are left out, as you said")
        await program.until(lambda: program.pane.messages[-1].text == "I saw 1 messages.")


async def test_a_habit_of_a_conversation_without_trace_leaves_none(tmp_path: Path) -> None:
    async with talking(tmp_path) as (program, _place):
        await do(program, "chat.temporary")
        await program.pane.set_option("num_ctx", 256)
        await say(program, "first" + " word" * 120)
        program.pane.prompt.insert_text("second" + " word" * 120)
        await program.press("enter")
        await program.sees("The prompt does not fit")
        await program.press("r", "o")
        await program.sees("I saw 1 messages", within=5)
        await program.press("f5")
        await program.sees("the oldest turns are left out (in this conversation)")
        assert not [key for key in await program.app.workspace.state.all() if key.startswith("context.")]


async def test_a_picture_without_a_word_is_named_to_who_sums_up_and_in_the_tree(tmp_path: Path) -> None:
    picture = tmp_path / "red.png"
    Image.new("RGB", (64, 48), "red").save(picture)
    async with talking(tmp_path, model="eyes") as (program, place):
        await program.type(f"/image {picture}\n")
        await program.sees("red.png")
        await program.press("enter")
        await program.until(lambda: len(program.pane.messages) == 2)
        await program.ended()
        await do(program, "chat.summarise")
        await program.sees("Summed up.")
        asked = next(body for body in reversed(place.asked("/api/chat")) if "_debug_render_only" not in body)
        assert asked["messages"][0]["content"].startswith("user: [image: red.png]\n\nassistant: I saw 1 messages.")
        await do(program, "chat.tree")
        await program.sees("You            red.png")


async def test_a_question_is_shortened_where_it_is_and_stands_beside_the_one_that_was_too_long(tmp_path: Path) -> None:
    async with talking(tmp_path) as (program, _place):
        await program.pane.set_option("num_ctx", 512)
        await say(program, "first" + " word" * 150)
        program.pane.prompt.insert_text("second" + " word" * 600)
        await program.press("enter")
        await program.sees("The prompt does not fit")
        await program.press("1", "backspace", "tab", "q")  # a key too many wrote in the prompt; Tab leads back
        await program.sees("Editing message 3 of 4")
        await until_counted(program, lambda: account_of(program).draft > 600)
        assert account_of(program).history < 250
        await program.press("alt+a")
        await program.type("shorter\n")
        await program.sees("I saw 3 messages")
        assert [message.text for message in program.pane.messages][2:] == ["shorter", "I saw 3 messages."]
