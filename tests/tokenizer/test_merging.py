"""Merging by tiktoken against a plain loop over the list of merges."""

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
import tiktoken

from ollama_tui.domain.token import Tokenizer
from ollama_tui.services.tokenizer.making import make_tokenizer
from ollama_tui.services.tokenizer.merging import reached
from ollama_tui.services.tokenizer.vocabulary import read_vocabulary
from tests.tokenizer.recorded import recorded

_PRINTABLE = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
_OTHERS = [byte for byte in range(256) if byte not in _PRINTABLE]
LETTERS = [chr(byte) if byte in _PRINTABLE else chr(0x100 + _OTHERS.index(byte)) for byte in range(256)]


def merged(text: str, merges: Sequence[str]) -> list[str]:
    """The plain way: the first merge of the list that can be done, at its leftmost place, until none can."""
    parts = list(text)
    ranks = {tuple(merge.split(" ")): rank for rank, merge in reversed(list(enumerate(merges)))}
    while True:
        places = [(ranks[pair], at) for at, pair in enumerate(pairwise(parts)) if pair in ranks]
        if not places:
            return parts
        _, at = min(places)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]


def scored(text: str, ids: dict[str, int], scores: Sequence[float]) -> list[str]:
    """The plain way: of all neighbours that are a token together those of the best score, the leftmost of these."""
    parts = list(text)
    while True:
        places = [
            (-scores[ids[left + right]], at) for at, (left, right) in enumerate(pairwise(parts)) if left + right in ids
        ]
        if not places:
            return parts
        _, at = min(places)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]


def some_merges(chance: random.Random, letters: str) -> list[str]:
    """A list as no training makes it: repeated products, pairs that never meet, parts after what is made of them."""
    tokens, merges = list(letters), list[str]()
    for _ in range(chance.randint(3, 60)):
        left, right = chance.choice(tokens), chance.choice(tokens)
        if len(left + right) < 12:
            merges.append(f"{left} {right}")
            tokens.append(left + right)
    if chance.random() < 0.4:
        chance.shuffle(merges)
    return merges


@pytest.mark.parametrize("seed", range(60))
def test_any_list_of_merges_is_followed_exactly(seed: int) -> None:
    chance = random.Random(seed)
    letters = "abc"[: chance.randint(1, 3)]
    merges = some_merges(chance, letters)
    found = reached(merges).texts
    assert set(found) == {
        text for text in (merge.replace(" ", "") for merge in merges) if len(merged(text, merges)) == 1
    }
    ranks = {bytes((byte,)): byte for byte in range(256)} | {text.encode(): 256 + at for at, text in enumerate(found)}
    encoding = tiktoken.Encoding("plain", pat_str="(?s).+", mergeable_ranks=ranks, special_tokens={})
    for _ in range(30):
        text = "".join(chance.choice(letters) for _ in range(chance.randint(1, 130)))
        parts = [encoding.decode_single_token_bytes(rank).decode() for rank in encoding.encode_ordinary(text)]
        assert parts == merged(text, merges)


def altered(chance: random.Random) -> dict[str, Any]:
    """The recorded vocabulary with its ids in another order, tokens missing, and tokens that no merge reaches."""
    given = recorded("vocab")
    rows = list(zip(given["tokenizer.ggml.tokens"], given["tokenizer.ggml.token_type"], strict=True))
    rows = [row for row in rows if row[0] not in ("Q", "Ä", "Ġre", "ing")]
    rows += [(token, 1) for token in ("xyzzy", "Ġtheabc", "Ġ12", "ab!", "ĠĠĠĠx", "ĠĠĠĠĠ")]
    chance.shuffle(rows)
    return {
        **given,
        "tokenizer.ggml.tokens": [token for token, _ in rows],
        "tokenizer.ggml.token_type": [kind for _, kind in rows],
    }


