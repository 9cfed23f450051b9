"""Models that are pulled: how far, how fast, stopped, gone on with, also after a restart."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from ollama_tui.demo.faults import Fault
from ollama_tui.demo.machine import Registry
from ollama_tui.demo.models import Script
from ollama_tui.domain.event import LayerProgress, Progress
from ollama_tui.domain.request import CreateRequest
from ollama_tui.services.speed import Speed
from tests.services.place import Place, a_model, a_place, models
from tests.services.test_turn import until

_SIZE = 4_000_000


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncGenerator[Place]:
    """A server that can pull `big` in about a second, and `small` at once."""
    sold = {
        "library/big:latest": a_model("big", lambda _ask: Script("big"), size=_SIZE),
        "library/small:latest": a_model("small", lambda _ask: Script("small"), size=10),
    }
    async with a_place(tmp_path, models(), registries={"registry.ollama.ai": Registry(sold)}) as made:
        made.server.machine.speed.download = 4e6
        yield made


async def test_a_pull_tells_how_far_and_how_fast_and_leaves_no_note(shop: Place) -> None:
    workspace = await shop.open()
    await workspace.models()
    pull = workspace.transfers.pull("big")
    assert workspace.transfers.pull("big:latest") is pull, "what is being pulled is not begun twice"
    await until(lambda: pull.progress.completed > _SIZE / 3)
    assert pull.state == "running"
    assert 1e6 < pull.speed < 16e6
    assert pull.seconds_left is not None
    assert 0 < pull.seconds_left < 5
    await pull.wait()
    assert (pull.state, pull.progress.status) == ("done", "success")
    assert workspace.transfers.resumable() == ()
    assert "big:latest" in [model.name for model in await workspace.models()]
    assert not any(key.startswith("transfer.") for key in await workspace.state.all())


async def test_a_stopped_pull_is_resumed_after_a_restart(shop: Place) -> None:
    workspace = await shop.open()
    pull = workspace.transfers.pull("big")
    await until(lambda: pull.progress.completed > _SIZE / 3)
    await workspace.aclose()
    assert pull.state == "stopped"
    asked = next(request for request in shop.server.requests if request.path == "/api/pull")
    assert asked.disconnected is not None

    again = await shop.open()
    await until(lambda: again.transfers.resumable())
    (note,) = again.transfers.resumable()
    assert (note.id, note.name, note.progress.total >= _SIZE) == (pull.id, "big", True)
    assert note.progress.completed > _SIZE / 3
    resumed = again.transfers.resume(note.id)
    assert again.transfers.resumable() == ()
    await until(lambda: resumed.progress.status.startswith("pulling "))
    assert resumed.progress.completed > _SIZE / 3, "it goes on from where it was"
    await resumed.wait()
    assert resumed.state == "done"
    assert again.transfers.resumable() == ()


async def test_stop_and_forget(shop: Place) -> None:
    workspace = await shop.open()
    pull = workspace.transfers.pull("big")
    await until(lambda: pull.progress.completed > 0)
    await pull.stop()
    assert (pull.state, pull.speed, pull.seconds_left) == ("stopped", 0.0, None)
    (note,) = workspace.transfers.resumable()
    await workspace.transfers.forget(note.id)
    assert workspace.transfers.resumable() == ()
    assert workspace.transfers.all() == ()
    await workspace.aclose()
    assert (await shop.open()).transfers.resumable() == ()


async def test_a_failed_pull_says_why_and_can_be_resumed(shop: Place) -> None:
    workspace = await shop.open()
    shop.faults.add(Fault(path="/api/pull", times=1, after=3, ending="error", text="max retries exceeded: EOF"))
    pull = workspace.transfers.pull("big")
    await pull.wait()
    assert pull.state == "failed"
    assert pull.failure is not None
    assert "max retries" in str(pull.failure)
    again = workspace.transfers.resume(pull.id)
    await again.wait()
    assert again.state == "done"
    assert again.failure is None


async def test_a_pull_that_stands_still_is_begun_again_once(shop: Place) -> None:
    workspace = await shop.open()
    shop.faults.add(Fault(path="/api/pull", times=1, after=5, stall=30))
    pull = workspace.transfers.pull("big")
    await pull.wait()
    assert pull.state == "done"
    assert pull.retried
    shop.faults.add(Fault(path="/api/pull", after=1, stall=30))
    await workspace.here.delete("big")
    pull = workspace.transfers.pull("big")
    await pull.wait()
    assert pull.state == "failed"
    assert pull.failure is not None
    assert pull.failure.code == "disconnected"


async def test_several_at_once_and_a_model_that_is_not_there(shop: Place) -> None:
    workspace = await shop.open()
    big, small, none = (workspace.transfers.pull(name) for name in ("big", "small", "nowhere"))
    await asyncio.gather(big.wait(), small.wait(), none.wait())
    assert [transfer.state for transfer in workspace.transfers.all()] == ["done", "done", "failed"]


async def test_a_model_is_made(shop: Place) -> None:
    workspace = await shop.open()
    made = workspace.transfers.create(CreateRequest(model="mine", from_model="repeat", system="Be brief."))
    await made.wait()
    assert made.state == "done"
    assert "mine:latest" in [model.name for model in await workspace.models()]
    assert workspace.transfers.resumable() == ()


def test_what_was_there_already_is_no_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: moment[0])
    speed = Speed()

    def came(completed: int) -> None:
        moment[0] += 1
        layer = LayerProgress(digest="a", total=10_000, completed=completed)
        speed.read(Progress(status="pulling a", total=10_000, completed=completed, layers=(layer,)))

    came(5_000)
    assert speed.bytes_per_second == 0
    came(6_000)
    assert speed.bytes_per_second == 500
    came(5_500)
    assert speed.bytes_per_second > 0
    moment[0] += 20
    assert speed.bytes_per_second < 100
