"""Faults on demand: what can go wrong between a client and a server, each at a place of one's choosing.

A `Fault` names the requests it befalls (`path` and `model`, `*` for any; the first `skip` of them are spared, then
`times` are befallen) and what happens to them. Several effects of one fault come together.
"""

import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, cast

from ollama_tui.demo.clock import Clock
from ollama_tui.demo.protocol import Body, Json, Response
from ollama_tui.demo.replies import LATE, LINES, Refusal, Started, line, raw, refused

Ending = Literal["", "error", "close", "end", "silence"]
Packets = Literal["", "bytes", "halves", "together"]
_TEXT = re.compile(rb'("(?:content|response|thinking)":")')
_TOGETHER = 8  # lines in one packet


@dataclass(frozen=True, slots=True)
class Fault:
    """`hold`: seconds before the headers. `status` with `text` (and `plain`, `extra`): the answer instead of the real
    one; status 0 with `close` before anything: the connection just ends.

    After `after` lines: `insert` (raw bytes within the text of the next line; its JSON stays valid only if they are),
    `line` (a line of its own), then `ending`: `error` (a line with `text`), `close` (the connection breaks), `end`
    (no more lines), `silence` (nothing more, the connection stays).

    `packets`: `bytes` cuts every line into pieces of `cut` bytes, `halves` cuts in the middle of a character,
    `together` joins lines. `pause`: seconds between two packets. `load`: seconds more to load.
    `tokens_per_second`: another speed. `stall`: seconds for which a stream stands still after `after` lines.
    `fill`: that many bytes of text in the line after `after` lines.
    """

    path: str = "*"
    model: str = "*"
    skip: int = 0
    times: int | None = None
    hold: float = 0.0
    status: int | None = None
    text: str = ""
    plain: bool = False
    extra: Mapping[str, Json] = field(default_factory=dict[str, Json])
    after: int = 0
    insert: str = ""
    line: str | None = None
    fill: int = 0
    ending: Ending = ""
    stall: float = 0.0
    packets: Packets = ""
    cut: int = 1
    pause: float = 0.0
    load: float = 0.0
    tokens_per_second: float | None = None

    def befalls(self, path: str, model: str) -> bool:
        return self.path in {"*", path} and self.model in {"*", model, model.removesuffix(":latest")}


class Faults:
    """Which faults befall which requests; the first that fits counts."""

    def __init__(self, *faults: Fault) -> None:
        self._faults: list[Fault] = list(faults)
        self._seen: list[int] = [0] * len(faults)

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)
        self._seen.append(0)

    def clear(self) -> None:
        self._faults.clear()
        self._seen.clear()

    def next(self, path: str, model: str) -> Fault | None:
        """The fault of one more request."""
        for index, fault in enumerate(self._faults):
            if not fault.befalls(path, model):
                continue
            seen = self._seen[index]
            self._seen[index] += 1
            if seen >= fault.skip and (fault.times is None or seen < fault.skip + fault.times):
                return fault
        return None


def parsed(record: Mapping[str, Json]) -> Fault:
    """A fault from its fields as JSON. Raises Refusal for what is none."""
    known = {one.name for one in fields(Fault)}
    wrong = sorted(set(record) - known)
    if wrong:
        raise Refusal(400, f"no such field: {wrong[0]}")
    given = cast("dict[str, Any]", dict(record))
    return replace(Fault(), **given)


def answer(fault: Fault) -> Response:
    """The answer that a fault gives instead of the real one."""
    status = fault.status or 500
    if fault.plain or not (fault.text or fault.extra):
        return raw(fault.text.encode(), "text/plain" if fault.text else "", status)
    return refused(Refusal(status, fault.text, fault.extra), LATE)


def disturbed(fault: Fault, response: Response, clock: Clock) -> Response:
    """A response whose body the fault goes through."""
    if response.headers.get("Content-Type") != LINES:
        return response
    return Response(
        response.status, response.headers, Started(b"", _packets(fault, _lines(fault, response.body, clock), clock))
    )


async def _lines(fault: Fault, body: Body, clock: Clock) -> AsyncGenerator[bytes, None]:
    """The lines of a stream with what the fault does after some of them."""
    seen = 0
    try:
        async for piece in body:
            for one in piece.splitlines(keepends=True):
                if seen == fault.after:
                    if fault.stall:
                        await clock.sleep(fault.stall)
                    async for more in _ended(fault, clock):
                        yield more
                    if fault.line is not None:
                        yield fault.line.encode() + b"\n"
                    one = _changed(fault, one)
                    if fault.ending:
                        return
                seen += 1
                yield one
    finally:
        await body.aclose()


def _changed(fault: Fault, one: bytes) -> bytes:
    added = fault.insert.encode("utf-8", "surrogateescape") + b"x" * fault.fill
    return _TEXT.sub(lambda match: match[1] + added, one, count=1) if added else one


async def _ended(fault: Fault, clock: Clock) -> AsyncGenerator[bytes, None]:
    if fault.ending == "error":
        yield line({"error": fault.text, **fault.extra})
    elif fault.ending == "close":
        raise ConnectionResetError
    elif fault.ending == "silence":
        await clock.sleep(3600 * 24)


def _split(one: bytes) -> list[bytes]:
    """A line cut in the middle of its first character of several bytes, if it has one."""
    at = next((index + 1 for index, byte in enumerate(one) if byte >= 0xC0), len(one) // 2)
    return [one[:at], one[at:]]


async def _packets(fault: Fault, lines: AsyncGenerator[bytes, None], clock: Clock) -> AsyncGenerator[bytes, None]:
    held: list[bytes] = []
    try:
        async for one in lines:
            if fault.packets == "together":
                held.append(one)
                pieces = [b"".join(held)] if len(held) >= _TOGETHER else []
                held = [] if pieces else held
            elif fault.packets == "bytes":
                pieces = [one[at : at + fault.cut] for at in range(0, len(one), fault.cut)]
            else:
                pieces = _split(one) if fault.packets == "halves" else [one]
            for piece in pieces:
                if fault.pause:
                    await clock.sleep(fault.pause)
                elif len(pieces) > 1:
                    await clock.sleep(0)
                yield piece
        if held:
            yield b"".join(held)
    finally:
        await lines.aclose()
