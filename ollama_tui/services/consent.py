"""Which remote models the person allows text to go to."""

from typing import TYPE_CHECKING, cast

from ollama_tui.domain.model import ModelRef

if TYPE_CHECKING:
    from ollama_tui.storage.state import State

_CONSENT = "consent.remote"


class Consents:
    """What the person said of models that run on another machine than their host's; remembered."""

    def __init__(self, state: "State") -> None:
        self._state = state

    async def give(self, model: ModelRef) -> None:
        """Text may go to this model."""
        await self._state.set(_CONSENT, sorted({*await self._given(), _key(model)}))

    async def has(self, model: ModelRef) -> bool:
        """Whether the person said so."""
        return _key(model) in await self._given()

    async def _given(self) -> list[str]:
        stored = await self._state.get(_CONSENT)
        return [str(item) for item in cast("list[object]", stored)] if isinstance(stored, list) else []


def _key(model: ModelRef) -> str:
    return f"{model.host_id}/{model.name}"
