"""Catching up with what changed behind a pane: in another pane, in another window, in the shell."""

from typing import TYPE_CHECKING

from ollama_tui.tui.pane import answering, drawing

if TYPE_CHECKING:
    from ollama_tui.tui.pane.pane import Pane


class CatchingUp:
    """One look at a time, never cancelled by the next: what came meanwhile is looked at after it."""

    def __init__(self, pane: "Pane") -> None:
        self._pane = pane
        self._behind = False
        self._looking = False
        self._seen: tuple[object, ...] = ()

    def soon(self) -> None:
        """Look, as something may have changed."""
        self._behind = True
        if self._pane.is_open and not self._looking:
            self._looking = True
            self._pane.run_worker(self._look, group="catch-up")

    async def _look(self) -> None:
        pane = self._pane
        try:
            while self._behind and not pane.program.leaving:
                self._behind = False
                if pane.live is None and pane.stored:
                    await self._catch_up()
                else:
                    await answering.follow(pane)
        finally:
            self._looking = False

    async def _catch_up(self) -> None:
        """Read again what changed. Another window that streams changes the database each second, but not this."""
        pane = self._pane
        here, shown = pane.workspace.version_here, pane.conversation
        revision = await pane.workspace.history_of(shown).revision(shown.id)
        if pane.program.leaving:
            return
        if self._seen == (here, shown.id, shown.leaf_id, revision):
            await drawing.draw_what_came(pane)
            await answering.follow(pane)
            return
        await pane.catch_up()
        kept = pane.conversation
        self._seen = (here, kept.id, kept.leaf_id, revision) if kept.id == shown.id else ()
