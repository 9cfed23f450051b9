"""The workspace's transfers as lines for the list, and what the list asks of them."""

from collections.abc import Callable

from ollama_tui.domain.host import Host
from ollama_tui.domain.model import same_model
from ollama_tui.services.transfer import LiveTransfer, TransferNote, Transfers
from ollama_tui.tui.widgets.transfer_list import TransferLine


class TransferLines:
    """Looks at the transfers; remembers what has been seen to end."""

    def __init__(self, transfers: Transfers, host: Callable[[], Host]) -> None:
        """`host`: where a pull goes."""
        self._transfers = transfers
        self._host = host
        self._running: set[str] = set()
        self.newly_ended: tuple[LiveTransfer, ...] = ()
        """Those that ended, well or not, between the last two looks."""

    @property
    def running(self) -> tuple[str, ...]:
        """The ids of those that run."""
        return tuple(live.id for live in self._transfers.all() if live.state == "running")

    def look(self) -> list[TransferLine]:
        """The lines: what an earlier run left, then this run's in their order."""
        lives = self._transfers.all()
        begun = {live.id for live in lives}
        left = [_left(note) for note in self._transfers.resumable() if note.id not in begun]
        self.newly_ended = tuple(live for live in lives if live.id in self._running and live.state != "running")
        self._running = {live.id for live in lives if live.state == "running"}
        return [*left, *(_line(live) for live in lives)]

    async def pull(self, name: str, *, insecure: bool) -> None:
        """Fetch a model; the line of a pull of it that ended well is put away."""
        for live in self._transfers.all():
            if live.state == "done" and same_model(live.name, name):
                await self._transfers.forget(live.id)
        self._running.add(self._transfers.pull(name, insecure=insecure, host=self._host()).id)

    async def perform(self, id: str, verb: str) -> None:  # noqa: A002
        """Stop, resume or forget a transfer."""
        match verb:
            case "stop":
                for live in self._transfers.all():
                    if live.id == id:
                        await live.stop()
            case "resume" if any(note.id == id for note in self._transfers.resumable()):
                self._running.add(self._transfers.resume(id).id)
            case "forget":
                await self._transfers.forget(id)
            case _:
                pass


def _line(live: LiveTransfer) -> TransferLine:
    failure = live.failure
    return TransferLine(
        id=live.id,
        name=live.name,
        kind=live.kind,
        state=live.state,
        progress=live.progress,
        speed=live.speed,
        seconds_left=live.seconds_left,
        problem=failure.message if failure else "",
        hint=failure.hint if failure else "",
    )


def _left(note: TransferNote) -> TransferLine:
    return TransferLine(
        id=note.id, name=note.name, kind=note.kind, state="stopped", progress=note.progress, earlier=True
    )
