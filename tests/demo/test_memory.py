"""Models in memory: loading, waiting, leaving, and clients that go away."""

import asyncio

import pytest

from ollama_tui.demo.machine import Speed
from ollama_tui.demo.server import DemoServer
from tests.demo.carrier import ask, chat, opened
from tests.demo.virtual import VirtualClock


async def loaded(server: DemoServer) -> list[str]:
    return [record["name"] for record in (await ask(server, "/api/ps")).object["models"]]


async def test_a_model_leaves_five_minutes_after_its_last_answer(server: DemoServer, clock: VirtualClock) -> None:
    await ask(server, "/api/chat", chat("hi"))
    clock.advance(299)
    assert await loaded(server) == ["echo:latest"]
    clock.advance(2)
    assert await loaded(server) == []


async def test_keep_alive_is_kept_until_it_is_changed(server: DemoServer, clock: VirtualClock) -> None:
    await ask(server, "/api/chat", chat("hi", keep_alive=-1))
    await ask(server, "/api/chat", chat("hi"))
    clock.advance(10**8)
    expires = (await ask(server, "/api/ps")).object["models"][0]["expires_at"]
    assert int(expires[:4]) > 2300
    await ask(server, "/api/chat", chat("hi", keep_alive="90s"))
    clock.advance(91)
    assert await loaded(server) == []


async def test_keep_alive_zero_leaves_after_the_answer(server: DemoServer) -> None:
    reply = await ask(server, "/api/chat", chat("hi", keep_alive=0))
    assert reply.objects[-1]["done_reason"] == "stop"
    assert await loaded(server) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("10", 'time: missing unit in duration "10"'),
        ("-1", 'time: missing unit in duration "-1"'),
        ("soon", 'time: invalid duration "soon"'),
        ("5x", 'time: unknown unit "x" in duration "5x"'),
        (True, "Unsupported type: 'bool'"),
    ],
)
async def test_a_wrong_keep_alive(server: DemoServer, value: object, text: str) -> None:
    reply = await ask(server, "/api/chat", chat("hi", keep_alive=value))
    assert (reply.status, reply.error) == (400, text)


async def test_another_context_loads_the_model_again(server: DemoServer) -> None:
    first = await ask(server, "/api/chat", chat("hi"))
    warm = await ask(server, "/api/chat", chat("hi"))
    other = await ask(server, "/api/chat", chat("hi", options={"num_ctx": 8192}))
    durations = [reply.objects[-1]["load_duration"] for reply in (first, warm, other)]
    assert durations[0] > 10**8 < durations[2]
    assert 0 < durations[1] < 10**8
    assert (await ask(server, "/api/ps")).object["models"][0]["context_length"] == 8192


async def test_the_fourth_model_drives_one_out(server: DemoServer) -> None:
    for model in ("echo", "guide", "markdown", "eyes"):
        await ask(server, "/api/chat", chat("hi", model))
    now = await loaded(server)
    assert len(now) == 3
    assert "eyes:latest" in now


async def test_one_answer_at_a_time_the_other_waits_without_headers(quick: DemoServer) -> None:
    first = await opened(quick, "/api/chat", chat("30000 tokens at 2000 tokens/s", "markdown"))
    second = asyncio.create_task(opened(quick, "/api/chat", chat("50 tokens", "markdown")))
    await asyncio.sleep(0.05)
    assert not second.done()
    await first.body.aclose()
    response = await asyncio.wait_for(second, 1)
    assert response.status == 200
    await response.body.aclose()


async def test_a_full_queue() -> None:
    server = DemoServer(speed=Speed(load=0.0), queue=0)
    first = await opened(server, "/api/chat", chat("30000 tokens", "markdown"))
    reply = await ask(server, "/api/chat", chat("hi", "markdown"))
    assert (reply.status, reply.error) == (503, "server busy, please try again.  maximum pending requests exceeded")
    await first.body.aclose()


async def test_who_goes_away_while_waiting_leaves_no_trace(quick: DemoServer) -> None:
    first = await opened(quick, "/api/chat", chat("30000 tokens at 2000 tokens/s", "markdown"))
    second = asyncio.create_task(opened(quick, "/api/chat", chat("hi", "markdown")))
    await asyncio.sleep(0.02)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    await first.body.aclose()
    assert [one.disconnected is not None for one in quick.requests] == [True, True]
    assert (await ask(quick, "/api/chat", chat("50 tokens", "markdown"))).objects[-1]["done"]


async def test_who_goes_away_while_loading_leaves_it_unloaded() -> None:
    server = DemoServer(speed=Speed(load=30.0))
    asked = asyncio.create_task(opened(server, "/api/chat", chat("hi")))
    await asyncio.sleep(0.02)
    assert await loaded(server) == []
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert await loaded(server) == []


async def test_what_was_finished_is_not_called_broken_off(quick: DemoServer) -> None:
    response = await opened(quick, "/api/chat", chat("hi"))
    async for _ in response.body:
        pass
    await response.body.aclose()
    assert quick.requests[-1].finished is not None
    assert quick.requests[-1].disconnected is None
