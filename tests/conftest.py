"""Every test starts as on a fresh machine: an empty home, no settings of the developer's, nothing beyond loopback."""

import asyncio
import socket
import time
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import textual.app
import textual.pilot

from ollama_tui.domain.i18n import set_language

hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)  # the same cases in every run
hypothesis.settings.load_profile("steady")

_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


@pytest.fixture(autouse=True)
def fresh_machine(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home; what the developer's shell says of Ollama, editors and proxies is forgotten."""
    import os

    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in list(os.environ):
        if name.startswith(("OLLAMA_", "XDG_", "TEXTUAL")) and not name.startswith("OLLAMA_TUI_LIVE"):
            monkeypatch.delenv(name)
    for name in ("EDITOR", "VISUAL", "NO_COLOR", "TMUX", "SSH_CONNECTION", "DISPLAY", "WAYLAND_DISPLAY", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    set_language("en")
    return home


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anywhere but this machine fails the test that makes it."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
            raise AssertionError(f"a test reached for the network: {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


async def _wait_for_idle(min_sleep: float = 0.0, max_sleep: float = 0.25) -> None:
    """Wait until this process does little: a quarter of five milliseconds.

    Textual's own looks every 20 ms for a twentieth of that, and gives up after a second: while an answer streams, each
    key that its pilot presses would take two.
    """
    began = time.monotonic()
    while True:
        busy = time.process_time()
        await asyncio.sleep(0.005)
        busy = time.process_time() - busy
        waited = time.monotonic() - began
        if waited >= max_sleep or (waited > min_sleep and busy < 0.00125):
            return


textual.app.wait_for_idle = textual.pilot.wait_for_idle = _wait_for_idle  # pyright: ignore[reportPrivateImportUsage]
