"""The mouse, by the bytes that a terminal sends for it."""

import asyncio
import re
from pathlib import Path

from rich.cells import cell_len

from tests.program.window import Window, a_window

LEFT, DRAG, WHEEL_UP = 0, 32, 64


def at(window: Window, words: str) -> tuple[int, int]:
    """The cell where words begin."""
    row = next(row for row, line in enumerate(window.lines) if words in line)
    line = window.lines[row]
    return cell_len(line[: line.index(words)]), row


def send(window: Window, button: int, x: int, y: int, *, up: bool = False) -> None:
    window.type(f"\x1b[<{button};{x + 1};{y + 1}{'m' if up else 'M'}")


def click(window: Window, words: str) -> None:
    x, y = at(window, words)
    send(window, LEFT, x, y)
    send(window, LEFT, x, y, up=True)


async def drag(window: Window, begin: tuple[int, int], cells: int) -> None:
    x, y = begin
    send(window, LEFT, x, y)
    for step in range(1, abs(cells) + 1):
        await asyncio.sleep(0.03)  # as a hand does
        send(window, DRAG, x + (step if cells > 0 else -step), y)
    send(window, LEFT, x + cells, y, up=True)


async def test_what_is_seen_can_be_clicked_scrolled_and_dragged(tmp_path: Path) -> None:
    with a_window(tmp_path, "--demo", "--data-dir", tmp_path, "--model", "thinker", columns=140, rows=24) as window:
        await window.sees("Ask thinker", "another model")
        click(window, "another model")
        await window.sees("Which model?")
        click(window, "thinker:latest")
        await window.until(lambda: "Which model?" not in window.text)
        await window.ask("one two")
        await window.sees("stop", "tok/s")
        click(window, "▸ Thought")
        await window.sees("▾ Thought", "taken apart")
        before = window.lines[4]
        for _ in range(3):
            send(window, WHEEL_UP, 60, 10)
        await window.until(lambda: window.lines[4] != before or "You" in window.text)
        click(window, "ctx")
        await window.sees("when full")
        click(window, "ctx")
        await window.until(lambda: "when full" not in window.text)
        click(window, next(iter(re.findall(r"⋯ \d", window.text))))  # the message's, not the head's
        await window.sees("What with message 1?", "Esc leave it")
        click(window, "leave it")
        await window.until(lambda: "What with" not in window.text)
        x, y = at(window, "│ one two")
        x += 2
        await drag(window, (x, y), 3)
        window.type("\x03")
        await window.sees("Sent to the terminal")
        assert b"]52;c;b25l" in window.output, "the base64 of `one`"
        window.type("\x1bn")
        await window.sees("Ask thinker anything")
        await window.still()
        rule = window.lines[5].rindex("│")  # Chinese is nowhere in that line: its index is its cell
        await drag(window, (rule, 5), -6)
        await window.until(lambda: window.lines[5].rindex("│") == rule - 6)
        steps = ((LEFT, rule - 6, "M"), (DRAG, 139, "M"), (DRAG, rule + 4, "M"), (LEFT, rule + 4, "m"))
        window.type("".join(f"\x1b[<{button};{x + 1};6{end}" for button, x, end in steps))  # in one packet
        await window.until(lambda: window.lines[5].rindex("│") == rule + 4)
        await drag(window, (rule + 4, 5), -10)
        await window.until(lambda: window.lines[5].rindex("│") == rule - 6)
        click(window, "It does not go wrong")
        window.type("typed at the left")
        await window.until(lambda: "typed at the left" in window.text)
        assert at(window, "typed at the left")[0] < rule - 6
