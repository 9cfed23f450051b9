"""Which way a text takes to the clipboard, and what is said of it: tools are real processes."""

import base64
import os
import signal
from pathlib import Path

import pytest
from desk import WAITS, Desk, tmux

from ollama_tui.tui.clipboard import copy

SSH = {"SSH_CONNECTION": "10.0.0.1 5000 10.0.0.2 22"}
TEXT = "naïve 你好 \ud800 end\n"
TAKEN = "naïve 你好 \ufffd end\n".encode()


class Terminal:
    """What reached the terminal."""

    def __init__(self, way: str = "auto") -> None:
        self.clipboard_way = way
        self.kept = ""
        self.written = ""

    def keep_clipping(self, text: str) -> None:
        self.kept = text

    def send_to_terminal(self, sequence: str) -> None:
        self.written += sequence

    @property
    def sent(self) -> bytes:
        """What an OSC 52 carries."""
        assert self.written.startswith("\x1b]52;c;")
        return base64.b64decode(self.written[7:-1])


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(tmp_path)
    monkeypatch.setenv("PATH", str(desk.folder))
    return desk


@pytest.mark.parametrize(
    ("tool", "surroundings"),
    [
        ("pbcopy", {}),
        ("wl-copy", {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}),
        ("xclip", {"DISPLAY": ":0"}),
        ("xsel", {"DISPLAY": ":0"}),
        ("termux-clipboard-set", {"TERMUX_VERSION": "0.118"}),
    ],
)
async def test_the_tool_of_this_machine_is_used_and_named(desk: Desk, tool: str, surroundings: dict[str, str]) -> None:
    desk.put(tool)
    terminal = Terminal()
    assert await copy(terminal, TEXT, desk.surroundings(**surroundings)) == f"Copied with {tool}."
    assert desk.box(tool) == TAKEN
    assert terminal.kept == TAKEN.decode()
    assert terminal.written == ""


async def test_windows_is_given_what_its_tool_reads(desk: Desk) -> None:
    desk.put("clip.exe")
    desk.put("wl-copy")
    told = await copy(Terminal(), "你好", desk.surroundings(WSL_DISTRO_NAME="Ubuntu", WAYLAND_DISPLAY="wayland-0"))
    assert told == "Copied with clip.exe."
    assert desk.box("clip.exe") == "你好".encode("utf-16-le")
    assert desk.box("wl-copy") is None


async def test_a_tool_that_stays_behind_holds_nothing_up_and_outlives_the_window(desk: Desk) -> None:
    desk.put("xclip", 'cat > "{box}"; sleep 30 >&2 & echo $! > "{log}"')
    assert await copy(Terminal(), "x", desk.surroundings(DISPLAY=":0")) == "Copied with xclip."
    behind = int((desk.folder / "xclip.log").read_text())
    session = os.getsid(behind)
    os.kill(behind, signal.SIGKILL)
    assert session != os.getsid(0), "what closes the terminal would end it, and the clipboard would be empty"


async def test_over_ssh_the_remote_machines_tool_is_never_run(desk: Desk) -> None:
    desk.put("wl-copy")
    desk.put("pbcopy")
    for ssh in (SSH, {"SSH_TTY": "/dev/pts/1"}):
        terminal = Terminal()
        told = await copy(terminal, TEXT, desk.surroundings(WAYLAND_DISPLAY="wayland-0", **ssh))
        assert told == "Sent to the terminal, which does not say whether it took it."
        assert terminal.sent == TAKEN
    assert desk.box("wl-copy") is None
    assert desk.box("pbcopy") is None


