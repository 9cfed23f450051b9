"""Time as the server sees it: one object, so that a test can let hours pass."""

import asyncio
import time
from datetime import UTC, datetime

FOREVER_NS = 2**63 - 1  # Go's longest duration, about 292 years


class Clock:
    """The machine's own time."""

    def now_ns(self) -> int:
        """Nanoseconds since 1970."""
        return time.time_ns()

    def elapsed_ns(self) -> int:
        """Nanoseconds of a clock that only goes forward."""
        return time.monotonic_ns()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def stamp(ns: int) -> str:
    """RFC 3339 in UTC, up to nine digits of a second, trailing zeros left out."""
    seconds, fraction = divmod(ns, 10**9)
    moment = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    digits = f"{fraction:09d}".rstrip("0")
    return f"{moment}.{digits}Z" if digits else f"{moment}Z"


class Stamps:
    """`stamp` for a stream of close moments: the second is formatted once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._second = -1
        self._prefix = ""

    def now(self) -> str:
        second, fraction = divmod(self._clock.now_ns(), 10**9)
        if second != self._second:
            self._second, self._prefix = second, stamp(second * 10**9)[:-1]
        digits = f"{fraction:09d}".rstrip("0")
        return f"{self._prefix}.{digits}Z" if digits else f"{self._prefix}Z"
