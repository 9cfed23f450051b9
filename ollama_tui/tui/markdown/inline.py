"""What stands inside a paragraph, a heading or a cell: emphasis, code, links, breaks."""

import re
from functools import cache
from typing import TYPE_CHECKING

from rich.style import Style

from ollama_tui.domain.text import one_line
from ollama_tui.tui.markdown.row import Span, joined
from ollama_tui.tui.markdown.theme import Theme
from ollama_tui.tui.markdown.wrap import is_cjk
from ollama_tui.tui.signs import sign

if TYPE_CHECKING:
    from markdown_it.token import Token

References = dict[str, dict[str, str]]
"""Link definitions by markdown-it's normalised label: {"href": …, "title": …}."""

IMAGE_SIGN = "▣ "

_SPECIAL = re.compile(r"[\\`*_\[\]<&~$!\n]|://|  ")
_ADDRESS = re.compile(r"https?://[^\s<>\"'`，。、；！？（）【】《》「」“”]+")
_AFTER_ADDRESS = ".,;:!?*_~"


def parse(text: str, base: Style, theme: Theme, references: References) -> list[Span]:
    """The spans of `text`, offsets counted from its start; a hard break is a span "\\n"."""
    if _SPECIAL.search(text) is None:
        return [Span(text, base, 0, len(text))] if text else []
    spans = _Painter(text, base, theme).paint(_tokens(text, references))
    return _with_addresses(joined(spans), theme) if "://" in text else joined(spans)


def _tokens(text: str, references: References) -> "list[Token]":
    # markdown-it is imported with the first text that needs it, so that it does not delay the first paint.
    from ollama_tui.tui.markdown.tokens import tokens

    return tokens(text, references)


@cache
def _blend(base: Style, styles: tuple[Style, ...]) -> Style:
    for style in styles:
        base += style
    return base


class _Painter:
    """Makes spans of tokens."""

    def __init__(self, text: str, base: Style, theme: Theme) -> None:
        self._text = text
        self._base = base
        self._theme = theme
        self._inside = {"strong_open": theme.strong, "em_open": theme.emphasis, "s_open": theme.strike}

    def paint(self, tokens: "list[Token]") -> list[Span]:
        spans: list[Span] = []
        styles: list[Style] = []
        style = self._base
        url = ""
        for token in tokens:
            at = token.map[0] if token.map else 0
            kind = token.type
            if kind == "text":
                if token.content:
                    spans.append(self._verbatim(token, at, style, url))
            elif kind == "softbreak":
                if not self._needless(at):
                    spans.append(Span(" ", style, at, 1, url))
            elif kind == "hardbreak":
                spans.append(Span("\n", style, at, 1))
            elif kind == "code_inline":
                inner = _blend(style, (self._theme.code,))
                spans.append(Span(token.content, inner, self._after(at, token), len(token.content), url))
            elif kind == "math":
                inner = _blend(style, (self._theme.math,))
                spans.append(Span(token.content.replace("\n", " "), inner, at, len(token.content), url))
            elif kind == "text_special":
                spans.append(self._special(token, at, style, url))
            elif kind == "image":
                inner = _blend(style, (self._theme.image,))
                address = one_line(str(token.attrs.get("src", "")))
                alt = one_line(token.content) or address
                spans.append(Span(sign(IMAGE_SIGN), inner, at, 2, address))
                spans.append(Span(alt, inner, at + 2, len(alt) if token.content else 0, address))
            elif kind.endswith("_open"):
                if kind == "link_open":
                    url = one_line(str(token.attrs.get("href", "")))
                    styles.append(self._theme.link)
                else:
                    styles.append(self._inside[kind])
                style = _blend(self._base, tuple(styles))
            elif kind.endswith("_close"):
                if kind == "link_close":
                    url = ""
                styles.pop()
                style = _blend(self._base, tuple(styles))
        return spans

    def _verbatim(self, token: "Token", at: int, style: Style, url: str) -> Span:
        if token.info == "auto":  # markdown-it decodes the address it shows; the source is what was written
            at += 1
            end = self._text.find(">", at)
            return Span(self._text[at:end], style, at, end - at, url)
        return Span(token.content, style, at, len(token.content), url)

    def _special(self, token: "Token", at: int, style: Style, url: str) -> Span:
        raw = token.markup
        if token.info == "escape":
            skip = len(raw) - len(token.content)
            return Span(token.content, style, at + skip, len(token.content), url)
        return Span(one_line(token.content), style, at, len(raw), url)  # an entity can name any control character

    def _after(self, at: int, token: "Token") -> int:
        start = at + len(token.markup)
        same = self._text[start : start + len(token.content)].replace("\n", " ") == token.content
        return start if same else start + 1

    def _needless(self, at: int) -> bool:
        """Whether the newline at `at` stands between two characters of a script that has no spaces."""
        before = self._text[:at].rstrip(" ")[-1:] if at else ""
        after = self._text[at + 1 : at + 2]
        return bool(before and after and is_cjk(before) and is_cjk(after))


def _with_addresses(spans: list[Span], theme: Theme) -> list[Span]:
    """`spans` with links where an address stands bare."""
    found: list[Span] = []
    for span in spans:
        if span.url or "://" not in span.text or span.length != len(span.text):
            found.append(span)
            continue
        done = 0
        for match in _ADDRESS.finditer(span.text):
            address = _trimmed(match.group())
            start, end = match.start(), match.start() + len(address)
            if start > done:
                found.append(Span(span.text[done:start], span.style, span.at + done, start - done))
            found.append(Span(address, _blend(span.style, (theme.link,)), span.at + start, len(address), address))
            done = end
        if done < len(span.text):
            found.append(Span(span.text[done:], span.style, span.at + done, len(span.text) - done))
    return found


def _trimmed(address: str) -> str:
    while True:
        if address[-1] in _AFTER_ADDRESS or (address[-1] in ")]}" and address.count(")") > address.count("(")):
            address = address[:-1]
        else:
            return address
