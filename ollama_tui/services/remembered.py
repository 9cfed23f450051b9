"""What the program remembers of itself, for those who need no workspace."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ollama_tui.config.paths import Paths

HOST = "host.last"
"""The server used last: its name among the settings' hosts, or its address."""


def last_host(paths: "Paths") -> str:
    """The server used last; empty if there was none."""
    if not paths.database.exists():
        return ""
    from ollama_tui.storage.glance import glance

    value = glance(paths.database, HOST)
    return value if isinstance(value, str) else ""
