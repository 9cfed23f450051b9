"""What to do about a failure, in commands: the words of `domain.failure` are those of the screen."""

import asyncio
import difflib
from typing import TYPE_CHECKING

from ollama_tui.domain.failure import Failure, ModelMissing, Unreachable
from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import one_line

if TYPE_CHECKING:
    from ollama_tui.cli.invocation import Invocation

_PATIENCE = 2.0
"""Seconds for which a server may think about what models it has."""
_LIKE = 0.6
"""How alike a name must be to be offered, from 0 to 1."""


def advice(failure: Failure, invocation: "Invocation | None") -> str:
    """What to do next; for a model that is not there, its server is asked for names like it."""
    match failure:
        case Unreachable():
            return _(
                "`ollama-tui serve` starts one here; --host names another, and --demo takes the built-in one "
                "(both before the command)."
            )
        case ModelMissing():
            name = str(failure.params.get("model", ""))
            words = _("`ollama-tui list` shows what is installed, `ollama-tui pull {model}` fetches it.")
            told = words.format(model=one_line(name))
            if alike := _alike(name, invocation):
                told = _("Did you mean {names}?").format(names=_(" or ").join(map(one_line, alike))) + f" {told}"
            return told
        case _:
            return failure.hint


def _alike(name: str, invocation: "Invocation | None") -> list[str]:
    """Up to two installed models whose names are nearly this one, with or without their tags."""
    if invocation is None:
        return []
    try:
        installed = asyncio.run(_names(invocation))
    except (Failure, TimeoutError, KeyboardInterrupt):  # what is wrong was told: no more than help is missing
        return []
    whole = {model.removesuffix(":latest"): model for model in installed}
    near = difflib.get_close_matches(name.casefold(), [*whole], 2, _LIKE)
    if not near:
        near = [model for model in whole if model.partition(":")[0] == name.partition(":")[0]][:2]
    return near


async def _names(invocation: "Invocation") -> list[str]:
    host = invocation.connect()
    try:
        async with asyncio.timeout(_PATIENCE):
            return [model.name for model in await host.models()]
    finally:
        await host.aclose()
