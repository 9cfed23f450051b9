"""The workspace: the opened history and hosts, and what runs on them. Made once, and handed to whoever needs it."""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from ollama_tui.domain.conversation import Conversation, Setup, TitleSource
from ollama_tui.domain.event import Notice
from ollama_tui.domain.failure import HostFailure, LocalFailure
from ollama_tui.domain.host import DEMO_HOST_ID, Host, HostAddress
from ollama_tui.domain.identity import new_id
from ollama_tui.domain.model import LoadedModel, Model, ModelRef
from ollama_tui.services.context.contexts import Contexts
from ollama_tui.services.inventory import Inventory, ServerState
from ollama_tui.services.notice import StandingNotices
from ollama_tui.services.pace import Pace
from ollama_tui.services.presets import Presets
from ollama_tui.services.recall import Drafts
from ollama_tui.services.remembered import HOST
from ollama_tui.services.search import Search
from ollama_tui.services.server import Server
from ollama_tui.services.server_process import ServerProcess
from ollama_tui.services.tokenizer.tokenizers import Tokenizers
from ollama_tui.services.transfer import Transfers
from ollama_tui.services.turn import Turns
from ollama_tui.services.unsent_files import UnsentFiles
from ollama_tui.storage.database import Database
from ollama_tui.storage.history import History
from ollama_tui.storage.state import State

if TYPE_CHECKING:
    from ollama_tui.config.paths import Paths
    from ollama_tui.config.settings import Settings

__all__ = ["ServerState", "Workspace"]

_log = logging.getLogger(__name__)

_MODELS = "model.last"


