"""Transfers: models that are pulled, pushed or created; what did not end is noted, and offered again."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast

from ollama_tui.domain.event import Progress
from ollama_tui.domain.failure import Disconnected, Failure, HostFailure, LocalFailure
from ollama_tui.domain.host import Host, HostAddress
from ollama_tui.domain.identity import new_id, now
from ollama_tui.domain.model import same_model
from ollama_tui.domain.request import CreateRequest
from ollama_tui.services.pace import Pace
from ollama_tui.services.speed import Speed

if TYPE_CHECKING:
    from ollama_tui.services.workspace import Workspace

_log = logging.getLogger(__name__)

Kind = Literal["pull", "push", "create"]

_NOTE = "transfer."
_MOVING = ("pulling ", "pushing ")
"""The beginning of a status during which bytes have to come; while it verifies or writes, none do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferNote:
    """A transfer that did not end: enough to begin it again."""

    id: str
    kind: Kind
    name: str
    host_id: str
    url: str
    insecure: bool = False
    noted_at: int = 0
    progress: Progress = Progress(status="")  # noqa: RUF009 - frozen


class LiveTransfer:
    """A transfer of this run. Nobody is called: whoever wants to know looks."""

    def __init__(self, note: TransferNote, stream: Callable[[], AsyncGenerator[Progress, None]]) -> None:
        self.note = note
        self.progress = note.progress
        """How far it is, summed over the layers seen so far."""
        self.state: Literal["running", "stopped", "failed", "done"] = "running"
        self.failure: Failure | None = None
        self.retried = False
        """Whether it stood still for so long that it was begun again."""
        self.open_stream = stream
        self.pace = Speed()
        self.moved_at = time.monotonic()
        self.task: asyncio.Task[None] | None = None
        self.over = asyncio.Event()

    @property
    def id(self) -> str:
        """The same for as long as it takes, over restarts."""
        return self.note.id

    @property
    def kind(self) -> Kind:
        """What is done."""
        return self.note.kind

    @property
    def name(self) -> str:
        """The model's name."""
        return self.note.name

    @property
    def speed(self) -> float:
        """Bytes per second, over the last seconds."""
        return self.pace.bytes_per_second if self.state == "running" else 0.0

    @property
    def seconds_left(self) -> float | None:
        """For what is known of its size, at this speed; None while that cannot be told."""
        speed = self.speed
        if self.state != "running" or speed <= 0 or not self.progress.total:
            return None
        return max(0, self.progress.total - self.progress.completed) / speed

    async def stop(self) -> None:
        """Stop it; it can be resumed. Returns when it has stopped."""
        if self.task is not None and not self.over.is_set():
            self.task.cancel()
            await self.over.wait()

    async def wait(self) -> None:
        """Until it has ended, however it ended."""
        await self.over.wait()


