"""The watch over the servers that the panes ask: each looked for once, whoever asks it."""

import time
from functools import partial
from typing import TYPE_CHECKING

from ollama_tui.domain.failure import Failure
from ollama_tui.domain.host import DEMO_HOST_ID, HostAddress

if TYPE_CHECKING:
    from ollama_tui.services.server import Server
    from ollama_tui.services.workspace import ServerState
    from ollama_tui.tui.pane.deeds import ConversationPane
    from ollama_tui.tui.screens.chat import ChatScreen

_AGAIN = 1.5
"""Seconds between two looks for a server that is not ready."""


class Servers:
    """What is known of each server, told to the panes that ask it."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen
        self._states: dict[Server, ServerState] = {}
        self._asked: dict[Server, float] = {}

    @property
    def _open(self) -> "list[ConversationPane]":
        return [pane for pane in self._screen.panes if pane.is_open]

    def tick(self) -> None:
        """Tell the panes what is known of their servers, and look for those that are not ready."""
        panes = self._open
        for pane in panes:
            self.tell(pane)
        for server in {pane.here for pane in panes}:
            state = self._states.get(server)
            ready = state is not None and state.kind == "ready"
            if not ready and time.monotonic() - self._asked.get(server, 0.0) > _AGAIN:
                self.look(server)

    def tell(self, pane: "ConversationPane") -> None:
        """Tell a pane what is known of its server; look, if nothing is."""
        server = pane.here
        state = self._states.get(server)
        if state is None and server not in self._asked:
            self.look(server)
        if state != pane.server:
            pane.show_server(state)

    def look(self, server: "Server") -> None:
        """Look for a server now."""
        self._asked[server] = time.monotonic()
        self._screen.run_worker(partial(self._look, server), group=f"server-{server.address.id}", exclusive=True)

    async def _look(self, server: "Server") -> None:
        state = await server.state()
        self._asked[server] = time.monotonic()
        self._states[server] = state
        for pane in self._open:
            if pane.here is server and pane.server != state:
                pane.show_server(state)

    def use_demo(self, pane: "ConversationPane") -> None:
        """Talk to the built-in demo."""
        self.use(pane, HostAddress(id=DEMO_HOST_ID, url="", source="demo"))

    def use_named(self, pane: "ConversationPane", text: str) -> None:
        """Talk to the server that `text` names, as OLLAMA_HOST does."""
        from ollama_tui.config.hosts import find_address

        self.use(pane, find_address(text, self._screen.workspace.settings, source="remembered"))

    def use(self, pane: "ConversationPane", address: HostAddress) -> None:
        """Talk to another server in a pane, and at the next start."""
        self._screen.run_worker(partial(self._use, pane, address), group="use-host", exclusive=True)

    async def _use(self, pane: "ConversationPane", address: HostAddress) -> None:
        from ollama_tui.tui.pane import serving

        self._states.pop(self._screen.workspace.at(address), None)
        await serving.use(pane, address)
        self.look(pane.here)
        self._screen.take_focus()

    def start(self, pane: "ConversationPane") -> None:
        """Start `ollama serve`; it is found by the watch when it answers."""
        self._screen.run_worker(partial(self._start, pane.here), group="serve", exclusive=True)

    async def _start(self, server: "Server") -> None:
        try:
            await server.start()
        except Failure as failure:
            self._screen.program.warn(f"{failure.message} {failure.hint}")
        self.look(server)
