"""What an option may be, how it is written, and what a model says of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_tui.domain import quoting
from ollama_tui.domain.keep_alive import check_keep_alive, parse_keep_alive
from ollama_tui.domain.model_parameters import parse_parameters
from ollama_tui.domain.options import FIELDS, SPECS, OptionError, check_option, parse_option, value_text
from ollama_tui.domain.think import parse_think

# As `ollama show --parameters` prints them: Go's notation, in any order, a line for each text of a list.
SHOWN = r"""stop                           "<|im_start|>"
num_ctx                        1.048576e+06
temperature                    0.6
stop                           "a \"b\" \\ \n \x1b 终"
use_mmap                       true
top_k                          20
mirostat                       2
min_p                          "high"
"""


def test_a_models_own_parameters_are_read() -> None:
    assert parse_parameters(SHOWN) == {
        "stop": ("<|im_start|>", 'a "b" \\ \n \x1b 终'),
        "num_ctx": 1_048_576,
        "temperature": 0.6,
        "use_mmap": True,
        "top_k": 20,
    }


def test_every_field_teaches() -> None:
    for spec in FIELDS:
        assert spec.help.endswith("."), spec.name
        assert spec.when.endswith("."), spec.name
        assert 80 < len(spec.help) + len(spec.when) < 320, spec.name
    for spec in SPECS:
        assert (spec.low is None) == (spec.type in ("strings", "bool")), spec.name


@given(st.lists(st.text(st.characters(codec="utf-8")).filter(bool), min_size=1))
def test_a_list_of_texts_is_typed_as_it_is_shown(texts: list[str]) -> None:
    assert quoting.words(value_text(tuple(texts))) == texts


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("temperature", "hot", "needs a number, not 'hot'"),
        ("temperature", "nan", "between 0 and 5"),
        ("num_ctx", "2.5", "needs a whole number"),
        ("num_ctx", "9" * 400, "between 4 and 10000000"),
        ("use_mmap", "perhaps", "true or false"),
    ],
)
def test_a_wrong_value_is_told_in_a_sentence(name: str, typed: str, words: str) -> None:
    with pytest.raises(OptionError) as refused:
        parse_option(name, [typed])
    assert words in str(refused.value)


def test_types_are_as_the_server_wants_them() -> None:
    for name, value in (("num_ctx", True), ("temperature", "0.5"), ("stop", "text"), ("use_mmap", 1), ("seed", 1.5)):
        with pytest.raises(OptionError):
            check_option(name, value)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("10", 10), ("-1", -1), ("0.5", 0.5), ("5m", "5m"), ("1h30m", "1h30m"), ("-1m", "-1m"), (" 0 ", 0)],
)
def test_keep_alive_is_seconds_or_a_duration(typed: str, value: object) -> None:
    assert parse_keep_alive(typed) == value


@pytest.mark.parametrize("typed", ["", "soon", "5 m", "5x", "1d", "9999999999h", "1e3", "--1", "99999999999999"])
def test_keep_alive_that_the_server_refuses_is_refused_here(typed: str) -> None:
    with pytest.raises(OptionError):
        parse_keep_alive(typed)


def test_keep_alive_of_a_file_is_no_text_without_a_unit() -> None:
    for value in ("10", True, [5], float("nan")):
        with pytest.raises(OptionError):
            check_keep_alive(value)


def test_think_is_a_level_or_a_word() -> None:
    assert [parse_think(word) for word in ("", "auto", "off", "On", "max")] == [None, None, False, True, "max"]
    with pytest.raises(OptionError):
        parse_think("very")
