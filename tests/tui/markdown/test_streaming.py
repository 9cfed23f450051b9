"""However a source is cut into pieces, the end is the same; and a piece costs the same late as early."""

import sys
from collections.abc import Callable
from random import Random
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.markdown_engine import chinese, fence, items, mixed, paragraph, table
from ollama_tui.tui.markdown import Document, inline
from ollama_tui.tui.markdown.highlight import Highlighter
from tests.tui.markdown.corpus import PIECES, THEME, at_once, drawn

_NOISE = st.text(alphabet="ab *_`~[]()|-#>\n\t 中。1.<&;$\\\x1b\u2028\ud800", max_size=30)
SOURCES = st.lists(st.sampled_from(PIECES) | _NOISE, max_size=7).map("".join)
PREFIXES = st.sampled_from(["", "", "> ", "- ", "    "])


def _prefixed(prefix: str, source: str) -> str:
    return "".join(prefix + line for line in source.splitlines(keepends=True)) if prefix else source


@settings(max_examples=60, deadline=None)
@given(PREFIXES, SOURCES, st.sampled_from([10, 17, 40, 80]), st.randoms(use_true_random=False))
def test_any_chunking_ends_as_at_once(prefix: str, source: str, width: int, random: Random) -> None:
    source = _prefixed(prefix, source)
    document = Document(THEME, random.choice([width, 30]))
    largest = random.choice([1, 7, 300])
    before = drawn(document)
    i = 0
    while i < len(source):
        size = random.randint(1, largest)
        document.append(source[i : i + size])
        i += size
        if random.random() < 0.5:
            first = document.layout()
            now = drawn(document)
            assert now[:first] == before[:first]
            before = now
    document.set_width(width)
    document.close()
    document.layout()
    whole = at_once(source, width)
    assert drawn(document) == drawn(whole)
    assert document.source == whole.source
    assert document.code_blocks == whole.code_blocks


@settings(max_examples=60, deadline=None)
@given(PREFIXES, SOURCES, st.sampled_from([10, 13, 40, 120]))
def test_no_line_is_too_wide_or_obeyed_by_a_terminal(prefix: str, source: str, width: int) -> None:
    document = at_once(_prefixed(prefix, source), width)
    for y in range(document.height):
        strip = document.strip(y)
        assert strip.cell_length <= width
        assert not [c for c in strip.text if ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u2028\u202e\ufeff"]
        strip.text.encode()


def _work(tokens: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[float, float]:
    """Calls, and characters parsed or lexed, per token of a stream drawn every 166 tokens."""
    calls = characters = 0
    parse, lines = inline.parse, Highlighter.lines

    def counted_parse(text: str, *rest: object) -> object:
        nonlocal characters
        characters += len(text)
        return parse(text, *rest)  # type: ignore[arg-type]

    def counted_lines(self: Highlighter, text: list[str]) -> object:
        nonlocal characters
        characters += sum(map(len, text))
        return lines(self, text)

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    monkeypatch.setattr("ollama_tui.tui.markdown.prose.parse", counted_parse)
    monkeypatch.setattr("ollama_tui.tui.markdown.table.parse", counted_parse)
    monkeypatch.setattr(Highlighter, "lines", counted_lines)
    document = Document(THEME, 100)
    sys.setprofile(count)
    try:
        for i in range(0, len(tokens), 166):
            document.append("".join(tokens[i : i + 166]))
            document.layout()
            for y in range(max(document.height - 40, 0), document.height):
                document.strip(y)
        document.close()
        document.layout()
    finally:
        sys.setprofile(None)
        monkeypatch.undo()
    return calls / len(tokens), characters / len(tokens)


def _long_line_of_code(tokens: int) -> list[str]:
    return ["```json\n", *['{"a": '] * (tokens - 1)]


def _unclosed(tokens: int) -> list[str]:
    return ["**word ", *["more "] * (tokens - 1)]


@pytest.mark.parametrize("kind", [paragraph, chinese, fence, table, items, mixed, _long_line_of_code, _unclosed])
def test_a_token_costs_the_same_late_as_early(
    kind: Callable[[int], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _work(kind(400), monkeypatch)  # imports, compiled lexers
    early_calls, early_characters = _work(kind(2000), monkeypatch)
    late_calls, late_characters = _work(kind(12000), monkeypatch)
    assert late_calls <= 1.2 * early_calls
    assert late_characters <= 1.2 * early_characters


def test_a_long_paragraph_is_parsed_little_more_than_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = paragraph(6000)
    _, characters = _work(tokens, monkeypatch)
    assert characters * len(tokens) < 3 * sum(map(len, tokens))


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("a **bold wor", "a bold wor"),
        ("a **bold*", "a bold"),
        ("a `co", "a co"),
        ("a `co ** d", "a co ** d"),
        ("2 ** 3", "2 ** 3"),
        ("a **b `c", "a b c"),
        ("a ** b", "a ** b"),
        ("\\**b", "**b"),
    ],
)
def test_marks_do_not_show_while_words_in_them_are_written(source: str, line: str) -> None:
    document = Document(THEME, 40)
    document.append(source)
    document.layout()
    assert document.strip(0).text == line
    document.close()
    document.layout()
    assert drawn(document) == drawn(at_once(source))
