"""markdown-it's inline parser, made to remember where each token stands and to read East Asian text and formulas."""

import re
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token

from ollama_tui.tui.markdown.wrap import is_cjk

_BREAK = re.compile(r"<br[ ]*/?>", re.IGNORECASE)
_MATH = re.compile(
    r"\$\$[^$]{1,600}\$\$|\$(?![\s$])(?:[^$\\\n]|\\.){1,300}(?<![\s\\])\$(?![0-9A-Za-z$])"
    r"|\\\((?:(?!\\\)).){1,600}\\\)|\\\[(?:(?!\\\]).){1,600}\\\]",
    re.DOTALL,
)


class _State(StateInline):
    """An inline state whose tokens have `map` = [offset of their start in the text, the same]."""

    _run = (-1, 0)  # offset of a run of markers, how many tokens of it there are

    def pushPending(self) -> Token:
        content = self.pending
        token = super().pushPending()
        start = self.src.rfind(content, 0, self.pos)
        token.map = [start, start]
        return token

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        token = super().push(ttype, tag, nesting)
        start = self.pos
        if ttype == "text":
            # The rules for *, _ and ~ push all tokens of a run of markers from its start.
            seen = self._run[1] + 1 if self._run[0] == start else 0
            self._run = (start, seen)
            if seen and self.src[start] == "~":
                start += 2 * seen - self._length(start) % 2
            else:
                start += seen
            if self.src[self.pos] == "<":
                token.info = "auto"
                start = self.pos
        token.map = [start, start]
        return token

    def _length(self, start: int) -> int:
        end = start
        while end < len(self.src) and self.src[end] == "~":
            end += 1
        return end - start

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        """As CommonMark has it, but beside a CJK character, where no spaces are written, a punctuation mark is no bar.

        Without it `**重点：**内容` would not be bold.
        """
        marker = self.src[start]
        pos = start
        while pos < self.posMax and self.src[pos] == marker:
            pos += 1
        before = self.src[start - 1] if start > 0 else " "
        after = self.src[pos] if pos < self.posMax else " "
        cjk = is_cjk(before) or is_cjk(after)
        white_before, white_after = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
        mark_before, mark_after = _is_mark(before), _is_mark(after)
        left = not white_after and (not mark_after or white_before or mark_before or cjk)
        right = not white_before and (not mark_before or white_after or mark_after or cjk)
        opens = left and (canSplitWord or not right or mark_before)
        closes = right and (canSplitWord or not left or mark_after)
        return Scanned(opens, closes, pos - start)


def _is_mark(character: str) -> bool:
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)


def _math(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    match = _MATH.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("math", "", 0).content = match.group()
    state.pos = match.end()
    return True


def _line_break(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "<":
        return False
    match = _BREAK.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos = match.end()
    return True


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
    parser.inline.ruler.before("escape", "math", _math)
    parser.inline.ruler.before("autolink", "line_break", _line_break)
    # It joins neighbours without keeping where they stand; `joined` does that.
    parser.inline.ruler2.disable("fragments_join")
    return parser


def tokens(text: str, references: dict[str, dict[str, str]]) -> list[Token]:
    """The inline tokens of `text`, each with the offset of its start in `map`."""
    parser = _parser()
    state = _State(text, parser, {"references": references} if references else {}, [])
    parser.inline.tokenize(state)
    for rule in parser.inline.ruler2.getRules(""):
        rule(state)
    return state.tokens


def label(text: str) -> str:
    """The name of a link definition as markdown-it looks it up."""
    from markdown_it.common.utils import normalizeReference

    return normalizeReference(text)


def address(text: str) -> str:
    """The destination of a link definition, escaped; empty where it is of a kind that can do harm (`javascript:`)."""
    parser = _parser()
    found = parser.normalizeLink(text)
    return found if parser.validateLink(found) else ""
