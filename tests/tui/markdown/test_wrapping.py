"""Where lines are broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ollama_tui.tui.markdown.wrap import chop, clusters, wrap
from tests.tui.markdown.corpus import text

_TEXT = st.text(alphabet="ab é-（，。「」“”…中文字👍🏽👩\u200d🔬🇨🇳\ufe0f\u0301 \n.,", max_size=80)


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("一二三四五六七", ["一二三四五", "六七"]),
        ("一二三四五，六", ["一二三四", "五，六"]),
        ("一二三四五。」六", ["一二三四", "五。」六"]),
        ("一二三四「五」", ["一二三四", "「五」"]),
        ("一二三abcd，", ["一二三", "abcd，"]),
        ("ab don’t xy", ["ab don’t", "xy"]),
        ("a https://example.org/x", ["a", "https://ex", "ample.org/", "x"]),
        ("12345678 👩\u200d🔬👩\u200d🔬", ["12345678", "👩\u200d🔬👩\u200d🔬"]),
        ("🇨🇳🇨🇳🇨🇳🇨🇳🇨🇳🇩🇪", ["🇨🇳🇨🇳🇨🇳🇨🇳🇨🇳", "🇩🇪"]),
        ("1234567890 **b**。", ["1234567890", "b。"]),
        ("123456789**好**。", ["123456789", "好。"]),
    ],
)
def test_breaks(source: str, lines: list[str]) -> None:
    assert text(source, 10) == lines


@given(_TEXT, st.integers(2, 30))
def test_rows_fit_and_nothing_is_lost(source: str, width: int) -> None:
    rows = wrap(source, width)
    assert all(cell_len(source[a:b]) <= width for a, b in rows[:-1])
    assert cell_len(source[slice(*rows[-1])].rstrip(" ")) <= width
    kept = "".join(source[a:b] for a, b in rows)
    assert kept.replace(" ", "") == source.replace(" ", "").replace("\n", "")
    assert "".join(source[a:b] for a, b in chop(source, width)) == source


@given(_TEXT.map(lambda text: text.replace("“", "").replace("”", "")), st.integers(0, 80), st.integers(4, 30))
def test_what_follows_changes_only_the_open_row(source: str, at: int, width: int) -> None:
    at = min(at, len(source))
    if source[at : at + 1] in ("\u200d", "\ufe0f", "\u0301", " ", "\n", "🏽") or source[:at].endswith((" ", "\u200d")):
        return
    rows = [source[a:b].rstrip(" ") for a, b in wrap(source, width)]
    early = wrap(source[:at], width)
    finished = [source[a:b].rstrip(" ") for a, b in early[:-1]]
    rest = source[early[-1][0] :]
    assert finished + [rest[a:b].rstrip(" ") for a, b in wrap(rest, width)] == rows


def test_flags_and_joined_emoji_are_whole() -> None:
    assert [b - a for a, b, _ in clusters("a👩\u200d🔬🇨🇳🇩🇪👍🏽e\u0301")] == [1, 3, 2, 2, 2, 2]
