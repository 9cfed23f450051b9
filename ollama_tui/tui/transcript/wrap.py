"""Plain text broken into lines of so many cells: at spaces, and within what has no spaces, such as Chinese."""

from rich.cells import cell_len, split_graphemes

TAB = 4
"""Cells that a tab takes, wherever it stands, so that a cell is found without knowing the line's beginning."""


def expand(text: str) -> str:
    """`text` as it is drawn: tabs as spaces."""
    return text.replace("\t", " " * TAB) if "\t" in text else text


def width_of(text: str) -> int:
    """How many cells `text` takes when it is drawn."""
    return cell_len(expand(text))


def break_line(text: str, width: int) -> list[int]:
    """Where each line but the first begins, for `text` without a newline; spaces at a break stay on the upper line.

    A character that is wider than `width` has a line of its own.
    """
    return _break_ascii(text, width) if text.isascii() and "\t" not in text else _break_any(text, width)


def break_between(text: str, width: int, between: str) -> list[int]:
    """The same, but only after `between`, as long as what stands between fits: a number stays with its unit."""
    breaks: list[int] = []
    start = place = 0
    for piece in text.split(between):
        end = place + len(piece)
        until = min(end + len(between.rstrip()), len(text)) if end < len(text) else end
        if place > start and width_of(text[start:until]) > width:
            start = place
            breaks.append(start)
        if width_of(text[start:until]) > width and (within := break_line(text[start:until], width)):
            breaks += [start + at for at in within]
            start = breaks[-1]
        place = end + len(between)
    return breaks


def _break_ascii(text: str, width: int) -> list[int]:
    breaks: list[int] = []
    start, end = 0, len(text)
    while end - start > width:
        space = text.rfind(" ", start, start + width + 1)
        start = space + 1 if space >= start else start + width
        while start < end and text[start] == " ":
            start += 1
        if start >= end:
            break
        breaks.append(start)
    return breaks


def _break_any(text: str, width: int) -> list[int]:
    breaks: list[int] = []
    cells = start = 0
    chance = 0
    """The last place where the line may break."""
    for begin, end, size in clusters(text):
        character = text[begin]
        if character in " \t" and end == begin + 1:  # a space with an accent on it is to be seen
            chance = end
            cells += size
            continue
        if size == 2 and not _clings(character):
            chance = begin
        if cells + size > width and begin > start:
            start = chance if chance > start else begin
            breaks.append(start)
            cells = width_of(text[start:begin])
            if cells + size > width and begin > start:
                start = begin
                breaks.append(start)
                cells = 0
        cells += size
        if size == 2:
            chance = end
    return breaks


_CLINGING = frozenset("，。、；：？！）】》」』”’…—％")


def _clings(character: str) -> bool:
    """Whether a line never begins with it in Chinese."""
    return character in _CLINGING


def clusters(text: str) -> list[tuple[int, int, int]]:
    """Begin, end and cells of each character as a person sees it."""
    if text.isascii():
        return [(index, index + 1, TAB if character == "\t" else 1) for index, character in enumerate(text)]
    found: list[tuple[int, int, int]] = []
    begin = 0
    for piece in text.split("\t"):  # for which `split_graphemes` makes part of the character before it
        found += [(begin + start, begin + end, size) for start, end, size in split_graphemes(piece)[0]]
        begin += len(piece) + 1
        found.append((begin - 1, begin, TAB))
    return found[:-1]


def index_at(text: str, cell: int) -> int:
    """The index of the character at `cell` of the line `text`; its length if the line ends before."""
    if text.isascii() and "\t" not in text:
        return min(max(cell, 0), len(text))
    cells = 0
    for begin, _end, size in clusters(text):
        if cells + size > cell:
            return begin
        cells += size
    return len(text)
