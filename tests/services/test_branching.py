"""The tree of a conversation, worked on: forks, grafts, changed answers, deleted messages."""

import asyncio
import sys
from dataclasses import replace
from hashlib import sha256

import pytest

from ollama_tui.demo.faults import Fault
from ollama_tui.domain.conversation import Conversation, TitleSource
from ollama_tui.domain.failure import LocalFailure
from ollama_tui.domain.message import Attachment, Ending, Message
from ollama_tui.services import comparison
from ollama_tui.services.asking import StillAnswering
from ollama_tui.services.branching import change_answer, delete_message, fork, graft, restore_message
from ollama_tui.services.workspace import Workspace
from tests.services.place import ANSWER, Place, talk
from tests.storage.conftest import find


async def said(workspace: Workspace, *questions: str, **setup: object) -> tuple[Conversation, list[Message]]:
    """A conversation of `questions` with a model that says how much it was given; its messages."""
    conversation = talk("repeat", **setup)  # type: ignore[arg-type]
    for text in questions:
        live = await workspace.turns.ask(conversation, text)
        await live.wait()
        conversation = live.conversation
    return conversation, [*await workspace.turns.branch(conversation)]


async def now_open(workspace: Workspace, conversation: Conversation) -> Conversation:
    kept = await workspace.conversation(conversation.id)
    assert kept is not None
    return kept


async def texts(workspace: Workspace, conversation: Conversation, leaf_id: str | None = None) -> list[str]:
    return [message.text for message in await workspace.turns.branch(conversation, leaf_id)]


async def test_a_fork_has_all_of_the_branch_and_goes_its_own_way(workspace: Workspace) -> None:
    notes = b"remember"
    file = Attachment(sha256=sha256(notes).hexdigest(), name="a.txt", media_type="text/plain", size=len(notes))
    conversation = talk("repeat", options={"seed": 7})
    for text in ("one", "two", "three"):
        live = await workspace.turns.ask(conversation, text, [(file, notes)] if text == "one" else ())
        await live.wait()
        conversation = live.conversation
    original = await workspace.turns.branch(conversation)
    await workspace.history.update(replace(conversation, pinned=True))

    made = await fork(workspace, conversation, original[3].id)
    assert made.title == "Fork: one"
    assert made.setup == conversation.setup
    assert not made.pinned
    copies = await workspace.turns.branch(made)
    assert [copy.text for copy in copies] == [message.text for message in original[:4]]
    assert copies[0].attachments == (file,)
    assert [copy.figures for copy in copies] == [message.figures for message in original[:4]]
    sent = copies[3].sent
    assert sent is not None
    assert sent.message_ids == tuple(copy.id for copy in copies[:3])
    assert not {copy.id for copy in copies} & {message.id for message in original}
    assert {hit.conversation_id for hit in await find(workspace.history, "two")} == {made.id, conversation.id}

    live = await workspace.turns.ask(made, "four")
    assert (await live.wait()).text == "5: four"
    assert await texts(workspace, await now_open(workspace, conversation)) == [message.text for message in original]
    again = await fork(workspace, live.conversation)
    assert again.title == "Fork: one"
    assert len(await workspace.turns.branch(again)) == 6


async def test_what_a_fork_has_more_is_grafted_beside_what_followed(workspace: Workspace) -> None:
    conversation, original = await said(workspace, "one", "two")
    forks = [await fork(workspace, conversation, original[1].id) for _ in range(2)]
    asked: list[Conversation] = []
    for number, each in enumerate(forks):
        live = await workspace.turns.ask(each, f"other {number}")
        await live.wait()
        asked.append(live.conversation)
    first = await graft(workspace, asked[0], conversation)
    chosen = await graft(workspace, asked[1], conversation, opened=True)
    assert await texts(workspace, conversation, first) == ["one", "1: one", "other 0", "3: other 0"]
    kept = await now_open(workspace, conversation)
    assert kept.leaf_id == chosen
    assert await texts(workspace, kept) == ["one", "1: one", "other 1", "3: other 1"]
    tree = await workspace.history.tree(conversation.id)
    assert [tree.variant(one) for one in tree.siblings(original[2].id)] == [(1, 3), (2, 3), (3, 3)]
    grafted = (await workspace.turns.branch(kept))[3]
    assert grafted.sent is not None
    assert grafted.sent.message_ids == tuple(tree.way(chosen)[:3])

    assert await graft(workspace, asked[1], conversation) == chosen
    retried = await workspace.turns.regenerate((await workspace.turns.branch(asked[1]))[-1])
    await retried.wait()
    beside = await graft(workspace, retried.conversation, conversation)
    assert (await workspace.history.tree(conversation.id)).variant(beside) == (2, 2)
    other, _ = await said(workspace, "elsewhere")
    with pytest.raises(LocalFailure, match="not on the disk"):
        await graft(workspace, replace(other, leaf_id="nowhere"), conversation)


