"""Looks at images: format, size in pixels and, where it can read them, the main colour."""

import struct
import zlib
from dataclasses import dataclass

from ollama_tui.demo.conversation import Ask
from ollama_tui.demo.models import Script

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by PNG colour type
_MOST = 1_000_000  # bytes of pixels that are looked at: a larger picture is judged by its upper rows
_NAMES = {
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "grey": (128, 128, 128),
    "red": (220, 30, 30),
    "orange": (255, 150, 30),
    "yellow": (245, 225, 40),
    "green": (40, 160, 60),
    "cyan": (40, 200, 210),
    "blue": (40, 80, 220),
    "purple": (130, 50, 180),
    "pink": (245, 140, 180),
    "brown": (130, 85, 45),
}


@dataclass(frozen=True, slots=True)
class Seen:
    format: str
    width: int = 0
    height: int = 0
    colour: tuple[int, int, int] | None = None


def look(data: bytes) -> Seen:
    """What can be told of an image from its bytes."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(data)
        if data.startswith(b"\xff\xd8"):
            return _jpeg(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
        if data[:3] == b"GIF":
            return Seen("GIF", *struct.unpack_from("<HH", data, 6))
    except (struct.error, IndexError, zlib.error):
        return Seen("damaged image")
    return Seen("unknown format")


def _jpeg(data: bytes) -> Seen:
    at = 2
    while at + 9 < len(data):
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in range(0xC0, 0xD0) and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return Seen("JPEG", width, height)
        at += 2 + length
    return Seen("JPEG")


def _webp(data: bytes) -> Seen:
    kind = data[12:16]
    if kind == b"VP8X":
        return Seen("WebP", 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little"))
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return Seen("WebP", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    width, height = struct.unpack_from("<HH", data, 26)
    return Seen("WebP", width & 0x3FFF, height & 0x3FFF)


def _png(data: bytes) -> Seen:
    width, height, depth, kind, _, _, interlaced = struct.unpack_from(">IIBBBBB", data, 16)
    packed, palette, at = bytearray(), b"", 8
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if name == b"IDAT":
            packed += body
        elif name == b"PLTE":
            palette = body
        at += 12 + length
    if depth != 8 or interlaced or kind not in _CHANNELS or not width:
        return Seen("PNG", width, height)
    channels = _CHANNELS[kind]
    rows = min(height, max(1, _MOST // (width * channels + 1)))
    pixels = zlib.decompressobj().decompress(bytes(packed), rows * (width * channels + 1))
    return Seen("PNG", width, height, _colour(pixels, width, channels, palette))


def _colour(pixels: bytes, width: int, channels: int, palette: bytes) -> tuple[int, int, int] | None:
    """The mean of the pixels that are not transparent."""
    stride = width * channels
    before = bytearray(stride)
    total, count = [0, 0, 0], 0
    for start in range(0, len(pixels) - stride, stride + 1):
        row = bytearray(pixels[start + 1 : start + 1 + stride])
        _unfilter(pixels[start], row, before, channels)
        before = row
        for at in range(0, stride, channels * max(1, width // 64)):
            alpha = row[at + channels - 1] if channels in {2, 4} else 255
            if palette:
                red, green, blue = palette[3 * row[at] : 3 * row[at] + 3]
            else:
                red, green, blue = row[at : at + 3] if channels > 2 else (row[at],) * 3
            if alpha > 127:
                total = [total[0] + red, total[1] + green, total[2] + blue]
                count += 1
    return (total[0] // count, total[1] // count, total[2] // count) if count else None


def _unfilter(kind: int, row: bytearray, before: bytearray, step: int) -> None:
    """Undo a PNG row filter in place."""
    if not kind:
        return
    for at in range(len(row)):
        left = row[at - step] if at >= step else 0
        up = before[at]
        corner = before[at - step] if at >= step else 0
        if kind == 4:
            guess = left + up - corner
            added = min((left, up, corner), key=lambda value: abs(guess - value))
        else:
            added = {1: left, 2: up, 3: (left + up) // 2}.get(kind, 0)
        row[at] = (row[at] + added) & 0xFF


def _name(colour: tuple[int, int, int]) -> str:
    def distance(name: str) -> int:
        return sum((one - other) ** 2 for one, other in zip(_NAMES[name], colour, strict=True))

    return min(_NAMES, key=distance)


def _told(seen: Seen) -> str:
    if not seen.width:
        return f"{seen.format}; more I cannot tell"
    size = f"{seen.format}, **{seen.width} × {seen.height}** pixels"
    if seen.colour is None:
        return f"{size}; its colours I cannot read"
    red, green, blue = seen.colour
    return f"{size}, mainly **{_name(seen.colour)}** (`#{red:02x}{green:02x}{blue:02x}`)"


def eyes(ask: Ask) -> Script:
    images = [image for message in ask.messages for image in message.images]
    me = "I am `eyes`, a rule and not a language model: I read the file, I do not understand the picture."
    if not images:
        return Script(
            f"{me}\n\nThere is no image in what you sent. Drop one on the terminal, or write `/image PATH`.\n"
        )
    told = "\n".join(f"{number}. {_told(look(image))}" for number, image in enumerate(images, 1))
    return Script(f"{told}\n\n{me}\n")
