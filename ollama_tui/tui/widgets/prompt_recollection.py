"""What was sent before, brought back: one after the other, or by a search."""

from collections.abc import Awaitable, Callable, Sequence

Recall = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives at most so many earlier prompts that contain a text, newest first."""

_FIRST = 50
"""How many prompts are fetched at once; each time it is not enough, four times as many."""


async def nothing(_text: str, _limit: int) -> Sequence[str]:
    """The earlier prompts where there are none."""
    return ()


class Recollection:
    """Where the person is among the earlier prompts. What is not sent yet is the newest of them."""

    def __init__(self, recall: Recall) -> None:
        self._recall = recall
        self._sent: list[str] = []
        """What was sent from here, commands too, newest first."""
        self._texts: list[str] = []
        self._limit = 0
        self._place = -1
        self._unsent = ""

    @property
    def is_back(self) -> bool:
        """Whether an earlier prompt is shown."""
        return self._place >= 0

    @property
    def shown(self) -> str | None:
        """The earlier prompt that is shown, as it was."""
        return self._texts[self._place] if self.is_back else None

    async def earlier(self, written: str) -> str | None:
        """The prompt before the one shown, or None; `written` is kept if it is the unsent one."""
        if not self.is_back:
            self._unsent = written
            self._limit = 0
            await self._fetch()
        if self._place + 1 >= len(self._texts) >= self._limit:
            await self._fetch()
        if self._place + 1 >= len(self._texts):
            return None
        self._place += 1
        return self._texts[self._place]

    def later(self) -> str | None:
        """The prompt after the one shown, at last the unsent one; None if that is shown."""
        if not self.is_back:
            return None
        self._place -= 1
        return self._texts[self._place] if self.is_back else self._unsent

    async def search(self, text: str, limit: int) -> tuple[str, ...]:
        """Earlier prompts that contain `text`."""
        here = [sent for sent in self._sent if text.casefold() in sent.casefold()]
        return tuple(dict.fromkeys([*here, *await self._recall(text, limit)]))[:limit]

    def note(self, text: str) -> None:
        """`text` was sent: it is the newest now."""
        self._sent = [text, *(sent for sent in self._sent[:99] if sent != text)]
        self.leave()

    def leave(self) -> None:
        """Forget where the person was, and what was not sent."""
        self._place = -1
        self._unsent = ""

    async def _fetch(self) -> None:
        self._limit = self._limit * 4 or _FIRST
        self._texts = list(dict.fromkeys([*self._sent, *await self._recall("", self._limit)]))
