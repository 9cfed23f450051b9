"""One HTTP exchange without a socket: what a carrier hands to the server, and what it gets back."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

JsonView: TypeAlias = "bool | int | float | str | Sequence[JsonView] | Mapping[str, JsonView] | None"
Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


class Body(Protocol):
    """The bytes of an answer, piece by piece. `aclose` before the end says that the client went away.

    A `ConnectionResetError` raised by it says that the server vanished: the carrier ends the connection abruptly.
    """

    def __aiter__(self) -> AsyncIterator[bytes]: ...
    async def __anext__(self) -> bytes: ...
    async def aclose(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: AsyncIterator[bytes] | bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: Mapping[str, str]
    body: Body
