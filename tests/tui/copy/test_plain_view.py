"""In a real terminal: the text alone, for the terminal's own selection; and what is copied through the terminal."""

import base64
import re
from pathlib import Path

from ollama_tui.domain.message import Message, Role
from ollama_tui.tui.screens.plain import PlainScreen
from tests.program.window import ESCAPE, a_window
from tests.tui.app.opened import opened

QUESTION = "long " * 30 + "end\n你好"
"""Longer than a line, with wide characters."""
ALT_V, ALT_C = "\x1bv", "\x1bc"
MOUSE_ON, MOUSE_OFF = b"\x1b[?1003h", b"\x1b[?1003l"


async def test_the_text_stands_alone_and_the_terminal_has_the_mouse(tmp_path: Path) -> None:
    arguments = ("--demo", "--model", "echo", "--data-dir", tmp_path)
    with a_window(tmp_path, *arguments, columns=60, rows=30, SSH_TTY="/dev/pts/9") as window:
        await window.sees("Ask echo")
        window.paste(QUESTION)
        await window.sees("end 你好")
        window.type("\r")
        await window.sees("tok/s")
        begin = len(window.output)
        window.type(ALT_V)
        await window.sees("Esc back")
        await window.still()
        painted = window.output[begin:]
        assert MOUSE_OFF in painted
        text = painted.rpartition(b"\x1b[?7h")[2].partition(b"\x1b[?7l")[0].decode().replace("\r\r\n", "\n")
        assert "You:\n" in text
        assert "long " * 30 + "end\n你好\n" in text, "a long line is one line, and nothing is filled up"
        assert " \n" not in text
        window.type("w")
        await window.still()
        text = window.output.rpartition(b"\x1b[?7h")[2].partition(b"\x1b[?7l")[0].decode()
        assert max(map(len, text.splitlines())) <= 60
        assert MOUSE_ON not in window.output[begin:]
        window.type(ESCAPE)
        await window.sees("Ask anything")
        await window.until(lambda: MOUSE_ON in window.output[begin:], "the mouse taken back")

        begin = len(window.output)
        window.type(ALT_C)
        await window.sees("Sent to the terminal, which does not say whether it took it.")
        sent = re.search(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", window.output[begin:])
        assert sent is not None
        copied = base64.b64decode(sent[1]).decode()
        assert "I am `echo`" in copied
        assert "long " * 30 in copied


async def test_what_would_harm_the_terminal_is_made_visible_and_keys_move(tmp_path: Path) -> None:
    harmful = "\x1b]52;c;ZXZpbA==\x07\x9b2J\u202e \ud800 [b]not markup[/b]\n" + "\n".join(map(str, range(100)))
    async with opened(tmp_path, size=(40, 12)) as program:
        screen = PlainScreen([Message(id="1", conversation_id="1", role=Role.USER, text=harmful)])
        await program.app.push_screen(screen)
        await program.sees("99")
        await program.press("home")
        await program.sees("You:")
        painted = screen.painting()
        assert "␛]52;c;ZXZpbA==␇" in painted
        assert "[b]not markup[/b]" in painted
        assert not re.search("[\x07\x80-\x9f\u202e\ud800]|\x1b\\]", painted)
        await program.press("down", "pagedown")
        assert program.screen.startswith("9\n10\n")
        await program.press("up", "end")
        await program.sees("99")
        await program.press("q")
        await program.sees("Ask echo anything.")
