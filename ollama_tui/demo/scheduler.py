"""Which models are loaded, until when, and who waits for whom."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ollama_tui.demo.clock import FOREVER_NS, Clock
from ollama_tui.demo.models import Model
from ollama_tui.demo.options import Options
from ollama_tui.demo.protocol import Json
from ollama_tui.demo.replies import Refusal

KEEP_NS = 5 * 60 * 10**9
_BUSY = "server busy, please try again.  maximum pending requests exceeded"


@dataclass(slots=True)
class Loaded:
    """A model in memory. `context` in tokens; `expires_ns` counts since 1970 and is set when it falls idle."""

    model: Model
    load: tuple[Json, ...]
    context: int
    keep_ns: int
    expires_ns: int = 0
    users: int = 0

    @property
    def slot(self) -> int:
        """The tokens that really fit: the runner rounds up to a multiple of 256."""
        return -(-self.context // 256) * 256


class Scheduler:
    """`parallel` requests at a time for each model, at most `most` models loaded, at most `queue` requests waiting.

    Nothing runs in the background: what has expired is dropped whenever someone looks.
    """

    def __init__(
        self, clock: Clock, most: int = 3, queue: int = 512, load_seconds: float | None = None, parallel: int = 1
    ) -> None:
        self._clock = clock
        self._most = most
        self._queue = queue
        self._load_seconds = load_seconds
        self._loaded: dict[str, Loaded] = {}
        self._parallel = parallel
        self._turns: dict[str, asyncio.Semaphore] = {}
        self._loading: dict[str, asyncio.Lock] = {}
        self._waiting = 0
        self._coming = 0  # models that are being loaded
        self._freed = asyncio.Event()

    def loaded(self) -> list[Loaded]:
        """What is in memory, the longest-lived first, to the second."""
        self._expire()
        now = self._clock.now_ns()
        for one in self._loaded.values():
            if not one.expires_ns:
                one.expires_ns = now + one.keep_ns
        return sorted(self._loaded.values(), key=lambda one: -(one.expires_ns // 10**9))

    def find(self, key: str) -> Loaded | None:
        self._expire()
        return self._loaded.get(key)

    def _expire(self) -> None:
        now = self._clock.now_ns()
        for key, one in list(self._loaded.items()):
            if not one.users and one.expires_ns <= now:
                del self._loaded[key]

    def unload(self, key: str) -> None:
        """Drop a model, as soon as nobody uses it."""
        one = self.find(key)
        if one is None:
            return
        one.keep_ns = 0
        one.expires_ns = self._clock.now_ns()
        self._expire()

    @asynccontextmanager
    async def use(
        self, model: Model, options: Options, keep_ns: int | None, *, shift: bool, delay: float = 0
    ) -> AsyncGenerator[Loaded]:
        """The model, loaded, with a place for this request. `delay` is added to the time it takes to load (seconds)."""
        key = model.parsed.key
        turn = self._turns.setdefault(key, asyncio.Semaphore(self._parallel))
        if turn.locked() and self._waiting >= self._queue:
            raise Refusal(503, _BUSY)
        self._waiting += 1
        try:
            await turn.acquire()
        finally:
            self._waiting -= 1
        try:
            async with self._loading.setdefault(key, asyncio.Lock()):
                one = await self._load(key, model, options, keep_ns, shift=shift, delay=delay)
            one.users += 1
            try:
                yield one
            finally:
                one.users -= 1
                one.expires_ns = self._clock.now_ns() + one.keep_ns
                self._expire()
                self._freed.set()
        finally:
            turn.release()

    async def _load(
        self, key: str, model: Model, options: Options, keep_ns: int | None, *, shift: bool, delay: float
    ) -> Loaded:
        wanted = (*options.load, shift)
        one = self.find(key)
        if one is not None and one.load == wanted and one.model is model:
            one.keep_ns = one.keep_ns if keep_ns is None else keep_ns
            return one
        kept = one.keep_ns if one is not None else KEEP_NS
        self._loaded.pop(key, None)
        while len(self._loaded) + self._coming >= self._most:
            idle = [other for other in self._loaded.values() if not other.users]
            if idle:
                victim = min(idle, key=lambda other: (other.keep_ns, other.model.weights.digest))
                self._loaded.pop(victim.model.parsed.key)
            else:
                self._freed.clear()
                await self._freed.wait()
        seconds = model.load_seconds if self._load_seconds is None else self._load_seconds
        self._coming += 1
        try:
            if seconds + delay > 0:
                await self._clock.sleep(seconds + delay)
        finally:
            self._coming -= 1
            self._freed.set()
        trained = model.number("context_length")
        context = min(options.num_ctx, trained) if trained else options.num_ctx
        fresh = Loaded(model, wanted, context, min(FOREVER_NS, kept if keep_ns is None else keep_ns))
        self._loaded[key] = fresh
        return fresh
