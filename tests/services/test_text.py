"""Titles, transcripts, attachments."""

from pathlib import Path

import pytest

from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.message import Attachment, Ending, FailureRecord, Message, Role
from ollama_tui.domain.model import ModelRef
from ollama_tui.services.attachment import AttachmentError, image_size, media_type_of, read_file, read_image
from ollama_tui.services.title import clean_title
from ollama_tui.services.transcript import as_markdown, as_text


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ('"Prime Numbers"\n', "Prime Numbers"),
        ("\n\n# **Title: On primes.**\nmore", "On primes"),
        ("<think>Hm.\nA title</think>\n\n质数的证明。", "质数的证明"),
        ("a\tb \x1b[31mred", "a b ␛[31mred"),
        ("«»\n", ""),
        ("word " * 40, ("word " * 16).strip() + "…"),
    ],
)
def test_a_title_is_one_clean_line(written: str, title: str) -> None:
    assert clean_title(written) == title


_MESSAGES = (
    Message(
        id="1",
        conversation_id="c",
        role=Role.USER,
        text="Why?",
        attachments=(Attachment(sha256="s", name="dot.png", media_type="image/png", size=1),),
    ),
    Message(
        id="2",
        conversation_id="c",
        role=Role.ASSISTANT,
        text="Because:\n\n- it *is*\n",
        thinking="Hm.\n\nYes.",
        model=ModelRef(host_id="h", name="tiny:latest"),
        ending=Ending.STOPPED,
    ),
    Message(
        id="3",
        conversation_id="c",
        role=Role.ASSISTANT,
        ending=Ending.FAILED,
        failure=FailureRecord(code="busy"),
    ),
)


def test_a_conversation_as_markdown() -> None:
    assert as_markdown(Conversation(id="c", title="A talk"), _MESSAGES) == (
        "# A talk\n\n## You\n\n`dot.png`\n\nWhy?\n\n## tiny:latest\n\n> Hm.\n>\n> Yes.\n\n"
        "Because:\n\n- it *is*\n\n*stopped*\n\n## The model\n\n*The server has too many requests waiting*\n"
    )
    assert "Hm." not in as_markdown(Conversation(id="c"), _MESSAGES, thinking=False)


def test_a_conversation_as_plain_text() -> None:
    assert as_text(_MESSAGES) == (
        "You:\n[dot.png]\nWhy?\n\ntiny:latest:\nBecause:\n\n- it *is*\n[stopped]\n\n"
        "The model:\n[The server has too many requests waiting]\n"
    )


_JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x02\x00\x03\x03" + b"\0" * 12
_WEBP = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x02\0\0\x01\0\0"


@pytest.mark.parametrize(
    ("content", "media_type", "size"),
    [
        (_JPEG, "image/jpeg", (3, 2)),
        (_WEBP, "image/webp", (3, 2)),
        (b"\x89PNG\r\n\x1a\n", "image/png", (0, 0)),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav", (0, 0)),
        (b"ID3\x04", "audio/mpeg", (0, 0)),
        (b"GIF89a", "", (0, 0)),
        (b"", "", (0, 0)),
    ],
)
def test_a_file_is_known_by_its_first_bytes(content: bytes, media_type: str, size: tuple[int, int]) -> None:
    assert media_type_of(content) == media_type
    assert image_size(content) == size


def test_what_cannot_go_with_a_question_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\0\1\2")
    (tmp_path / "a.txt").write_text("text")
    with pytest.raises(AttachmentError, match=r"a\.bin"):
        read_file(tmp_path / "a.bin")
    with pytest.raises(AttachmentError, match="no image"):
        read_image(tmp_path / "a.txt")
    with pytest.raises(AttachmentError, match="No such file"):
        read_image(tmp_path / "none.png")
    with pytest.raises(AttachmentError, match="no file"):
        read_image(tmp_path)
    attachment, content = read_file(tmp_path / "a.txt")
    assert (attachment.media_type, attachment.size, content) == ("text/plain", 4, b"text")
