"""Ollama's own server, started from here: in a session of its own, so that it outlives this program."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from ollama_tui.domain.failure import HostFailure, LocalFailure
from ollama_tui.domain.host import Host, HostAddress
from ollama_tui.domain.text import drawable

_BINARY = "ollama"
_PATIENCE = 30.0
"""Seconds within which it has to answer: it looks for GPUs first."""
_LOG_END = 64 * 1024


class ServerProcess:
    """At most one `ollama serve` that was started from here."""

    def __init__(self, log: Path, environment: Mapping[str, str]) -> None:
        self._log = log
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def binary(self) -> str | None:
        """Where `ollama` is; None if it is not on the PATH."""
        return shutil.which(_BINARY, path=self._environment.get("PATH"))

    @property
    def running(self) -> bool:
        """Whether it was started from here and runs."""
        return self._process is not None and self._process.poll() is None

    async def start(self, address: HostAddress, host: Host, *, patience: float = _PATIENCE) -> None:
        """Start it at `address`, and return when it answers there.

        Raises:
            LocalFailure: `server-missing`, or `server-not-started` with the end of its log.
        """
        binary = self.binary
        if binary is None:
            raise LocalFailure(what="server-missing")
        if not self.running:
            try:
                self._process = await asyncio.to_thread(self._spawn, binary, address)
            except OSError as error:
                raise LocalFailure(what="server-not-started", path=str(self._log), detail=str(error)) from error
        deadline = time.monotonic() + patience
        while True:
            with contextlib.suppress(HostFailure):
                await host.version()
                return
            if not self.running or time.monotonic() > deadline:
                raise LocalFailure(what="server-not-started", path=str(self._log), detail=self.log_tail(1).strip())
            await asyncio.sleep(0.1)

    def log_tail(self, lines: int = 200) -> str:
        """The last lines that it printed, also in an earlier run; empty if there are none."""
        try:
            with self._log.open("rb") as file:
                file.seek(0, os.SEEK_END)
                file.seek(max(0, file.tell() - _LOG_END))
                text = file.read().decode("utf-8", "replace")
        except OSError:
            return ""
        return drawable("\n".join(text.splitlines()[-lines:]))

    def stop(self) -> None:
        """End it, with the models that it runs."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=2.0)

    def leave(self) -> None:
        """Let it run on without this program."""
        if self.running and self._process is not None:
            self._process.returncode = 0  # else its end of life here warns that it still runs, which is meant
        self._process = None

    def _environment_for(self, address: HostAddress) -> dict[str, str]:
        """The person's own. An OLLAMA_HOST that led here may say more than the address: to listen to all."""
        if address.source == "environment":
            return dict(self._environment)
        return {**self._environment, "OLLAMA_HOST": urlsplit(address.url).netloc}

    def _spawn(self, binary: str, address: HostAddress) -> subprocess.Popen[bytes]:
        self._log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            return subprocess.Popen(  # noqa: S603 - the person asked for it
                [binary, "serve"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment_for(address),
                start_new_session=True,
            )
        finally:
            os.close(log)
