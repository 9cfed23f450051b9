"""How one answer reaches the disk: with its question before anything is sent, then piece by piece, then its end."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ollama_tui.domain.failure import LocalFailure
from ollama_tui.domain.message import Message
from ollama_tui.services.live import LiveTurn, joined
from ollama_tui.services.notice import StandingNotices, not_saved

if TYPE_CHECKING:
    from ollama_tui.storage.history import History


class Ledger:
    """The account of what of a turn is on the disk. A disk that fails stops nothing: it is told, and tried again."""

    def __init__(
        self,
        history: "History",
        live: LiveTurn,
        *,
        files: Mapping[str, bytes],
        notices: StandingNotices,
        earlier: "Ledger | None",
    ) -> None:
        self._history = history
        self._live = live
        self._begun_as = live.answer
        self._files = files
        self._notices = notices
        self._earlier = earlier if earlier is not None and not earlier.saved else None
        self._lock = asyncio.Lock()
        self.begun = False
        """Whether the question and the answer's beginning are on the disk."""
        self._kept = live.carried
        self._final: Message | None = None
        self._failure: LocalFailure | None = None
        self.saved = False
        """Whether the end is on the disk too."""

    @property
    def live(self) -> LiveTurn:
        """The turn it keeps."""
        return self._live

    @property
    def failure(self) -> LocalFailure | None:
        """Why it could not be brought to the disk when that was tried last."""
        return self._failure

    @property
    def earlier(self) -> "Ledger | None":
        """The account of the turn before in the same conversation, while that is not on the disk either."""
        return self._earlier

    def close(self, final: Message) -> None:
        """From now on, `final` is what is to be saved."""
        self._final = final

    async def flush(self) -> bool:
        """Bring to the disk what is not there yet. False if that cannot be done now; a warning stands meanwhile."""
        async with self._lock:
            if self.saved:
                return True
            try:
                if self._earlier is not None and not await self._earlier.flush():
                    self._failure = self._earlier.failure
                else:
                    self._earlier = self._failure = None
                    await self._write()
            except LocalFailure as failure:
                self._failure = failure
            if self._failure is not None:
                self._notices.uphold(self._begun_as.id, not_saved(self._failure))
                return False
            self._notices.withdraw(self._begun_as.id)
            return True

    async def _write(self) -> None:
        if not self.begun:
            live = self._live
            question, answer = await self._history.begin(live.conversation, live.question, self._files, self._begun_as)
            self.begun = True
            live.question = question
            live.answer = replace(live.answer, order=answer.order)
            if self._final is not None:
                self._final = live.answer
        if self._final is not None:
            await self._history.finish(self._final)
            self.saved = self._live.saved = True
            return
        end = len(self._live.events)
        text, thinking = joined(self._live.events[self._kept : end])
        if text or thinking:
            await self._history.save_partial(self._begun_as.id, text, thinking)
        self._kept = end
