"""What is known of a host's models: asked for now and then, kept when the host is gone."""

from collections.abc import Callable, Mapping
from time import monotonic

from ollama_tui.domain.failure import HostFailure
from ollama_tui.domain.host import Host
from ollama_tui.domain.model import LoadedModel, Model, same_model
from ollama_tui.services.server import Server


class ModelWatch:
    """The models of the host in use, those in memory, and whether it answers."""

    def __init__(self, server: Callable[[], Server]) -> None:
        """`server`: the one that is looked at now."""
        self._server = server
        self.host: Host = server().host
        self.version = ""
        self.models: tuple[Model, ...] | None = None
        """None before the first answer."""
        self.loaded: tuple[LoadedModel, ...] = ()
        self.failure: HostFailure | None = None
        """Why the host did not answer last; None if it did."""
        self.asking_since: float | None = None
        """Since when (monotonic seconds) the list is being asked for."""
        self.listed_at = 0.0
        self.looked_at = 0.0
        self.looking = False
        """Whether what is in memory is being asked for."""

    @property
    def by_name(self) -> Mapping[str, Model]:
        """The models by name."""
        return {model.name: model for model in self.models or ()}

    @property
    def moved(self) -> bool:
        """Whether another host is used since; it is taken over, and all that was known is forgotten."""
        host = self._server().host
        if host is self.host:
            return False
        self.host = host
        self.version, self.models, self.loaded, self.failure = "", None, (), None
        self.listed_at = self.looked_at = 0.0
        return True

    def find(self, name: str) -> Model | None:
        """The installed model of that name, however it is spelled."""
        return next((model for model in self.models or () if same_model(model.name, name)), None)

    def in_memory(self, name: str) -> LoadedModel | None:
        """The loaded model of that name."""
        return next((model for model in self.loaded if same_model(model.name, name)), None)

    async def list(self) -> None:
        """Ask for the installed models."""
        host, self.asking_since = self.host, monotonic()
        try:
            models = await self._server().models(refresh=True)
            if not self.version:
                self.version = await host.version()
        except HostFailure as failure:
            if host is self.host:
                self.failure = failure
        else:
            if host is self.host:
                self.models, self.failure = models, None
        finally:
            self.asking_since, self.listed_at = None, monotonic()

    async def look(self) -> bool:
        """Ask what is in memory, unless that is being asked; whether the host answers again after a failure."""
        if self.looking:
            return False
        host, self.looking = self.host, True
        try:
            loaded = await host.loaded()
        except HostFailure as failure:
            if host is self.host:
                self.failure, self.loaded = failure, ()
            return False
        finally:
            self.looking, self.looked_at = False, monotonic()
        if host is not self.host:
            return False
        self.loaded = loaded
        return self.failure is not None
