"""Which names can be sent, and what people type for them."""

import pytest

from ollama_tui.domain.known_models import KNOWN_MODELS, fitting
from ollama_tui.domain.model_name import name_problem, typed_name


@pytest.mark.parametrize(
    "name",
    [
        "llama3.2",
        "llama3.2:3b",
        "person/model:tag",
        "hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M",
        "localhost:5001/library/tiny:latest",
        "http://127.0.0.1:5001/library/tiny",
        "gpt-oss:20b:cloud",
        "_x",
    ],
)
def test_names_that_can_be(name: str) -> None:
    assert name_problem(name) == ""


@pytest.mark.parametrize(
    "name",
    ["", "two words", "-x", "a:b:c", "a/b/c/d", "per.son/model", "x:", "a" * 81, "\x1b]52;c;x\x07", "x\u202e", "名"],
)
def test_names_that_cannot(name: str) -> None:
    assert name_problem(name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  llama3.2:3b ", "llama3.2:3b"),
        ("ollama run deepseek-r1:7b", "deepseek-r1:7b"),
        ("ollama pull qwen3 \n", "qwen3"),
        ("https://ollama.com/library/qwen3:8b", "qwen3:8b"),
        ("ollama.com/person/model", "person/model"),
        ("hf.co/a/b", "hf.co/a/b"),
    ],
)
def test_what_is_typed(typed: str, name: str) -> None:
    assert typed_name(typed) == name


def test_known_models_can_be_pulled() -> None:
    assert all(not name_problem(model.name) and model.size for model in KNOWN_MODELS)
    assert len({model.name for model in KNOWN_MODELS}) == len(KNOWN_MODELS)
    assert "deepseek-r1:7b" in [model.name for model in KNOWN_MODELS[:5]]


def test_fitting_names_begin_with_what_was_typed_first() -> None:
    assert [model.name for model in fitting("qwen")] == ["qwen3:8b", "qwen2.5-coder:7b"]
    assert fitting("embed")[0].name == "nomic-embed-text"
    assert fitting("nothing of the sort") == ()