class Workspace:
    """What is open. Use `open`, and `aclose` at the end: it saves what runs."""

    def __init__(
        self,
        *,
        settings: "Settings",
        paths: "Paths",
        environment: Mapping[str, str],
        address: HostAddress,
        databases: tuple[Database, Database],
        instance_id: str,
        pace: Pace,
    ) -> None:
        self.settings = settings
        self.paths = paths
        self.environment = environment
        self._database, self._memory = databases
        self.history = History(self._database, instance_id)
        self.scratch = History(self._memory, instance_id)
        """Temporary conversations: in memory, gone with the workspace."""
        self.state = State(self._database)
        self.presets = Presets(paths.presets, self.state)
        self.standing = StandingNotices()
        self.tokenizers = Tokenizers(self, paths.tokenizers if self._database.path is not None else None)
        self.contexts = Contexts(self)
        self.turns = Turns(self, pace)
        self.transfers = Transfers(self, pace)
        self.drafts = Drafts(self, pace)
        self.search = Search(self)
        self.unsent_files = UnsentFiles(paths.unsent_files if self._database.path is not None else None, self.history)
        self.server_process = ServerProcess(paths.server_log, environment)
        self._pace = pace
        self._address = address
        self._servers: dict[str, Server] = {}
        self._met: dict[str, HostAddress] = {}
        """Every address used since the start, by id."""
        self._changes = 0
        self._changes_elsewhere = 0
        self._temporary: set[str] = set()
        self._ticking: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls,
        settings: "Settings",
        paths: "Paths",
        environment: Mapping[str, str],
        address: HostAddress,
        *,
        pace: Pace | None = None,
        keep: bool = True,
    ) -> "Workspace":
        """Open the database and read what is remembered; the server is not asked for anything yet.

        An `address` that is only the default gives way to the server used last. Without `keep` no file is opened.

        Raises:
            LocalFailure: the database cannot be opened.
        """
        file = paths.database if keep else None
        database, memory = await asyncio.gather(Database.open(file), Database.open(None))
        workspace = cls(
            settings=settings,
            paths=paths,
            environment=environment,
            address=address,
            databases=(database, memory),
            instance_id=new_id(),
            pace=pace or Pace(),
        )
        await workspace._start()
        return workspace

    async def _start(self) -> None:
        if self._address.source == "default":
            remembered = await self.state.get(HOST)
            if isinstance(remembered, str) and remembered:
                from ollama_tui.config.hosts import find_address

                self._address = find_address(remembered, self.settings, source="remembered")
        for notice in self._database.opened_with:
            self.standing.uphold("opening", notice)
        await self.history.adopt_orphans()
        self._ticking = asyncio.create_task(self._tick())

    # The conversations

    def history_of(self, conversation: Conversation) -> History:
        """Where a conversation is kept."""
        return self.scratch if conversation.temporary else self.history

    async def conversation(self, conversation_id: str) -> Conversation | None:
        """A conversation, wherever it is kept."""
        return await self.scratch.conversation(conversation_id) or await self.history.conversation(conversation_id)

    async def prompts(self, text: str = "", limit: int = 50) -> Sequence[str]:
        """Earlier prompts, newest first, each once; those that contain `text`."""
        found = await (self.history.search_prompts(text, limit) if text else self.history.prompts(limit))
        return tuple(prompt.text for prompt in found)

    async def erase(self) -> None:
        """Delete all conversations, presets and all that is remembered."""
        await self.turns.stop_all(reason="exit")
        self.drafts.forget()
        await self.history.delete_everything()
        await self.scratch.delete_everything()
        await self.presets.erase()
        await self.unsent_files.purge(whatever=True)
        self.touch()

    @property
    def notices(self) -> list[Notice]:
        """The warnings that stand."""
        return self.standing.all()

    @property
    def version(self) -> int:
        """Grows whenever something changed that a view of conversations or models may show."""
        return self.version_here + self._changes_elsewhere

    @property
    def version_here(self) -> int:
        """As `version`, but for what others wrote into the database."""
        return self._changes + self.standing.version

    def touch(self) -> None:
        """Something changed."""
        self._changes += 1

    # The servers

    @property
    def address(self) -> HostAddress:
        """The server in use where nothing else is said."""
        return self._address

    @property
    def host(self) -> Host:
        """The server in use. Nothing is asked of it before it is called."""
        return self.here.host

    @property
    def here(self) -> Server:
        """The server in use, with what is known of it."""
        return self.at(self._address)

    def at(self, address: HostAddress) -> Server:
        """A server, whichever is in use; from now on it is known by its id."""
        self._met[address.id] = address
        server = self._servers.get(address.id)
        if server is None or server.address.url != address.url:
            from ollama_tui.client.host import connect

            server = Server(self, Inventory(connect(address, self.environment)), self._pace)
            self._servers[address.id] = server
        return server

    @property
    def addresses(self) -> tuple[HostAddress, ...]:
        """The servers to choose from."""
        from ollama_tui.config.hosts import known_addresses

        known = {address.id: address for address in known_addresses(self._address, self.settings)}
        return tuple({**known, **{key: address for key, address in self._met.items() if key not in known}}.values())

    def address_of(self, host_id: str) -> HostAddress | None:
        """Where the server of an id is; None if it is not known here."""
        if host_id == self._address.id:
            return self._address
        return next((address for address in self.addresses if address.id == host_id), None)

    def host_at(self, host_id: str, url: str) -> Host:
        """The host of an id, at `url` unless another address is known for it."""
        return self.at(self.address_of(host_id) or HostAddress(id=host_id, url=url, source="remembered")).host

    async def use_host(self, address: HostAddress) -> None:
        """Use another server from now on, also at the next start. What runs on the one before goes on there."""
        self.at(self._address)
        self._address = address
        if address.id != DEMO_HOST_ID:
            name = address.id if address.id in self.settings.hosts else address.url
            await self.state.set(HOST, name)
        self.touch()

    def server_of(self, ref: ModelRef) -> Server:
        """The server of a model: by its id if that is known, else the one in use."""
        return self.at((self.address_of(ref.host_id) if ref.host_id else None) or self._address)

    def host_of(self, ref: ModelRef) -> Host:
        """The host of a model: by its id if that is known, else the one in use."""
        return self.server_of(ref).host

    async def server_state(self) -> ServerState:
        """Whether the server in use is there, and with what."""
        return await self.here.state()

    def server_log(self) -> str:
        """The last lines that a server started from here printed."""
        return self.server_process.log_tail()

    async def version_of(self, host: Host) -> str:
        """A host's version; empty if it does not tell."""
        try:
            return await self.at(host.address).inventory.version()
        except HostFailure:
            return ""

    # The models: of the server in use, where nothing else is said

    async def models(self, refresh: bool = False) -> tuple[Model, ...]:
        """The installed models, newest first."""
        return await self.here.models(refresh=refresh)

    async def first_setup(self, model: ModelRef | None = None) -> Setup:
        """How a new conversation asks: with `model`, else the configured one, else the one used last, else the newest.

        Raises:
            HostFailure: no model is named, and the server does not tell which it has.
        """
        return await self.here.first_setup(model)

    async def remember_model(self, ref: ModelRef | None) -> None:
        """Begin new conversations at its host with this model."""
        with suppress(LocalFailure):
            known = await self._last_models()
            if ref is not None and known.get(ref.host_id) != ref.name:
                await self.state.set(_MODELS, {**known, ref.host_id: ref.name})

    async def last_model(self, host_id: str) -> str:
        """The model used last at a host; empty if none was."""
        name = (await self._last_models()).get(host_id)
        return name if isinstance(name, str) else ""

    async def _last_models(self) -> dict[str, object]:
        """The model used last, by host."""
        remembered = await self.state.get(_MODELS)
        return cast("dict[str, object]", remembered) if isinstance(remembered, dict) else {}

    def context_of(self, ref: ModelRef) -> int:
        """The context that was allocated for a model when the models in memory were asked for last; 0 if unknown."""
        return self.inventory_of(ref).context_of(ref.name)

    def inventory_of(self, ref: ModelRef) -> Inventory:
        """What is known of a model's server."""
        return self.server_of(ref).inventory

    async def refresh_loaded(self) -> tuple[LoadedModel, ...]:
        """The models in memory; what they were before if the server does not answer."""
        return await self.here.refresh_loaded()

    def ref_of(self, model: Model) -> ModelRef:
        """A model of the server in use, as a conversation keeps it."""
        return self.here.ref_of(model)

    async def load(self, setup: Setup) -> None:
        """Bring a conversation's model into memory, at its own server."""
        if setup.model is not None:
            await self.server_of(setup.model).load(setup)

    async def title_by_model(self, conversation: Conversation) -> Conversation:
        """The conversation under a title that its model made; unchanged under one that the person gave.

        Raises:
            HostFailure: the model could not be asked.
        """
        from ollama_tui.services.title import model_title

        ref = conversation.setup.model
        messages = await self.turns.branch(conversation)
        if ref is None or not messages or conversation.title_source is TitleSource.PERSON:
            return conversation
        host, ref = await self.turns.allowed(ref)
        guard = self.settings.guard_context
        title = await model_title(host, ref.name, messages, setup=conversation.setup, guard_context=guard)
        if not title:
            return conversation
        await self.history_of(conversation).rename(conversation.id, title, TitleSource.MODEL)
        self.touch()
        return await self.conversation(conversation.id) or conversation

    # The end, and what goes on until then

    async def aclose(self) -> None:
        """Save what runs and close, within a few seconds. A second call does nothing."""
        if self._ticking is None:
            return
        self._ticking.cancel()
        self._ticking = None
        try:
            await asyncio.wait_for(self._settle(), self._pace.leave + 1.0)
        except TimeoutError:
            _log.warning("not all could be saved in time")
        self.server_process.stop() if self.settings.stop_server else self.server_process.leave()

    async def _settle(self) -> None:
        transfers = asyncio.create_task(self.transfers.aclose())
        await self.search.aclose()
        await self.turns.aclose()
        await self.drafts.flush()
        await self.tokenizers.aclose()
        await asyncio.wait({transfers}, timeout=0.5)
        hosts = [asyncio.create_task(server.host.aclose()) for server in self._servers.values()]
        if hosts:
            await asyncio.wait(hosts, timeout=0.5)
        await asyncio.gather(self._database.close(), self._memory.close())

    async def _tick(self) -> None:
        """Look about each second at what others changed, and say that this instance lives while it writes."""
        beaten = adopted = time.monotonic()
        await self._once()
        while True:
            await asyncio.sleep(self._pace.tick)
            moment = time.monotonic()
            try:
                if await self._database.changed_elsewhere():
                    self._changes_elsewhere += 1
                if self.turns.all_live() and moment - beaten >= self._pace.beat:
                    beaten = moment
                    await self.history.beat()
                if moment - adopted >= self._pace.adopt:
                    adopted = moment
                    if await self.history.adopt_orphans():
                        self.touch()
            except LocalFailure:
                _log.debug("the database could not be looked at", exc_info=True)

    async def _once(self) -> None:
        """What is done once after the start, off the way of the first picture."""
        try:
            await self.transfers.recall()
            if self._database.unclean and not await self._database.check():
                for notice in self._database.opened_with:
                    self.standing.uphold("opening", notice)
            await self.history.purge_due()
            await self.history.refresh_search()
            await self.unsent_files.purge()
        except LocalFailure:
            _log.warning("the database could not be tidied", exc_info=True)
        try:
            await self.presets.purge_due()
        except LocalFailure:
            _log.warning("deleted presets could not be removed", exc_info=True)
        self.touch()