@pytest.mark.parametrize(("pre", "whole"), [("gpt-2", False), ("llama-bpe", True), ("tekken", True)])
def test_ids_in_any_order_with_gaps_and_unreached_tokens(pre: str, whole: bool) -> None:
    chance = random.Random(5)
    vocabulary = altered(chance)
    tokenizer = make_tokenizer(read_vocabulary(vocabulary, pre=pre))
    ids = {token: number for number, token in enumerate(vocabulary["tokenizer.ggml.tokens"])}
    words = ["xyzzy", "theabc", "Quit", "returning", "12", "re", "ing", "ab!", "x", "ÄÖ", "naïve", "self"]

    def expected(word: str) -> list[int]:
        written = "".join(LETTERS[byte] for byte in word.encode())
        if whole and written in ids:
            return [ids[written]]
        found: list[int] = []
        for part in merged(written, vocabulary["tokenizer.ggml.merges"]):
            # A part that is no token leaves those of its letters that are ASCII and tokens.
            found += (
                [ids[part]] if part in ids else [ids[letter] for letter in part if letter < "\x7f" and letter in ids]
            )
        return found

    for word in words:
        if tokenizer.count(word) == 0:
            assert expected(word) == []
        else:
            pieces = [word] if word not in ("ab!",) else ["ab", "!"]
            pieces = list(word) if word == "12" and pre == "tekken" else pieces
            assert tokenizer.encode(word) == [number for piece in pieces for number in expected(piece)], word
    assert tokenizer.encode("xyzzyx xyzzy") == expected("xyzzyx") + expected(" xyzzy")


def test_sentencepiece_is_followed_exactly() -> None:
    given = recorded("spm-vocab")
    tokens, scores = given["tokenizer.ggml.tokens"], given["tokenizer.ggml.scores"]
    check_scored(make_tokenizer(read_vocabulary(given)), tokens, scores)


def test_scores_that_are_the_same_go_from_left_to_right() -> None:
    given = recorded("spm-vocab")
    tokens = given["tokenizer.ggml.tokens"]
    scores = [round(score / 400) for score in given["tokenizer.ggml.scores"]]
    check_scored(make_tokenizer(read_vocabulary({**given, "tokenizer.ggml.scores": scores})), tokens, scores)


def check_scored(tokenizer: Tokenizer, tokens: Sequence[str], scores: Sequence[float]) -> None:
    chance = random.Random(1)
    ids = {token: number for number, token in enumerate(tokens)}
    plain = [token.replace("▁", " ") for token in tokens if not token.startswith("<")]
    for _ in range(200):
        text = "".join(chance.choice(plain) for _ in range(chance.randint(1, 12)))
        text += chance.choice(("", "  ", "你好", "é\u0301", "\0", "\u0085", "🎉", "\n\n"))
        expected: list[int] = []
        for part in scored(f" {text}".replace(" ", "▁"), ids, scores):
            expected += [ids[part]] if part in ids else [ids[f"<0x{byte:02X}>"] for byte in part.encode()]
        assert tokenizer.encode(text) == expected, text


def test_characters_are_merged_by_a_list_where_the_vocabulary_says_so() -> None:
    chance = random.Random(3)
    letters = "ab▁é你\n"
    for _ in range(40):
        merges = [merge for merge in some_merges(chance, letters) if "\n" not in merge]
        made = sorted({merge.replace(" ", "") for merge in merges})
        tokens = [f"<0x{byte:02X}>" for byte in range(256)] + list("ab▁é\n") + made + ["\n\n", "\n\n\n"]
        info = {
            "tokenizer.ggml.model": "gemma4",
            "tokenizer.ggml.tokens": tokens,
            "tokenizer.ggml.token_type": [6] * 256 + [1] * (len(tokens) - 256),
            "tokenizer.ggml.merges": merges,
        }
        ids = {token: number for number, token in enumerate(tokens)}
        tokenizer = make_tokenizer(read_vocabulary(info))
        for _ in range(20):
            words = ["".join(chance.choice("ab é你🎉") for _ in range(chance.randint(1, 20))) for _ in range(3)]
            runs = ["\n" * chance.randint(1, 5) for _ in range(2)]
            expected: list[int] = []
            for piece in (words[0], runs[0], words[1], runs[1], words[2]):
                whole = piece if piece.strip("\n") or piece not in ids else None
                for part in [piece] if whole is None else merged(piece.replace(" ", "▁"), merges):
                    expected += [ids[part]] if part in ids else [ids[f"<0x{byte:02X}>"] for byte in part.encode()]
            assert tokenizer.encode(words[0] + runs[0] + words[1] + runs[1] + words[2]) == expected
