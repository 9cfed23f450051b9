"""A server for all of a module's tests, and a shell with an empty home for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.server import Server, a_server
from tests.cli.shell import Shell


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with a_server() as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    running.forget()
    return running


@pytest.fixture
def shell(tmp_path: Path, server: Server) -> Shell:
    return Shell(tmp_path, server.url)
