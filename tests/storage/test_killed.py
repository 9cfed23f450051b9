# ruff: noqa: ASYNC251 - nothing else runs in these loops
"""Programs that are killed, and those that run beside them: real processes."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ollama_tui.domain.message import Ending, FailureRecord
from ollama_tui.storage.database import Database
from ollama_tui.storage.history import History
from tests.storage.conftest import sound

ROOT = Path(__file__).parent.parent.parent


def start(path: Path) -> tuple[subprocess.Popen[str], str]:
    """A writer, when it has begun; and the id of the answer it writes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.storage.writer", str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    word, answer_id = process.stdout.readline().split()
    assert word == "begun"
    return process, answer_id


def kill(process: subprocess.Popen[str]) -> list[str]:
    """Kill it with -9; the rest of what it printed."""
    process.kill()
    assert process.stdout is not None
    with process.stdout as printed:
        lines = printed.read().splitlines()
    process.wait()
    return lines


@pytest.mark.parametrize("seed", range(3))
async def test_all_that_was_saved_is_there_after_a_kill(path: Path, seed: int) -> None:
    process, answer_id = start(path)
    time.sleep(random.Random(seed).uniform(0.05, 0.4))
    printed = kill(process)
    assert sound(path)
    database = await Database.open(path)
    history = History(database, "heir")
    (adopted,) = await history.adopt_orphans()
    assert adopted.id == answer_id
    assert (adopted.ending, adopted.failure) == (Ending.CUT_OFF, FailureRecord(code="interrupted"))
    numbers = adopted.text.split()
    assert numbers == [str(number) for number in range(len(numbers))]
    saved = [int(line) for line in printed if line.isdigit()]
    assert len(numbers) > max(saved, default=-1)
    (talk,) = await history.conversations()
    assert [m.text for m in await history.branch(talk.id)] == ["How long will you live?", adopted.text]
    assert await history.adopt_orphans() == ()
    await database.close()


async def test_a_living_programs_answer_is_left_alone_until_it_is_killed(path: Path) -> None:
    process, answer_id = start(path)
    try:
        database = await Database.open(path)
        history = History(database, "b")
        assert database.unclean
        assert await history.adopt_orphans() == ()
        seen = await history.message(answer_id)
        assert seen is not None
        assert seen.ending is Ending.UNFINISHED
        deadline = time.monotonic() + 10
        while not seen.text and time.monotonic() < deadline:
            seen = await history.message(answer_id)
            assert seen is not None
        assert seen.text.startswith("0 1")
        assert await database.changed_elsewhere()
        assert await history.adopt_orphans() == ()
    finally:
        kill(process)
    # At once, not when the lease expires.
    assert [message.id for message in await history.adopt_orphans()] == [answer_id]
    await database.close()
