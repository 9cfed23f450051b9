"""What each construct looks like."""

from itertools import chain

import pytest

from ollama_tui.tui.markdown import Document, Theme
from tests.tui.markdown.corpus import THEME, at_once, drawn, text


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("# A\nb\n", ["A", "", "b"]),
        ("a\n===\nb\n---\n", ["a", "", "b"]),
        ("one\ntwo\n\nthree", ["one two", "", "three"]),
        ("one  \ntwo\\\nthree<br>four", ["one", "two", "three", "four"]),
        ("中文\n中文\nabc\n中", ["中文中文 abc 中"]),
        ("- a\n\n- b\n  - c\n    - d\n* e", ["• a", "• b", "  ◦ c", "    ▪ d", "", "• e"]),
        ("9. a\n10. b\n    1) c", ["9. a", "10. b", "    1) c"]),
        ("- [ ] a\n- [x] b", ["☐ a", "☑ b"]),
        ("- a\n\n  b\n\n- c", ["• a", "", "  b", "", "• c"]),
        ("-\n- b", ["•", "• b"]),
        ("> a\nb\n> > c\n\nd", ["▎ a b", "▎", "▎ ▎ c", "", "d"]),
        ("> - a\n>   b\n> - c", ["▎ • a b", "▎ • c"]),
        ("```py\na\n\n b\n```\nc", ["│ py", "│ a", "│", "│  b", "", "c"]),
        ("- a\n  ```\n  x\n  ```\n- b", ["• a", "  │ x", "• b"]),
        ("    a\n\n    b\n\nc", ["│ a", "│", "│ b", "", "c"]),
        ("```\n\ta\n a\tb", ["│     a", "│  a  b"]),
        ("a\n\n***\nb", ["a", "", "─" * 20, "", "b"]),
        ("<details>\n*x*\n</details>\n\ny", ["<details>", "*x*", "</details>", "", "y"]),
        ("x is\n\\[\na_1 * b_1\n\\]\ny", ["x is", "", "\\[", "a_1 * b_1", "\\]", "", "y"]),
        ("a[^1]\n\n[^1]: b", ["a[^1]", "", "[^1]: b"]),
        ("[a] [b][A]\n\n[a]: http://x.y", ["a b"]),
        ("a &amp; &lt;b&gt; \\*", ["a & <b> *"]),
        ("![a cat](c.png)", ["▣ a cat"]),
    ],
)
def test_constructs(source: str, lines: list[str]) -> None:
    assert [line.rstrip() for line in text(source, 20)] == lines


@pytest.mark.parametrize(
    ("source", "width", "lines"),
    [
        (
            "| a | bb | c |\n|:--|--:|:-:|\n| long | 1 | x |\n| 中文 | `a\\|b` |",
            40,
            ["a    │  bb │  c", "─────┼─────┼────", "long │   1 │  x", "中文 │ a|b │"],
        ),
        (
            "| key | text |\n|--|--|\n| k | one two three |\n| l | x |",
            17,
            ["key │ text", "────┼────────────", "k   │ one two", "    │ three", "┈┈┈┈┼┈┈┈┈┈┈┈┈┈┈┈┈", "l   │ x"],
        ),
        ("a | b\n--|--\n1 | 2\n\n| c |", 20, ["a   │ b", "────┼────", "1   │ 2", "", "| c |"]),
        ("text\n| a | b |\n|--|--|\n| 1 | 2 |", 20, ["text", "", "a   │ b", "────┼────", "1   │ 2"]),
        ("| a | b |\n|--|\n| 1 | 2 |", 40, ["| a | b | |--| | 1 | 2 |"]),
        (
            "|name|size|used|\n|-|-|-|\n|x|1 GB|now|\n",
            10,
            ["──────────", "name: x", "size: 1 GB", "used: now", "──────────"],
        ),
    ],
)
def test_tables(source: str, width: int, lines: list[str]) -> None:
    assert [line.rstrip() for line in text(source, width)] == [line.rstrip() for line in lines]


def test_a_long_table_fits_its_widest_row_at_the_end() -> None:
    rows = "".join(f"| {'x' * (i // 10 + 1)} | {i} |\n" for i in range(300))
    document = Document(THEME, 60)
    for line in f"| a | b |\n|---|---|\n{rows}".splitlines(keepends=True):
        document.append(line)
        document.layout()
        assert max(document.strip(y).cell_length for y in range(document.height)) <= 60
    document.close()
    document.layout()
    assert document.height == 302
    assert document.strip(301).text == f"{'x' * 30} │ 299"


def test_styles_of_words() -> None:
    line = drawn(at_once("a **b *c*** `d` ~~e~~ [f](http://x.y)"))[0]
    told = {segment.text: segment.style for segment in line if segment.style}
    assert told["b "].bold
    assert not told["b "].italic
    assert told["c"].bold
    assert told["c"].italic
    assert told["e"].strike
    assert told["f"].underline
    assert told["d"].color == THEME.code.color


@pytest.mark.parametrize("source", ["**重点：**内容", "这是**“重点”**吗", "**中文**English", "请看**`代码`**。"])
def test_emphasis_needs_no_spaces_in_chinese(source: str) -> None:
    line = drawn(at_once(source))[0]
    assert "*" not in "".join(segment.text for segment in line)
    assert any(segment.style and segment.style.bold for segment in line)


def test_code_is_coloured_by_its_language() -> None:
    lines = drawn(at_once('```python\ndef f():\n    """a\n    b"""\n    return 1\n```\n'))
    keyword = THEME.code_tokens["Keyword"]
    assert (lines[1][-3].text, lines[1][-3].style) != ("", None)
    assert any(segment.text == "def" and segment.style == keyword for segment in lines[1])
    assert lines[3][-1].style == THEME.code_tokens["Literal.String.Doc"]  # the second line of a string knows it is one
    assert any(segment.text == "return" and segment.style == keyword for segment in lines[4])


def test_an_unclosed_fence_ends_with_the_source() -> None:
    document = Document(THEME, 40)
    document.append("```python\nx = '''a\nb")
    document.layout()
    assert [block.source for block in document.code_blocks] == ["x = '''a\nb\n"]
    document.close()
    document.layout()
    assert drawn(document) == drawn(at_once("```python\nx = '''a\nb"))


def test_no_colour_leaves_attributes() -> None:
    source = "# a\n**b** `c` [d](http://x.y)\n```python\ndef f(): pass  # x\n```\n> q\n"
    for segment in chain(*drawn(at_once(source, theme=Theme.ansi(color=False)))):
        assert segment.style is None or segment.style.color is None
    for segment in chain(*drawn(at_once(source, theme=Theme.ansi()))):
        color = segment.style.color if segment.style else None
        assert color is None or (color.number is not None and color.number < 16)


def test_width_and_theme_can_change() -> None:
    source = (
        "# a\n" + "word **bold** " * 80 + "\n\n| a | b |\n|--|--|\n| [r] | long cell of words |\n\n[r]: http://x.y\n"
    )
    document = at_once(source, 80)
    document.set_width(20)
    document.layout()
    assert drawn(document) == drawn(at_once(source, 20))
    light = Theme.light()
    document.set_theme(light)
    document.set_width(80)
    document.layout()
    assert drawn(document) == drawn(at_once(source, 80, light))
