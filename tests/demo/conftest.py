import pytest

from ollama_tui.demo.machine import Speed
from ollama_tui.demo.server import DemoServer
from tests.demo.virtual import VirtualClock

NOON = 1_790_000_000 * 10**9


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOON)


@pytest.fixture
def server(clock: VirtualClock) -> DemoServer:
    """The built-in models, on time that passes only where somebody waits."""
    return DemoServer(clock=clock)


@pytest.fixture
def quick() -> DemoServer:
    """The built-in models on real time, at once."""
    return DemoServer(speed=Speed(tokens=100_000, load=0.0))
