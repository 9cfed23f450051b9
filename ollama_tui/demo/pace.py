"""Brings out a stream at a steady rate: never early, and catching up at once when it is late."""

from ollama_tui.demo.clock import Clock


class Pace:
    """Waits until the next of a row of steps is due."""

    def __init__(self, clock: Clock, per_second: float) -> None:
        self._clock = clock
        self._step_ns = 1e9 / per_second if per_second > 0 else 0.0
        self._start = clock.elapsed_ns()
        self._done = 0

    async def step(self, count: int = 1) -> None:
        """Wait until `count` more steps are due. A step that is late gives the loop a turn now and then."""
        before, self._done = self._done, self._done + count
        wait = self._start + self._done * self._step_ns - self._clock.elapsed_ns()
        if wait > 0:
            await self._clock.sleep(wait / 1e9)
        elif before // 64 != self._done // 64:
            await self._clock.sleep(0)
