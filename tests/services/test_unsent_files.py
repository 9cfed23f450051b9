"""Files of questions that were taken back: their names may be anybody's, from the database or another system."""

import os
from pathlib import Path

import pytest

from ollama_tui.domain.message import Attachment
from tests.services.place import a_place

SHA256 = "ab" * 32


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../x.png", "x.png"),
        ("..", "file"),
        ("a\0b\nc.png", "a␀b␤c.png"),
        ("\ud83d\x1b[2J.png", "�␛[2J.png"),
        ("中" * 100 + ".png", "中" * 65 + ".png"),
        ("x" * 300, "x" * 200),
    ],
)
async def test_whatever_a_file_is_called_it_is_kept_in_its_folder(tmp_path: Path, name: str, kept: str) -> None:
    attachment = Attachment(sha256=SHA256, name=name, media_type="image/png", size=3)
    async with a_place(tmp_path) as place:
        path = await (await place.open()).unsent_files.put(attachment, b"red")
        assert path is not None
        assert (path.name, path.parent.name, path.read_bytes()) == (kept, SHA256, b"red")


async def test_a_file_that_is_taken_back_again_is_young_again(tmp_path: Path) -> None:
    attachment = Attachment(sha256=SHA256, name="x.png", media_type="image/png", size=3)
    async with a_place(tmp_path) as place:
        unsent = (await place.open()).unsent_files
        path = await unsent.put(attachment, b"red")
        assert path is not None
        os.utime(path.parent, (0, 0))
        await unsent.put(attachment, b"red")
        await unsent.purge()
        assert path.read_bytes() == b"red"
        os.utime(path.parent, (0, 0))
        await unsent.purge()
        assert not path.parent.exists()