async def test_what_fails_says_why_and_the_next_way_is_taken(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ollama_tui.tui.clipboard.tool.PATIENCE", 0.3)
    desk.put("wl-copy", "echo 'no compositor' >&2; exit 1")
    desk.put("xclip", WAITS)
    terminal = Terminal()
    told = await copy(terminal, "text", desk.surroundings(WAYLAND_DISPLAY="wayland-0", DISPLAY=":0"))
    assert told == (
        "wl-copy failed: no compositor. xclip failed: it did not end within 0 s. "
        "Sent to the terminal, which does not say whether it took it."
    )
    assert terminal.sent == b"text"
    desk.put("xsel")
    told = await copy(Terminal(), "text", desk.surroundings(WAYLAND_DISPLAY="wayland-0", DISPLAY=":0"))
    assert told.endswith("Copied with xsel.")


async def test_in_tmux_its_buffer_has_it_and_its_terminal_is_sent_it(desk: Desk) -> None:
    desk.put("tmux", tmux())
    terminal = Terminal()
    told = await copy(terminal, TEXT, desk.surroundings(TMUX="/tmp/tmux,1,0"))
    assert told == "Copied to tmux's buffer, and sent to the terminal around it."
    assert desk.box("tmux") == TAKEN
    assert "load-buffer -w -" in (desk.folder / "tmux.log").read_text()
    assert terminal.written == "", "tmux hands it on itself"


async def test_in_tmux_on_this_machine_the_tool_comes_first(desk: Desk) -> None:
    desk.put("tmux", tmux())
    desk.put("wl-copy")
    where = desk.surroundings(TMUX="/tmp/tmux,1,0", WAYLAND_DISPLAY="wayland-0")
    assert await copy(Terminal(), "x", where) == "Copied with wl-copy."
    assert desk.box("tmux") == b"x", "its own paste key has it too"


async def test_tmux_knows_better_than_the_environment_who_came_over_ssh(desk: Desk) -> None:
    desk.put("tmux", tmux(ssh="SSH_CONNECTION=10.0.0.1 1 10.0.0.2 22"))
    desk.put("wl-copy")
    told = await copy(Terminal(), "x", desk.surroundings(TMUX="/tmp/tmux,1,0", WAYLAND_DISPLAY="wayland-0"))
    assert told == "Copied to tmux's buffer, and sent to the terminal around it."
    assert desk.box("wl-copy") is None


async def test_what_tmux_cannot_hand_on_is_said(desk: Desk) -> None:
    where = desk.surroundings(TMUX="/tmp/tmux,1,0")
    desk.put("tmux", tmux(ms="[missing]"))
    assert (await copy(Terminal(), "x", where)).startswith("Copied to tmux's buffer alone: tmux knows no way")
    desk.put("tmux", tmux(version="2.9"))
    terminal = Terminal()
    assert (await copy(terminal, "x", where)).startswith("Copied to tmux's buffer alone: tmux before 3.2")
    assert terminal.written == ""
    desk.put("tmux", tmux(version="2.9", set_clipboard="on"))
    assert await copy(terminal, "x", where) == "Copied to tmux's buffer, and sent to the terminal around it."
    assert terminal.sent == b"x"


async def test_a_long_text_is_said_to_be_too_long_for_many_terminals(desk: Desk) -> None:
    fits = await copy(Terminal(), "x" * 74_994, desk.surroundings(**SSH))
    assert "longer" not in fits
    terminal = Terminal()
    told = await copy(terminal, "x" * 74_995, desk.surroundings(**SSH))
    assert "Many cut or ignore what is longer than 75 KB, and this has 74 KB: /export FILE is sure." in told
    assert len(terminal.sent) == 74_995


async def test_a_terminal_without_a_clipboard_is_not_said_to_have_one(desk: Desk) -> None:
    terminal = Terminal()
    told = await copy(terminal, "x", {**desk.surroundings(), "TERM": "linux"})
    assert told == "This terminal (linux) has no clipboard. /export FILE writes to a file."
    assert terminal.written == ""


async def test_gnu_screen_passes_it_on_in_pieces(desk: Desk) -> None:
    terminal = Terminal()
    await copy(terminal, "long " * 200, desk.surroundings(STY="1.pts-0.host", **SSH))
    pieces = terminal.written.split("\x1b\\")
    assert all(piece.startswith("\x1bP") and len(piece) < 256 for piece in pieces[:-1])
    code = "".join(piece.removeprefix("\x1bP") for piece in pieces)
    assert base64.b64decode(code[7:-1]) == b"long " * 200


async def test_a_setting_forces_a_way(desk: Desk) -> None:
    desk.put("wl-copy")
    desk.put("tmux", tmux())
    here = desk.surroundings(WAYLAND_DISPLAY="wayland-0")
    terminal = Terminal("osc52")
    assert (await copy(terminal, "x", here)).startswith("Sent to the terminal")
    terminal = Terminal("off")
    assert await copy(terminal, "x", here) == "Kept for pasting within the program (clipboard is off)."
    assert (terminal.kept, terminal.written) == ("x", "")
    assert (await copy(Terminal("tmux"), "x", here)).startswith("Copied to tmux's buffer")
    assert desk.box("wl-copy") is None
    desk.put("mine", 'echo "$@" > "{log}"; cat > "{box}"')
    assert await copy(Terminal("mine --to 'a b'"), "x", here) == "Copied with mine."
    assert (desk.folder / "mine.log").read_text() == "--to a b\n"
    assert await copy(Terminal("gone --x"), "x", here) == (
        "Not copied: gone --x, which the configuration asks for, failed: No such file or directory."
    )
    assert "No closing quotation" in await copy(Terminal("mine 'x"), "x", here)
