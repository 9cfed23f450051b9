"""tmux: its own buffer, what it hands on to the terminal around it, and what can be asked of it."""

import re
from collections.abc import Mapping

from ollama_tui.tui.clipboard.tool import Tool, answer

_HANDS_ON = (3, 2)
"""The version from which `load-buffer -w` hands the text on to the terminal."""


async def is_remote() -> bool:
    """Whether who looks at tmux now came over ssh: its session knows, what the program began with may be old."""
    return (await answer(("tmux", "show-environment", "SSH_CONNECTION"))).startswith("SSH_CONNECTION=")


async def can_hand_on() -> bool:
    """Whether this tmux can hand a buffer on to its terminal."""
    found = re.search(r"(\d+)\.(\d+)", await answer(("tmux", "-V")))
    return found is None or (int(found[1]), int(found[2])) >= _HANDS_ON  # "tmux master", "openbsd-7.4" are newer


async def terminal_takes() -> bool:
    """Whether a terminal around tmux takes a clipboard; False only where tmux has no sequence for any of them.

    `#{client_termfeatures}` is no answer: xterm takes one by its terminfo, without the feature (tmux 3.3a).
    """
    known = [line for line in (await answer(("tmux", "show-messages", "-T"))).splitlines() if " Ms: " in line]
    return not known or any("[missing]" not in line for line in known)


async def lets_through() -> bool:
    """Whether tmux passes on what programs in it send to the terminal's clipboard (`set-clipboard on`)."""
    return await answer(("tmux", "show-options", "-sv", "set-clipboard")) == "on"


def loader(*, hand_on: bool) -> Tool:
    """The command that takes the text into tmux's buffer, and on to the terminal."""
    return Tool(("tmux", "load-buffer", *(["-w"] if hand_on else []), "-"))


def is_around(environment: Mapping[str, str]) -> bool:
    """Whether the program runs in tmux."""
    return bool(environment.get("TMUX"))
