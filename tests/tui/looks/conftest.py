"""The reduced screen belongs to the process: it is not to be left to the tests that follow."""

from collections.abc import Generator

import pytest

from ollama_tui.tui import signs


@pytest.fixture(autouse=True)
def as_it_was() -> Generator[None]:
    """Draw Unicode again."""
    yield
    signs.reduce(False)
