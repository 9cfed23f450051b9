"""Time that passes only where somebody waits."""

import asyncio

from ollama_tui.demo.clock import Clock


class VirtualClock(Clock):
    """Starts at `start_ns` since 1970; a sleep takes none of the test's own time."""

    def __init__(self, start_ns: int) -> None:
        self._now_ns = start_ns

    def now_ns(self) -> int:
        return self._now_ns

    def elapsed_ns(self) -> int:
        return self._now_ns

    def advance(self, seconds: float) -> None:
        self._now_ns += max(1, round(seconds * 10**9))

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)
        await asyncio.sleep(0)
