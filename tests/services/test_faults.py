"""What goes wrong in the middle of an answer, and what of it stays."""

import asyncio
import sqlite3
import time

import pytest

from ollama_tui.demo.faults import Fault
from ollama_tui.domain.failure import describe
from ollama_tui.domain.message import Ending, Message
from ollama_tui.services.workspace import Workspace
from tests.services.place import WORDS, Place, talk
from tests.services.test_turn import part_of, until


async def _ask(place: Place, workspace: Workspace, fault: Fault) -> Message:
    place.faults.add(fault)
    conversation = talk("count")
    live = await workspace.turns.ask(conversation, "count for me")
    answer = await live.wait()
    question, kept = await workspace.history.branch(conversation.id)
    assert question.text == "count for me"
    assert kept == answer
    assert live.saved
    if answer.failure is not None:
        assert describe(answer.failure.code, answer.failure.params)[0]
    return answer


@pytest.mark.parametrize(
    ("fault", "ending", "code"),
    [
        (Fault(path="/api/chat", after=20, ending="end"), Ending.CUT_OFF, "unfinished"),
        (Fault(path="/api/chat", after=20, ending="close"), Ending.CUT_OFF, "disconnected"),
        (
            Fault(path="/api/chat", after=20, ending="error", text="model runner has unexpectedly stopped"),
            Ending.FAILED,
            "server-failed",
        ),
        (Fault(path="/api/chat", after=20, line="<html>502 Bad Gateway</html>"), Ending.FAILED, "not-ollama"),
    ],
    ids=["no last word", "closed", "error line", "no JSON"],
)
async def test_a_stream_that_breaks_keeps_what_came(
    place: Place, workspace: Workspace, fault: Fault, ending: Ending, code: str
) -> None:
    answer = await _ask(place, workspace, fault)
    assert answer.ending is ending
    assert answer.failure is not None
    assert answer.failure.code == code
    assert answer.text
    assert WORDS.startswith(answer.text)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(path="/api/chat", status=403), "forbidden"),
        (Fault(path="/api/chat", status=404, text="404 page not found", plain=True), "not-ollama"),
        (Fault(path="/api/chat", status=404, text="model 'count' not found"), "model-missing"),
        (Fault(path="/api/chat", status=0), "disconnected"),
        (
            Fault(
                path="/api/chat", status=503, text="server busy, please try again.  maximum pending requests exceeded"
            ),
            "busy",
        ),
    ],
    ids=["403 empty", "404 plain", "404", "gone", "503"],
)
async def test_a_refusal_keeps_the_question(place: Place, workspace: Workspace, fault: Fault, code: str) -> None:
    answer = await _ask(place, workspace, fault)
    assert answer.ending is Ending.FAILED
    assert answer.failure is not None
    assert answer.failure.code == code
    assert answer.text == ""


async def test_strange_characters_come_through_and_lone_surrogates_are_replaced(
    place: Place, workspace: Workspace
) -> None:
    place.faults.add(Fault(path="/api/chat", after=2, insert="a\x85b\u2028c\\ud800d", packets="halves"))
    live = await workspace.turns.ask(talk("recite"), "go")
    answer = await live.wait()
    assert "a\x85b\u2028c\ufffdd" in answer.text
    assert answer.ending is Ending.COMPLETE
    assert (await workspace.history.branch(live.conversation.id))[-1] == answer


async def test_nobody_there(place: Place, workspace: Workspace) -> None:
    from ollama_tui.domain.host import HostAddress

    await workspace.use_host(HostAddress(id="test", url="http://127.0.0.1:9", source="flag"))
    answer = await (await workspace.turns.ask(talk("recite"), "hello?")).wait()
    assert (answer.ending, answer.failure.code if answer.failure else "") == (Ending.FAILED, "unreachable")


@pytest.mark.parametrize(
    "version",
    [Fault(path="/api/version", hold=60), Fault(path="/api/version", status=404, text="no such site", plain=True)],
    ids=["silent", "another network's"],
)
async def test_a_host_that_vanished_is_noticed_before_the_first_token(
    place: Place, workspace: Workspace, version: Fault
) -> None:
    place.faults.add(Fault(path="/api/chat", hold=60))
    live = await workspace.turns.ask(talk("count"), "hello")
    await until(lambda: place.asked("/api/chat"))
    place.faults.add(version)
    began = time.monotonic()
    answer = await live.wait()
    assert time.monotonic() - began < 3
    assert (answer.ending, answer.failure.code if answer.failure else "") == (Ending.FAILED, "disconnected")


async def test_a_host_that_vanished_in_the_middle_is_noticed(place: Place, workspace: Workspace) -> None:
    place.faults.add(Fault(path="/api/chat", after=15, ending="silence"))
    live = await workspace.turns.ask(talk("count"), "hello")
    await part_of(live, 10)
    place.faults.add(Fault(path="/api/version", hold=60))
    answer = await live.wait()
    assert (answer.ending, answer.failure.code if answer.failure else "") == (Ending.CUT_OFF, "disconnected")
    assert answer.text.startswith("word0")


