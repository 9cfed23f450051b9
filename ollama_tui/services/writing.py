"""The writing of one answer: the stream is read into the turn's buffer, saved as it comes, and brought to its end."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import aclosing
from dataclasses import replace

from ollama_tui.domain.event import Ended, Text, Thinking, ToolCall
from ollama_tui.domain.failure import Disconnected, Failure
from ollama_tui.domain.host import Host
from ollama_tui.domain.message import Ending, FailureRecord, Figures
from ollama_tui.services.context.guard import Guard
from ollama_tui.services.ledger import Ledger
from ollama_tui.services.live import LiveTurn
from ollama_tui.services.pace import Pace
from ollama_tui.services.reply import Reply
from ollama_tui.services.watch import watch

_log = logging.getLogger(__name__)


class Writing:
    """A running turn. Its own task lasts until the end is saved; what may be cancelled is the reading inside it."""

    def __init__(
        self,
        live: LiveTurn,
        reply: Reply,
        ledger: Ledger,
        *,
        guard: Guard,
        host: Host,
        version: Callable[[], Coroutine[None, None, str]],
        pace: Pace,
        after: Callable[["Writing"], Awaitable[None]],
    ) -> None:
        self.live = live
        self.ledger = ledger
        self._reply = reply
        self._guard = guard
        self._host = host
        self._version = version
        self._pace = pace
        self._after = after
        self._stopped: str | None = None
        self._ended = asyncio.Event()
        self._reading = asyncio.create_task(self._read())
        self.task = asyncio.create_task(self._write())

    def stop(self, reason: str = "") -> None:
        """End it now: the connection is closed, what came is kept."""
        if self._stopped is None:
            self._stopped = reason
            self._reading.cancel()

    async def _read(self) -> Ended | None:
        """Read the stream into the buffer. This is what runs for each token: it does nothing else."""
        live = self.live
        live.started = time.monotonic()
        append = live.events.append
        await self._guard.check()
        async with aclosing(self._reply.events()) as events:
            async for event in events:
                kind = type(event)
                if kind is Ended:
                    return event  # pyright: ignore[reportReturnType]
                append(event)
                if live.answer_began_at is None and (kind is Text or kind is Thinking or kind is ToolCall):
                    moment = time.monotonic()
                    if live.first_token_at is None:
                        live.first_token_at = moment
                        live.waiting = None
                    if kind is not Thinking:
                        live.answer_began_at = moment
        return None

    async def _write(self) -> None:
        keeping = asyncio.create_task(self._keep())
        watching = asyncio.create_task(watch(self.live, self._host, self._reply.model, self._pace))
        asking = asyncio.create_task(self._version())
        gone: Disconnected | None = None
        try:
            done, _running = await asyncio.wait({self._reading, watching}, return_when=asyncio.FIRST_COMPLETED)
            if self._reading not in done:
                gone = watching.result()
        except asyncio.CancelledError:  # the event loop is being torn down: what came must be saved all the same
            self.stop("exit")
        finally:
            self._reading.cancel()
            watching.cancel()
            await asyncio.wait({self._reading})
        try:
            await self._judge()
            self._end(gone, asking.result() if asking.done() else "")
            asking.cancel()
            self._ended.set()
            await asyncio.wait({keeping})
            await self.ledger.flush()
            await self._after(self)
        finally:
            self.live.finish()

    async def _judge(self) -> None:
        """Note with the answer how much of the prompt the server read, where its figures tell."""
        reading, sent = self._reading, self.live.answer.sent
        ended = None if reading.cancelled() or reading.exception() is not None else reading.result()
        if ended is None or sent is None:
            return
        try:
            self.live.answer = replace(self.live.answer, sent=await self._guard.verdict(sent, ended.figures))
        except Failure:
            _log.debug("what the server read is not known", exc_info=True)

    async def _keep(self) -> None:
        """Save what came, about once a second. Never cancelled, so that a piece is never saved twice."""
        while not self._ended.is_set():
            try:
                await asyncio.wait_for(self._ended.wait(), self._pace.save)
            except TimeoutError:
                await self.ledger.flush()

    def _end(self, gone: Disconnected | None, version: str) -> None:
        """Make the final answer of what came."""
        live = self.live
        ended = self._how_it_ended(gone)
        live.waiting = None
        sent = live.answer.sent
        if sent is not None:
            setup = self._reply.setup
            sent = replace(
                sent,
                think=setup.think,
                format=setup.format,
                continued_raw=self._reply.continued_raw,
                server_version=version,
            )
        live.answer = replace(
            live.answer,
            text=live.text,
            thinking=live.thinking,
            tool_calls=tuple(event.call for event in live.events if isinstance(event, ToolCall)),
            ending=ended.ending,
            end_reason=ended.reason,
            failure=ended.failure,
            figures=self._with_parts(ended.figures),
            sent=sent,
        )
        self.ledger.close(live.answer)
        live.events.append(ended)
        live.ended_at = time.monotonic()
        live.ended = True

    def _how_it_ended(self, gone: Disconnected | None) -> Ended:
        reading = self._reading
        failure: BaseException | None = gone
        if not reading.cancelled():
            failure = reading.exception()
            ended = None if failure is not None else reading.result()
            if ended is not None:
                return replace(ended, figures=self._figures(ended.figures))
        elif gone is None:
            return Ended(Ending.STOPPED, self._stopped or "", self._figures(Figures()))
        failure = failure or Disconnected(detail="")
        if not isinstance(failure, Failure):
            _log.error("a turn failed", exc_info=failure)
            return Ended(
                Ending.FAILED,
                "",
                self._figures(Figures()),
                FailureRecord(code="failure", params={"detail": repr(failure)}),
            )
        cut_off = isinstance(failure, Disconnected) and self.live.first_token_at is not None
        return Ended(
            Ending.CUT_OFF if cut_off else Ending.FAILED,
            "",
            self._figures(Figures()),
            FailureRecord(code=failure.code, params=dict(failure.params)),
        )

    def _figures(self, figures: Figures) -> Figures:
        """The server's figures with what was measured here."""
        live = self.live
        thinking = sum(isinstance(event, Thinking) for event in live.events[live.carried :])
        first = live.first_token_at
        if first is None:
            return figures
        ended = time.monotonic()
        thought = (live.answer_began_at or ended) - first if thinking else 0.0
        uncounted = not figures.answer_tokens
        came = sum(isinstance(event, Text | Thinking) for event in live.events[live.carried :])
        return replace(
            figures,
            first_token=round((first - live.started) * 1e9),
            thinking_duration=round(thought * 1e9),
            thinking_tokens=thinking,
            seen_tokens=came if uncounted else 0,
            seen_duration=round((ended - first) * 1e9) if uncounted and self._stopped is not None else 0,
        )

    def _with_parts(self, figures: Figures) -> Figures:
        """The figures of what came, behind those of the partial answer that it goes on from."""
        partial = self._reply.partial
        if partial is None:
            return figures
        return replace(figures, before=(partial.figures or Figures()).parts)
