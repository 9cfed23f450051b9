"""A model's vocabulary, as `/api/show` gives it with `verbose`: the `tokenizer.ggml.*` keys of its GGUF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from ollama_tui.domain.failure import LocalFailure
from ollama_tui.domain.text import storable
from ollama_tui.domain.token import TokenKind

_PREFIX = "tokenizer.ggml."

_BEGINNING = {"gpt2": 11, "llama": 1, "bert": 101, "gemma4": -1, "t5": -1}
_ENDING = {"gpt2": 11, "llama": 2, "bert": 102, "gemma4": -1, "t5": 1}
_UNKNOWN = {"llama": 0, "bert": 100, "t5": 2}

# What llama.cpp takes for control tokens by their text, whatever their type says.
# fmt: off
_CONTROL_TEXTS = frozenset((
    "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "<end_of_turn>",
    "<|endoftext|>", "</s>", "<|eom_id|>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<|end_of_text|>",
    "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>", "<｜end▁of▁sentence｜>", "[e~[", "<|fim_prefix|>",
    "<fim-prefix>", "<fim_prefix>", "<｜fim▁begin｜>", "<PRE>", "▁<PRE>", "<|code_prefix|>", "<|prefix|>",
    "<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<｜fim▁hole｜>", "<SUF>", "▁<SUF>", "<|code_suffix|>",
    "<|suffix|>", "<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<｜fim▁end｜>", "<MID>", "▁<MID>",
    "<|code_middle|>", "<|middle|>", "<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]", "<|fim_repo|>",
    "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>", "<|file_sep|>",
))
_VISIBLE_TEXTS = frozenset(("<|channel|>", "<|message|>", "<|start|>", "<|constrain|>"))
# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What text is cut into. Ids are positions in `tokens`."""

    model: str
    """The algorithm: gpt2 (byte-level BPE), llama (SentencePiece), bert (WordPiece), gemma4 and others."""
    pre: str = ""
    tokens: Sequence[str]
    kinds: bytes
    """A `TokenKind` for each token, as llama.cpp sees it in the end."""
    merges: Sequence[str] = ()
    scores: Sequence[float] = ()
    begins_with: tuple[int, ...] = ()
    ends_with: tuple[int, ...] = ()
    unknown: int = -1
    """The id for what cannot be told; -1 if there is none."""
    adds_space: bool = False
    """Whether a space is put before a text (SentencePiece)."""
    merges_spaces: bool = False
    """Whether several spaces are one, and none stands at an end (unigram)."""
    character_map: bytes = b""
    """What characters are replaced by, as SentencePiece has it compiled."""
    lowercase: bool = True
    strips_accents: bool = True
    strips: Mapping[int, str] = field(default_factory=dict[int, str])
    """Special tokens that take the whitespace at their `left` or `right` with them, by id."""
    twice: frozenset[str] = frozenset()
    """Tokens that occur more than once: which id is meant is not known."""


def read_vocabulary(info: Mapping[str, object], *, name: str = "", pre: str | None = None) -> Vocabulary:
    """The vocabulary in `info`; `pre` instead of the pre-tokenizer that it names. `name` is the model's.

    Raises:
        LocalFailure: there is none (`vocabulary-missing`), or it makes no sense (`vocabulary-wrong`).
    """
    keys = {key.removeprefix(_PREFIX): value for key, value in info.items() if key.startswith(_PREFIX)}
    if not isinstance(keys.get("tokens"), list) or not keys["tokens"]:
        if keys.get("tokens") is None:
            raise LocalFailure(what="vocabulary-missing", model=name)
        raise LocalFailure(what="vocabulary-wrong", key=_PREFIX + "tokens")
    tokens, twice = _tokens(_texts(keys, "tokens"))
    model = _text(keys, "model") or ("llama" if "scores" in keys and "merges" not in keys else "gpt2")
    kinds = _kinds(tokens, _numbers(keys, "token_type"))
    scores = _numbers(keys, "scores")
    chosen = (_text(keys, "pre") if pre is None else pre) if model != "gemma4" else "gemma4"
    if "scores" in keys and len(scores) < len(tokens):
        raise LocalFailure(what="vocabulary-wrong", key=_PREFIX + "scores")
    before, after = _ends(keys, model, chosen, len(tokens))
    lowercase = _flag(keys, "normalizer.lowercase", default=True)
    return Vocabulary(
        model=model,
        pre=chosen,
        tokens=tokens,
        kinds=kinds,
        merges=_texts(keys, "merges"),
        scores=[float(score) for score in scores],
        begins_with=before,
        ends_with=after,
        unknown=_id(keys, "unknown_token_id", _UNKNOWN.get(model, -1), len(tokens)),
        adds_space=_flag(keys, "add_space_prefix", default=model == "llama"),
        merges_spaces=_flag(keys, "remove_extra_whitespaces", default=False),
        character_map=_character_map(keys),
        lowercase=lowercase,
        strips_accents=_flag(keys, "normalizer.strip_accents", default=lowercase),
        strips=_strips(info, name, chosen, tokens, kinds),
        twice=twice,
    )


