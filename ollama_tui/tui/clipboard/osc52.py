"""OSC 52: asking the terminal itself to take a text. It reaches the person's machine over ssh, and never answers."""

import base64
from collections.abc import Mapping

SAFE = 74_994
"""Bytes of text that terminals take without cutting: 100,000 of base64, with the sequence around them."""

_PIECE = 240
"""Characters that GNU screen passes through at a time."""


def sequence(text: str, environment: Mapping[str, str]) -> str:
    """What to write to the terminal for it to take `text`; wrapped for GNU screen where the program runs in it."""
    code = f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"
    if environment.get("STY") and not environment.get("TMUX"):
        return "".join(f"\x1bP{code[at : at + _PIECE]}\x1b\\" for at in range(0, len(code), _PIECE))
    return code


def is_too_long(text: str) -> bool:
    """Whether many terminals would cut or ignore it."""
    return len(text.encode()) > SAFE


def can_be_taken(environment: Mapping[str, str]) -> bool:
    """Whether there is a clipboard behind the terminal at all: the Linux console and a dumb one have none."""
    return environment.get("TERM") not in ("linux", "dumb", "vt100", "vt220")
