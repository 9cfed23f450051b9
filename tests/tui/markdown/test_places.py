"""The way back from the screen to the source."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tui.markdown.corpus import PIECES, at_once


def test_a_cell_is_located_in_the_source() -> None:
    source = "# Head\n\nA **bold** word and\nmore.\n\n- [x] 中文 `code`\n\n```py\n\tx\n```\n"
    document = at_once(source, 20)
    lines = [document.strip(y).text for y in range(document.height)]
    for y, line in enumerate(lines):
        for word in ("Head", "bold", "word", "more", "中", "code", "x"):
            x = line.find(word) if "文" not in line[: line.find(word)] else line.find(word) + 2
            if word in line and not (word == "x" and "☑" in line):
                assert source.startswith(word, document.locate(x, y)), (word, line)
    assert document.locate(19, 0) == source.index("Head") + 4
    assert document.locate(0, 99) == len(source)


def test_a_range_of_the_source_is_shown_in_cells() -> None:
    source = "A **bold** 中文 &amp; end"
    document = at_once(source, 40)
    start, end = source.index("old"), source.index("文") + 1
    assert document.ranges(0, start, end) == [(3, 11)]
    assert document.ranges(0, source.index("amp"), source.index("amp") + 1) == [(12, 13)]
    assert document.ranges(0, 0, len(source)) == [(0, 17)]
    assert document.ranges(0, 3, 3) == []


def test_links_are_found_where_they_are_drawn() -> None:
    source = "a [b **c**](http://x.y/z) <https://q.w> http://bare.org/(x). [js](javascript:alert(1)) [r]\n\n[r]: http://ref.org"
    document = at_once(source, 200)
    line = document.strip(0).text
    assert document.link(line.index("b"), 0) == "http://x.y/z"
    assert document.link(line.index("c"), 0) == "http://x.y/z"
    assert document.link(line.index("https"), 0) == "https://q.w"
    assert document.link(line.index("(x"), 0) == "http://bare.org/(x)"
    assert document.link(line.index(". "), 0) is None
    assert document.link(line.index("javascript"), 0) is None
    assert document.link(len(line) - 1, 0) == "http://ref.org"
    assert document.link(0, 0) is None


def test_addresses_are_harmless() -> None:
    document = at_once("[a](http://x.y/\x1b]52;c;A\x07) [b](http://x/&#27;[2J) <http://z/%1b[0m>", 80)
    found = [document.link(x, 0) for x in range(document.strip(0).cell_length)]
    assert len({url for url in found if url}) == 3
    assert all(url is None or (url.isascii() and url.isprintable()) for url in found)


def test_code_blocks_can_be_copied() -> None:
    source = "a\n\n```python title=x\ndef f():\n\treturn 1\n```\n\n> ~~~\n> b\n>\n> c\n> ~~~\n"
    first, second = at_once(source).code_blocks
    assert (first.language, first.source, first.first, first.last) == ("python", "def f():\n\treturn 1\n", 2, 4)
    assert (second.language, second.source, second.first, second.last) == ("", "b\n\nc\n", 6, 8)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=5).map("".join), st.sampled_from([11, 40]))
def test_what_is_located_is_drawn_there(source: str, width: int) -> None:
    document = at_once(source, width)
    for y in range(document.height):
        for x in range(document.strip(y).cell_length):
            at = document.locate(x, y)
            assert 0 <= at <= len(document.source)
            for a, b in document.ranges(y, at, at + 1):
                assert 0 <= a < b <= width
