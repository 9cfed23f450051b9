"""Finding anything that is kept: what is typed understood, looked for, and completed."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ollama_tui.domain.failure import LocalFailure
from ollama_tui.domain.hit import Hit
from ollama_tui.domain.message import Role
from ollama_tui.domain.query import DAYS, FILTERS, PLACES, STATES, Query, parse, pieces, plain

if TYPE_CHECKING:
    from ollama_tui.services.workspace import Workspace

PAGE = 50
"""Messages that are given at a time."""
TITLES = 8
"""Titles that stand above messages."""
MOST_TITLES = 500
"""Titles that are given where nothing but titles is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was found."""

    query: Query
    hits: tuple[Hit, ...] = ()
    """Titles first, then messages, each newest first."""
    more: bool = False
    """Whether there may be more messages, after the last one's place."""
    more_titles: bool = False
    """Whether there may be more titles than are given."""
    behind: bool = False
    """Whether the index is still being made: what it lacks is not found yet."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A filter or a filter's value that could be written next."""

    start: int
    """From where on the text is replaced, up to its end."""
    text: str


class Search:
    """The search of a workspace. Each call ends when nobody waits for it any more."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace
        self._indexing: asyncio.Task[None] | None = None

    @staticmethod
    def understand(text: str) -> Query:
        """What `text` asks for, seen from now."""
        return parse(text, datetime.now().astimezone())

    async def find(self, text: str, *, limit: int = PAGE, before: int | None = None) -> Findings:
        """What `text` asks for; of a next page, the messages before the place `before`.

        Raises:
            LocalFailure: the database cannot be read.
        """
        query = self.understand(text)
        if query.empty:
            return Findings(query=query)
        most = TITLES if query.terms and query.filters.where != "title" else MOST_TITLES
        hits = await self._workspace.history.search(query, limit, before, titles=most)
        titles = sum(hit.message_id is None for hit in hits)
        return Findings(
            query=query,
            hits=hits,
            more=len(hits) - titles >= limit,
            more_titles=titles >= most,
            behind=await self._is_behind(),
        )

    async def completions(self, text: str) -> tuple[Completion, ...]:
        """How the last word of `text` could go on as a filter; all filters after a blank."""
        last = pieces(plain(text))[-1:]
        if not text or text[-1].isspace() or not last:
            return tuple(Completion(len(text), f"{name}:") for name in FILTERS)
        (piece,) = last
        start = max(0, len(text) - (len(plain(text)) - piece.start))  # what is before it may be longer when made plain
        if not piece.name:
            begun = piece.text.casefold()
            fitting = [name for name in FILTERS if name.startswith(begun)] if not piece.quoted else []
            return tuple(Completion(start, f"{name}:") for name in fitting)
        begun = piece.text.casefold()
        values = [value for value in await self._values(piece.name) if begun in value.casefold() and begun != value]
        values.sort(key=lambda value: not value.casefold().startswith(begun))
        return tuple(Completion(start, f"{piece.name}:{_quoted(value)}") for value in values)

    async def _values(self, name: str) -> tuple[str, ...]:
        history = self._workspace.history
        match name:
            case "model":
                return tuple(model.removesuffix(":latest") for model in await history.known_models())
            case "tag":
                return await history.known_tags()
            case "role":
                return tuple(role.value for role in Role)
            case "in":
                return PLACES
            case "is":
                return STATES
            case _:
                return DAYS

    async def _is_behind(self) -> bool:
        """Whether the index lacks something; then it is brought up to date meanwhile."""
        if not await self._workspace.history.search_is_behind():
            return False
        if self._indexing is None or self._indexing.done():
            self._indexing = asyncio.create_task(self._index())
        return True

    async def _index(self) -> None:
        try:
            await self._workspace.history.refresh_search()
        except LocalFailure:
            return
        self._workspace.touch()

    async def aclose(self) -> None:
        """End what goes on."""
        if self._indexing is not None:
            self._indexing.cancel()


def _quoted(value: str) -> str:
    return f'"{value}"' if any(map(str.isspace, value)) else value
