"""The colours of source code, line by line."""

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.style import Style

if TYPE_CHECKING:
    from pygments.lexer import Lexer

    from ollama_tui.tui.markdown.theme import Theme

Line = list[tuple[str, Style]]
_ALIASES = {
    "jsonc": "json",
    "json5": "json",
    "shell": "bash",
    "zsh": "bash",
    "console": "console",
    "mjs": "js",
    "cjs": "js",
}


class Highlighter:
    """Gives the lines of a language their styles. Without a lexer for it, or for "", all text is plain."""

    def __init__(self, language: str, theme: "Theme") -> None:
        self._lexer = _lexer(language.lower()) if language else None
        self._theme = theme
        self._styles: dict[object, Style] = {}

    @property
    def knows(self) -> bool:
        """Whether there is anything but plain text."""
        return self._lexer is not None

    @property
    def plain(self) -> Style:
        """The style of text that is not highlighted."""
        return self._theme.code_block

    def lines(self, lines: list[str]) -> list[Line]:
        """The styled parts of each line, the lines being lexed as one text."""
        plain = self._theme.code_block
        if self._lexer is None:
            return [[(line, plain)] if line else [] for line in lines]
        if not lines:
            return []
        text = "\n".join(lines) + "\n"
        found: list[Line] = []
        line: Line = []
        begin, style = 0, plain
        for offset, kind, _ in self._lexer.get_tokens_unprocessed(text):
            after = self._styles.get(kind)
            if after is None:
                after = self._styles[kind] = self._style(kind)
            if after is not style and offset > begin:
                line = self._cut(text, begin, offset, style, line, found)
                begin = offset
            if offset >= begin:
                style = after
        self._cut(text, begin, len(text), style, line, found)
        return found

    def _cut(self, text: str, begin: int, end: int, style: Style, line: Line, found: list[Line]) -> Line:
        """Add `text` from `begin` to `end` to the line that is open. Returns the line that is open then."""
        while (newline := text.find("\n", begin, end)) >= 0:
            if newline > begin:
                line.append((text[begin:newline], style))
            found.append(line)
            line = []
            begin = newline + 1
        if end > begin:
            line.append((text[begin:end], style))
        return line

    def _style(self, kind: object) -> Style:
        name = str(kind).removeprefix("Token").removeprefix(".")
        while name:
            style = self._theme.code_tokens.get(name)
            if style is not None:
                return self._theme.code_block + style
            name = name.rpartition(".")[0]
        return self._theme.code_block


@lru_cache(maxsize=32)
def _lexer(language: str) -> "Lexer | None":
    # Pygments is imported with the first code block, so that it does not delay the first paint.
    from pygments.lexers import find_lexer_class_by_name
    from pygments.util import ClassNotFound

    try:
        return find_lexer_class_by_name(_ALIASES.get(language, language))()
    except ClassNotFound:
        return None
