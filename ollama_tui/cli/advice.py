"""What to do about a failure, in commands: the words of `domain.failure` are those of the screen."""

import asyncio
from typing import TYPE_CHECKING

from ollama_tui.domain.failure import (
    Disconnected,
    Failure,
    HostFailure,
    ModelMissing,
    NotEncrypted,
    PlainRegistry,
    ProxyFailed,
    ServerFailed,
    Unreachable,
    Untrusted,
)
from ollama_tui.domain.i18n import _, mark
from ollama_tui.domain.model_name import did_you_mean, near_names
from ollama_tui.domain.text import one_line

if TYPE_CHECKING:
    from ollama_tui.cli.invocation import Invocation
    from ollama_tui.domain.host import Host

RESUMED = mark("What was fetched is kept by the server: pulling again goes on from there.")

_PATIENCE = 2.0
"""Seconds for which a server may think about what models it has."""


def advice(failure: Failure, invocation: "Invocation | None") -> str:
    """What to do next; for a model that is not there, its server is asked for names like it."""
    match failure:
        case Untrusted() | NotEncrypted() | ProxyFailed():
            return failure.hint
        case Unreachable():
            return _(
                "`ollama-tui serve` starts one here; --host names another, and --demo takes the built-in one "
                "(both before the command)."
            )
        case ModelMissing():
            name = str(failure.params.get("model", ""))
            words = _("`ollama-tui list` shows what is installed, `ollama-tui pull {model}` fetches it.")
            return f"{did_you_mean(_alike_there(name, invocation))} {words.format(model=one_line(name))}".strip()
        case Disconnected():
            return _("Try again.")
        case PlainRegistry():
            return _("If you trust the network to it, pull again with --insecure.")
        case ServerFailed():
            return _("Its log may say more.")
        case _:
            return failure.hint


async def pull_advice(failure: HostFailure, host: "Host", name: str, *, begun: bool) -> str:
    """The same for a pull that failed: perhaps another name was meant, which is installed already.

    `begun`: something was fetched.
    """
    if isinstance(failure, Unreachable):
        return advice(failure, None)
    if begun and isinstance(failure, Disconnected | ServerFailed):
        return _(RESUMED)
    return f"{did_you_mean(await alike(host, name))} {advice(failure, None)}".strip()


async def alike(host: "Host", name: str) -> list[str]:
    """Up to two installed models whose names are nearly this one, with or without their tags."""
    try:
        async with asyncio.timeout(_PATIENCE):
            return near_names(name, [model.name for model in await host.models()])
    except (Failure, TimeoutError):  # what is wrong was told: no more than help is missing
        return []


def _alike_there(name: str, invocation: "Invocation | None") -> list[str]:
    async def ask(host: "Host") -> list[str]:
        try:
            return await alike(host, name)
        finally:
            await host.aclose()

    if invocation is None:
        return []
    try:
        return asyncio.run(ask(invocation.connect(quietly=True)))
    except KeyboardInterrupt:
        return []
