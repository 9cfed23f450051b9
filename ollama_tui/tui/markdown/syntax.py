"""How the lines of a Markdown source are told apart."""

import re

ATX = re.compile(r"(#{1,6})(?:[ \t]+|$)")
ATX_END = re.compile(r"(?:^|[ \t]+)#+[ \t]*$")
SETEXT = re.compile(r"(=+|-+)[ \t]*$")
BREAK = re.compile(r"([-*_])(?:[ \t]*\1){2,}[ \t]*$")
FENCE = re.compile(r"(`{3,})([^`]*)$|(~{3,})(.*)$", re.DOTALL)
BULLET = re.compile(r"[-+*](?=[ \t]|$)")
ORDINAL = re.compile(r"([0-9]{1,9})([.)])(?=[ \t]|$)")
TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")
DELIMITERS = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
DEFINITION = re.compile(
    r"\[((?!\^)(?:[^\[\]\\]|\\.){1,300})\]:[ \t]*<?([^\s<>]+)>?"
    r"(?:[ \t]+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t]*$"
)
HTML = re.compile(
    r"<(?:!--|\?|![A-Za-z]|/?(?:address|article|aside|blockquote|body|center|col|colgroup|dd|details|dialog|dir|div|dl|dt"
    r"|fieldset|figcaption|figure|footer|form|frame|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|nav|ol|option"
    r"|p|param|pre|script|search|section|style|summary|table|tbody|td|textarea|tfoot|th|thead|title|tr|track|ul)"
    r"(?:[\s/>]|$))",
    re.IGNORECASE,
)
_PIPE = re.compile(r"(?:[^|\\]|\\.|\\$)*", re.DOTALL)


class Cursor:
    """A place in a line, counted in characters and in columns, between which tabs make a difference."""

    __slots__ = ("_column", "_spare", "pos", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.pos = 0
        self._column = 0
        self._spare = 0  # columns of a tab that has been passed but not used up

    def indent(self) -> int:
        """Columns of white space from here on."""
        text, i, column = self.text, self.pos, self._column
        size = len(text)
        while i < size:
            if text[i] == " ":
                column += 1
            elif text[i] == "\t":
                column += 4 - column % 4
            else:
                break
            i += 1
        return column - self._column + self._spare

    def blank(self) -> bool:
        """Whether only white space follows."""
        text, i = self.text, self.pos
        size = len(text)
        while i < size and text[i] in " \t":
            i += 1
        return i == size

    def skip(self, columns: int) -> None:
        """Pass at most that many columns of white space."""
        used = min(self._spare, columns)
        self._spare -= used
        columns -= used
        text, size = self.text, len(self.text)
        while columns > 0 and self.pos < size and text[self.pos] in " \t":
            wide = 1 if text[self.pos] == " " else 4 - self._column % 4
            self._column += wide
            self.pos += 1
            if wide > columns:
                self._spare = wide - columns
            columns -= wide

    def forward(self, characters: int) -> None:
        """Pass characters that are no white space."""
        self.pos += characters
        self._column += characters

    @property
    def offset(self) -> int:
        """Where the last characters of `rest` begin, were all before them as long as they are drawn."""
        return self.pos - self._spare

    def rest(self) -> str:
        """What follows, with the columns of a tab that was partly used as spaces."""
        return " " * self._spare + self.text[self.pos :] if self._spare else self.text[self.pos :]


def cells(row: str) -> list[tuple[str, int]]:
    """The cells of a table's row: text without the white space around it, and its offset in the row."""
    found: list[tuple[str, int]] = []
    size = len(row.rstrip(" \t"))
    pos = len(row) - len(row.lstrip(" \t"))
    if pos < size and row[pos] == "|":
        pos += 1
    while pos < size:
        match = _PIPE.match(row, pos, size)
        end = match.end() if match else size
        text = row[pos:end]
        start = pos + len(text) - len(text.lstrip(" \t"))
        found.append((text.strip(" \t"), start))
        pos = end + 1
    return found


def alignments(row: str) -> list[str]:
    """Of each column, as a row of delimiters tells: left, center or right; empty where it is no such row."""
    if "|" not in row or DELIMITERS.match(row) is None:
        return []
    found: list[str] = []
    for text, _ in cells(row):
        right = text.endswith(":")
        found.append("center" if right and text.startswith(":") else "right" if right else "left")
    return found
