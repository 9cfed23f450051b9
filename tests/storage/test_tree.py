"""Messages: what is stored comes back as it was, as a tree with variants."""

import dataclasses
import hashlib
import sqlite3
from pathlib import Path

import pytest

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.message import Attachment, Ending, FailureRecord, Figures, Message, Role, Sent, ToolCall
from ollama_tui.domain.model import ModelRef
from ollama_tui.storage.database import Database
from ollama_tui.storage.history import History
from tests.storage.conftest import answer, conversation, find, question, told


async def test_a_message_comes_back_as_it_was(history: History) -> None:
    picture = b"\x89PNG\x00 not really"
    attachment = Attachment(
        sha256=hashlib.sha256(picture).hexdigest(), name="a.png", media_type="image/png", size=17, width=3, height=4
    )
    setup = Setup(
        model=ModelRef(host_id="local", name="m:latest", digest="d" * 64),
        system="Be brief.",
        options={"temperature": 0.5, "stop": ("a", "b"), "use_mmap": False},
        think="low",
        format={"type": "object", "properties": {"a": {"type": "string"}}},
        keep_alive="5m",
    )
    talk = conversation("Title", setup=setup)
    asked = dataclasses.replace(question(talk, "See?\x00\r\n\t"), attachments=(attachment,))
    begun = answer(asked)
    await history.begin(talk, asked, {attachment.sha256: picture}, begun)
    ended = dataclasses.replace(
        begun,
        text="No.",
        thinking="Hm.",
        model=setup.model,
        ending=Ending.FAILED,
        end_reason="stop",
        failure=FailureRecord(code="busy", params={"detail": "x", "status": 503}),
        figures=Figures(prompt_tokens=3, answer_duration=2**40, thinking_tokens=1),
        tool_calls=(ToolCall(name="f", arguments={"deep": {"list": [1, None, "ä"]}}, id="1", index=2),),
        sent=Sent(
            message_ids=(asked.id,),
            left_out_ids=("elsewhere",),
            system="Be brief.",
            options={"seed": 1},
            think=False,
            format="json",
            keep_alive=-1.0,
            server_version="0.12",
            continued_raw=False,
        ),
    )
    await history.finish(ended)

    assert await history.branch(talk.id) == (asked, ended)
    assert await history.message(ended.id) == ended
    assert await history.attachment(attachment.sha256) == picture
    assert await history.attachment("0" * 64) is None
    kept = await history.conversation(talk.id)
    assert kept is not None
    assert kept == dataclasses.replace(talk, leaf_id=ended.id, updated_at=kept.updated_at)


async def test_variants_keep_their_order_and_the_way_that_was_shown_last(history: History) -> None:
    talk = conversation()
    asked = question(talk)
    first = answer(asked, "one", Ending.COMPLETE)
    stored, _ = await history.begin(talk, asked, {}, first)
    assert stored is not None
    deeper = await told(history, talk, "more", "deep", after=first)
    second = answer(asked, "two", Ending.COMPLETE)
    _, kept = await history.begin(talk, None, {}, second)

    assert kept.order == 1
    assert [m.text for m in await history.siblings(first.id)] == ["one", "two"]
    assert [m.text for m in await history.branch(talk.id)] == ["Why?", "two"]
    assert await history.leaf_below(first.id) == deeper.id
    assert await history.leaf_below(asked.id) == second.id

    now_open = await history.conversation(talk.id)
    assert now_open is not None
    await history.update(dataclasses.replace(now_open, leaf_id=deeper.id))
    assert [m.text for m in await history.branch(talk.id)] == ["Why?", "one", "more", "deep"]
    assert await history.leaf_below(asked.id) == deeper.id
    assert [m.text for m in await history.branch(talk.id, second.id)] == ["Why?", "two"]


async def test_an_edited_question_is_a_sibling_at_the_root(history: History) -> None:
    talk = conversation()
    first = await told(history, talk, "Wy?", "What?")
    await told(history, talk, "Why?", "Because.")
    roots = await history.siblings(first.parent_id or "")
    assert [(m.text, m.order) for m in roots] == [("Wy?", 0), ("Why?", 1)]


async def test_a_turn_can_have_rounds_of_tools_and_a_summary_before_it(history: History) -> None:
    talk = conversation()
    summary = dataclasses.replace(question(talk, "So far"), role=Role.SUMMARY)
    called = answer(summary, "", Ending.COMPLETE)
    await history.begin(talk, summary, {}, called)
    result = dataclasses.replace(question(talk, "42", called), role=Role.TOOL, tool_name="f", tool_call_id="7")
    await history.begin(talk, result, {}, answer(result, "It is 42.", Ending.COMPLETE))
    assert [m.role for m in await history.branch(talk.id)] == [
        Role.SUMMARY,
        Role.ASSISTANT,
        Role.TOOL,
        Role.ASSISTANT,
    ]
    assert (await history.message(result.id)) == result


