"""The person's own editor, in a real pty, and what may go wrong with it."""

import contextlib
import os
import tempfile
from pathlib import Path

import pytest
from test_typeahead import sent, terminal

from ollama_tui.tui.editor import EditorError, edit, editor_command

PROGRAM = str(Path(__file__).with_name("edited_app.py"))


def script(path: Path, body: str) -> str:
    """An editor that does `body` to the file `$1`."""
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def test_the_editor_has_the_terminal_and_the_answer_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    editor = script(tmp_path / "editor", 'stty -a >&2; echo EDITING; read key; sleep 1; echo "and $key" >>"$1"')
    monkeypatch.setenv("OLLAMA_EDITOR", editor)
    with terminal(PROGRAM, str(tmp_path / "sent")) as screen:
        screen.type(b"draft\n")
        screen.read_until(b"draft")
        screen.type(b"\x07")
        screen.read_until(b"EDITING")
        assert b" icanon" in screen.shown, "the terminal is as an editor finds it in a shell"
        screen.shown = b""
        screen.type(b"keys\n")
        screen.read_until(b"\x1b[?1049h")
        assert b"tick" not in screen.shown.partition(b"\x1b[?1049h")[0], "nothing is drawn over the editor"
        screen.read_until(b"and keys")
        screen.type(b"!\r")
        assert screen.wait() == 0
        (line,) = sent(tmp_path / "sent")
        text, _space, ticks = line.rpartition(" ")
        assert text == "draft\nand keys!"
        assert int(ticks) > 20, "the program went on while the editor was open"


async def test_the_file_is_private_and_goes(tmp_path: Path):
    note = tmp_path / "note"
    editor = script(tmp_path / "editor", f'echo "$1" >{note}; stat -c %a "$1" >>{note}; printf "é\\n" >>"$1"')
    text = await edit("a 中\n", {"EDITOR": editor}, contextlib.nullcontext())
    assert text == "a 中\né\n"
    path, mode = note.read_text().split()
    assert mode == "600"
    assert Path(path).name not in os.listdir(tempfile.gettempdir())


@pytest.mark.parametrize(
    ("body", "word"), [("exit 3", "status 3"), ('rm "$1"', "cannot be used"), (None, "No such file")]
)
async def test_an_editor_that_fails_is_told(tmp_path: Path, body: str | None, word: str):
    editor = str(tmp_path / "editor")
    if body is not None:
        script(tmp_path / "editor", body)
    with pytest.raises(EditorError, match=word):
        await edit("text", {"VISUAL": editor}, contextlib.nullcontext())


def test_without_the_editor_the_terminal_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OLLAMA_EDITOR", "/nowhere/editor")
    with terminal(PROGRAM, str(tmp_path / "sent")) as screen:
        screen.type(b"draft")
        screen.read_until(b"draft")
        screen.type(b"\x07")
        screen.read_until(b"cannot be used")
        screen.type(b"!\r")
        assert screen.wait() == 0
        assert sent(tmp_path / "sent")[0].startswith("draft!")


def test_which_editor():
    assert editor_command({"EDITOR": "nano"}) == ["nano"]
    assert editor_command({"EDITOR": "nano", "VISUAL": "code --wait"}) == ["code", "--wait"]
    assert editor_command({"EDITOR": "nano", "OLLAMA_EDITOR": "'/my ed/vim' -n"}) == ["/my ed/vim", "-n"]
    assert editor_command({"EDITOR": " "}) == ["vi"]
    with pytest.raises(EditorError):
        editor_command({"EDITOR": "'"})
