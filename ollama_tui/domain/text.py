"""Text at the edge: what may be stored and what may reach a terminal.

Everything that a model, a person, a file or a server wrote is data. Before it is stored it must be encodable; before
it is drawn it must be unable to move the cursor, write the clipboard, or reorder what stands beside it.
"""

REPLACEMENT = "\ufffd"

_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), REPLACEMENT)
_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))

# One character for one character, so that an offset in what is drawn is an offset in what was written. The carriage
# return is the exception: it is dropped, which stays right when CR and LF arrive in different pieces of a stream.
_DRAWN: dict[int, str | None] = {
    **_SURROGATES,
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"},  # U+2400: control pictures
    **dict.fromkeys(range(0x80, 0xA0), REPLACEMENT),  # C1: CSI, OSC and their like in one character
    **dict.fromkeys(_BIDI, REPLACEMENT),
    0x7F: "\u2421",
    0x85: "\u2424",
    0x2028: "\u2424",
    0x2029: "\u2424",
    0xFEFF: REPLACEMENT,
    0x0D: None,
}
_ONE_LINE: dict[int, str | None] = {**_DRAWN, 0x0A: "\u2424", 0x09: " "}


def storable(text: str) -> str:
    """`text` with lone surrogates as U+FFFD, so that it can be encoded as UTF-8; everything else as it was."""
    return text.translate(_SURROGATES) if not text.isascii() else text


def drawable(text: str) -> str:
    """`text` as a terminal may be given it: no control but tab and newline, no bidi control, no lone surrogate."""
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_DRAWN)


def one_line(text: str) -> str:
    """`text` as `drawable` gives it, on a single line: for names, titles and whatever stands in a row."""
    return text if text.isascii() and text.isprintable() else text.translate(_ONE_LINE)
