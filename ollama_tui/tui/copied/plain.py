"""Markdown as plain text: what is read, without the marks.

Lists keep their bullets and numbers, quotes their `>`, code stands as it is, the address of a link follows it in
brackets, and the columns of a table line up.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from rich.cells import cell_len

_GAP = "  "


def as_plain(markdown: str) -> str:
    """The text of `markdown`, its blocks apart by empty lines, without a line end after the last."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return "\n".join(_blocks(SyntaxTreeNode(parser.parse(markdown)).children)).strip("\n")


@lru_cache(1024)
def in_brief(markdown: str) -> str:
    """The words of `markdown` on one line, for a row that stands for it; marks that it breaks off in stay."""
    lines = (line for line in as_plain(markdown).split("\n") if line.strip(" -"))
    return " ".join(" ".join(lines).split())


_MARKS = re.compile(r"\*\*|~~|```\w*|^#{1,6}(?=\s)", re.MULTILINE)


def without_marks(excerpt: str, spans: Sequence[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """A stretch from the middle of a Markdown text without its commonest marks, and where `spans` are then.

    What a span covers stays as it is. Nothing is parsed: where the stretch begins is not known.
    """
    kept: list[str] = []
    moved: list[tuple[int, int]] = []
    shift = place = 0
    for begin, end in spans:
        before = _MARKS.sub("", excerpt[place:begin])
        shift += begin - place - len(before)
        kept += [before, excerpt[begin:end]]
        moved.append((begin - shift, end - shift))
        place = end
    return "".join([*kept, _MARKS.sub("", excerpt[place:])]), moved


def _blocks(nodes: Iterable[SyntaxTreeNode], *, tight: bool = False) -> list[str]:
    """The lines of blocks one under the other."""
    lines: list[str] = []
    for node in nodes:
        own = _block(node)
        if lines and own and not tight:
            lines.append("")
        lines += own
    return lines


def _block(node: SyntaxTreeNode) -> list[str]:
    match node.type:
        case "heading" | "paragraph":
            return _inline(node.children).split("\n")
        case "fence" | "code_block" | "html_block":
            return node.content.removesuffix("\n").split("\n")
        case "hr":
            return ["-" * 20]
        case "blockquote":
            return [f"> {line}".rstrip() for line in _blocks(node.children)]
        case "bullet_list" | "ordered_list":
            return _list(node)
        case "table":
            return _table(node)
        case _:
            return _blocks(node.children)


def _list(node: SyntaxTreeNode) -> list[str]:
    paragraphs = [child for item in node.children for child in item.children if child.type == "paragraph"]
    tight = all(paragraph.hidden for paragraph in paragraphs)
    number = int(node.attrs.get("start", 1))
    lines: list[str] = []
    for at, item in enumerate(node.children):
        bullet = "- " if node.type == "bullet_list" else f"{number + at}. "
        own = _blocks(item.children, tight=tight) or [""]
        if lines and not tight:
            lines.append("")
        lines += [f"{bullet if n == 0 else ' ' * len(bullet)}{line}".rstrip() for n, line in enumerate(own)]
    return lines


def _table(node: SyntaxTreeNode) -> list[str]:
    rows = [row for part in node.children for row in part.children]
    cells = [[_inline(cell.children).replace("\n", " ") for cell in row.children] for row in rows]
    sides = [str(cell.attrs.get("style", "")) for cell in rows[0].children]
    widths = [max(cell_len(row[column]) for row in cells if column < len(row)) for column in range(len(sides))]
    lines = [_row(row, widths, sides) for row in cells]
    return [lines[0], _GAP.join("-" * width for width in widths), *lines[1:]]


def _row(cells: Sequence[str], widths: Sequence[int], sides: Sequence[str]) -> str:
    padded: list[str] = []
    for cell, width, side in zip(cells, widths, sides, strict=False):
        spare = width - cell_len(cell)
        before = spare if "right" in side else spare // 2 if "center" in side else 0
        padded.append(f"{' ' * before}{cell}{' ' * (spare - before)}")
    return _GAP.join(padded).rstrip()


def _inline(nodes: Iterable[SyntaxTreeNode]) -> str:
    return "".join(_word(node) for node in nodes)


def _word(node: SyntaxTreeNode) -> str:
    match node.type:
        case "text" | "code_inline" | "html_inline":
            return node.content
        case "softbreak" | "hardbreak":
            return "\n"
        case "link":
            return _named(_inline(node.children), str(node.attrs.get("href", "")))
        case "image":
            return _named(node.content, str(node.attrs.get("src", "")))
        case _:
            return _inline(node.children)


def _named(text: str, address: str) -> str:
    return text if text in (address, address.removeprefix("mailto:")) else f"{text} ({address})".strip()
