"""A blob on its way from a registry."""

from dataclasses import dataclass

from ollama_tui.demo.models import Layer


@dataclass(slots=True)
class Download:
    """A blob on its way, for all who wait for it. Nothing arrives while nobody does."""

    layer: Layer
    rate: float
    arrived: float = 0.0
    since_ns: int = 0
    waiters: int = 0

    def progress(self, now_ns: int) -> int:
        """Bytes that are there."""
        moving = self.rate * (now_ns - self.since_ns) / 1e9 if self.waiters else 0.0
        return min(self.layer.size, int(self.arrived + moving))

    def join(self, now_ns: int) -> None:
        if not self.waiters:
            self.since_ns = now_ns
        self.waiters += 1

    def leave(self, now_ns: int) -> None:
        """The last one to leave stops it where it is."""
        if self.waiters == 1:
            self.arrived = self.progress(now_ns)
        self.waiters -= 1
