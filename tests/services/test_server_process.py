"""Ollama's own server, started from here: a script on the PATH stands in for it."""

import asyncio
import os
import socket
import sys
import time
from pathlib import Path

import pytest

from ollama_tui.config.paths import Paths
from ollama_tui.config.settings import Settings
from ollama_tui.domain.failure import LocalFailure
from ollama_tui.domain.host import HostAddress
from ollama_tui.services.workspace import Workspace

_SERVER = """#!{python}
import http.server, json, os, sys
assert sys.argv[1:] == ["serve"]
host, port = os.environ["OLLAMA_HOST"].rsplit(":", 1)
print("models in", os.environ.get("OLLAMA_MODELS"), "session", os.getsid(0) == os.getpid(), flush=True)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({{"version": "0.0.0", "models": []}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        pass
http.server.HTTPServer((host, int(port)), Handler).serve_forever()
"""


def _install(folder: Path, script: str) -> dict[str, str]:
    folder.mkdir()
    binary = folder / "ollama"
    binary.write_text(script)
    binary.chmod(0o755)
    return {"PATH": str(folder), "OLLAMA_MODELS": "/somewhere/else"}


async def _open(tmp_path: Path, environment: dict[str, str], *, stop_server: bool = False) -> Workspace:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = tmp_path / "data"
    address = HostAddress(id="local", url=f"http://127.0.0.1:{port}", source="flag")
    return await Workspace.open(Settings(stop_server=stop_server), Paths(data=data, config=data), environment, address)


def _alive(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return False


@pytest.mark.parametrize("stop", [True, False])
async def test_it_is_started_found_logged_and_left_as_the_person_wants(tmp_path: Path, stop: bool) -> None:
    workspace = await _open(
        tmp_path, _install(tmp_path / "bin", _SERVER.format(python=sys.executable)), stop_server=stop
    )
    assert (await workspace.server_state()).kind == "absent"
    await workspace.here.start()
    assert (await workspace.server_state()).kind == "empty"
    assert workspace.server_log().strip() == "models in /somewhere/else session True"
    assert workspace.paths.server_log.stat().st_mode & 0o777 == 0o600
    process = workspace.server_process._process
    assert process is not None
    pid = process.pid
    await workspace.aclose()
    assert _alive(pid) is not stop
    if not stop:
        os.kill(pid, 15)
        await asyncio.to_thread(os.waitpid, pid, 0)


async def test_one_that_ends_at_once_is_told_with_its_last_words(tmp_path: Path) -> None:
    workspace = await _open(tmp_path, _install(tmp_path / "bin", "#!/bin/sh\necho 'address already in use'\nexit 1\n"))
    began = time.monotonic()
    with pytest.raises(LocalFailure) as failure:
        await workspace.here.start()
    assert time.monotonic() - began < 5
    assert failure.value.params["what"] == "server-not-started"
    assert "address already in use" in failure.value.message
    await workspace.aclose()


async def test_without_ollama_it_says_so(tmp_path: Path) -> None:
    workspace = await _open(tmp_path, {"PATH": str(tmp_path)})
    with pytest.raises(LocalFailure) as failure:
        await workspace.here.start()
    assert failure.value.params["what"] == "server-missing"
    assert workspace.server_log() == ""
    await workspace.aclose()
