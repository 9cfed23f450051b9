"""The names that `tokenizer.ggml.pre` may have in llama.cpp, and what each means."""

from collections.abc import Mapping
from dataclasses import dataclass

_SAME = {
    "default": "default",
    "gpt-2": "gpt-2 phi-2 jina-es jina-de gigachat jina-v2-es jina-v2-de a.x-4.0 mellum modern-bert jina-v1-en "
    "jina-v2-code roberta-bpe mpt olmo jais trillion granite-docling exaone4",
    "starcoder": "starcoder refact command-r smollm codeshell exaone minerva-7b mellum2",
    "llama-bpe": "llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano dbrx smaug-bpe glm4 "
    "chatglm-bpe",
    "qwen2": "qwen2 deepseek-r1-qwen kormo f2llmv2 megrez stablelm2 hunyuan solar-open grok-2 bailingmoe bailingmoe2 "
    "llada-moe",
    "qwen35": "qwen35",
    "tekken": "tekken",
    "gpt-4o": "gpt-4o llama4 kanana2 talkie minimax-m2",
    "granite-embed-multi-97m": "granite-embed-multi-97m",
    "kimi-k2": "kimi-k2",
    "seed-coder": "seed-coder",
    "ufakzeka": "ufakzeka",
    "minicpm5": "minicpm5",
    "exaone-moe": "exaone-moe",
    "falcon": "falcon",
    "deepseek-llm": "deepseek-llm",
    "deepseek-coder": "deepseek-coder",
    "deepseek-v3": "deepseek-v3 hunyuan-dense joyai-llm hy_v4",
    "bloom": "bloom poro-chat gpt3-finnish",
    "viking": "viking",
    "newlines": "gemma4 granite-embed-multi-311m sarvam-moe",
    "laguna": "laguna",
    "jais-2": "jais-2",
    "tiny_aya": "tiny_aya cohere2moe",
    "afmoe": "afmoe",
    "superbpe": "superbpe",
    "spark2_5": "spark2_5",
    "chameleon": "chameleon",
    "youtu": "youtu",
}
_BY_NAME: Mapping[str, str] = {name: cut for cut, names in _SAME.items() for name in names.split()}
# fmt: off
_WHOLE_WORDS = (
    "minicpm5", "llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2",
    "jina-v5-nano", "tekken", "granite-embed-multi-97m", "youtu",
)
# fmt: on


@dataclass(frozen=True, slots=True)
class PreTokenizer:
    """How text is cut before tokens are made of the pieces."""

    cut: str
    """The name in `patterns` or `stages`."""
    whole_words: bool
    """Whether a piece that is a token is that token, whatever the merges say."""
    spaced: bool
    """Whether characters are merged rather than bytes, with U+2581 for a space."""
    known: bool
    """Whether llama.cpp has it, as far as is known here."""


def pre_tokenizer(name: str) -> PreTokenizer:
    """What `name` means; for an unknown one, what comes near to most: the way of Llama 3."""
    cut = _BY_NAME.get(name or "default")
    return PreTokenizer(cut or "llama-bpe", name in _WHOLE_WORDS, cut == "newlines", cut is not None)
