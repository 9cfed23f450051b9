"""What a context costs: the bytes that a model's key-value cache takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from ollama_tui.domain.model import ModelCard

_BYTES = 2
"""Of one number of the cache: f16, unless the server was told otherwise."""
_DIFFERENT = ("sliding_window", "kv_lora_rank", "full_attention_interval", "ssm.", "shared_kv_layers", "recurrent")
"""Parts of keys that say that not every layer keeps every token whole."""


@dataclass(frozen=True, slots=True)
class CacheCost:
    """The bytes of a cache; `exact` is False where some layers keep less than all of the context."""

    size: int
    exact: bool


def cache_cost(card: ModelCard, context: int) -> CacheCost | None:
    """The key-value cache of `context` tokens: for each layer and token, a key and a value for each of its heads.

    None where the model does not tell its shape.
    """
    layers, heads = card.number("block_count"), card.number("attention.head_count")
    if not layers or not heads:
        return None
    one_head = card.number("embedding_length") // heads
    key = card.number("attention.key_length") or one_head
    value = card.number("attention.value_length") or one_head
    kept, exact = _kept_heads(card, layers, heads)
    if not key + value or not kept:
        return None
    exact = exact and not any(part in name for name in card.model_info for part in _DIFFERENT)
    return CacheCost(kept * (key + value) * context * _BYTES, exact)


def _kept_heads(card: ModelCard, layers: int, heads: int) -> tuple[int, bool]:
    """The heads of all layers together that keep keys and values. Their number differs by layer in some models."""
    name = f"{card.architecture}.attention.head_count_kv"
    by_layer = card.model_info.get(name)
    if isinstance(by_layer, list):
        numbers = [item for item in cast("Sequence[object]", by_layer) if isinstance(item, int)]
        return sum(numbers), bool(numbers) and all(numbers)
    if kept := card.number("attention.head_count_kv"):
        return layers * kept, True
    return layers * heads, name not in card.model_info
