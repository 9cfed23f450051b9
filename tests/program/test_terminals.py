"""Terminals of all kinds: small and back, with few colours, with none, hardly one at all."""

import re
from pathlib import Path

import pytest

from tests.program.escapes import SCREEN, strange
from tests.program.serving import serving
from tests.program.window import HELP, LIST, MODELS, Window, a_window

SGR = re.compile(rb"\x1b\[([0-9;]*)m")


def colours(window: Window) -> set[bytes]:
    """The kinds of colours that were asked for: `38;2` true ones, `38;5` of 256, else one of the sixteen."""
    found: set[bytes] = set()
    for sequence in SGR.findall(window.output):
        found |= {kind for kind in (b"38;2", b"38;5", b"48;2", b"48;5") if kind in sequence}
        if re.search(rb"(?:^|;)(?:3|4|9|10)[0-7](?:;|$)", re.sub(rb"[34]8;(?:5;\d+|2;\d+;\d+;\d+)", b"", sequence)):
            found.add(b"sixteen")
    return found


def picture(window: Window) -> list[str]:
    """What is seen, but for the time that goes by."""
    return [re.sub(r"unloads in \d:\d\d", "", line) for line in window.lines]


async def a_look_round(window: Window) -> None:
    """An answer, the list, the models, the keys, and back."""
    await window.sees("Ask echo")
    await window.ask("Hello 你好 **bold** `code`")
    await window.sees("Hello 你好", "tok/s")
    window.type(LIST)
    await window.sees("Today")
    window.type(MODELS)
    await window.sees("guide", "thinker")
    window.type(MODELS)
    await window.sees("Hello 你好")


@pytest.mark.parametrize(
    ("terminal", "expected"),
    [
        ({"TERM": "xterm", "COLORTERM": ""}, {b"sixteen"}),
        ({"TERM": "linux", "COLORTERM": ""}, {b"sixteen"}),
        ({"TERM": "xterm-256color", "COLORTERM": ""}, {b"38;5", b"48;5"}),
        ({"TERM": "tmux-256color"}, {b"38;2", b"48;2"}),
        ({"NO_COLOR": "1"}, set[bytes]()),
    ],
    ids=["sixteen", "linux", "256", "tmux", "no colour"],
)
async def test_no_more_colours_than_the_terminal_has(
    tmp_path: Path, terminal: dict[str, str], expected: set[bytes]
) -> None:
    async with serving() as server:
        with a_window(
            tmp_path, "--host", server.url, "--data-dir", tmp_path, "--model", "echo", columns=80, rows=24, **terminal
        ) as window:
            await a_look_round(window)
            assert colours(window) <= expected | {b"sixteen"} if expected else colours(window) == set()
            assert expected <= colours(window)
            assert strange(window.output, SCREEN) == []


async def test_a_terminal_that_only_prints_is_told_what_to_do(tmp_path: Path) -> None:
    with a_window(tmp_path, "--demo", "--data-dir", tmp_path, TERM="dumb") as window:
        assert await window.exit_code() == 1
        assert window.output.startswith(b"Error: the screen needs a terminal that can do more than print")
        assert b"\x1b" not in window.output


@pytest.mark.parametrize("place", ["chat", "list", "models", "keys"])
async def test_down_to_20_by_5_and_back_it_is_the_same_picture(tmp_path: Path, place: str) -> None:
    async with serving() as server:
        with a_window(
            tmp_path, "--host", server.url, "--data-dir", tmp_path, "--model", "markdown", columns=100, rows=30
        ) as window:
            await window.sees("Ask markdown")
            await window.ask("300 tokens at 2000 tokens/s")
            await window.sees("tok/s")
            window.type("a draft 草稿")
            await window.sees("a draft 草稿")
            window.type({"chat": "", "list": LIST, "models": MODELS, "keys": HELP}[place] or " ")
            await window.still()
            before = picture(window)
            for columns, rows in ((20, 5), (200, 60), (20, 5), (100, 30)):
                window.resize(columns, rows)
                await window.still(0.3)
            await window.until(lambda: picture(window) == before, "the same picture")
            assert strange(window.output, SCREEN) == []


async def test_alt_with_a_digit_arrives_and_types_nothing(tmp_path: Path) -> None:
    async with serving() as server:
        with a_window(tmp_path, "--host", server.url, "--data-dir", tmp_path, "--model", "echo") as window:
            await window.sees("Ask echo")
            window.type("\x1b0")
            await window.sees("when full")
            window.type("\x1b0")
            await window.until(lambda: "when full" not in window.text)
            window.type("\x1b2x")
            await window.until(lambda: any(line.strip() == "x" for line in window.lines))
