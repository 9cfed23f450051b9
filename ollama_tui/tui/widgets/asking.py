"""What is asked of the person, beside what it is about: put up, answered or left, and taken away again."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from textual.containers import Vertical
from textual.widget import Widget

_Answer = TypeVar("_Answer")


class Asking(Vertical, Generic[_Answer]):
    """Asks once; a worker waits for the answer. Esc leaves it unanswered."""

    DEFAULT_CSS = """
    Asking { height: auto; max-height: 60%; padding: 0 1; background: $surface; border-top: solid $accent; }
    Asking > Static { height: auto; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._answer: asyncio.Future[_Answer | None] = asyncio.get_running_loop().create_future()

    async def put(
        self, where: Widget, before: Widget, *, after: Callable[[], None], focus: Callable[[], bool] = lambda: True
    ) -> _Answer | None:
        """Ask in `where`, above `before`, and wait; only from a worker. None if the person went away.

        `focus` tells, when it stands, whether the keys come to it; `after` brings them elsewhere when it goes.
        """
        try:
            await where.mount(self, before=before)
            if focus():
                self.take_focus()
            return await self._answer
        finally:
            # Shielded: the worker may be cancelled once more, and the cancelling would reach the widget's own task
            # (Textual 8.2.8, AwaitRemove), which would leave it on the screen for good.
            removed = asyncio.ensure_future(self.remove())
            after()
            await asyncio.shield(removed)

    def settle(self, value: _Answer | None) -> None:
        """Answer it."""
        if not self._answer.done():
            self._answer.set_result(value)

    def take_focus(self) -> None:
        """Let the person answer."""
        raise NotImplementedError

    def on_unmount(self) -> None:
        """Whoever waits is told that nobody answers."""
        self.settle(None)
