"""A place to run a workspace in."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from ollama_tui.services.workspace import Workspace
from tests.services.place import Place, a_place


@pytest.fixture
async def place(tmp_path: Path) -> AsyncGenerator[Place]:
    """A server of 2,000 tokens a second."""
    async with a_place(tmp_path) as made:
        yield made


@pytest.fixture
async def workspace(place: Place) -> Workspace:
    """The program, started there."""
    return await place.open()
