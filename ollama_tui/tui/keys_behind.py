"""The keys that come right behind one that opens something: they wait until it has the focus.

Textual hands each key to what has the focus as the key comes, before the one ahead of it has done anything (8.2.8,
app.py:4136). What was typed in one go, or came in one piece over a slow line, was written into the prompt.
"""

import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual import events

from ollama_tui.tui.actions import keys_of

if TYPE_CHECKING:
    from ollama_tui.tui.surface import Surface

OPENING = (
    *("app.help", "app.palette", "app.search", "app.models"),
    *("chat.find", "chat.options", "chat.presets", "chat.model", "chat.retry_with", "chat.tokens", "chat.tree"),
    *("chat.list", "chat.copy_code", "chat.save_code", "chat.parameters", "chat.json", "chat.plain"),
    *("compare.open", "find.everywhere", "pane.models", "transcript.find"),
    *("list.filter", "list.rename", "list.tag", "models.filter", "models.pull"),
)
"""The actions that bring the focus to something that is not there yet."""
PATIENCE = 0.3
"""Seconds after which what was to be opened does not come: there was nothing to open."""
_LOOK = 0.01
"""Seconds from one look for the focus to the next."""

Input = events.Key | events.Paste
Pass = Callable[[Input], Awaitable[None]]


class KeysBehind:
    """Holds them, in order. All of it runs as the app handles its events, one after the other."""

    def __init__(self, app: "Surface", hand_on: Pass) -> None:
        self._app = app
        self._hand_on = hand_on
        self._held: list[Input] | None = None
        """What came since; None where nothing is being opened."""
        self._before: object = None
        self._since = 0.0

    async def take(self, event: Input) -> None:
        """Hand a key on to what has the focus, now or when it is there."""
        if self._held is not None:
            self._held.append(event)
            return
        opens = self._opens(event)
        if opens:
            self._begin([])
        await self._hand_on(event)

    def _begin(self, held: list[Input]) -> None:
        self._held, self._before, self._since = held, self._app.focused, time.monotonic()
        self._app.set_timer(_LOOK, self._look)

    async def _look(self) -> None:
        focused = self._app.focused
        came = focused is not None and focused is not self._before and focused.is_mounted
        if not came and time.monotonic() - self._since < PATIENCE:
            self._app.set_timer(_LOOK, self._look)
            return
        held, self._held = self._held or [], None
        while held:
            event = held.pop(0)
            if self._opens(event):
                self._begin(held)
                await self._hand_on(event)
                return
            await self._hand_on(event)

    def _opens(self, event: Input) -> bool:
        """Whether it is the key of an action that opens something, here and now."""
        if not isinstance(event, events.Key):
            return False
        focused = self._app.focused
        if focused is not None and focused.check_consume_key(event.key, event.character):
            return False  # it is written
        changed = self._app.changed_keys
        if not any(event.key in keys_of(action, changed) for action in OPENING):
            return False
        active = self._app.screen.active_bindings.get(event.key)
        return active is not None and active.binding.id in OPENING