class Transfers:
    """The transfers of a workspace."""

    def __init__(self, workspace: "Workspace", pace: Pace) -> None:
        self._workspace = workspace
        self._pace = pace
        self._lives: dict[str, LiveTransfer] = {}
        self._notes: dict[str, TransferNote] = {}

    async def recall(self) -> None:
        """Read the notes of earlier runs."""
        for key, value in (await self._workspace.state.all()).items():
            if key.startswith(_NOTE) and (note := _note_of(key.removeprefix(_NOTE), value)) is not None:
                self._notes[note.id] = note

    def all(self) -> tuple[LiveTransfer, ...]:
        """The transfers of this run, in the order of their beginning."""
        return tuple(self._lives.values())

    def resumable(self) -> tuple[TransferNote, ...]:
        """What an earlier run left, and what was stopped or failed in this one."""
        running = {live.id for live in self._lives.values() if live.state == "running"}
        return tuple(note for note in self._notes.values() if note.id not in running)

    def pull(self, model: str, *, insecure: bool = False, host: Host | None = None) -> LiveTransfer:
        """Fetch a model from the registry to a host, or the one in use; what is fetched there is not begun twice."""
        return self._begin("pull", model, insecure, host or self._workspace.host)

    def push(self, model: str, *, insecure: bool = False) -> LiveTransfer:
        """Publish a model."""
        return self._begin("push", model, insecure, self._workspace.host)

    def create(self, request: CreateRequest, host: Host | None = None) -> LiveTransfer:
        """Make a model. It is not resumable: what it is made of is not noted."""
        host = host or self._workspace.host
        note = self._new_note("create", request.model, host.address)
        return self._run(note, lambda: host.create(request))

    def resume(self, transfer_id: str) -> LiveTransfer:
        """Go on with a transfer that did not end, at its own host.

        Raises:
            KeyError: there is none of that id.
        """
        note = self._notes[transfer_id]
        host = self._workspace.host_at(note.host_id, note.url)
        return self._run(note, lambda: _open(host, note))

    async def forget(self, transfer_id: str) -> None:
        """Offer a transfer no more. What of it has come stays with the server, which tidies up by itself."""
        live = self._lives.pop(transfer_id, None)
        if live is not None:
            await live.stop()
        self._notes.pop(transfer_id, None)
        await self._workspace.state.set(f"{_NOTE}{transfer_id}", None)
        self._workspace.touch()

    async def aclose(self) -> None:
        """Stop what runs; the notes stay."""
        await asyncio.gather(*(live.stop() for live in self._lives.values()))

    def _begin(self, kind: Kind, model: str, insecure: bool, host: Host) -> LiveTransfer:
        for live in self._lives.values():
            same = live.kind == kind and same_model(live.name, model) and live.note.host_id == host.address.id
            if same and live.state == "running":
                return live
        note = next(
            (
                note
                for note in self._notes.values()
                if note.kind == kind and note.host_id == host.address.id and same_model(note.name, model)
            ),
            None,
        )
        note = replace(note or self._new_note(kind, model, host.address), insecure=insecure)
        return self._run(note, lambda: _open(host, note))

    def _new_note(self, kind: Kind, name: str, address: HostAddress) -> TransferNote:
        return TransferNote(id=new_id(), kind=kind, name=name, host_id=address.id, url=address.url, noted_at=now())

    def _run(self, note: TransferNote, stream: Callable[[], AsyncGenerator[Progress, None]]) -> LiveTransfer:
        live = LiveTransfer(note, stream)
        self._lives[note.id] = live
        live.task = asyncio.create_task(self._transfer(live))
        self._workspace.touch()
        return live

    async def _transfer(self, live: LiveTransfer) -> None:
        try:
            await self._note(live)
            await self._read_all(live)
            live.state = "done"
        except asyncio.CancelledError:
            live.state = "stopped"
        except Failure as failure:
            live.failure, live.state = failure, "failed"
        finally:
            if live.state == "running":
                live.state = "failed"
            try:
                await (self._done(live) if live.state == "done" else self._note(live))
            finally:
                self._workspace.touch()
                live.over.set()

    async def _read_all(self, live: LiveTransfer) -> None:
        """Read the stream to its end; once more from where it is, if it stands still for long."""
        try:
            await self._read(live)
        except _Stalled:
            live.retried = True
            try:
                await self._read(live)
            except _Stalled:
                raise Disconnected(detail=f"no byte in {self._pace.stall:.0f} s, twice") from None

    async def _read(self, live: LiveTransfer) -> None:
        live.moved_at = noted_at = time.monotonic()
        live.pace = Speed()
        reading = asyncio.ensure_future(self._follow(live))
        try:
            while not reading.done():
                await asyncio.wait({reading}, timeout=min(1.0, self._pace.stall / 4))
                moment = time.monotonic()
                if moment - live.moved_at >= self._pace.stall and live.progress.status.startswith(_MOVING):
                    raise _Stalled
                if moment - noted_at >= self._pace.note:
                    noted_at = moment
                    await self._note(live)
            reading.result()
        finally:
            reading.cancel()
            await asyncio.wait({reading})

    async def _follow(self, live: LiveTransfer) -> None:
        async with aclosing(live.open_stream()) as stream:
            async for progress in stream:
                before, live.progress = live.progress, progress
                live.pace.read(progress)
                if (progress.status, progress.completed) != (before.status, before.completed):
                    live.moved_at = time.monotonic()

    async def _note(self, live: LiveTransfer) -> None:
        """Note how far it is. A disk that fails does not stop a transfer: only the note is missing."""
        if live.kind == "create":
            return
        progress = live.progress
        live.note = replace(live.note, noted_at=now(), progress=replace(progress, layers=()))
        self._notes[live.id] = note = live.note
        value = {
            "kind": note.kind,
            "name": note.name,
            "host": note.host_id,
            "url": note.url,
            "insecure": note.insecure,
            "noted_at": note.noted_at,
            "status": progress.status,
            "total": progress.total,
            "completed": progress.completed,
        }
        try:
            await self._workspace.state.set(f"{_NOTE}{live.id}", value)
        except LocalFailure:
            _log.warning("a transfer could not be noted", exc_info=True)

    async def _done(self, live: LiveTransfer) -> None:
        self._notes.pop(live.id, None)
        try:
            await self._workspace.state.set(f"{_NOTE}{live.id}", None)
        except LocalFailure:
            _log.warning("a transfer's note could not be removed", exc_info=True)
        address = self._workspace.address_of(live.note.host_id)
        try:
            await self._workspace.at(address or self._workspace.address).models(refresh=True)
        except HostFailure:
            _log.debug("the models could not be listed", exc_info=True)


class _Stalled(Exception):
    """No byte came for long."""


def _open(host: Host, note: TransferNote) -> AsyncGenerator[Progress, None]:
    if note.kind == "push":
        return host.push(note.name, insecure=note.insecure)
    return host.pull(note.name, insecure=note.insecure)


def _note_of(transfer_id: str, value: object) -> TransferNote | None:
    """A note as it was stored, perhaps by another version; None if it cannot be used."""
    if not isinstance(value, dict):
        return None
    stored = cast("dict[str, object]", value)
    kind, name, host_id, url = (stored.get(key) for key in ("kind", "name", "host", "url"))
    if not (kind in ("pull", "push") and isinstance(name, str) and isinstance(host_id, str) and isinstance(url, str)):
        return None
    numbers = [
        number if isinstance(number := stored.get(key), int) else 0 for key in ("noted_at", "total", "completed")
    ]
    return TransferNote(
        id=transfer_id,
        kind="push" if kind == "push" else "pull",
        name=name,
        host_id=host_id,
        url=url,
        insecure=stored.get("insecure") is True,
        noted_at=numbers[0],
        progress=Progress(status=str(stored.get("status", "")), total=numbers[1], completed=numbers[2]),
    )
