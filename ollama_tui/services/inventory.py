"""What is known of one server: its version, its models, those in memory; asked once, and again when it may differ."""

import asyncio
from dataclasses import dataclass
from typing import Literal

from ollama_tui.domain.failure import HostFailure, Unreachable
from ollama_tui.domain.host import Host
from ollama_tui.domain.model import LoadedModel, Model, same_model


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerState:
    """Whether a server can be talked to, and what it has."""

    kind: Literal["ready", "absent", "strange", "empty"]
    """`absent`: nothing answers; `strange`: something does, but not as Ollama or not to us; `empty`: no models."""
    version: str = ""
    models: tuple[Model, ...] = ()
    failure: HostFailure | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ServerState) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        failure = self.failure
        return (
            self.kind,
            self.version,
            self.models,
            (failure.code, tuple(sorted(failure.params.items()))) if failure else None,
        )


class Inventory:
    """One host's inventory."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.loaded: tuple[LoadedModel, ...] = ()
        """The models in memory, as they were last asked for."""
        self._version = ""
        self._models: tuple[Model, ...] | None = None

    async def state(self) -> ServerState:
        """How the server is now. Never raises: a failure is part of the answer."""
        try:
            version, models = await asyncio.gather(self.version(refresh=True), self.models(refresh=True))
        except Unreachable as failure:
            self.forget()
            nobody = type(failure) is Unreachable  # and not somebody who cannot be spoken to
            return ServerState(kind="absent" if nobody else "strange", failure=failure)
        except HostFailure as failure:
            self.forget()
            return ServerState(kind="strange", failure=failure)
        return ServerState(kind="ready" if models else "empty", version=version, models=models)

    async def version(self, *, refresh: bool = False) -> str:
        """The server's version."""
        if refresh or not self._version:
            self._version = await self.host.version()
        return self._version

    async def models(self, *, refresh: bool = False) -> tuple[Model, ...]:
        """The installed models, newest first."""
        if refresh or self._models is None:
            self._models = await self.host.models()
        return self._models

    async def refresh_loaded(self) -> tuple[LoadedModel, ...]:
        """Ask for the models in memory."""
        self.loaded = await self.host.loaded()
        return self.loaded

    def known(self, name: str) -> Model | None:
        """An installed model, if the models were asked for."""
        return next((model for model in self._models or () if same_model(model.name, name)), None)

    @property
    def known_models(self) -> tuple[Model, ...] | None:
        """The installed models, as they were last asked for; None if they were not."""
        return self._models

    def context_of(self, name: str) -> int:
        """The context that was allocated for a model in memory, in tokens; 0 if unknown."""
        return next((model.context_length for model in self.loaded if same_model(model.name, name)), 0)

    def forget(self) -> None:
        """Ask again next time."""
        self._models = None
        self._version = ""
