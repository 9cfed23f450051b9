"""Questions that wait behind a running answer."""

from pathlib import Path

from ollama_tui.demo.faults import Fault
from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.message import Ending
from ollama_tui.services.attachment import read_file
from ollama_tui.services.workspace import Workspace
from tests.services.place import Place, talk
from tests.services.test_turn import part_of, until


async def _texts(workspace: Workspace, conversation: Conversation) -> list[str]:
    return [question.text for question in await workspace.turns.queued(conversation.id)]


async def _said(workspace: Workspace, conversation: Conversation) -> list[str]:
    return [message.text for message in await workspace.history.branch(conversation.id)]


async def test_they_are_asked_in_order_when_an_answer_has_ended(place: Place, workspace: Workspace) -> None:
    place.faults.add(Fault(path="/api/chat", times=1, hold=0.4))
    live = await workspace.turns.ask(talk("repeat"), "one")
    await workspace.turns.queue(live.conversation, "two")
    await workspace.turns.queue(live.conversation, "three")
    await workspace.turns.queue(live.conversation, "four")
    second, third, *_ = await workspace.turns.queued(live.conversation.id)
    assert second.text == "two"
    await workspace.turns.unqueue(third.id)
    await live.wait()
    follower = workspace.turns.live(live.conversation.id)
    assert follower is not None, "a view that waited for the end must find the next one"
    await until(lambda: not workspace.turns.all_live())
    assert await _said(workspace, live.conversation) == ["one", "1: one", "two", "3: two", "four", "5: four"]
    assert await _texts(workspace, live.conversation) == []


async def test_after_a_stop_they_stay(workspace: Workspace) -> None:
    live = await workspace.turns.ask(talk("count"), "one")
    await workspace.turns.queue(live.conversation, "two")
    await part_of(live, 3)
    await workspace.turns.stop(live)
    assert workspace.turns.live(live.conversation.id) is None
    assert await _texts(workspace, live.conversation) == ["two"]


async def test_after_a_failure_they_stay_until_an_answer_ends_well(place: Place, workspace: Workspace) -> None:
    place.faults.add(Fault(path="/api/chat", times=1, hold=0.2, status=500, text="broken"))
    live = await workspace.turns.ask(talk("repeat"), "one")
    await workspace.turns.queue(live.conversation, "two")
    failed = await live.wait()
    assert failed.ending is Ending.FAILED
    assert await _texts(workspace, live.conversation) == ["two"]
    await (await workspace.turns.retry(failed)).wait()
    await until(lambda: not workspace.turns.all_live())
    assert await _said(workspace, live.conversation) == ["one", "1: one", "two", "3: two"]


async def test_one_that_comes_just_after_the_end_is_asked_at_once(workspace: Workspace) -> None:
    live = await workspace.turns.ask(talk("repeat"), "one")
    await live.wait()
    await workspace.turns.queue(live.conversation, "two")
    assert workspace.turns.live(live.conversation.id) is not None


async def test_they_survive_a_restart_with_their_files(place: Place, workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("some notes")
    live = await workspace.turns.ask(talk("count"), "one")
    await workspace.turns.queue(live.conversation, "two", [read_file(tmp_path / "notes.txt")])
    await workspace.aclose()
    again = await place.open()
    (question,) = await again.turns.queued(live.conversation.id)
    assert question.text == "two"
    assert again.turns.live(live.conversation.id) is None
    asked = await again.turns.waiting.ask_next(live.conversation.id)
    assert asked is not None
    await asked.wait()
    *_, body = place.asked("/api/chat")
    assert body["messages"][-1]["content"] == "two\n\nnotes.txt:\n```\nsome notes\n```"
    assert await again.turns.queued(live.conversation.id) == ()


async def test_in_a_temporary_conversation_too(place: Place, workspace: Workspace) -> None:
    place.faults.add(Fault(path="/api/chat", times=1, hold=0.2))
    live = await workspace.turns.ask(talk("repeat", temporary=True), "one")
    await workspace.turns.queue(live.conversation, "two")
    await live.wait()
    follower = workspace.turns.live(live.conversation.id)
    assert follower is not None
    assert (await follower.wait()).text == "3: two"
