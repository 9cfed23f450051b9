"""Odd vocabularies and odd texts."""

import gc
import time
import tracemalloc
from itertools import product
from string import ascii_lowercase
from typing import Any

import pytest

from ollama_tui.domain.token import TokenKind
from ollama_tui.services.tokenizer.making import make_tokenizer
from ollama_tui.services.tokenizer.vocabulary import read_vocabulary
from tests.tokenizer.recorded import FILES, recorded, tokenizer

BYTES = recorded("vocab")
SMALL = ["a", "b", "c", "d", "ab", "cd", "abcd", "!"]


def made(tokens: list[str], merges: list[str], kinds: dict[str, int] | None = None, **keys: Any) -> Any:
    """A tokenizer for a byte-level vocabulary of a few tokens."""
    return make_tokenizer(
        read_vocabulary(
            {
                "tokenizer.ggml.model": "gpt2",
                "tokenizer.ggml.pre": "gpt-2",
                "tokenizer.ggml.tokens": tokens,
                "tokenizer.ggml.merges": merges,
                "tokenizer.ggml.token_type": [(kinds or {}).get(token, 1) for token in tokens],
                **{f"tokenizer.ggml.{key}": value for key, value in keys.items()},
            }
        )
    )


MERGES = ["a b", "c d", "ab cd"]


def test_empty_tokens_and_bytes_without_a_token_are_passed_over() -> None:
    tokenizer = made([*SMALL, "", "", "Ġ"], MERGES)
    assert tokenizer.exact
    assert tokenizer.encode("abcd\x00ab 中!") == [6, 4, 10, 7]


def test_of_a_token_that_occurs_twice_it_is_not_known_which_is_meant() -> None:
    twice = made([*SMALL, "ab"], MERGES)
    assert not twice.exact
    assert [token.raw for token in twice.tokens("abab")] == [b"ab", b"ab"]
    # Where nothing can come to be the token, it does not matter.
    assert made([*SMALL, "\ufffd", "\ufffd"], MERGES).exact


def test_tokens_that_are_no_unicode_and_merges_that_are_none_are_passed_over() -> None:
    odd = made([*SMALL, "\ud800x", "中", "a b"], [*MERGES, "", "a", " ", "a  b", "中 a", "\ud800 a", "x"])
    assert odd.exact
    assert odd.encode("abcd") == [6]


def test_an_unknown_pre_tokenizer_still_counts_by_the_vocabulary() -> None:
    unknown = make_tokenizer(read_vocabulary(BYTES, pre="of-tomorrow"))
    assert not unknown.exact
    assert unknown.pre == "of-tomorrow"
    assert unknown.encode("Hello, world!") == tokenizer("llama-bpe").encode("Hello, world!")


def test_another_algorithm_is_estimated() -> None:
    assert not make_tokenizer(read_vocabulary({**BYTES, "tokenizer.ggml.model": "rwkv"})).exact


@pytest.mark.parametrize("name", FILES)
def test_surrogates_are_replaced_and_controls_are_text(name: str) -> None:
    made = tokenizer(name)
    assert made.encode("a\ud83d\udca9\udfffb") == made.encode("a\ufffd\ufffd\ufffdb")
    raw = b"".join(token.raw for token in made.tokens("a\0b\u0085c\x1b\x7f\u2028"))
    assert raw.removeprefix(b" ") == "a\0b\u0085c\x1b\x7f\u2028".encode()


# Special tokens

MARKED = {"<|x|>": TokenKind.CONTROL, "<|xy|>": TokenKind.USER_DEFINED, "<u>": TokenKind.UNKNOWN, "|>": 4}
TEXTS = [*SMALL, *MARKED, "<", "|", "x", ">", "y", "u", "Ġ"]


def test_user_defined_tokens_are_found_the_longest_first_and_control_tokens_on_demand() -> None:
    tokenizer = made(TEXTS, MERGES, {text: int(kind) for text, kind in MARKED.items()})
    at = TEXTS.index
    assert tokenizer.encode("ab<|xy|>ab") == [at("ab"), at("<|xy|>"), at("ab")]
    assert tokenizer.encode("<|x|>") == [at("<"), at("|"), at("x"), at("|>")]
    assert tokenizer.encode("a<|x|><u>", special=True) == [at("a"), at("<|x|>"), at("<u>")]
    assert tokenizer.count("a<|x|><u>", special=True) == 3
    # What a longer token took is no part of a shorter one, even of one that begins earlier.
    assert made(["a", "b", "c", "d", "ab", "bcd"], [], {"ab": 4, "bcd": 4}).encode("abcd") == [0, 5]


def test_many_special_tokens_are_found_as_few_are() -> None:
    many = [f"<|extra_{number}|>" for number in range(500)]
    tokens = [*TEXTS, *many, "_", "e", "t", "r", "1", "2", "3", "0", "9"]
    kinds = {text: int(kind) for text, kind in MARKED.items()} | dict.fromkeys(many, 3)
    tokenizer = made(tokens, MERGES, kinds)
    text = "ab<|extra_12|><<|extra_499|>a<|extra_500|>"
    found = [number for number in tokenizer.encode(text, special=True) if number >= len(TEXTS)][:2]
    assert found == [tokens.index("<|extra_12|>"), tokens.index("<|extra_499|>")]
    assert tokens.index("<|extra_12|>") not in tokenizer.encode(text)