async def test_a_host_that_is_only_slow_is_waited_for(place: Place, workspace: Workspace) -> None:
    place.faults.add(Fault(path="/api/chat", hold=1.2))
    live = await workspace.turns.ask(talk("recite"), "hello")
    answer = await live.wait()
    assert answer.ending is Ending.COMPLETE
    assert len([one for one in place.server.requests if one.path == "/api/version"]) > 2


async def _fill(workspace: Workspace, spare: int | None) -> None:
    """Let the database grow by `spare` pages and no more; None lets it grow as it likes."""

    def work(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + spare if spare is not None else 2**30}")

    await workspace.history._database.run(work)


@pytest.mark.parametrize("spare", [0, 3])
async def test_a_full_disk_stops_no_answer_and_it_is_saved_when_there_is_room(
    place: Place, workspace: Workspace, spare: int
) -> None:
    place.faults.add(Fault(path="/api/chat", tokens_per_second=600))
    conversation = talk("count")
    await _fill(workspace, spare)
    live = await workspace.turns.ask(conversation, "count " * 500)
    await until(lambda: bool(workspace.notices))
    assert [notice.code for notice in workspace.notices] == ["disk-full"]
    answer = await live.wait()
    assert (answer.text, answer.ending) == (WORDS, Ending.COMPLETE)
    assert not live.saved
    assert workspace.notices
    branch = await workspace.turns.branch(live.conversation)
    assert [message.text for message in branch] == ["count " * 500, WORDS]

    await _fill(workspace, None)
    await until(lambda: live.saved)
    assert workspace.notices == []
    question, kept = await workspace.history.branch(conversation.id)
    assert question.text == "count " * 500
    assert kept == live.answer
    assert kept.text == WORDS


async def test_a_conversation_goes_on_while_the_disk_is_full(place: Place, workspace: Workspace) -> None:
    await _fill(workspace, 0)
    first = await workspace.turns.ask(talk("repeat", options={"num_ctx": 16384}), "one " * 2000)
    await workspace.turns.queue(first.conversation, "two")
    await first.wait()
    await until(lambda: not workspace.turns.all_live())
    last = workspace.turns.last(first.conversation.id)
    assert last is not None
    assert last.answer.text == "3: two"
    again = await (await workspace.turns.retry(last.answer)).wait()
    assert again.text == "3: two"
    assert len(await workspace.turns.branch(last.conversation)) == 4
    await _fill(workspace, None)
    await until(lambda: not workspace.notices)
    kept = await workspace.history.branch(first.conversation.id)
    assert [message.text[:6] for message in kept] == ["one on", "1: one", "two", "3: two"]


async def test_leaving_in_the_middle_keeps_what_came(place: Place, workspace: Workspace) -> None:
    place.faults.add(Fault(path="/api/chat", tokens_per_second=100))
    live = await workspace.turns.ask(talk("count"), "count")
    await part_of(live, 12)
    began = time.monotonic()
    await workspace.aclose()
    assert time.monotonic() - began < 3
    again = await place.open()
    kept = (await again.history.branch(live.conversation.id))[-1]
    assert (kept.ending, kept.end_reason) == (Ending.STOPPED, "exit")
    assert kept.text == live.text
    assert len(kept.text.split()) >= 3


async def test_leaving_waits_for_nobody_who_is_stuck(place: Place, workspace: Workspace) -> None:
    place.faults.add(Fault(path="/api/chat", after=10, ending="silence"))
    place.faults.add(Fault(path="/api/pull", hold=60))
    live = await workspace.turns.ask(talk("count"), "count")
    workspace.transfers.pull("big")
    await part_of(live, 5)
    began = time.monotonic()
    await workspace.aclose()
    assert time.monotonic() - began < 3


async def test_the_end_of_the_loop_loses_nothing(place: Place) -> None:
    """As when `asyncio.run` ends: every task is cancelled, and whatever was not closed must save itself."""
    place.faults.add(Fault(path="/api/chat", tokens_per_second=100))
    workspace = await place.open()
    live = await workspace.turns.ask(talk("count"), "count")
    await part_of(live, 12)
    running = [task for task in asyncio.all_tasks() if "Writing" in repr(task.get_coro())]
    assert running
    for task in running:
        task.cancel()
    await asyncio.wait(running)
    other = await place.open()
    kept = (await other.history.branch(live.conversation.id))[-1]
    assert kept.ending is Ending.STOPPED
    assert kept.text == live.text


async def test_another_program_does_not_take_a_running_answer_for_a_dead_one(
    place: Place, workspace: Workspace
) -> None:
    place.faults.add(Fault(path="/api/chat", tokens_per_second=300))
    live = await workspace.turns.ask(talk("count"), "count")
    await part_of(live, 10)
    other = await place.open()
    before = other.version
    await asyncio.sleep(0.5)
    assert (await other.history.branch(live.conversation.id))[-1].ending is Ending.UNFINISHED
    assert other.version > before, "what another program writes is noticed"
    answer = await live.wait()
    assert answer.ending is Ending.COMPLETE
    assert (await other.history.branch(live.conversation.id))[-1].text == WORDS
