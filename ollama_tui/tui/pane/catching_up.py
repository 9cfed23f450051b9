"""Catching up with what changed behind a pane: in another pane, in another window, in the shell."""

from typing import TYPE_CHECKING

from ollama_tui.tui.pane import answering

if TYPE_CHECKING:
    from ollama_tui.tui.pane.pane import Pane


class CatchingUp:
    """One look at a time, never cancelled by the next: what came meanwhile is looked at after it."""

    def __init__(self, pane: "Pane") -> None:
        self._pane = pane
        self._behind = False
        self._looking = False

    def soon(self) -> None:
        """Look, as something may have changed."""
        self._behind = True
        if self._pane.is_open and not self._looking:
            self._looking = True
            self._pane.run_worker(self._look, group="catch-up")

    async def _look(self) -> None:
        pane = self._pane
        try:
            while self._behind:
                self._behind = False
                if pane.live is None and pane.stored:
                    await pane.catch_up()
                else:
                    await answering.follow(pane)
        finally:
            self._looking = False
