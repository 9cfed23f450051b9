"""Where text is broken into rows of cells."""

import re

from rich.cells import cell_len, get_character_cell_size, split_graphemes

# Characters that East Asian text is broken between; Korean is broken at its spaces.
_CJK = (
    "\u2e80-\u2fff\u3003-\u3007\u3012-\u3013\u301c-\u30ff\u3100-\u312f\u3190-\u9fff\ua000-\ua4cf\uf900-\ufaff"
    "\ufe30-\ufe4f\uff02-\uff07\uff0a\uff0b\uff0d\uff0f-\uff19\uff1c-\uff1e\uff20-\uff3a\uff3c\uff3e-\uff5a"
    "\uff5c\uff66-\uff9f"
    "\U0001b000-\U0001b2ff\U00020000-\U0003ffff"
)
# No row begins with one of these, none ends with one of those (kinsoku).
_CLOSERS = "、。，．：；？！）］｝」』】〕〉》〗〙〛｠｣､｡ー々〻ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ…‥—～·"
_OPENERS = "（［｛「『【〔〈《〖〘〚｟｢"
_JOINED = "\ufe00-\ufe0f\u0300-\u036f\u3099\u309a\u200d\U000e0100-\U000e01ef"  # drawn upon the character before them
_ASCII_CLOSERS = re.escape(",.!?:;)]}%")

# A unit is what is never broken unless it is wider than a row: a word, or a CJK character with its punctuation.
_UNIT = re.compile(
    rf"\n| +|[{_OPENERS}“‘]*(?:[{_CJK}][{_JOINED}]*|[^ \n\u3000{_CJK}{_OPENERS}{_CLOSERS}]+)"
    rf"(?:[{_CLOSERS}”’]|[{_ASCII_CLOSERS}](?![0-9A-Za-z]))*"
    rf"|[{_OPENERS}{_CLOSERS}]+|."
)

_MOST_CHARACTERS = 512  # in one row: characters without width must not make a row endless

Range = tuple[int, int]


def clusters(text: str) -> list[tuple[int, int, int]]:
    """What a terminal draws as one in `text`: start, end and width in cells of each, flags and joined emoji whole."""
    if text.isascii():
        return [(i, i + 1, 1) for i in range(len(text))]
    found: list[tuple[int, int, int]] = []
    flag = False
    for start, end, width in split_graphemes(text)[0]:
        if text[start] == "\u200d":  # Rich 15 counts a joiner with nothing before it in two ways
            width = cell_len(text[start:end])
        regional = end - start == 1 and "\U0001f1e6" <= text[start] <= "\U0001f1ff"
        if flag and regional:
            first = found[-1]
            found[-1] = (first[0], end, first[2] + width)
            flag = False
        else:
            found.append((start, end, width))
            flag = regional
    return found


def chop(text: str, width: int, start: int = 0) -> list[Range]:
    """The ranges of `text` in rows of at most `width` cells, broken at whatever stands there. The last row is open."""
    if text.isascii():
        return [(i, min(i + width, len(text))) for i in range(start, len(text), width)] or [(start, start)]
    rows: list[Range] = []
    begin, filled = start, 0
    for a, b, cells in clusters(text[start:]):
        if filled + cells > width or a + start - begin >= _MOST_CHARACTERS:
            rows.append((begin, a + start))
            begin, filled = a + start, 0
        filled += cells
        if b - a > _MOST_CHARACTERS:
            for cut in range(a + start + _MOST_CHARACTERS, b + start, _MOST_CHARACTERS):
                rows.append((begin, cut))
                begin = cut
            filled = 0
    rows.append((begin, len(text)))
    return rows


def wrap(text: str, width: int) -> list[Range]:
    """The ranges of `text` in rows of at most `width` cells, broken between words; spaces at a break belong to no row.

    A newline ends a row. The last range is the open row: more text may follow it, and its trailing spaces are its own.
    Breaking the text of that row together with what follows gives the same rows as breaking the whole.
    """
    return _wrap_ascii(text, width) if text.isascii() else _wrap_wide(text, width)


def _wrap_ascii(text: str, width: int) -> list[Range]:
    rows: list[Range] = []
    size = len(text)
    start = 0
    while True:
        while start < size and text[start] == " ":
            start += 1
        limit = start + width
        newline = text.find("\n", start, limit + 1)
        if newline >= 0:
            rows.append((start, _trimmed(text, start, newline)))
            start = newline + 1
            continue
        if size <= limit:
            rows.append((start, size))
            return rows
        space = text.rfind(" ", start, limit + 1)
        if space < 0:  # a word wider than the row
            rows.append((start, limit))
            start = limit
            continue
        end = _trimmed(text, start, space)
        after = space
        while after < size and text[after] == " ":
            after += 1
        if after < size and text[after] == "\n":
            after += 1
        rows.append((start, end))
        start = after


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] == " ":
        end -= 1
    return end


def _wrap_wide(text: str, width: int) -> list[Range]:
    rows: list[Range] = []
    start = end = filled = 0
    for unit in _UNIT.finditer(text):
        a, b = unit.span()
        first = text[a]
        if first == "\n":
            rows.append((start, end))
            start = end = b
            filled = 0
            continue
        if first == " ":
            filled += b - a
            if end == start:
                start = end = b
                filled = 0
            elif filled > width and (b == len(text) or text[b] != "\n"):
                rows.append((start, end))
                start = end = b
                filled = 0
            continue
        cells = get_character_cell_size(first) if b - a == 1 else cell_len(text[a:b])
        if filled + cells > width or b - start > _MOST_CHARACTERS:
            if end > start:
                rows.append((start, end))
            start, filled = a, 0
            if cells > width or b - a > _MOST_CHARACTERS:
                *full, (start, _) = [(a + i, a + j) for i, j in chop(text[a:b], width)]
                rows.extend(full)
                cells = cell_len(text[start:b])
        filled += cells
        end = b
    rows.append((start, len(text)))
    return rows


_IS_CJK = re.compile(rf"[{_CJK}{_OPENERS}{_CLOSERS}]")


def is_cjk(character: str) -> bool:
    """Whether `character` belongs to a script that is written without spaces."""
    return _IS_CJK.match(character) is not None
