"""A few models of ollama.com's library to begin with; any other name works as well.

Sizes are those that the library's pages and README give for the tag, rounded as there: a hint before the pull, never
shown as measured.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ollama_tui.domain.i18n import mark


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model that can be pulled by name."""

    name: str
    size: int
    """About how many bytes the pull fetches."""
    purpose: str
    """What it is for; translated when shown."""


_MB, _GB = 10**6, 10**9

KNOWN_MODELS: tuple[KnownModel, ...] = (
    KnownModel("deepseek-r1:7b", 4_700 * _MB, mark("thinks before it answers; mathematics and reasoning")),
    KnownModel("llama3.2:3b", 2 * _GB, mark("small and quick; a good first model")),
    KnownModel("qwen3:8b", 5_200 * _MB, mark("thinks, uses tools; strong in Chinese and English")),
    KnownModel("gemma3:4b", 3_300 * _MB, mark("sees images; many languages")),
    KnownModel("qwen2.5-coder:7b", 4_700 * _MB, mark("writes and completes code")),
    KnownModel("nomic-embed-text", 274 * _MB, mark("embeddings, for search; cannot chat")),
    KnownModel("llama3.2:1b", 1_300 * _MB, mark("for a machine with little memory")),
    KnownModel("gemma3:1b", 815 * _MB, mark("for a machine with very little memory")),
    KnownModel("deepseek-r1:1.5b", 1_100 * _MB, mark("the smallest that thinks before it answers")),
    KnownModel("llama3.1:8b", 4_900 * _MB, mark("all-round, uses tools")),
    KnownModel("deepseek-r1:14b", 9 * _GB, mark("thinks longer and better; for 16 GB and more")),
    KnownModel("phi4", 9_100 * _MB, mark("mathematics and logic; for 16 GB and more")),
    KnownModel("moondream", 829 * _MB, mark("describes images; very small")),
)


def fitting(text: str, models: Iterable[KnownModel] = KNOWN_MODELS) -> tuple[KnownModel, ...]:
    """The known models whose name contains `text`: those that begin with it first."""
    wanted = text.strip().casefold()
    found = [model for model in models if wanted in model.name.casefold()]
    return tuple(sorted(found, key=lambda model: not model.name.casefold().startswith(wanted)))