async def test_beginning_again_after_a_failure_changes_nothing_twice(history: History) -> None:
    talk = conversation()
    asked = question(talk)
    begun = answer(asked)
    await history.begin(talk, asked, {}, begun)
    await history.begin(talk, asked, {}, begun)
    await history.begin(talk, asked, {}, dataclasses.replace(begun, text="nearly", ending=Ending.COMPLETE))
    await history.finish(dataclasses.replace(begun, text="done!", ending=Ending.COMPLETE))
    assert [m.text for m in await history.branch(talk.id)] == ["Why?", "done!"]
    assert len(await history.siblings(begun.id)) == 1
    assert [hit.snippet for hit in await find(history, "done")] == ["done!"]
    assert await find(history, "nearly") == ()


async def test_what_was_sent_is_kept_without_growing_with_the_square_of_the_length(history: History) -> None:
    talk = conversation()
    last: Message | None = None
    said: list[str] = []
    for _ in range(60):
        asked = question(talk, "x", last)
        said.append(asked.id)
        last = dataclasses.replace(
            answer(asked, "y", Ending.COMPLETE),
            sent=Sent(message_ids=tuple(said[10:]), left_out_ids=tuple(said[:10])),
        )
        await history.begin(talk, asked, {}, last)
        said.append(last.id)
    branch = await history.branch(talk.id)
    assert branch[-1].sent == Sent(message_ids=tuple(said[10:-1]), left_out_ids=tuple(said[:10]))
    assert branch[-1] == await history.message(said[-1])

    def length(connection: sqlite3.Connection) -> int:
        return connection.execute("SELECT max(length(sent_ids)) FROM message").fetchone()[0]

    assert await history._database.read(length) < 60


async def test_lone_surrogates_never_reach_the_file(history: History) -> None:
    talk = conversation("\ud800t", setup=Setup(system="\udfff"))
    asked = dataclasses.replace(question(talk, "a\ud83db"), thinking="\ude00")
    begun = answer(asked)
    await history.begin(talk, asked, {}, begun)
    await history.save_partial(begun.id, "x\udc00", "\udc00y")
    await history.save_draft(talk.id, "d\udcff")
    kept = await history.branch(talk.id)
    assert [(m.text, m.thinking) for m in kept] == [("a\ufffdb", "\ufffd"), ("x\ufffd", "\ufffdy")]
    reopened = await history.conversation(talk.id)
    assert reopened is not None
    assert (reopened.title, reopened.setup.system, reopened.draft) == ("\ufffdt", "\ufffd", "d\ufffd")
    call = ToolCall(name="\ud800", arguments={"\ud801": "\ud802"})
    await history.finish(dataclasses.replace(begun, ending=Ending.COMPLETE, tool_calls=(call,)))
    assert (await history.branch(talk.id))[1].tool_calls == (ToolCall(name="\ufffd", arguments={"\ufffd": "\ufffd"}),)


async def test_values_of_another_version_are_read_as_the_closest_known(history: History, database: Database) -> None:
    talk = conversation()
    last = await told(history, talk, "Why?", "So.")

    def change(connection: sqlite3.Connection) -> None:
        connection.execute(
            "UPDATE message SET ending = 'paused', role = 'critic', sent = '{\"think\": \"extreme\", \"new\": 1}',"
            " figures = '{\"answer_tokens\": 5, \"joules\": 7}', failure = 'no json', tool_calls = '[3, {}]'"
            " WHERE id = ?",
            (last.id,),
        )
        connection.execute("UPDATE conversation SET title_source = 'poet', think = '\"extreme\"', options = '[]'")

    await database.run(change)
    message = (await history.branch(talk.id))[1]
    assert (message.ending, message.role, message.failure) == (Ending.COMPLETE, Role.SYSTEM, None)
    assert message.figures == Figures(answer_tokens=5)
    assert message.sent == Sent()
    assert len(message.tool_calls) == 2
    kept = await history.conversation(talk.id)
    assert kept is not None
    assert (kept.setup.think, kept.setup.options) == (None, {})


async def test_a_file_is_kept_once_and_as_long_as_something_needs_it(history: History, database: Database) -> None:
    content = b"picture"
    attachment = Attachment(sha256=hashlib.sha256(content).hexdigest(), name="a", media_type="image/png", size=7)
    talks = [conversation(), conversation()]
    for talk in talks:
        asked = dataclasses.replace(question(talk), attachments=(attachment,))
        await history.begin(talk, asked, {attachment.sha256: content}, answer(asked, "!", Ending.COMPLETE))

    async def count() -> int:
        return await database.read(lambda c: c.execute("SELECT count(*) FROM attachment").fetchone()[0])

    assert await count() == 1
    for talk, left in zip(talks, (1, 0), strict=True):
        await history.delete(talk.id)
        await database.run(lambda c: c.execute("UPDATE conversation SET purge_at = 1 WHERE deleted_at IS NOT NULL"))
        assert await history.purge_due() == 1
        assert await count() == left


async def test_a_temporary_conversation_is_not_written_to_a_file(history: History, path: Path) -> None:
    talk = conversation(temporary=True)
    asked = question(talk)
    with pytest.raises(ValueError, match="temporary"):
        await history.begin(talk, asked, {}, answer(asked))
    scratch_database = await Database.open(None)
    scratch = History(scratch_database, "i")
    await told(scratch, talk, "Why?", "So.")
    (kept,) = await scratch.conversations()
    assert kept.temporary
    assert [m.text for m in await scratch.branch(talk.id)] == ["Why?", "So."]
    await scratch_database.close()
    assert await history.conversations() == ()