def _tokens(texts: Sequence[str]) -> tuple[list[str], frozenset[str]]:
    """The tokens as llama.cpp keeps them, and which occur twice."""
    tokens = [text or f"[EMPTY_{number}]" for number, text in enumerate(texts)]
    try:
        "".join(tokens).encode()
    except UnicodeEncodeError:
        tokens = [storable(text) for text in tokens]
    different = set(tokens)
    if len(different) == len(tokens):
        return tokens, frozenset()
    seen: set[str] = set()
    twice = {token for token in tokens if token in seen or seen.add(token)}
    return tokens, frozenset(twice)


def _kinds(tokens: Sequence[str], types: list[float]) -> bytes:
    given = types[: len(tokens)]
    if given and min(given) >= 1 and max(given) <= 6 and set(map(type, given)) == {int}:
        kinds = bytearray(cast("list[int]", given))
    else:
        kinds = bytearray(int(kind) if 1 <= kind <= 6 else TokenKind.NORMAL for kind in given)
    kinds += bytes((TokenKind.NORMAL,)) * (len(tokens) - len(kinds))
    named = (_CONTROL_TEXTS | _VISIBLE_TEXTS).intersection(tokens)
    places = {token: number for number, token in enumerate(tokens) if token in named} if named else {}
    for token, number in places.items():
        kinds[number] = TokenKind.USER_DEFINED if token in _VISIBLE_TEXTS else TokenKind.CONTROL
    calls = "<|call|>" in places or "<|calls|>" in places
    if "<|end|>" in places and calls and ("<|return|>" in places or "<|flush|>" in places):
        kinds[places["<|end|>"]] = TokenKind.USER_DEFINED
    if "<|tool_response>" in places and "</s>" in places:
        kinds[places["</s>"]] = TokenKind.NORMAL
    return bytes(kinds)


# fmt: off
_BEGINS_BY_DEFAULT = (
    "llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano",
    "tekken", "chameleon",
)
# fmt: on


def _ends(keys: Mapping[str, object], model: str, pre: str, size: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What is put before and after a whole prompt."""
    beginning = _id(keys, "bos_token_id", _BEGINNING.get(model, -1), size)
    ending = _id(keys, "eos_token_id", _ENDING.get(model, -1), size)
    if model == "bert":
        separator = _id(keys, "seperator_token_id", _ENDING["bert"], size)  # so it is spelled in GGUF
        return _one(beginning), _one(separator)
    begins = _flag(keys, "add_bos_token", default=model == "llama" or pre in _BEGINS_BY_DEFAULT)
    begins = begins or pre in ("gemma4", "granite-embed-multi-311m")
    ends = _flag(keys, "add_eos_token", default=model == "t5")
    return _one(beginning if begins else -1), _one(ending if ends else -1)


def _strips(info: Mapping[str, object], name: str, pre: str, tokens: Sequence[str], kinds: bytes) -> dict[int, str]:
    """What is nowhere in the file: llama.cpp goes by the names of model and tokenizer."""
    architecture = str(info.get("general.architecture") or "")
    title = str(info.get("general.name") or name).lower()
    if any(part in pre for part in ("jina-v2-de", "jina-v2-es", "jina-v2-code")) or architecture in (
        "nomic-bert-moe",
        "jina-bert-v3",
    ):
        return _at("<mask>", "left", tokens)
    if "phi-3" in title or "phi3" in title:
        kept = ("<unk>", "<s>", "<|endoftext|>")
        special = (TokenKind.CONTROL, TokenKind.USER_DEFINED, TokenKind.UNKNOWN)
        return {
            number: "right"
            for number, (token, kind) in enumerate(zip(tokens, kinds, strict=True))
            if (kind in special or token in ("</s>",)) and token not in kept
        }
    if "modern-bert" in title:
        return _at("[MASK]", "left", tokens)
    return {}


def _at(text: str, side: str, tokens: Sequence[str]) -> dict[int, str]:
    return {tokens.index(text): side} if text in tokens else {}


def _one(number: int) -> tuple[int, ...]:
    return (number,) if number >= 0 else ()


def _texts(keys: Mapping[str, object], key: str) -> list[str]:
    found = keys.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not set(map(type, cast("list[object]", found))) <= {str}:
        raise LocalFailure(what="vocabulary-wrong", key=_PREFIX + key)
    return cast("list[str]", found)


def _numbers(keys: Mapping[str, object], key: str) -> list[float]:
    found = keys.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not set(map(type, cast("list[object]", found))) <= {int, float}:
        raise LocalFailure(what="vocabulary-wrong", key=_PREFIX + key)
    return cast("list[float]", found)


def _character_map(keys: Mapping[str, object]) -> bytes:
    found = _numbers(keys, "precompiled_charsmap")
    try:
        return bytes(cast("list[int]", found))
    except (ValueError, TypeError):
        raise LocalFailure(what="vocabulary-wrong", key=_PREFIX + "precompiled_charsmap") from None


def _text(keys: Mapping[str, object], key: str) -> str:
    found = keys.get(key)
    if found is not None and not isinstance(found, str):
        raise LocalFailure(what="vocabulary-wrong", key=_PREFIX + key)
    return found or ""


def _flag(keys: Mapping[str, object], key: str, *, default: bool) -> bool:
    found = keys.get(key)
    return found if isinstance(found, bool) else default


def _id(keys: Mapping[str, object], key: str, default: int, size: int) -> int:
    """A token's id; the default where none is given or it is out of range; -1 where that is so, too."""
    found = keys.get(key)
    if isinstance(found, int) and 0 <= found < size:
        return found
    return default if default < size else -1
