"""A person takes something out of a conversation: by key, slash command and palette, into the clipboard or a file."""

import json
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from desk import Desk
from textual.geometry import Offset
from textual.widgets import Input

from ollama_tui.tui.widgets.transcript import Transcript
from tests.tui.app.opened import Program, opened

BLOCKS = """Two of them, **bold**:

```python
def first(x):
\treturn x  # 你好
```

- in a list

  ```sh
  echo "[red]x[/red]"
  ```
"""
FIRST, SECOND = "def first(x):\n\treturn x  # 你好\n", 'echo "[red]x[/red]"\n'


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(tmp_path)
    desk.put("wl-copy")
    monkeypatch.setenv("PATH", str(desk.folder))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return desk


@asynccontextmanager
async def asked(tmp_path: Path, question: str, model: str = "echo") -> AsyncGenerator[Program]:
    async with opened(tmp_path / "data", model=model) as program:
        program.pane.prompt.insert_text(question)
        await program.ask("")
        yield program


def read(name: str | Path) -> str:
    with open(name, encoding="utf-8", newline="") as file:
        return file.read()


async def command(program: Program, line: str) -> None:
    program.pane.prompt.load_draft(line)  # in place of one that could not be done
    await program.press("enter")


async def retyped(program: Program, name: str) -> None:
    field = program.app.screen.query_one(Input)
    field.value = name
    await program.press("enter")


async def copied(program: Program, desk: Desk) -> str:
    """Wait until it is said that something was copied; what it was."""
    await program.sees("Copied with wl-copy.")
    program.pane.prompt.say("")
    taken = desk.box("wl-copy")
    assert taken is not None
    return taken.decode()


async def test_the_answer_the_message_under_the_cursor_and_the_thinking(tmp_path: Path, desk: Desk) -> None:
    async with asked(tmp_path, "why **so**?", "thinker") as program:
        await program.press("alt+c")
        answer = program.pane.messages[-1]
        assert await copied(program, desk) == answer.text
        await program.press("f9", "ctrl+up", "ctrl+up", "alt+c")
        assert await copied(program, desk) == "why **so**?"
        await program.press("escape", "alt+shift+c")
        plain = await copied(program, desk)
        assert "I thought 9 steps long" in plain
        assert "**" not in plain
        await command(program, "/copy thinking")
        assert await copied(program, desk) == answer.thinking
        await command(program, "/copy all")
        whole = await copied(program, desk)
        assert whole.startswith("# why")
        assert "\n## You · " in whole
        assert f"\n\n{answer.text.strip()}\n" in whole
        await command(program, "/copy all plain")
        whole = await copied(program, desk)
        assert whole.startswith("You:\nwhy **so**?\n\nthinker:latest:\n"), "what a person wrote is no Markdown"
        assert "**9 steps" not in whole


async def test_one_block_of_several_is_chosen_by_number(tmp_path: Path, desk: Desk) -> None:
    async with asked(tmp_path, BLOCKS) as program:
        await program.press("alt+k")
        await program.sees("1  python  def first(x):")
        await program.sees('2  sh  echo "[red]x[/red]"')
        await program.press("2")
        await program.sees("Copied with wl-copy. sh, 1 line.")
        assert await copied(program, desk) == SECOND
        await command(program, "/copy 1")
        assert await copied(program, desk) == FIRST
        await command(program, "/copy 3")
        await program.sees("There is no block 3: this message has 2.")
        await command(program, "/copy what")
        await program.sees("What should be copied?")