def test_what_looks_like_a_control_token_is_one_whatever_its_type() -> None:
    tokens = [*SMALL, "<|im_end|>", "<|channel|>"]
    tokenizer = made(tokens, MERGES, {"<|im_end|>": 1, "<|channel|>": 3})
    assert tokenizer.encode("a<|im_end|>", special=True) == [0, 8]
    assert tokenizer.encode("a<|im_end|>")[-1] != 8
    assert tokenizer.encode("a<|channel|>") == [0, 9]  # of gpt-oss: always


def test_a_special_token_may_take_the_space_behind_it() -> None:
    keys = {"general.name": "Phi-3", **BYTES}
    tokenizer = make_tokenizer(read_vocabulary(keys, pre="gpt-2"))
    assert tokenizer.encode("<|im_end|> \n\tself", special=True) == tokenizer.encode("<|im_end|>self", special=True)
    assert len(tokenizer.encode("<|endoftext|> self", special=True)) == 2


def test_what_begins_and_ends_a_prompt_is_told_but_never_added() -> None:
    def ends(**keys: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
        tokenizer = made(SMALL, MERGES, **keys)
        assert tokenizer.encode("ab") == [4]
        return tokenizer.begins_with, tokenizer.ends_with

    assert ends(bos_token_id=2, eos_token_id=3) == ((), ())
    assert ends(bos_token_id=2, eos_token_id=3, add_bos_token=True) == ((2,), ())
    assert ends(bos_token_id=2, eos_token_id=3, add_bos_token=True, add_eos_token=True) == ((2,), (3,))
    assert ends(bos_token_id=99, add_bos_token=True) == ((), ())  # no such token
    assert ends(pre="llama-bpe", bos_token_id=2) == ((2,), ())
    assert tokenizer("spm").begins_with == (1,)


# WordPiece


def test_wordpiece_takes_the_longest_pieces_of_each_word() -> None:
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "▁hello",
        "▁play",
        "ing",
        "▁cafe",
        "▁,",
        "▁中",
        "▁國",
        "er",
        "▁i",
        "▁$",
    ]
    tokenizer = make_tokenizer(
        read_vocabulary(
            {
                "tokenizer.ggml.model": "bert",
                "tokenizer.ggml.tokens": words,
                "tokenizer.ggml.token_type": [3, 3, 3, 3, *[1] * 10],
                "tokenizer.ggml.unknown_token_id": 1,
                "tokenizer.ggml.bos_token_id": 2,
                "tokenizer.ggml.seperator_token_id": 3,
            }
        )
    )
    assert tokenizer.exact
    assert tokenizer.encode("HELLO,\u3000playing") == [4, 8, 5, 6]
    assert tokenizer.encode("Café cafe\u0301 中國 player") == [7, 7, 9, 10, 5, 11]  # accents go, and each Han is a word
    assert tokenizer.encode("\u0130 hel\u200dlo\0 $") == [12, 4, 13]  # controls go
    assert tokenizer.encode("playful zzz") == [1, 1]  # a word with a part that is unknown is unknown
    assert tokenizer.encode("hello[SEP]", special=True) == [4, 3]
    assert (tokenizer.begins_with, tokenizer.ends_with) == ((2,), (3,))


# Long texts


@pytest.mark.parametrize("text", ["a", " ", "\n\t"])
@pytest.mark.parametrize("name", ["qwen2", "deepseek-v3", "spm"])
def test_a_long_run_takes_no_longer_than_other_text(name: str, text: str) -> None:
    made = tokenizer(name)
    long = text * (1_300_000 // len(text))
    began = time.process_time()
    number = made.count(long)
    assert time.process_time() - began < 10  # a second; what grows with the square takes hours
    assert 0 < number <= len(long.encode()) + 1
    assert made.count(long[: len(long) // 8]) < number


def test_ten_megabytes() -> None:
    text = "The quick brown fox jumps over the lazy dog. 你好，世界。\n" * 170_000
    assert len(text.encode()) > 10_000_000
    assert tokenizer("llama-bpe").count(text) == 170_000 * tokenizer("llama-bpe").count(text[: len(text) // 170_000])


def test_no_token_is_a_value_of_python_s_own() -> None:
    """Each such value has some 40 bytes: megabytes for a model's vocabulary. tiktoken's own share is not traced."""
    pairs = list(product(ascii_lowercase, repeat=2))
    triples = [(f"{one}{two}", three) for (one, two), three in product(pairs, ascii_lowercase)]
    merges = [f"{one} {two}" for one, two in (*pairs, *triples)]
    tokens = [*ascii_lowercase, *(merge.replace(" ", "") for merge in merges)]
    made(SMALL, MERGES)  # what is imported and made once
    tracemalloc.start()
    tokenizer = made(tokens, merges)
    gc.collect()
    kept, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert tokenizer.encode("abc") == [tokens.index("abc")]
    assert kept < 20 * len(tokens)
