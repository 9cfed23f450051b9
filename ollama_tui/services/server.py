"""One server as the program uses it: what it has, what is in its memory, and how a new conversation asks there."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.failure import HostFailure
from ollama_tui.domain.host import Host, HostAddress
from ollama_tui.domain.model import LoadedModel, Model, ModelRef, canonical_name
from ollama_tui.services.inventory import Inventory, ServerState
from ollama_tui.services.pace import Pace

if TYPE_CHECKING:
    from ollama_tui.services.workspace import Workspace


class Server:
    """A host of the workspace, as `Workspace.at` gives it. Nothing is asked of it before it is called."""

    def __init__(self, workspace: "Workspace", inventory: Inventory, pace: Pace) -> None:
        self._workspace = workspace
        self.inventory = inventory
        self._pace = pace

    @property
    def host(self) -> Host:
        """What is called."""
        return self.inventory.host

    @property
    def address(self) -> HostAddress:
        """Where it is."""
        return self.inventory.host.address

    async def state(self) -> ServerState:
        """Whether it is there, and with what."""
        before = self.inventory.known_models
        state = await self.inventory.state()
        if state.models != before:
            self._workspace.touch()
        return state

    async def start(self) -> None:
        """Start `ollama serve` at this address.

        Raises:
            LocalFailure: it is not installed, or does not start.
        """
        await self._workspace.server_process.start(self.address, self.host)

    async def models(self, refresh: bool = False) -> tuple[Model, ...]:
        """The installed models, newest first."""
        before = self.inventory.known_models
        models = await self.inventory.models(refresh=refresh)
        if models != before:
            self._workspace.touch()
        return models

    async def find_model(self, name: str) -> Model | None:
        """What it tells of an installed model; None if it does not answer soon, or has none."""
        if self.inventory.known_models is None:
            try:
                await asyncio.wait_for(self.inventory.models(), self._pace.look_timeout)
            except (HostFailure, TimeoutError):
                return None
        return self.inventory.known(name)

    async def first_setup(self, model: ModelRef | None = None) -> Setup:
        """How a new conversation asks: as it is configured, under the default preset of its model if that has one.

        The model is `model`, else the configured one, else the one used last, else the newest local one.

        Raises:
            HostFailure: no model is named, and the server does not tell which it has.
        """
        settings = self._workspace.settings
        setup = Setup(system=settings.system, options=settings.options, model=model or await self._first_model())
        return await self._workspace.presets.begin(setup, settings.options)

    async def _first_model(self) -> ModelRef | None:
        settings = self._workspace.settings
        if settings.model:
            return ModelRef(host_id=self.address.id, name=canonical_name(settings.model))
        models = await self.models()
        last = await self._workspace.last_model(self.address.id)
        fitting = [model for model in models if model.can_chat and not model.is_remote]
        newest = max(fitting, key=lambda model: model.modified_at, default=None)
        chosen = next((model for model in fitting if model.name == last), newest)
        return self.ref_of(chosen) if chosen is not None else None

    def ref_of(self, model: Model) -> ModelRef:
        """One of its models, as a conversation keeps it."""
        return ModelRef(host_id=self.address.id, name=model.name, digest=model.digest)

    async def refresh_loaded(self) -> tuple[LoadedModel, ...]:
        """The models in memory; what they were before if the server does not answer."""
        with suppress(HostFailure, TimeoutError):
            return await asyncio.wait_for(self.inventory.refresh_loaded(), self._pace.look_timeout)
        return self.inventory.loaded

    async def load(self, setup: Setup) -> None:
        """Bring a conversation's model into memory exactly as its questions will ask for it: else it loads twice."""
        if setup.model is not None:
            guard = False if self._workspace.settings.guard_context else None
            await self.host.load(setup.model.name, options=setup.options, keep_alive=setup.keep_alive, shift=guard)
            await self.refresh_loaded()

    async def unload(self, name: str) -> None:
        """Ask for a model to leave memory."""
        await self.host.unload(name)
        await self.refresh_loaded()

    async def copy(self, source: str, destination: str) -> None:
        """Give a model a second name."""
        await self.host.copy(source, destination)
        await self.models(refresh=True)

    async def delete(self, name: str) -> None:
        """Remove a model; one that is in memory leaves it first, which the server does not see to."""
        with suppress(HostFailure):
            await self.host.unload(name)
        await self.host.delete(name)
        await self.models(refresh=True)
