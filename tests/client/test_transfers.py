"""Pull, push and create: one honest sum over the layers, and an end that is an end."""

import asyncio
import json

import pytest

from ollama_tui.demo.machine import Registry, Speed
from ollama_tui.demo.server import DemoServer
from ollama_tui.domain.event import Progress
from ollama_tui.domain.failure import Disconnected, Failure, ServerFailed, Unlisted
from ollama_tui.domain.request import CreateRequest
from tests.client.hosts import at, over
from tests.client.said import statuses, whole
from tests.client.scripted import Talk, scripted
from tests.demo import recorded
from tests.demo.recorded import exchange


async def pulled(*lines: str) -> list[Progress]:
    """The progress of a pull of which a server writes `lines`."""

    async def stream(talk: Talk) -> None:
        await talk.begin()
        await talk.piece("".join(line + "\n" for line in lines))
        await talk.end()

    async with scripted(stream) as server, at(server.url) as host:
        return await whole(host.pull("m"))


def layer(digest: str, **sizes: int) -> str:
    return json.dumps({"status": f"pulling {digest}", "digest": digest, **sizes})


SUCCESS = '{"status":"success"}'


@pytest.mark.parametrize("name", ["pull", "pull-exists", "pull-resumed", "pull-dropped", "create-from"])
async def test_recorded_transfers_end_with_everything_there(name: str) -> None:
    steps = await pulled(*exchange(name).lines)
    assert len(steps) == len(exchange(name).lines)
    assert steps[-1].status == "success"
    assert steps[-1].completed == steps[-1].total
    totals = {
        record["digest"]: record["total"] for record in map(json.loads, exchange(name).lines) if "digest" in record
    }
    assert {one.digest: one.total for one in steps[-1].layers} == totals
    assert all(0 <= step.completed <= step.total for step in steps)


async def test_layers_may_skip_their_end_go_back_or_say_nothing_of_their_size() -> None:
    steps = await pulled(
        '{"status":"pulling manifest"}',
        layer("sha256:a", total=100),
        layer("sha256:a", total=100, completed=60),
        layer("sha256:a", total=100, completed=40),
        layer("sha256:b", completed=5),
        layer("sha256:b", total=10, completed=50),
        layer("sha256:model", total=7, completed=-3),
        '{"status":"verifying sha256 digest"}',
        '{"status":5}',
        SUCCESS,
    )
    assert [(step.completed, step.total) for step in steps] == [
        (0, 0),
        (0, 100),
        (60, 100),
        (40, 100),
        (105, 100),
        (110, 110),
        (110, 117),
        (110, 117),
        (110, 117),
        (117, 117),
    ]


async def test_success_in_the_middle_is_not_the_end() -> None:
    lines = (SUCCESS, '{"status":"using existing layer sha256:a"}', '{"status":"writing manifest"}')
    assert statuses(await pulled(*lines, SUCCESS)) == [
        "success",
        *[json.loads(line)["status"] for line in lines[1:]],
        "success",
    ]
    with pytest.raises(Disconnected):
        await pulled(*lines)


@pytest.mark.parametrize(
    ("name", "failure"),
    [
        ("pull-missing", Unlisted),
        ("pull-offline", ServerFailed),
        ("pull-insecure", ServerFailed),
        ("push-offline", ServerFailed),
    ],
)
async def test_recorded_failures_come_in_mid_stream(name: str, failure: type[Failure]) -> None:
    with pytest.raises(failure) as caught:
        await pulled(*exchange(name).lines)
    assert caught.value.params["detail"] == json.loads(exchange(name).lines[-1])["error"]


def fetching(speed: float) -> DemoServer:
    """A server with one model to fetch from a registry."""
    (tiny,) = [model for model in recorded.models() if model.name == "tiny:latest"]
    registry = Registry({"library/tiny:latest": tiny}, plain=True)
    return DemoServer(models=[], registries={"127.0.0.1:5001": registry}, speed=Speed(download=speed))


NAME = "http://127.0.0.1:5001/library/tiny:latest"


async def test_a_stopped_pull_goes_on_from_where_it_was() -> None:
    server = fetching(4e6)
    host = over(server)
    pull = host.pull(NAME, insecure=True)
    reached = 0
    async for step in pull:
        reached = step.completed
        if reached > 300_000:
            break
    await pull.aclose()
    await asyncio.sleep(0)
    assert server.requests[-1].disconnected is not None
    assert await host.models() == ()
    steps = await whole(host.pull(NAME, insecure=True))
    assert next(step.completed for step in steps if step.total) >= reached
    assert [model.name for model in await host.models()] == ["127.0.0.1:5001/library/tiny:latest"]
    await host.aclose()


async def test_insecure_is_sent_only_when_it_is_meant() -> None:
    async def stream(talk: Talk) -> None:
        await talk.stream(SUCCESS)

    async with scripted(stream) as server, at(server.url) as host:
        await whole(host.pull("m"))
        await whole(host.push("m", insecure=True))
        await whole(host.create(CreateRequest(model="m", from_model="n", system="", license=("A", "B"))))
    assert [asked.json for asked in server.asked] == [
        {"model": "m", "insecure": False, "stream": True},
        {"model": "m", "insecure": True, "stream": True},
        {"model": "m", "from": "n", "system": "", "license": ["A", "B"], "stream": True},
    ]
