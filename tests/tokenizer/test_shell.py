"""`ollama-tui tokens`: what it prints, and what it says of what it cannot use."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.tokenizer.recorded import FOLDER, recorded

VOCAB, SPM = str(FOLDER / "vocab.json"), str(FOLDER / "spm-vocab.json")


def run(*words: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """The command, with `given` piped in."""
    feed: dict[str, Any] = {"stdin": subprocess.DEVNULL} if given is None else {"input": given}
    return subprocess.run(
        [sys.executable, "-m", "ollama_tui", *words], capture_output=True, timeout=60, env=dict(os.environ), **feed
    )


def ids(*words: str, given: bytes | None = None) -> list[int]:
    """The ids that `--json` gives."""
    answer = run(*words, "--json", given=given)
    assert answer.returncode == 0, answer.stderr.decode()
    return [token["id"] for token in json.loads(answer.stdout)["tokens"]]


def test_ids_and_pieces_a_line_each() -> None:
    answer = run("tokens", "--vocab", VOCAB, "any", "don't\n你")
    assert answer.returncode == 0
    lines = [line.split("\t") for line in answer.stdout.decode().splitlines()]
    assert [int(number) for number, _ in lines] == ids("tokens", "--vocab", VOCAB, "any", "don't\n你")
    assert ["198", r'"\n"'] in lines
    assert lines[-1][1].startswith(r'"\x')  # a part of a character is shown as its bytes


def test_several_words_are_one_text_as_those_of_run() -> None:
    whole = ids("tokens", "--vocab", VOCAB, "m", "why is it")
    assert ids("tokens", "m", "why", "is", "it", "--vocab", VOCAB) == whole


def test_json_tells_the_model_and_the_bytes() -> None:
    answer = run("tokens", "some:name", "--vocab", VOCAB, "--pre", "qwen2", "--json", "a你")
    told = json.loads(answer.stdout)
    assert (told["model"], told["exact"], told["pre"]) == ("some:name", True, "qwen2")
    assert told["tokens"][0] == {"id": 64, "text": "a", "bytes": "61"}
    assert b"".join(bytes.fromhex(token["bytes"]) for token in told["tokens"]).decode() == "a你"


def test_standard_input_is_read_to_the_byte() -> None:
    case = next(case for case in recorded("llama-bpe")["cases"] if case["text"].endswith("\n"))
    given = case["text"].encode()
    assert ids("tokens", "--vocab", VOCAB, "--pre", "llama-bpe", given=given) == case["ids"]
    assert ids("tokens", "m", "--vocab", VOCAB, "--pre", "llama-bpe", given=given) == case["ids"]
    assert ids("tokens", "m", "--vocab", VOCAB, given=b"") == []
    assert ids("tokens", "--vocab", VOCAB, given=b"a\xffb\0") == ids(
        "tokens", "--vocab", VOCAB, given="a\ufffdb\0".encode()
    )


def test_count_is_the_number_alone() -> None:
    case = recorded("spm")["cases"][4]
    assert run("tokens", "--vocab", SPM, "m", case["text"], "--count").stdout == f"{len(case['ids'])}\n".encode()


def test_control_tokens_are_parsed_where_that_is_asked_for() -> None:
    assert 4097 not in ids("tokens", "--vocab", VOCAB, "m", "<|im_start|>user")
    assert ids("tokens", "--vocab", VOCAB, "m", "<|im_start|>user", "--special")[0] == 4097


def test_a_model_of_the_built_in_server() -> None:
    answer = run("--demo", "tokens", "echo", "Hello", "--json")
    assert json.loads(answer.stdout)["exact"] is True
    again = run("--demo", "tokens", "echo", "Hello", "--json")  # now from the disk
    assert again.stdout == answer.stdout


def test_an_unknown_pre_tokenizer_is_said_to_be_about_right() -> None:
    answer = run("tokens", "--vocab", VOCAB, "m", "Hello", "--pre", "of-tomorrow", "--json")
    assert answer.returncode == 0
    assert json.loads(answer.stdout)["exact"] is False
    assert b"of-tomorrow" in answer.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        ("{", "no JSON"),
        ("[]", "no JSON object"),
        ("[" * 100_000, "no JSON"),
        ("{}", "no `tokenizer.ggml.tokens`"),
        ('{"tokenizer.ggml.tokens": []}', "tokenizer.ggml.tokens is not what"),
        ('{"tokenizer.ggml.tokens": "abc"}', "tokenizer.ggml.tokens is not what"),
        ('{"tokenizer.ggml.tokens": ["a", 1]}', "tokenizer.ggml.tokens is not what"),
        ('{"tokenizer.ggml.tokens": ["a"], "tokenizer.ggml.merges": [["a", "b"]]}', "tokenizer.ggml.merges is not"),
        ('{"tokenizer.ggml.tokens": ["a"], "tokenizer.ggml.token_type": ["x"]}', "tokenizer.ggml.token_type is not"),
        ('{"tokenizer.ggml.tokens": ["a"], "tokenizer.ggml.model": 1}', "tokenizer.ggml.model is not"),
        ('{"tokenizer.ggml.tokens": ["a", "b"], "tokenizer.ggml.scores": [1]}', "tokenizer.ggml.scores is not"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence_and_a_hint(content: str | None, words: str, tmp_path: Path) -> None:
    path = tmp_path / "vocab.json"
    if content is not None:
        path.write_text(content)
    answer = run("tokens", "--vocab", str(path), "m", "text")
    assert answer.returncode == 1
    lines = answer.stderr.decode().splitlines()
    assert len(lines) == 2
    assert words in lines[0]
    assert b"Traceback" not in answer.stderr
    assert not answer.stdout


def test_a_model_that_is_not_there_and_a_model_that_is_not_named() -> None:
    answer = run("--demo", "tokens", "nowhere", "text")
    assert (answer.returncode, b"nowhere" in answer.stderr) == (1, True)
    assert run("tokens", given=b"text").returncode == 2
