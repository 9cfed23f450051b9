"""The ids are those of a real llama.cpp, in every recorded case."""

import pytest

from tests.tokenizer.recorded import FILES, recorded, tokenizer


@pytest.mark.parametrize("name", FILES)
def test_ids_are_those_of_llama_cpp(name: str) -> None:
    made = tokenizer(name)
    assert made.exact
    for case in recorded(name)["cases"]:
        assert made.encode(case["text"]) == case["ids"], case["text"]
        assert made.count(case["text"]) == len(case["ids"])


@pytest.mark.parametrize("name", FILES)
def test_the_bytes_of_the_tokens_are_those_of_the_text(name: str) -> None:
    space = b" " if name == "spm" else b""
    for case in recorded(name)["cases"]:
        tokens = tokenizer(name).tokens(case["text"])
        assert [token.id for token in tokens] == case["ids"]
        assert b"".join(token.raw for token in tokens) == (space + case["text"].encode() if case["text"] else b"")
