"""SentencePiece's unigram model, against a plain search of all ways to cut a text."""

import random
import struct
from collections.abc import Iterator, Mapping
from typing import Any

from ollama_tui.domain.token import Tokenizer
from ollama_tui.services.tokenizer.making import make_tokenizer
from ollama_tui.services.tokenizer.vocabulary import read_vocabulary

TOKENS = {
    "▁": -4.0,
    "a": -3.0,
    "b": -3.5,
    "▁a": -3.2,
    "ab": -5.0,
    "aba": -5.5,
    "▁b": -4.5,
    "fi": -4.0,
    "f": -6.0,
    "i": -6.5,
}
UNKNOWN = -6.5 - 10


def character_map(replacements: Mapping[str, str]) -> list[int]:
    """A trie as SentencePiece compiles it: each node a block of 256 places, its first the place of what it means."""
    tree: dict[bytes, int] = {b"": 1}
    for key in replacements:
        raw = key.encode()
        for length in range(1, len(raw) + 1):
            tree.setdefault(raw[:length], len(tree) + 1)
    nodes = [0] * (256 * (len(tree) + 1))
    nodes[0] = 256 << 10
    texts = b""
    for raw, block in tree.items():
        if raw:
            place = (tree[raw[:-1]] * 256) ^ raw[-1]
            leaf = raw.decode("utf-8", "replace") in replacements
            nodes[place] = (place ^ (block * 256)) << 10 | leaf << 8 | raw[-1]
            if leaf:
                nodes[block * 256] = len(texts)
                texts += replacements[raw.decode()].encode() + b"\0"
    blob = struct.pack(f"<{len(nodes)}I", *nodes)
    return list(struct.pack("<I", len(blob)) + blob + texts)


def made(**keys: Any) -> Tokenizer:
    """A tokenizer of the few tokens above."""
    return make_tokenizer(
        read_vocabulary(
            {
                "tokenizer.ggml.model": "t5",
                "tokenizer.ggml.tokens": ["<pad>", "</s>", "<unk>", *TOKENS],
                "tokenizer.ggml.scores": [0.0, 0.0, 0.0, *TOKENS.values()],
                "tokenizer.ggml.token_type": [3, 3, 2, *[1] * len(TOKENS)],
                **{f"tokenizer.ggml.{key}": value for key, value in keys.items()},
            }
        )
    )


def ways(text: str) -> Iterator[tuple[float, list[str]]]:
    """All ways to cut, with the sums of their scores."""
    if not text:
        yield 0.0, []
    for end in range(1, len(text) + 1):
        score = TOKENS.get(text[:end], UNKNOWN if end == 1 else None)
        if score is not None:
            for rest, parts in ways(text[end:]):
                yield score + rest, [text[:end], *parts]


def test_the_best_sum_of_scores_wins_and_unknown_ones_in_a_row_are_one() -> None:
    chance = random.Random(1)
    ids = {token: number for number, token in enumerate(TOKENS, 3)}
    tokenizer = made(remove_extra_whitespaces=True)
    for _ in range(60):
        text = "".join(chance.choice("aab b文") for _ in range(chance.randint(1, 9)))
        words = text.split()
        if not words:
            assert tokenizer.encode(text) == []
            continue
        best, parts = max(ways("▁" + "▁".join(words)))
        if sum(abs(other - best) < 1e-9 for other, _ in ways("▁" + "▁".join(words))) > 1:
            continue  # which of two equal ones is taken is another matter
        expected: list[int] = []
        for part in parts:
            number = ids.get(part, 2)
            if number != 2 or expected[-1:] != [2]:
                expected.append(number)
        assert tokenizer.encode(text) == expected, text


def test_spaces_stay_unless_they_are_merged() -> None:
    assert [token.text for token in made().tokens("a  b")] == ["a", " ", " b"]
    assert [token.text for token in made(add_space_prefix=True).tokens("a  b")] == [" a", " ", " b"]
    assert [token.text for token in made(remove_extra_whitespaces=True).tokens("  a  b ")] == [" a", " b"]


def test_characters_are_replaced_as_the_vocabulary_says() -> None:
    rules = character_map({"ﬁ": "fi", "Ａ": "a", "b\u0301": "b", "\u200b": ""})
    tokenizer = made(precompiled_charsmap=rules)
    assert tokenizer.exact
    for written, meant in (("aﬁ", "afi"), ("ＡＡb", "aab"), ("b\u0301a", "ba"), ("a\u200bb", "ab"), ("b\0", "b\0")):
        assert tokenizer.encode(written) == tokenizer.encode(meant) == made().encode(meant)
    assert (tokenizer.begins_with, tokenizer.ends_with) == ((), (1,))
