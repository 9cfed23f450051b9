"""Files that go with a question: read once, known by their first bytes and not by their name."""

import hashlib
from pathlib import Path

from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import Attachment
from ollama_tui.domain.text import one_line
from ollama_tui.domain.units import human_bytes

_MOST = 64 * 1024 * 1024
"""Bytes; a request carries it with a third more, as base64."""
_TEXT_MOST = 1024 * 1024


class AttachmentError(ValueError):
    """The file cannot go with a question; `str()` says why in the person's language."""


def read_file(path: Path) -> tuple[Attachment, bytes]:
    """An image (PNG, JPEG, WebP), a sound (WAV, MP3) or a text, with its bytes.

    Raises:
        AttachmentError: it cannot be read, is too large, or is none of these.
    """
    content = _read(path)
    media_type = media_type_of(content)
    if not media_type:
        if len(content) > _TEXT_MOST or not _is_text(content):
            raise AttachmentError(
                _("{file} is no image, sound or text that a model can be given.").format(file=_name(path))
            )
        media_type = "text/plain"
    width, height = image_size(content)
    attachment = Attachment(
        sha256=hashlib.sha256(content).hexdigest(),
        name=_name(path),
        media_type=media_type,
        size=len(content),
        width=width,
        height=height,
    )
    return attachment, content


def read_image(path: Path) -> tuple[Attachment, bytes]:
    """An image or a sound, with its bytes.

    Raises:
        AttachmentError: it cannot be read, is too large, or is neither.
    """
    attachment, content = read_file(path)
    if not attachment.media_type.startswith(("image/", "audio/")):
        raise AttachmentError(
            _("{file} is no image that a model can be given: PNG, JPEG or WebP.").format(file=_name(path))
        )
    return attachment, content


def media_type_of(content: bytes) -> str:
    """What a file is by its first bytes; empty if it is nothing that Ollama takes as a file."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(content[8:12], "")
    if content.startswith(b"ID3") or content[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"):
        return "audio/mpeg"
    return ""


def image_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the header; zeros if it is no image or a damaged one."""
    match media_type_of(content):
        case "image/png":
            return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
        case "image/jpeg":
            return _jpeg_size(content)
        case "image/webp":
            return _webp_size(content)
        case _:
            return 0, 0


def _jpeg_size(content: bytes) -> tuple[int, int]:
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # a frame's header
            height = int.from_bytes(content[place + 5 : place + 7], "big")
            return int.from_bytes(content[place + 7 : place + 9], "big"), height
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    return 0, 0


def _webp_size(content: bytes) -> tuple[int, int]:
    match content[12:16]:
        case b"VP8X":
            return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
        case b"VP8L":
            bits = int.from_bytes(content[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = content[26:28], content[28:30]
            return int.from_bytes(width, "little") & 0x3FFF, int.from_bytes(height, "little") & 0x3FFF
        case _:
            return 0, 0


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise AttachmentError(_("{file} is no file.").format(file=_name(path)))
        if size > _MOST:
            raise AttachmentError(
                _("{file} is too large: {size}, and at most {most} can be sent.").format(
                    file=_name(path), size=human_bytes(size), most=human_bytes(_MOST)
                )
            )
        return path.read_bytes()
    except OSError as error:
        raise AttachmentError(
            _("{file} cannot be read: {reason}").format(file=_name(path), reason=error.strerror or str(error))
        ) from None


def _is_text(content: bytes) -> bool:
    if b"\0" in content:
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _name(path: Path) -> str:
    return one_line(path.name)