async def test_a_fork_of_a_temporary_conversation_leaves_no_trace(place: Place, workspace: Workspace) -> None:
    live = await workspace.turns.ask(talk("repeat", temporary=True), "a secret")
    await live.wait()
    made = await fork(workspace, live.conversation)
    assert made.temporary
    assert await texts(workspace, made) == ["a secret", "1: a secret"]
    await (await workspace.turns.ask(made, "another")).wait()
    assert await workspace.history.conversations() == ()
    await workspace.aclose()
    assert not any(b"secret" in path.read_bytes() for path in place.folder.rglob("*") if path.is_file())


async def test_a_changed_answer_stands_beside_the_models_and_is_gone_on_with_exactly(
    place: Place, workspace: Workspace
) -> None:
    live = await workspace.turns.ask(talk("recite"), "prove it")
    answer = await live.wait()
    begun = ANSWER[: len(ANSWER) // 2]
    changed = await change_answer(workspace, live.conversation, answer, begun)
    assert (changed.edited_from, changed.ending, changed.figures) == (answer.id, Ending.COMPLETE, None)
    kept = await now_open(workspace, live.conversation)
    assert kept.leaf_id == changed.id
    (_question, shown) = await workspace.turns.branch(kept)
    assert shown == changed
    assert (await workspace.history.message(answer.id)) == answer

    whole = await (await workspace.turns.go_on(changed)).wait()
    assert whole.text == ANSWER
    assert whole.edited_from == answer.id
    assert place.asked("/api/generate")[-1]["prompt"].endswith(begun)
    live = await workspace.turns.ask(await now_open(workspace, kept), "and then?")
    await live.wait()
    assert [message["content"] for message in place.asked("/api/chat")[-1]["messages"]] == [
        "prove it",
        ANSWER,
        "and then?",
    ]


async def test_a_deleted_question_goes_with_its_answers_and_what_followed_stays(
    place: Place, workspace: Workspace
) -> None:
    conversation, original = await said(workspace, "one", "two", "three")
    other = await (await workspace.turns.regenerate(original[3])).wait()
    conversation = replace(conversation, leaf_id=original[5].id)
    gone, leaf = await delete_message(workspace, conversation, original[2].id)
    assert set(gone) == {original[2].id, original[3].id, other.id}
    assert leaf == original[5].id
    shown = [original[place].text for place in (0, 1, 4, 5)]
    assert await texts(workspace, await now_open(workspace, conversation)) == shown
    tree = await workspace.history.tree(conversation.id)
    assert tree.way(leaf) == [original[place].id for place in (0, 1, 4, 5)]
    assert await find(workspace.history, "two") == ()
    assert "two" not in await workspace.prompts()
    sent = (await workspace.turns.branch(conversation, leaf))[3].sent
    assert sent is not None
    assert original[2].id in sent.message_ids

    live = await workspace.turns.ask(await now_open(workspace, conversation), "four")
    assert (await live.wait()).text == "5: four"
    assert [message["content"] for message in place.asked("/api/chat")[-1]["messages"]] == [*shown, "four"]
    copied = await fork(workspace, live.conversation)
    assert len(await workspace.history.tree(copied.id)) == 6

    ids, leaf = await restore_message(workspace, live.conversation)
    assert set(ids) == set(gone)
    assert await texts(workspace, conversation, leaf) == [
        *(message.text for message in original),
        "four",
        "5: four",
    ]
    assert await restore_message(workspace, live.conversation) == ((), live.answer.id)


async def test_where_nothing_followed_the_nearest_variant_is_opened(workspace: Workspace) -> None:
    conversation, (question, first) = await said(workspace, "one")
    second = await (await workspace.turns.regenerate(first)).wait()
    conversation = replace(conversation, leaf_id=second.id)
    _, leaf = await delete_message(workspace, conversation, second.id)
    assert leaf == first.id
    _, leaf = await delete_message(workspace, replace(conversation, leaf_id=leaf), first.id)
    assert await texts(workspace, conversation, leaf) == ["one"]
    _, leaf = await delete_message(workspace, replace(conversation, leaf_id=leaf), question.id)
    assert await texts(workspace, conversation, leaf) == []
    live = await workspace.turns.ask(await now_open(workspace, conversation), "new")
    assert (await live.wait()).text == "1: new"
    for expected in (["one", "new"], ["one", "1: one", "new"]):
        _, leaf = await restore_message(workspace, live.conversation)
        assert await texts(workspace, conversation, leaf) == [*expected, "1: new"]


async def test_what_was_deleted_is_emptied_for_good_after_its_time(place: Place, workspace: Workspace) -> None:
    picture = b"\x89PNG\r\n\x1a\nvery special"
    file = Attachment(sha256=sha256(picture).hexdigest(), name="s.png", media_type="image/png", size=len(picture))
    named = replace(talk("repeat"), title="A name", title_source=TitleSource.PERSON)
    live = await workspace.turns.ask(named, "unspeakable", [(file, picture)])
    await live.wait()
    second = await workspace.turns.ask(live.conversation, "after it")
    await second.wait()
    assert live.question is not None
    await workspace.history.save_draft(live.question.id, "unspeakably changed")
    await delete_message(workspace, second.conversation, live.question.id)
    await workspace.history.purge_due()
    assert await workspace.history.attachment(file.sha256) == picture
    await workspace.history._database.run(lambda c: c.execute("UPDATE message SET purge_at = 1 WHERE purge_at > 0"))
    await workspace.history.purge_due()
    assert await workspace.history.attachment(file.sha256) is None
    assert await restore_message(workspace, second.conversation) == ((), second.answer.id)
    assert await texts(workspace, second.conversation) == ["after it", second.answer.text]
    await workspace.aclose()
    assert not any(b"unspeakabl" in path.read_bytes() for path in place.folder.rglob("*") if path.is_file())


async def test_while_an_answer_is_written_the_tree_waits(place: Place, workspace: Workspace) -> None:
    conversation, (question, answer) = await said(workspace, "one")
    place.faults.add(Fault(path="/api/chat", hold=30))
    live = await workspace.turns.ask(conversation, "two")
    other = await place.open()
    with pytest.raises(StillAnswering):
        await change_answer(workspace, conversation, answer, "x")
    for one in (question.id, live.answer.id):
        with pytest.raises(StillAnswering):
            await delete_message(workspace, conversation, one)
    with pytest.raises(StillAnswering):
        await fork(workspace, live.conversation)
    assert len(await workspace.turns.branch(await fork(workspace, live.conversation, answer.id))) == 2
    gone, _leaf = await delete_message(other, live.conversation, live.answer.id)
    assert gone == ()
    gone, _leaf = await delete_message(other, live.conversation, question.id)
    assert gone == (question.id, answer.id)
    await workspace.turns.stop(live)
    shown = await texts(workspace, live.conversation)
    assert shown == ["two", ""]


async def test_a_full_disk_leaves_the_tree_as_it_was(workspace: Workspace) -> None:
    conversation, original = await said(workspace, "one " * 200, "two " * 2000)
    database = workspace.history._database
    before = await texts(workspace, conversation)
    pages = await database.read(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
    await database.read(lambda c: c.execute(f"PRAGMA max_page_count = {pages}").fetchone())
    with pytest.raises(LocalFailure, match="full"):
        await fork(workspace, conversation)
    with pytest.raises(LocalFailure, match="full"):
        await change_answer(workspace, conversation, original[1], "x" * 100_000)
    assert len(await workspace.history.conversations()) == 1
    assert await texts(workspace, await now_open(workspace, conversation)) == before
    await database.read(lambda c: c.execute("PRAGMA max_page_count = 1000000").fetchone())
    assert await texts(workspace, await fork(workspace, conversation)) == before


async def test_a_kill_leaves_a_fork_whole_or_not_there(place: Place, workspace: Workspace) -> None:
    conversation, original = await said(workspace, *(f"question {number}" for number in range(6)))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.services.forker", str(place.folder), conversation.id,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    for _ in range(5):
        assert await asyncio.wait_for(process.stdout.readline(), 20)
    process.kill()
    await process.wait()
    forks = [one for one in await workspace.history.conversations() if one.id != conversation.id]
    assert len(forks) >= 5
    for made in forks:
        assert len(await workspace.turns.branch(made)) == len(original)


async def test_a_kept_answer_that_was_deleted_meanwhile_leaves_the_conversation_as_it_was(workspace: Workspace) -> None:
    conversation, messages = await said(workspace, "one")
    made = await comparison.fork(workspace, conversation, messages[0].id, conversation.setup, "other")
    live = await workspace.turns.regenerate(
        replace(messages[1], id="", conversation_id=made.id, parent_id=made.leaf_id)
    )
    await live.wait()
    await delete_message(workspace, live.conversation, made.leaf_id or "")
    compared = comparison.Comparison(origin_id=conversation.id, names={conversation.id: "this", made.id: "other"})
    kept = await comparison.keep(workspace, compared, made.id)
    assert kept.leaf_id == messages[1].id
    assert await texts(workspace, await now_open(workspace, conversation)) == [message.text for message in messages]


async def test_a_branch_of_another_conversation_is_not_opened(workspace: Workspace) -> None:
    conversation, messages = await said(workspace, "one")
    other, _messages = await said(workspace, "two")
    await workspace.history.go_to(conversation.id, other.leaf_id or "")
    assert await texts(workspace, await now_open(workspace, conversation)) == [message.text for message in messages]
