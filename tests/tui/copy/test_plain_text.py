"""Markdown as plain text, and the blocks of code as they were written."""

import pytest

from ollama_tui.tui.copied.code import code_blocks
from ollama_tui.tui.copied.plain import as_plain, in_brief, without_marks


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("# A *title*\n\nwith **bold** `code`\nand ~~more~~", "A title\n\nwith bold code\nand more"),
        ("[here](http://a.b) <http://c.d> ![cat](cat.png)", "here (http://a.b) http://c.d cat (cat.png)"),
        ("- one\n- two\n  1. three\n", "- one\n- two\n  1. three"),
        ("9. nine\n\n   more\n10. ten", "9. nine\n\n   more\n\n10. ten"),
        ("> said\n> > twice", "> said\n>\n> > twice"),
        ("```py\n\tx  = 1\n\n# y\n```\nend", "\tx  = 1\n\n# y\n\nend"),
        ("|a|数量|\n|-|-:|\n|long|1|", "a     数量\n----  ----\nlong     1"),
        ("a\n\n---\n\n&lt;b&gt; \\*", "a\n\n--------------------\n\n<b> *"),
        ("", ""),
    ],
)
def test_what_is_read_without_the_marks(markdown: str, plain: str) -> None:
    assert as_plain(markdown) == plain


def test_a_row_shows_words_and_no_marks() -> None:
    assert in_brief("# Title\n\n**Bold** 中文 `x`\n\n---\n```py\na = 1\n```\n- one") == "Title Bold 中文 x a = 1 - one"
    text, spans = without_marks("## Why **the sky** is blue ```py x # y", [(9, 12), (22, 26)])
    assert (text, [text[begin:end] for begin, end in spans]) == (" Why the sky is blue  x # y", ["the", "blue"])


def test_code_is_taken_byte_for_byte() -> None:
    (block,) = code_blocks("x\r\n```sh title\r\na\r\n\tb  \r\n```\r\n")
    assert (block.language, block.code, block.file_name) == ("sh", "a\r\n\tb  \r\n", "snippet.sh")
    cut, quoted = code_blocks("> ~~~Dockerfile\n> FROM x\n\n```\nnot ended")[::-1]
    assert (cut.code, cut.file_name) == ("not ended", "snippet.txt")
    assert (quoted.code, quoted.file_name) == ("FROM x\n", "Dockerfile")
    assert code_blocks("no `code` here") == []