async def test_a_selection_by_keys_and_by_mouse(tmp_path: Path, desk: Desk) -> None:
    async with asked(tmp_path, BLOCKS) as program:
        await program.press("f9", "ctrl+up", "ctrl+up", "ctrl+@", "down", "down", "alt+c")
        assert await copied(program, desk) == "Two of them, **bold**:\n\n"
        await program.press("down", "down", "up", "alt+c")
        assert await copied(program, desk) == "Two of them, **bold**:\n\n```python\n"
        await program.press("escape")
        assert program.pane.transcript.marking is None
        assert not program.app.screen.selections
        assert program.pane.transcript.has_focus, "the first Esc gives up the selection alone"
        await program.press("escape")
        lines = program.screen.split("\n")
        row = next(y for y, line in enumerate(lines) if "in a list" in line)
        place = Offset(lines[row].index("list"), row) - program.pane.transcript.region.offset
        await program.pilot.click(Transcript, offset=place, times=2)
        await program.until(lambda: program.app.screen.selections)
        await program.press("ctrl+c")
        await program.until(lambda: desk.box("wl-copy") == b"list")
        desk.put("wl-copy")
        (desk.folder / "wl-copy.box").unlink()
        program.pane.prompt.insert_text("x")
        await program.pilot.click(Transcript, offset=place, times=2)
        await program.until(lambda: program.app.screen.selections)
        program.pane.prompt.take_focus()
        await program.press("ctrl+c")
        await program.until(lambda: desk.box("wl-copy") == b"list")
        assert program.pane.prompt.text == "x", "the first ctrl+c copied, and cleared nothing"
        await program.press("ctrl+c")
        assert program.pane.prompt.text == ""
        await program.sees("Copied with wl-copy.")


async def test_a_block_is_saved_where_the_person_says(tmp_path: Path, desk: Desk) -> None:
    home = Path(os.environ["HOME"])
    async with asked(tmp_path, BLOCKS) as program:
        await program.press("alt+s", "1")
        await program.sees("Save the code as:")
        await program.sees("snippet.py")
        await program.press("enter")
        await program.sees("Written to")
        assert read("snippet.py") == FIRST

        os.truncate("snippet.py", 4)
        await program.press("alt+s", "1")
        await program.sees("Save the code as:")
        await program.press("enter")
        await program.sees("There is a file snippet.py already.")
        assert read("snippet.py") == FIRST[:4]
        await program.press("n")
        await program.sees("Save the code as:")
        await retyped(program, "no[b]dir/x.py")
        await program.sees("no[b]dir/x.py cannot be written: No such file or directory.")
        await retyped(program, "x" * 300)
        await program.sees("cannot be written: File name too long.")
        os.mkfifo(pipe := tmp_path / "pipe")
        await retyped(program, str(pipe))
        await program.sees("pipe is no file.")
        await retyped(program, "~/[b]x.py")
        await program.sees("Written to")
        assert read(home / "[b]x.py") == FIRST
        assert read("snippet.py") == FIRST[:4]

        await program.press("alt+s", "1")
        await program.sees("Save the code as:")
        await program.press("enter")
        await program.sees("Replace it?")
        await program.press("y")
        await program.until(lambda: read("snippet.py") == FIRST)
        assert os.listdir() == ["snippet.py"], "nothing is left beside it"


async def test_the_conversation_is_exported(tmp_path: Path, desk: Desk) -> None:
    async with asked(tmp_path, "why **so**?") as program:
        answer = program.pane.messages[-1]
        await command(program, "/export it.md")
        await program.sees("Written to")
        assert answer.text.strip() in read("it.md")
        await command(program, "/export it.json")
        await program.until(lambda: os.path.exists("it.json"))
        values = json.loads(read("it.json"))
        assert [each["text"] for each in values["messages"]] == ["why **so**?", answer.text]
        assert values["messages"][1]["figures"]["answer_tokens"] > 0
        await command(program, "/export it.txt")
        await program.until(lambda: os.path.exists("it.txt"))
        assert "I am echo" in read("it.txt")
        await command(program, "/export it.txt")
        await program.sees("There is a file it.txt already. Replace it?")
        await program.press("escape")
        await program.sees("Export to (.md, .txt or .json):")
        await program.press("escape")
        await command(program, "/export")
        await program.sees("why-so.md")


async def test_with_nothing_said_there_is_nothing_to_take(tmp_path: Path, desk: Desk) -> None:
    async with opened(tmp_path / "data") as program:
        for line, seen in (
            ("/copy", "There is nothing to copy yet."),
            ("/copy 1", "There is no code block in this message."),
            ("/copy thinking", "This message has no thinking."),
            ("/export x.md", "There is nothing to export yet."),
        ):
            await command(program, line)
            await program.sees(seen)
        await program.press("alt+k", "alt+s", "alt+v", "escape")
        await program.sees("Ask echo anything.")
    assert desk.box("wl-copy") is None
    assert not os.listdir()
