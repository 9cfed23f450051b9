"""A question and its answer: asked, kept, stopped, gone on with, tried again."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest

from ollama_tui.demo.faults import Fault
from ollama_tui.domain.event import Notice, Text, Thinking
from ollama_tui.domain.message import Ending, Message, Role
from ollama_tui.services.asking import StillAnswering
from ollama_tui.services.live import LiveTurn
from ollama_tui.services.notice import describe_notice
from ollama_tui.services.workspace import Workspace
from tests.services.place import ANSWER, THINKING, WORDS, Place, talk


async def until(condition: Any, seconds: float = 5.0) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not become true"
        await asyncio.sleep(0.005)


async def part_of(live: LiveTurn, events: int) -> None:
    """Wait until so much has come."""
    await until(lambda: len(live.events) >= events)


async def test_an_answer_comes_and_is_kept(workspace: Workspace) -> None:
    conversation = talk("prove")
    live = await workspace.turns.ask(conversation, "Why are there many primes?\nBe brief.")
    assert workspace.turns.live(conversation.id) is live
    answer = await live.wait()
    assert (answer.text, answer.thinking, answer.ending) == (ANSWER, THINKING, Ending.COMPLETE)
    assert live.done
    assert live.saved
    assert workspace.turns.live(conversation.id) is None
    assert "".join(event.text for event in live.events if isinstance(event, Text)) == ANSWER

    question, kept = await workspace.history.branch(conversation.id)
    assert question.text == "Why are there many primes?\nBe brief."
    assert kept == answer
    figures = kept.figures
    assert figures is not None
    assert figures.answer_tokens > 50
    assert 0 < figures.first_token < 2e9
    assert 0 < figures.thinking_duration < 2e9
    assert figures.thinking_tokens == sum(isinstance(event, Thinking) for event in live.events)
    assert kept.model is not None
    assert len(kept.model.digest) == 64
    assert kept.sent is not None
    assert kept.sent.message_ids == (question.id,)
    assert kept.sent.server_version == "0.0.0"
    stored = await workspace.history.conversation(conversation.id)
    assert stored is not None
    assert stored.title == "Why are there many primes?"
    assert stored.leaf_id == kept.id


async def test_the_question_is_on_the_disk_before_the_server_says_anything(place: Place, workspace: Workspace) -> None:
    place.faults.add(Fault(path="/api/chat", hold=30))
    conversation = talk("recite")
    await workspace.turns.ask(conversation, "hello?")
    other = await place.open()
    question, answer = await other.history.branch(conversation.id)
    assert question.text == "hello?"
    assert answer.ending is Ending.UNFINISHED


async def test_everything_of_the_setup_is_sent(place: Place, workspace: Workspace) -> None:
    conversation = talk(
        "prove", system="Be brief.", options={"num_ctx": 2048, "seed": 7}, think=False, format="json", keep_alive="10m"
    )
    live = await workspace.turns.ask(conversation, "hello")
    answer = await live.wait()
    (body,) = place.asked("/api/chat")
    assert body["messages"] == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hello"}]
    assert body["options"] == {"num_ctx": 2048, "seed": 7}
    assert (body["think"], body["format"], body["keep_alive"]) == (False, "json", "10m")
    assert (body["truncate"], body["shift"]) == (False, False)
    assert answer.sent is not None
    assert (answer.sent.system, answer.sent.think, answer.sent.format) == ("Be brief.", False, "json")


async def test_the_guard_of_the_context_can_be_turned_off(place: Place) -> None:
    workspace = await place.open(guard_context=False)
    live = await workspace.turns.ask(talk("recite"), "hello")
    await live.wait()
    (body,) = place.asked("/api/chat")
    assert "truncate" not in body
    assert "shift" not in body


async def test_a_model_is_loaded_as_it_will_be_asked(place: Place, workspace: Workspace) -> None:
    conversation = talk("recite", options={"num_ctx": 4096}, keep_alive=600)
    await workspace.load(conversation.setup)
    (body,) = place.asked("/api/generate")
    assert (body["options"], body["shift"], body["keep_alive"]) == ({"num_ctx": 4096}, False, 600)
    model = conversation.setup.model
    assert model is not None
    assert workspace.context_of(model) == 4096


async def test_a_second_question_sends_what_was_said(place: Place, workspace: Workspace) -> None:
    conversation = talk("prove")
    first = await workspace.turns.ask(conversation, "one")
    await first.wait()
    second = await workspace.turns.ask(first.conversation, "two")
    await second.wait()
    *_, body = place.asked("/api/chat")
    assert body["messages"] == [
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": ANSWER, "thinking": THINKING},
        {"role": "user", "content": "two"},
    ]


async def test_stop_closes_the_connection_at_once_and_keeps_what_came(place: Place, workspace: Workspace) -> None:
    place.faults.add(Fault(path="/api/chat", tokens_per_second=100))
    conversation = talk("count")
    live = await workspace.turns.ask(conversation, "count")
    await part_of(live, 10)
    began = time.monotonic()
    await workspace.turns.stop(live)
    assert time.monotonic() - began < 0.5
    chat = next(request for request in place.server.requests if request.path == "/api/chat")
    await until(lambda: chat.disconnected is not None)
    assert chat.disconnected is not None
    assert chat.disconnected - began < 0.5
    answer = live.answer
    assert answer.ending is Ending.STOPPED
    assert answer.text
    assert WORDS.startswith(answer.text)
    assert (await workspace.history.branch(conversation.id))[-1] == answer


async def test_stop_works_while_nothing_has_come(place: Place, workspace: Workspace) -> None:
    place.faults.add(Fault(path="/api/chat", hold=30))
    live = await workspace.turns.ask(talk("recite"), "hello")
    await until(lambda: any(request.path == "/api/chat" for request in place.server.requests))
    began = time.monotonic()
    await workspace.turns.stop(live)
    assert time.monotonic() - began < 0.5
    assert live.answer.ending is Ending.STOPPED
    assert live.answer.text == ""


async def _go_on_to_the_end(workspace: Workspace, live: LiveTurn) -> list[Message]:
    answers = [await live.wait()]
    while answers[-1].ending is Ending.LENGTH:
        assert len(answers) < 300
        answers.append(await (await workspace.turns.go_on(answers[-1])).wait())
        assert answers[-1].text.startswith(answers[-2].text)
        assert answers[-1].thinking.startswith(answers[-2].thinking)
    return answers


@pytest.mark.parametrize("model", ["recite", "prove"])
@pytest.mark.parametrize("tokens", [6, 11, 40])
async def test_continue_goes_on_exactly_where_it_ended(
    place: Place, workspace: Workspace, model: str, tokens: int
) -> None:
    conversation = talk(model, options={"num_predict": tokens}, system="Be exact.")
    live = await workspace.turns.ask(conversation, "prove it")
    *_parts, last = answers = await _go_on_to_the_end(workspace, live)
    assert last.ending is Ending.COMPLETE
    assert last.text == ANSWER
    assert last.thinking == (THINKING if model == "prove" else "")
    assert len(answers) > 1
    assert all(answer.sent is not None and answer.sent.continued_raw is True for answer in answers[1:])
    assert len({answer.parent_id for answer in answers}) == 1
    assert [answer.order for answer in answers] == list(range(len(answers)))
    raw = place.asked("/api/generate")
    assert all(body["raw"] and body["truncate"] is False and body["shift"] is False for body in raw)
    assert all(body["options"] == {"num_predict": tokens} for body in raw)
    assert await workspace.history.message(last.id) == last


async def test_continue_after_a_stop(place: Place, workspace: Workspace) -> None:
    place.faults.add(Fault(path="/api/chat", times=1, tokens_per_second=200))
    live = await workspace.turns.ask(talk("prove"), "prove it")
    await part_of(live, 12)
    await workspace.turns.stop(live)
    assert live.answer.ending is Ending.STOPPED
    again = await workspace.turns.go_on(live.answer)
    assert "".join(event.text for event in again.events[: again.carried] if isinstance(event, Thinking)) in THINKING
    answer = await again.wait()
    assert (answer.text, answer.thinking, answer.ending) == (ANSWER, THINKING, Ending.COMPLETE)


async def test_where_no_prompt_is_rendered_the_model_is_asked_to_go_on(place: Place, workspace: Workspace) -> None:
    conversation = talk("repeat", options={"num_predict": 2})
    part = await (await workspace.turns.ask(conversation, "a long question")).wait()
    assert part.ending is Ending.LENGTH
    place.faults.add(Fault(path="/api/chat", times=1, status=500, text="cannot render"))
    live = await workspace.turns.go_on(part)
    answer = await live.wait()
    *_, body = place.asked("/api/chat")
    assert body["messages"][-1] == {"role": "assistant", "content": part.text}
    assert answer.text.startswith(part.text)
    assert answer.sent is not None
    assert answer.sent.continued_raw is False
    (notice,) = [event for event in live.events if isinstance(event, Notice)]
    assert notice.code == "continued-by-asking"
    assert "asked to go on" in describe_notice(notice)


async def test_continue_of_nothing_asks_again(place: Place, workspace: Workspace) -> None:
    place.faults.add(Fault(path="/api/chat", times=1, status=500, text="out of memory"))
    failed = await (await workspace.turns.ask(talk("recite"), "hello")).wait()
    answer = await (await workspace.turns.go_on(failed)).wait()
    assert answer.text == ANSWER
    assert answer.sent is not None
    assert answer.sent.continued_raw is None


async def test_the_format_is_dropped_when_going_on(place: Place, workspace: Workspace) -> None:
    conversation = talk("recite", options={"num_predict": 5}, format="json")
    part = await (await workspace.turns.ask(conversation, "go")).wait()
    await (await workspace.turns.go_on(part)).wait()
    *_, body = place.asked("/api/generate")
    assert "format" not in body


async def test_a_failed_turn_keeps_its_question_and_is_tried_again(place: Place, workspace: Workspace) -> None:
    place.faults.add(Fault(path="/api/chat", times=1, status=500, text="out of memory"))
    conversation = talk("recite")
    failed = await (await workspace.turns.ask(conversation, "hello")).wait()
    assert failed.ending is Ending.FAILED
    assert failed.failure is not None
    assert failed.failure.code == "server-failed"
    assert failed.failure.params["detail"] == "out of memory"
    answer = await (await workspace.turns.retry(failed)).wait()
    assert answer.text == ANSWER
    assert answer.parent_id == failed.parent_id
    assert [one.id for one in await workspace.history.siblings(answer.id)] == [failed.id, answer.id]
    *_, body = place.asked("/api/chat")
    assert body["messages"] == [{"role": "user", "content": "hello"}]


async def test_an_answer_again_with_another_model(workspace: Workspace) -> None:
    conversation = talk("recite")
    first = await (await workspace.turns.ask(conversation, "hello")).wait()
    second = await (await workspace.turns.regenerate(first, talk("repeat").setup)).wait()
    assert second.text == "1: hello"
    assert second.model is not None
    assert second.model.name == "repeat:latest"
    assert second.order == 1


async def test_an_edited_question_stands_beside_the_first(workspace: Workspace) -> None:
    first = await workspace.turns.ask(talk("repeat"), "one")
    await first.wait()
    question = first.question
    assert question is not None
    edited = await workspace.turns.ask(first.conversation, "other", parent_id=question.parent_id)
    await edited.wait()
    assert edited.question is not None
    assert [one.text for one in await workspace.history.siblings(edited.question.id)] == ["one", "other"]
    assert [message.text for message in await workspace.history.branch(edited.conversation.id)] == ["other", "1: other"]


async def test_length_is_an_ending_of_its_own(workspace: Workspace) -> None:
    answer = await (await workspace.turns.ask(talk("count", options={"num_predict": 5}), "count")).wait()
    assert (answer.ending, answer.end_reason) == (Ending.LENGTH, "length")


async def test_thinking_is_lowered_to_what_the_model_takes(place: Place, workspace: Workspace) -> None:
    refusal = 'invalid think value: "{}" (must be "medium", "low", true, or false)'
    for level in ("max", "high"):
        place.faults.add(Fault(path="/api/chat", times=1, status=400, text=refusal.format(level)))
    live = await workspace.turns.ask(talk("prove", think="max"), "prove")
    answer = await live.wait()
    assert answer.ending is Ending.COMPLETE
    assert answer.sent is not None
    assert [body["think"] for body in place.asked("/api/chat")] == ["max", "high", "medium"]
    assert answer.sent.think == "medium"
    notices = [event for event in live.events if isinstance(event, Notice)]
    assert [(notice.params["from"], notice.params["to"]) for notice in notices] == [("max", "high"), ("high", "medium")]


async def test_a_model_that_cannot_think_is_asked_without(place: Place, workspace: Workspace) -> None:
    live = await workspace.turns.ask(talk("recite", think=True), "hello")
    answer = await live.wait()
    assert answer.text == ANSWER
    assert [event.code for event in live.events if isinstance(event, Notice)] == ["think-unsupported"]


async def test_a_prompt_that_is_too_long_is_told_with_its_sizes(workspace: Workspace) -> None:
    conversation = talk("recite", options={"num_ctx": 64})
    answer = await (await workspace.turns.ask(conversation, "many words " * 400)).wait()
    assert answer.ending is Ending.FAILED
    assert answer.failure is not None
    assert answer.failure.code == "context-exceeded"
    assert int(answer.failure.params["prompt_tokens"]) > int(answer.failure.params["context"]) > 0


async def test_the_oldest_turns_can_be_left_out(place: Place, workspace: Workspace) -> None:
    live = await workspace.turns.ask(talk("repeat"), "one")
    for text in ("two", "three"):
        await live.wait()
        live = await workspace.turns.ask(live.conversation, text)
    answer = await (await workspace.turns.retry(await live.wait(), leave_out=2)).wait()
    *_, body = place.asked("/api/chat")
    assert body["messages"] == [{"role": "user", "content": "three"}]
    assert answer.sent is not None
    assert len(answer.sent.left_out_ids) == 4


async def test_two_conversations_answer_at_once(workspace: Workspace) -> None:
    one = await workspace.turns.ask(talk("count"), "one")
    two = await workspace.turns.ask(talk("recite"), "two")
    await part_of(two, 5)
    assert not one.done
    assert set(workspace.turns.all_live()) == {one, two}
    assert (await two.wait()).text == ANSWER
    assert (await one.wait()).text == WORDS


async def test_a_conversation_has_one_answer_at_a_time(workspace: Workspace) -> None:
    live = await workspace.turns.ask(talk("count"), "one")
    with pytest.raises(StillAnswering):
        await workspace.turns.ask(live.conversation, "two")
    branch = await workspace.history.branch(live.conversation.id)
    assert [message.role for message in branch] == [Role.USER, Role.ASSISTANT]
    await workspace.turns.stop(live)


async def test_it_says_what_it_waits_for(place: Place, workspace: Workspace) -> None:
    place.faults.add(Fault(path="/api/chat", times=1, load=0.4))
    conversation = talk("recite")
    live = await workspace.turns.ask(conversation, "one")
    await until(lambda: live.waiting is not None and live.waiting.phase == "loading")
    await live.wait()
    assert live.waiting is None
    place.faults.add(Fault(path="/api/chat", times=1, hold=0.4))
    live = await workspace.turns.ask(live.conversation, "two")
    await until(lambda: live.waiting is not None and live.waiting.phase == "reading")
    await live.wait()


async def test_a_temporary_conversation_leaves_no_trace(place: Place, workspace: Workspace) -> None:
    live = await workspace.turns.ask(talk("repeat", temporary=True), "a secret of mine")
    await live.wait()
    again = await workspace.turns.ask(live.conversation, "and another")
    assert (await again.wait()).text == "3: and another"
    answer = await (await workspace.turns.retry(again.answer)).wait()
    assert answer.text == "3: and another"
    assert await workspace.history.conversations() == ()
    await workspace.aclose()
    assert not any(b"secret" in file.read_bytes() for file in place.folder.rglob("*") if file.is_file())


async def test_an_image_goes_with_its_question_and_stays(place: Place, workspace: Workspace, tmp_path: Any) -> None:
    from ollama_tui.services.attachment import read_image

    path = tmp_path / "dot.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
        + (3).to_bytes(4, "big")
        + (2).to_bytes(4, "big")
        + b"\x08\x02\0\0\0"
        + b"\0" * 20
    )
    attachment, content = read_image(path)
    assert (attachment.media_type, attachment.width, attachment.height) == ("image/png", 3, 2)
    live = await workspace.turns.ask(talk("repeat"), "what is this?", [(attachment, content)])
    await live.wait()
    second = await workspace.turns.ask(live.conversation, "sure?")
    await second.wait()
    for body in place.asked("/api/chat"):
        assert len(body["messages"][0]["images"]) == 1
    question, *_ = await workspace.history.branch(live.conversation.id)
    assert question.attachments == (attachment,)
    assert await workspace.history.attachment(attachment.sha256) == content


async def test_what_was_typed_by_the_person_as_title_stays(workspace: Workspace) -> None:
    from ollama_tui.domain.conversation import TitleSource

    conversation = replace(talk("repeat"), title="Mine", title_source=TitleSource.PERSON)
    live = await workspace.turns.ask(conversation, "hello")
    await live.wait()
    assert (await workspace.title_by_model(live.conversation)).title == "Mine"


async def test_the_model_makes_a_title_when_asked(place: Place, workspace: Workspace) -> None:
    live = await workspace.turns.ask(talk("recite"), "hello\nthere")
    await live.wait()
    assert live.conversation.title == "hello"
    titled = await workspace.title_by_model(live.conversation)
    assert titled.title == "Euclid's theorem"
    *_, body = place.asked("/api/chat")
    assert body["think"] is False
    assert "hello" in body["messages"][0]["content"]
