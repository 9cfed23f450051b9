"""How fast bytes come, over the last seconds."""

import time
from collections import deque

from ollama_tui.domain.event import Progress

_WINDOW = 10.0
"""Seconds that the speed is measured over."""


class Speed:
    """The speed of a transfer. What was there already when a layer was first heard of did not come now, and a part
    that is fetched again does not make it negative."""

    def __init__(self) -> None:
        self._came = 0
        self._completed: dict[str, int] = {}
        self._samples: deque[tuple[float, int]] = deque([(time.monotonic(), 0)])

    def read(self, progress: Progress) -> None:
        """Take note of how far it is now."""
        for layer in progress.layers:
            before = self._completed.get(layer.digest, layer.completed)
            self._came += max(0, layer.completed - before)
            self._completed[layer.digest] = layer.completed
        moment = time.monotonic()
        self._samples.append((moment, self._came))
        while len(self._samples) > 2 and moment - self._samples[1][0] >= _WINDOW:
            self._samples.popleft()

    @property
    def bytes_per_second(self) -> float:
        """The speed now; it falls while nothing comes."""
        moment = time.monotonic()
        while len(self._samples) > 1 and moment - self._samples[1][0] >= _WINDOW:
            self._samples.popleft()
        began, came = self._samples[0]
        seconds = moment - began
        return (self._came - came) / seconds if seconds > 0 else 0.0
