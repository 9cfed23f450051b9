"""Answers in every construct, and drawing them."""

from rich.segment import Segment

from ollama_tui.tui.markdown import Document, Theme

THEME = Theme.dark()

PIECES = [
    "# Title *x* #\n",
    "Setext `a`\n===\n",
    "two\nlines\n---\n",
    "Hello **world**, this is a `code` paragraph that goes on so that it wraps at least once or so, I hope.\n",
    "second line  \nhard\\\nbreak <br> and\nsoft\n",
    "中文测试，这是一个很长的段落，用来检查换行是否正确。“标点”不应出现在行首！**重点：**内容\n下一行\n",
    "emoji 👩‍🔬👩‍🔬👍🏽 🇨🇳🇩🇪 ❤️ 1️⃣ e\u0301 end\n",
    "- one\n- two\n  - nested\n    1. deep\n  - [x] task\n- three\n\n  para\n",
    "- item\n\n  ```python\n  def f(x):\n      return x\n  ```\n  tail\n",
    "1. a\n2. b\n10) c\n-\n- \n\n* x\n",
    "> quote **bold**\nlazy\n> > nested\n>\n> - item\n> ```\n> code\n",
    "| a | b | c |\n|:--|--:|:-:|\n| 1 | 22 | 中文 |\n| longer cell with words | `x \\| y` | z<br>w |\nno pipe\n",
    "text\n| a | b |\n|---|---|\n| 1 |\n| 1 | 2 | 3 |\n",
    "---\n***\n",
    '```python\ndef f(x: int) -> str:\n\t"""Doc\n    more"""\n    return f\'{x}\'  # c\n```\n',
    "~~~ c\nint main(void) { /* a\n b */ return 0; }\n~~~\n",
    "```nosuch\n中文 \t x\n",
    "    indented\n\n\n    more\n",
    "<div>\n x **y**\n</div>\n",
    "\\[\n x^2 + y_1\n\\]\n$$\na\n$$\ninline $x_1*y_2$ costs $5 and $6 \\(a_b\\)\n",
    '[ref] and [^1], [l **x**](http://q.w "t"), <http://a.b/%1b]x>, http://foo.bar/a_b_c_(x). ![alt](u.png)\n',
    "[ref]: http://ref.example\n",
    "[^1]: A note.\n",
    "a\\*b &amp; &#27; &#x202e; *x **y* z** ~~s~~ ***q***\n",
    "bad \x1b]52;c;AAAA\x07 \x9b2J \u2028 \u0085 \ud800 \u202e \ufeff\r\nnext\rsame\n",
    "x" * 700 + "\n",
    "word " * 300 + "**bold and `code` " + "more " * 20 + "**\n",
    "https://example.org/" + "path/" * 40 + "\n",
    "```json\n" + '{"k": ' * 200 + "\n```\n",
    "|" + "a|" * 30 + "\n|" + "-|" * 30 + "\n|" + "b|" * 30 + "\n",
    "\n",
    "\n\n",
    "  ",
    "* ",
    "`",
    "**",
]


def drawn(document: Document) -> list[list[Segment]]:
    """All lines, as text and styles; neighbours of one style are one."""
    lines: list[list[Segment]] = []
    for y in range(document.height):
        line: list[Segment] = []
        for segment in document.strip(y):
            if line and line[-1].style == segment.style:
                line[-1] = Segment(line[-1].text + segment.text, segment.style)
            else:
                line.append(segment)
        lines.append(line)
    return lines


def at_once(source: str, width: int = 40, theme: Theme = THEME) -> Document:
    """The document of a whole source."""
    document = Document(theme, width)
    document.append(source)
    document.close()
    document.layout()
    return document


def text(source: str, width: int = 40) -> list[str]:
    """The lines of a whole source."""
    document = at_once(source, width)
    return [document.strip(y).text for y in range(document.height)]
