"""The recordings that stand outside the one sequence, and the comparison itself."""

from dataclasses import replace

import pytest

from ollama_tui.demo.faults import Fault, Faults
from ollama_tui.demo.machine import Registry, Speed
from ollama_tui.demo.models import Layer
from ollama_tui.demo.server import DemoServer
from tests.demo import recorded
from tests.demo.carrier import Reply, opened, taken
from tests.demo.comparison import differences
from tests.demo.virtual import VirtualClock

BULK = Layer("model", "sha256:f3a918b8149e95c398968a53e100d05679305d76c85d5c551d1b79a212e087e3", 20_891_040)
RATE = 3.73e6  # bytes a second, as recorded


def server(*faults: Fault) -> DemoServer:
    """The recorded server, with a slow registry that has one more model."""
    models = recorded.models()
    embed = next(model for model in models if model.name == "tiny-embed:latest")
    bulk = replace(embed, name="bulk:latest", weights=BULK, parameter_size="10.4M")
    return DemoServer(
        models=models,
        registries={"127.0.0.1:5003": Registry({"library/bulk:latest": bulk}, plain=True)},
        clock=VirtualClock(1_795_477_000 * 10**9),
        speed=Speed(download=RATE, tokens=5000, load=0.05),
        faults=Faults(*faults),
        root=recorded.ROOT,
    )


async def replayed(demo: DemoServer, name: str, lines: int | None = None) -> list[str]:
    """What differs; `lines`: so many are taken, then the client goes away."""
    exchange = recorded.exchange(name)
    response = await opened(demo, exchange.path, exchange.body, exchange.method)
    if lines is None:
        reply = await taken(response)
    else:
        body = b"".join([await anext(aiter(response.body)) for _ in range(lines)])
        reply = Reply(response.status, response.headers["Content-Type"], body)
        await response.body.aclose()
    return differences(exchange, reply.status, reply.content_type, reply.body.decode())


async def test_a_pull_cancelled_and_resumed() -> None:
    demo = server()
    assert await replayed(demo, "pull-cancelled", len(recorded.exchange("pull-cancelled").lines)) == []
    assert await replayed(demo, "pull-resumed") == []


async def test_a_pull_whose_registry_drops_the_connection() -> None:
    assert await replayed(server(Fault(path="/api/pull", after=14, stall=1.0)), "pull-dropped") == []


async def test_a_runner_that_is_killed() -> None:
    text = "an error was encountered while running the model: unexpected EOF"
    assert await replayed(server(Fault(after=60, ending="error", text=text)), "chat-runner-killed") == []


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("chat", '"role":"assistant"', '"role":"user"'),
        ("chat", '"done":true', '"done":false'),
        ("chat", '"eval_count"', '"evaluated"'),
        ("show", '"capabilities":["completion","thinking"]', '"capabilities":["completion"]'),
        ("show", "FROM /home", "FROM /away"),
        ("pull", "sha256:3e8e", "sha256:4e8e"),
        ("chat-embed-model", "does not support chat", "does not chat"),
        ("not-found", "404", "405"),
        ("copy", "", "{}"),
    ],
)
def test_the_comparison_sees_what_differs(name: str, before: str, after: str) -> None:
    exchange = recorded.exchange(name)
    body = "\n".join(exchange.lines)
    assert differences(exchange, exchange.status, exchange.content_type, body) == []
    changed = body.replace(before, after) if before else after
    assert changed != body
    assert differences(exchange, exchange.status, exchange.content_type, changed)
    assert differences(exchange, 418, exchange.content_type, body)
    assert differences(exchange, exchange.status, "text/html", body)
