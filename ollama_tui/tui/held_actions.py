"""Actions asked for before there is a conversation to do them in: done in their order as soon as there is one."""

from collections.abc import Awaitable, Callable

from ollama_tui.tui.actions import Action

_AT_ONCE = frozenset({"app.quit", "app.help", "app.palette"})
"""What needs nothing of the disk."""


class HeldActions:
    """Holds actions until they are released, then none."""

    def __init__(self) -> None:
        self._held: list[Action] = []
        self._is_holding = True

    def hold(self, action: Action) -> bool:
        """Whether the action waits now."""
        if not self._is_holding or action.id in _AT_ONCE:
            return False
        self._held.append(action)
        return True

    async def release(self, perform: Callable[[Action], Awaitable[None]]) -> None:
        """Do what waits; from now on nothing does."""
        self._is_holding = False
        for action in self._held:
            await perform(action)
        self._held.clear()
