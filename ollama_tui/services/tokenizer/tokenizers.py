"""The tokenizers of the models in use: made once each, in a thread, and kept by the model's digest."""

import asyncio
import logging
from collections import OrderedDict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ollama_tui.domain.failure import HostFailure, LocalFailure
from ollama_tui.domain.model import ModelRef, is_remote_name
from ollama_tui.domain.token import Tokenizer

if TYPE_CHECKING:  # what makes tokenizers is imported when the first is asked for
    from ollama_tui.services.tokenizer.approximate import ApproximateTokenizer
    from ollama_tui.services.tokenizer.source import Source
    from ollama_tui.services.workspace import Workspace

_log = logging.getLogger(__name__)

_KEPT = 4
"""Tokenizers in memory: one takes some 40 MB."""


class Tokenizers:
    """Where a tokenizer is asked for. Nothing here fails: without a vocabulary there is an estimate."""

    def __init__(self, workspace: "Workspace", folder: Path | None) -> None:
        """`folder` is where they are kept; without one, nowhere."""
        self._workspace = workspace
        self._folder = folder
        self._ready: OrderedDict[str, Tokenizer] = OrderedDict()
        self._estimates: dict[str, ApproximateTokenizer] = {}
        self._builds: dict[str, asyncio.Task[Tokenizer]] = {}

    async def of(self, ref: ModelRef) -> Tokenizer:
        """A model's tokenizer: from memory, the disk or the server, which takes up to a second.

        Several who ask at once wait for one build, and one of them may go away. Where the model's vocabulary cannot
        be had, the answer is an estimate (`exact` is False), and the server is asked again the next time.
        """
        await self._workspace.server_of(ref).find_model(ref.name)
        key = self._key(ref)
        if (ready := self.known(ref)) is not None:
            return ready
        build = self._builds.get(key)
        if build is None:
            build = self._builds[key] = asyncio.create_task(self._build(ref, key), name=f"tokenizer {ref.name}")
            build.add_done_callback(lambda _: self._builds.pop(key, None))
        try:
            return await asyncio.shield(build)
        except asyncio.CancelledError:
            if build.cancelled() and not _is_cancelled():  # the build was, not who waits for it
                return self._estimate(key)
            raise

    def known(self, ref: ModelRef) -> Tokenizer | None:
        """A model's tokenizer if it is ready, without waiting."""
        key = self._key(ref)
        ready = self._ready.get(key)
        if ready is not None:
            self._ready.move_to_end(key)
        return ready

    def calibrate(self, ref: ModelRef, counted: int, real: int) -> None:
        """What the model's estimate counts as `counted` tokens was `real` ones for the server."""
        self._estimate(self._key(ref)).calibrate(counted, real)

    async def aclose(self) -> None:
        """Wait for nothing any more."""
        builds = list(self._builds.values())
        for build in builds:
            build.cancel()
        await asyncio.gather(*builds, return_exceptions=True)

    def _key(self, ref: ModelRef) -> str:
        """The digest; the name where it is not known."""
        return self._digest(ref) or f"{ref.host_id}/{ref.name}"

    @cached_property
    def _source(self) -> "Source":
        from ollama_tui.services.tokenizer.source import Source

        return Source(self._folder)

    def _estimate(self, key: str) -> "ApproximateTokenizer":
        from ollama_tui.services.tokenizer.approximate import ApproximateTokenizer

        return self._estimates.setdefault(key, ApproximateTokenizer())

    async def _build(self, ref: ModelRef, key: str) -> Tokenizer:
        if self._is_remote(ref):
            return self._keep(key, self._estimate(key))
        if (kept := await self._source.kept(self._digest(ref))) is not None:
            return self._keep(key, kept)
        try:
            tokenizer, digest = await self._source.fetch(self._workspace.host_of(ref), ref.name)
        except HostFailure as failure:  # it may answer the next time
            _log.debug("no vocabulary of %s: %s", ref.name, failure)
            return self._estimate(key)
        except LocalFailure as failure:
            _log.debug("no tokenizer for %s: %s", ref.name, failure)
            return self._keep(key, self._estimate(key))
        return self._keep(digest, tokenizer) if digest else tokenizer

    def _digest(self, ref: ModelRef) -> str:
        """The digest of what is installed under the name; else the one that was asked for."""
        model = self._workspace.server_of(ref).inventory.known(ref.name)
        return model.digest if model is not None else ref.digest

    def _is_remote(self, ref: ModelRef) -> bool:
        model = self._workspace.server_of(ref).inventory.known(ref.name)
        return model.is_remote if model is not None else is_remote_name(ref.name)

    def _keep(self, key: str, tokenizer: Tokenizer) -> Tokenizer:
        self._ready[key] = tokenizer
        self._ready.move_to_end(key)
        while len(self._ready) > _KEPT:
            self._ready.popitem(last=False)
        return tokenizer


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
