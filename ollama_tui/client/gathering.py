"""A network stream that lets small packets gather while they come fast.

A model at 2,000 tokens a second sends as many packets. Read one by one each costs over a hundred microseconds of CPU,
most of it for waking up; read sixty times a second the same bytes cost a fifth. A slow stream is read at once, and so
is the beginning of a fast one: the first token is never delayed.
"""

import asyncio
import select
import socket
from collections.abc import Iterable
from typing import Any, cast

import httpcore

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]

_SOON = 0.010
"""Seconds: data that comes sooner than this after a read began counts as coming fast."""
_FAST = 3
"""How many reads in a row must have come fast before data is left to gather."""
_GATHER = 0.015
"""Seconds that data gathers."""
_SILENT = 1.0
"""Seconds after which an address that says nothing is left for the next one of its host."""
_BULK = 16 * 1024
"""Bytes: a read that brought so much is part of a large answer, which is to be read as fast as it comes."""


class _Arrivals(asyncio.Protocol):
    """What came in and was not yet read. Reading is paused but for the moments in which somebody waits for data."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.data = bytearray()
        self.ended = False
        self.lost: Exception | None = None
        self._arrived: asyncio.Future[None] | None = None
        self._writable: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.pause_reading()

    def data_received(self, data: bytes) -> None:
        if self.transport is not None:
            self.transport.pause_reading()
        self.data += data
        self._wake()

    def eof_received(self) -> bool:
        self.ended = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = True
        self.lost = exc
        self._wake()
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)

    def pause_writing(self) -> None:
        self._writable = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)
        self._writable = None

    async def arrive(self) -> None:
        """Wait until something came."""
        if self.data or self.ended or self.transport is None:
            return
        self._arrived = asyncio.get_running_loop().create_future()
        self.transport.resume_reading()
        try:
            await self._arrived
        finally:
            self._arrived = None
            if not self.ended:
                self.transport.pause_reading()

    async def drain(self) -> None:
        """Wait until what was written has gone far enough to write more."""
        if self._writable is not None:
            await self._writable

    def _wake(self) -> None:
        if self._arrived is not None and not self._arrived.done():
            self._arrived.set_result(None)


class GatheringStream(httpcore.AsyncNetworkStream):
    """A TCP connection."""

    def __init__(self, arrivals: _Arrivals) -> None:
        self._arrivals = arrivals
        self._fast = 0

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        arrivals = self._arrivals
        try:
            async with asyncio.timeout(timeout):
                if not arrivals.data:
                    await self._wait(arrivals)
        except TimeoutError as error:
            raise httpcore.ReadTimeout from error
        if arrivals.data:
            data = bytes(arrivals.data[:max_bytes])
            del arrivals.data[:max_bytes]
            if len(data) >= _BULK:
                self._fast = 0
            return data
        if arrivals.lost is not None:
            raise httpcore.ReadError(str(arrivals.lost)) from arrivals.lost
        return b""

    async def _wait(self, arrivals: _Arrivals) -> None:
        if self._fast >= _FAST:
            await asyncio.sleep(_GATHER)
        clock = asyncio.get_running_loop().time
        began = clock()
        await arrivals.arrive()
        self._fast = self._fast + 1 if clock() - began < _SOON else 0

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        arrivals = self._arrivals
        self._fast = 0
        if not buffer:
            return
        if arrivals.transport is None or arrivals.transport.is_closing():
            raise httpcore.WriteError(str(arrivals.lost or "closed"))
        arrivals.transport.write(buffer)
        try:
            async with asyncio.timeout(timeout):
                await arrivals.drain()
        except TimeoutError as error:
            raise httpcore.WriteTimeout from error
        if arrivals.lost is not None:
            raise httpcore.WriteError(str(arrivals.lost)) from arrivals.lost

    async def aclose(self) -> None:
        if self._arrivals.transport is not None:
            self._arrivals.transport.abort()

    def get_extra_info(self, info: str) -> Any:
        transport = self._arrivals.transport
        if transport is None:
            return None
        match info:
            case "client_addr":
                return transport.get_extra_info("sockname")
            case "server_addr":
                return transport.get_extra_info("peername")
            case "socket":
                return transport.get_extra_info("socket")
            case "is_readable":
                return self._arrivals.ended or transport.is_closing() or _is_readable(transport)
            case _:
                return None


class GatheringBackend(httpcore.AsyncNetworkBackend):
    """Connects over TCP."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                transport, arrivals = await _connect(host, port, (local_address, 0) if local_address else None)
            raw: socket.socket = transport.get_extra_info("socket")
            for option in socket_options or ():
                raw.setsockopt(*option)  # pyright: ignore[reportArgumentType, reportCallIssue]
        except TimeoutError as error:
            raise httpcore.ConnectTimeout("nothing answered in time") from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        return GatheringStream(arrivals)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def _connect(host: str, port: int, local: tuple[str, int] | None) -> tuple[asyncio.Transport, _Arrivals]:
    """To the first address of a host that answers, one after the other.

    asyncio's own way to try several at once fails with eager tasks, which Textual uses (Python 3.13.0, staggered.py).
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    numeric = socket.NI_NUMERICHOST | socket.NI_NUMERICSERV
    addresses = list(dict.fromkeys(socket.getnameinfo(address, numeric)[0] for *_rest, address in found))
    failure: Exception = OSError(f"{host} has no address")
    for address in addresses:
        try:
            async with asyncio.timeout(_SILENT if address != addresses[-1] else None):
                return await loop.create_connection(_Arrivals, address, port, local_addr=local)
        except (OSError, TimeoutError) as error:
            failure = error
    raise failure


def _is_readable(transport: asyncio.Transport) -> bool:
    """Whether an idle connection has something to read, which can only be its end."""
    raw: socket.socket | None = transport.get_extra_info("socket")
    if raw is None or raw.fileno() < 0:
        return True
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(raw.fileno(), select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([raw.fileno()], [], [], 0)[0])
