"""A transfer's progress on stderr: one line that is rewritten on a terminal, one line a status elsewhere."""

import shutil
import sys
import time
from collections import deque
from types import TracebackType

from ollama_tui.cli.output import can_redraw, redraw, tell
from ollama_tui.domain.event import Progress
from ollama_tui.domain.units import clock, human_bytes

_WINDOW = 10.0
"""Seconds over which the speed is taken."""


class ProgressLine:
    """Shows `Progress` as it comes."""

    def __init__(self) -> None:
        self._terminal = can_redraw(sys.stderr)
        self._seen: deque[tuple[float, int]] = deque()
        self._drawn = 0.0
        self._status = ""

    def __enter__(self) -> "ProgressLine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._terminal and self._status:
            tell("")

    def show(self, progress: Progress) -> None:
        """Draw, at most ten times a second."""
        now = time.monotonic()
        self._seen.append((now, progress.completed))
        while self._seen and now - self._seen[0][0] > _WINDOW:
            self._seen.popleft()
        changed = progress.status != self._status
        self._status = progress.status
        if not self._terminal:
            if changed:
                tell(progress.status)
        elif changed or now - self._drawn > 0.1:
            self._drawn = now
            width = shutil.get_terminal_size().columns - 1
            redraw(self._line(progress)[:width])

    def _line(self, progress: Progress) -> str:
        if not progress.total:
            return progress.status
        share = min(1.0, progress.completed / progress.total)
        (start, first), (end, last) = self._seen[0], self._seen[-1]
        speed = (last - first) / (end - start) if end > start else 0
        bar = "█" * int(share * 20)
        sizes = f"{human_bytes(progress.completed)}/{human_bytes(progress.total)}"
        text = f"{progress.status}: {share:4.0%} ▕{bar:<20}▏ {sizes}"
        if speed > 0:
            text += f"  {human_bytes(int(speed))}/s  {clock((progress.total - progress.completed) / speed)}"
        return text
