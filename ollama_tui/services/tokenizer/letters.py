"""The printable characters that byte-level vocabularies write for bytes, as GPT-2 has them."""

import codecs
from functools import cache


@cache
def letters() -> tuple[str, ...]:
    """The character for each of the 256 bytes."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(0x100, 0x200))
    return tuple(chr(byte) if byte in printable else chr(next(others)) for byte in range(256))


@cache
def byte_of() -> dict[str, int]:
    """The byte for each such character."""
    return {letter: byte for byte, letter in enumerate(letters())}


@cache
def _encoding() -> object:
    return codecs.charmap_build("".join(letters()))


def encoded(text: str) -> bytes:
    """The bytes that a text of such letters stands for.

    Raises:
        UnicodeEncodeError: there is something else in it.
    """
    return codecs.charmap_encode(text, "strict", _encoding())[0]  # pyright: ignore[reportArgumentType]


def raw_of(text: str) -> bytes:
    """The bytes that a token's text stands for; a character that is no such letter stands for itself."""
    try:
        return encoded(text)
    except UnicodeEncodeError:
        known = byte_of()
        return b"".join(
            bytes((known[letter],)) if letter in known else letter.encode("utf-8", "replace") for letter in text
        )
