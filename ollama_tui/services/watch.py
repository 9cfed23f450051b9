"""What can be known of a server that says nothing: whether the model is in memory, and whether the server is there."""

import asyncio
import time
from dataclasses import dataclass
from typing import Literal

from ollama_tui.domain.event import Waiting
from ollama_tui.domain.failure import Disconnected, HostFailure, NotOllama, Unreachable
from ollama_tui.domain.host import Host
from ollama_tui.domain.model import is_remote_name, same_model
from ollama_tui.services.live import LiveTurn
from ollama_tui.services.pace import Pace

_PROBES = 2
"""Failed probes in a row that mean that the host is gone."""


@dataclass(slots=True)
class _Silence:
    """How long nothing has come."""

    came: int
    since: float
    probed_at: float = 0.0
    failed: int = 0


async def watch(live: LiveTurn, host: Host, model: str, pace: Pace) -> Disconnected:
    """Tell `live` what it waits for; returns only when the host has vanished, with the failure that this is.

    A machine that slept, or a network that is gone, closes no connection: a server that was silent for long is asked
    for its version, which it answers at once whatever it computes.
    """
    silence = _Silence(len(live.events), time.monotonic())
    await asyncio.sleep(pace.first_look)
    while True:
        if live.first_token_at is None:
            await _look(live, host, model, pace)
        moment = time.monotonic()
        if len(live.events) != silence.came:
            silence = _Silence(len(live.events), moment)
        elif moment - silence.since >= pace.silence and moment - silence.probed_at >= pace.probe:
            silence.failed = 0 if await _answers(host, pace.probe_timeout) else silence.failed + 1
            silence.probed_at = time.monotonic()
            if silence.failed >= _PROBES:
                seconds = round(time.monotonic() - silence.since)
                return Disconnected(
                    detail=f"silent for {seconds} s, and its version is not answered", url=host.address.url
                )
        await asyncio.sleep(pace.look)


async def _look(live: LiveTurn, host: Host, model: str, pace: Pace) -> None:
    """Find out what the first token waits for. A remote model is never among those in memory here."""
    phase: Literal["loading", "reading", "unknown"] = "unknown"
    if not is_remote_name(model):
        try:
            loaded = await asyncio.wait_for(host.loaded(), pace.look_timeout)
            phase = "reading" if any(same_model(one.name, model) for one in loaded) else "loading"
        except (HostFailure, TimeoutError):
            phase = "unknown"
    if live.first_token_at is None and not live.done and (live.waiting is None or live.waiting.phase != phase):
        live.waiting = Waiting(phase)


async def _answers(host: Host, timeout: float) -> bool:
    try:
        await asyncio.wait_for(host.version(), timeout)
    except (Unreachable, Disconnected, NotOllama, TimeoutError):
        return False  # NotOllama: another network has somebody else at its address
    except HostFailure:
        return True
    return True
