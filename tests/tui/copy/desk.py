"""A desk with the clipboard tools that a test puts on it: small scripts on a PATH of the test's own, really run."""

import os
from collections.abc import Mapping
from pathlib import Path

TAKES = 'cat > "{box}"'
WAITS = "exec sleep 30"


class Desk:
    """A folder of tools, and what each was given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "bin"
        self.folder.mkdir()
        for name in ("cat", "sh", "sleep"):
            found = next(Path(place, name) for place in os.defpath.split(":") if place and Path(place, name).exists())
            (self.folder / name).symlink_to(found)

    def put(self, name: str, body: str = TAKES) -> None:
        """A tool that runs `body`; `{box}` is where what it took is looked for, `{log}` what it was called with."""
        script = body.format(box=self.folder / f"{name}.box", log=self.folder / f"{name}.log")
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def box(self, name: str) -> bytes | None:
        """What a tool took; None if it was not run."""
        path = self.folder / f"{name}.box"
        return path.read_bytes() if path.exists() else None

    def surroundings(self, **more: str) -> Mapping[str, str]:
        """An environment in which only these tools are found."""
        return {"PATH": str(self.folder), "TERM": "xterm-256color", **more}


TMUX = """
echo "$@" >> "{log}"
case "$1" in
  -V) echo "tmux {version}" ;;
  show-environment) echo "{ssh}" ;;
  show-messages) echo " 192: Ms: {ms}" ;;
  show-options) echo "{set_clipboard}" ;;
  load-buffer) cat > "{box}" ;;
esac
"""


def tmux(
    version: str = "3.3a",
    ssh: str = "-SSH_CONNECTION",
    ms: str = "(string) \\\\033]52",
    set_clipboard: str = "external",
) -> str:
    """A tmux that answers what copying asks, in its words."""
    told = {"version": version, "ssh": ssh, "ms": ms, "set_clipboard": set_clipboard}
    body = TMUX
    for name, value in told.items():
        body = body.replace(f"{{{name}}}", value)
    return body
