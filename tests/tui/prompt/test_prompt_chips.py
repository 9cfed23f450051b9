"""Long pastes and files in the prompt."""

import struct
import zlib
from pathlib import Path

import pytest
from prompt_app import PromptApp, paste, seen, settle, write

LONG = "\n".join(f"line {number}" for number in range(120))
LABEL = "[Pasted 120 lines · 969 B]"


def png(path: Path, width: int = 640, height: int = 480) -> Path:
    """A picture whose header is right."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(header)) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk)
    return path


async def test_a_long_paste_is_a_chip_and_sent_in_full():
    app = PromptApp()
    async with app.run_test() as pilot:
        await write(pilot, "Sum up: ")
        await paste(pilot, LONG)
        assert app.written == f"Sum up: {LABEL}"
        assert app.prompt.area.size.height == 1
        assert app.prompt.text == f"Sum up: {LONG}", "a draft has it in full"
        await write(pilot, " please")
        await pilot.press("enter")
        await settle(pilot)
        assert app.sent == [f"Sum up: {LONG} please"]


async def test_a_chip_is_one_thing_for_the_cursor():
    app = PromptApp()
    async with app.run_test() as pilot:
        await write(pilot, "a")
        await paste(pilot, LONG)
        await pilot.press("left", "b", "right", "c")
        assert app.written == f"ab{LABEL}c"
        await pilot.press("left", "backspace")
        assert app.written == "abc"
        await pilot.press("ctrl+z")
        assert app.prompt.text == f"ab{LONG}c", "undone, it is whole again"
        await pilot.press("home", "right", "right", "delete")
        assert app.written == "abc"
        await pilot.press("ctrl+z", "end", "left", "ctrl+w")
        assert app.written == "abc"


async def test_a_chip_is_opened_by_key_and_by_mouse():
    app = PromptApp()
    async with app.run_test() as pilot:
        await write(pilot, "a ")
        await paste(pilot, LONG)
        await pilot.press("alt+e")
        assert app.written == f"a {LONG}"
        await pilot.press("ctrl+z")
        await settle(pilot)
        await pilot.click(app.prompt.area, offset=(8, 0))
        await settle(pilot)
        assert app.written == f"a {LONG}"


async def test_two_pastes_of_the_same_size_are_two_chips():
    app = PromptApp()
    async with app.run_test() as pilot:
        await paste(pilot, LONG)
        await paste(pilot, LONG.replace("line", "LINE"))
        await pilot.press("enter")
        await settle(pilot)
        assert app.sent == [LONG + LONG.replace("line", "LINE")]


@pytest.mark.parametrize("way", ["plain", "quoted", "escaped", "url", "typed", "@", "/image"])
async def test_pictures(tmp_path: Path, way: str):
    path = png(tmp_path / "my cat.png")
    escaped = str(path).replace(" ", "\\ ")
    app = PromptApp()
    async with app.run_test() as pilot:
        match way:
            case "/image":
                await paste(pilot, f"/image {path}")
                await pilot.press("enter")
            case "@" | "typed":
                app.prompt.insert_text(f"{'@' * (way == '@')}{escaped} ")
            case _:
                await paste(
                    pilot, {"quoted": f"'{path}' ", "escaped": f"{escaped} ", "url": path.as_uri()}.get(way, str(path))
                )
        await settle(pilot)
        if way not in ("@", "typed"):
            assert app.written == "[image: my cat.png 640×480] "
            assert app.prompt.text == f"@{escaped} "
        await write(pilot, "what is it?")
        await pilot.press("enter")
        await settle(pilot)
        assert app.sent == ["what is it?"]
        (file,) = app.files
        assert (file.attachment.name, file.attachment.media_type) == ("my cat.png", "image/png")
        assert (file.attachment.width, file.attachment.height) == (640, 480)
        assert file.content == path.read_bytes()


async def test_a_picture_that_cannot_be_attached_loses_nothing(tmp_path: Path):
    (tmp_path / "no.png").write_bytes(b"\0nothing")
    app = PromptApp()
    async with app.run_test() as pilot:
        text = f"/image {tmp_path}/no.png"
        app.prompt.insert_text(text)
        await pilot.press("enter")
        await settle(pilot)
        assert app.written == text
        assert "✗ no.png" in "\n".join(seen(app))
        await pilot.press("ctrl+a", "delete")
        await settle(pilot)
        assert "✗" not in "\n".join(seen(app)), "what is said goes with what it was about"


async def test_text_files_are_sent_under_their_name(tmp_path: Path):
    (tmp_path / "notes.md").write_text("# Notes\n```\ncode\n```\n")
    app = PromptApp()
    async with app.run_test() as pilot:
        app.prompt.insert_text(f"Sum up @{tmp_path}/notes.md now, user@example.org")
        await pilot.press("enter")
        await settle(pilot)
        assert app.sent == [
            "Sum up `notes.md` now, user@example.org\n\n`notes.md`:\n````md\n# Notes\n```\ncode\n```\n````"
        ]
        assert app.files == []


async def test_paths_are_completed_and_become_chips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "some folder").mkdir()
    (tmp_path / "some folder" / "notes.md").write_text("hello")
    (tmp_path / "song.txt").write_text("la")
    app = PromptApp()
    async with app.run_test() as pilot:
        await write(pilot, "see @so")
        screen = "\n".join(seen(app))
        assert "some folder/" in screen
        assert "song.txt" in screen
        await pilot.press("tab")
        await settle(pilot)
        assert app.written == "see @some\\ folder/"
        await write(pilot, "n")
        await pilot.press("enter")
        await settle(pilot)
        assert app.written == "see [file: notes.md · 5 B] "
        assert app.sent == []
        await pilot.press("enter")
        await settle(pilot)
        assert app.sent == ["see `notes.md`\n\n`notes.md`:\n```md\nhello\n```"]


async def test_a_folder_named_to_command_the_terminal_is_drawn_harmless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "so\x1b[2J\ufeff\u202e").mkdir()
    app = PromptApp()
    async with app.run_test() as pilot:
        await write(pilot, "see @so")
        await pilot.press("tab")
        await settle(pilot)
        assert app.written == "see @so\x1b[2J\ufeff\u202e/", "the path is the folder's"
        assert "see @so␛[2J��/" in "\n".join(seen(app)), "each is drawn, in the cells that were counted"


async def test_a_path_that_exists_is_no_command(tmp_path: Path):
    (tmp_path / "a.txt").write_text("a")
    app = PromptApp()
    async with app.run_test() as pilot:
        app.prompt.insert_text(f"{tmp_path}/a.txt is a file")
        await pilot.press("enter")
        await settle(pilot)
        assert app.sent == [f"{tmp_path}/a.txt is a file"]


async def test_the_cursor_never_stands_in_a_chip():
    app = PromptApp()
    async with app.run_test() as pilot:
        await write(pilot, "above it\n")
        await paste(pilot, LONG)
        await pilot.press("home", "up", "end", "left", "left", "down", "x")
        await settle(pilot)
        assert app.written == f"above it\n{LABEL}x"
        assert app.prompt.text == f"above it\n{LONG}x"
