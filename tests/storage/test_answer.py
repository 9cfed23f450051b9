"""An answer while it is written, and who writes it."""

import dataclasses
from pathlib import Path

import pytest

from ollama_tui.domain.identity import new_id
from ollama_tui.domain.message import Ending, FailureRecord
from ollama_tui.storage import lease
from ollama_tui.storage.database import Database
from ollama_tui.storage.file import log_of
from ollama_tui.storage.history import History
from tests.storage.conftest import answer, conversation, find, question, told


async def test_what_has_arrived_can_be_read_before_the_end(history: History) -> None:
    talk = conversation()
    asked = question(talk)
    begun = answer(asked)
    await history.begin(talk, asked, {}, begun)
    for text, thinking in (("", "Let me "), ("", "see."), ("It ", ""), ("", ""), ("is.", "")):
        await history.save_partial(begun.id, text, thinking)
    assert (await history.branch(talk.id))[1] == dataclasses.replace(begun, text="It is.", thinking="Let me see.")
    whole = dataclasses.replace(begun, text="It is so.", thinking="Let me see.", ending=Ending.COMPLETE)
    await history.finish(whole)
    assert await history.message(begun.id) == whole
    await history.save_partial(begun.id, "too late", "")
    assert await history.message(begun.id) == whole


async def test_saving_a_piece_costs_the_same_however_long_the_answer_is(history: History, path: Path) -> None:
    talk = conversation()
    asked = question(talk)
    begun = answer(asked)
    await history.begin(talk, asked, {}, begun)
    await history._database.run(lambda c: c.execute("SELECT 1"))
    written: list[int] = []
    for _ in range(200):
        before = log_of(path).stat().st_size
        await history.save_partial(begun.id, "x" * 1000, "")
        written.append(log_of(path).stat().st_size - before)
    assert sum(written[100:]) < 1.5 * sum(written[:100])
    assert max(written) < 60_000


async def test_nothing_happens_to_an_answer_that_is_gone(history: History) -> None:
    lost = answer(question(conversation()))
    await history.save_partial(lost.id, "x", "")
    await history.finish(dataclasses.replace(lost, ending=Ending.COMPLETE))
    assert await history.message(lost.id) is None
    assert await history.conversations() == ()


async def test_a_living_instances_answer_is_not_adopted_whatever_the_clock_says(
    history: History, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = conversation()
    asked = question(talk)
    begun = answer(asked)
    await history.begin(talk, asked, {}, begun)
    await history.save_partial(begun.id, "still here", "")
    other_database = await Database.open(path)
    other = History(other_database, new_id())
    monkeypatch.setattr("ollama_tui.storage.history.now", lambda: begun.created_at + 10**9)
    assert await other.adopt_orphans() == ()
    seen = await other.message(begun.id)
    assert seen is not None
    assert (seen.text, seen.ending) == ("still here", Ending.UNFINISHED)
    await other_database.close()


@pytest.mark.parametrize("sign", ["begin", "beat", "save"])
async def test_an_instance_on_another_machine_is_dead_when_it_gave_no_sign_for_long(
    history: History, database: Database, monkeypatch: pytest.MonkeyPatch, sign: str
) -> None:
    monkeypatch.setattr(lease, "this_place", lambda: "elsewhere")
    talk = conversation()
    asked = question(talk)
    begun = answer(asked)
    await history.begin(talk, asked, {}, begun)
    last = begun.created_at + 60_000 * (sign != "begin")
    monkeypatch.setattr("ollama_tui.storage.history.now", lambda: last)
    await {
        "begin": history.adopt_orphans,
        "beat": history.beat,
        "save": lambda: history.save_partial(begun.id, "", ""),
    }[sign]()
    monkeypatch.setattr(lease, "this_place", lambda: "here")
    heir = History(database, new_id())
    for later, adopted in ((lease.LIFETIME - 1_000, 0), (lease.LIFETIME + 5_000, 1)):
        monkeypatch.setattr("ollama_tui.storage.history.now", lambda later=later: last + later)
        assert len(await heir.adopt_orphans()) == adopted


async def test_a_dead_instances_answer_is_cut_off_with_what_was_kept(history: History, database: Database) -> None:
    talk = conversation()
    asked = question(talk)
    begun = answer(asked)
    await history.begin(talk, asked, {}, begun)
    await history.save_partial(begun.id, "half a sen", "")
    await database.run(lambda c: c.execute("UPDATE instance SET started = '1'"))  # its pid is another's now
    heir = History(database, new_id())
    (adopted,) = await heir.adopt_orphans()
    assert adopted == dataclasses.replace(
        begun, text="half a sen", ending=Ending.CUT_OFF, failure=FailureRecord(code="interrupted")
    )
    assert await heir.adopt_orphans() == ()
    assert [hit.message_id for hit in await find(heir, "half")] == [begun.id]
    # The owner was alive after all, and knows better.
    await history.finish(dataclasses.replace(begun, text="half a sentence", ending=Ending.COMPLETE))
    assert [hit.snippet for hit in await find(heir, "half")] == ["half a sentence"]


async def test_an_instance_never_adopts_its_own_answers(history: History, database: Database) -> None:
    talk = conversation()
    asked = question(talk)
    await history.begin(talk, asked, {}, answer(asked))
    assert await history.adopt_orphans() == ()


async def test_a_change_by_another_instance_is_noticed(history: History, database: Database, path: Path) -> None:
    assert not await database.changed_elsewhere()
    await told(history, conversation(), "Why?", "So.")
    assert not await database.changed_elsewhere()
    other = await Database.open(path)
    await told(History(other, new_id()), conversation(), "Who?", "You.")
    assert await database.changed_elsewhere()
    assert not await database.changed_elsewhere()
    await other.close()
