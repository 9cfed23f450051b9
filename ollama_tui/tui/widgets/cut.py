"""Text in a given number of terminal cells: a Chinese character takes two."""

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from ollama_tui.domain.text import one_line
from ollama_tui.tui.signs import sign


def cut_middle(text: str, width: int) -> str:
    """`text` on one line in at most `width` cells; what is too long loses its middle, for names end in what differs."""
    text = one_line(text)
    if cell_len(text) <= width:
        return text
    if width < 3:
        return sign("…")[:width]
    head = set_cell_size(text, (width - 1) // 2).rstrip()
    room = width - 1 - cell_len(head)
    tail = text[-room:]
    while cell_len(tail) > room:
        tail = tail[1:]
    return f"{head}{sign('…')}{tail}"


def cut_end(text: str, width: int) -> str:
    """`text` on one line in at most `width` cells; what is too long ends in `…`."""
    text = one_line(text)
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + sign("…") if width > 0 else ""


def cut_content(content: Content, width: int) -> Content:
    """`content` in at most `width` cells; what is too long ends in `…`."""
    return content if content.cell_length <= width else content.truncate(max(0, width - 1)) + sign("…")


def left(text: str, width: int) -> str:
    """`text` in exactly `width` cells, at the left."""
    return set_cell_size(text, width)


def right(text: str, width: int) -> str:
    """`text` in exactly `width` cells, at the right."""
    return " " * max(0, width - cell_len(text)) + set_cell_size(text, min(width, cell_len(text)))
