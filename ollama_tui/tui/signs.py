"""The signs that the screen draws beside words, in one place: Unicode's, or ASCII for who needs or prefers it.

Whoever draws a sign writes Unicode's and passes it through `sign` when it is drawn: `sign("▸")`; sentences of ours pass
as they go through gettext. Text of a model, a person or a file never goes through it. Each sign takes as many cells as
what stands for it.
"""

from ollama_tui.domain.i18n import draw_with

_ASCII = str.maketrans(
    {
        # Gauges, bars, rules
        "▰": "#",
        "▱": ".",
        "█": "#",
        "│": "|",
        "┃": "|",
        "▎": "|",
        "▏": "|",
        "─": "-",
        "━": "=",
        "┈": "-",
        "┼": "+",
        "├": "+",
        "└": "`",
        "┌": "+",
        "╭": "+",
        "╰": "`",
        # Folds, arrows, pointers
        "▸": "+",
        "▾": "-",
        "▶": ">",
        "▼": "v",
        "▲": "^",
        "△": "^",
        "▽": "v",
        "‹": "<",
        "›": ">",
        "»": ">",
        "«": "<",
        "→": ">",
        "←": "<",
        "↑": "^",
        "↓": "v",
        "↳": ">",
        "↻": "@",
        "⟳": "@",
        "⏎": "/",
        "⇥": ">",
        "⟨": "<",
        "⟩": ">",
        # Marks
        "●": "*",
        "◌": "o",
        "▣": "#",
        "○": "o",
        "◐": "o",
        "◆": "*",
        "◇": "o",
        "■": "*",
        "□": "o",
        "★": "*",
        "☆": "o",
        "✓": "v",
        "✔": "v",
        "✗": "!",
        "✕": "x",
        "⚠": "!",
        "•": "*",
        "◦": "o",
        "▪": "+",
        "☐": "o",
        "☑": "x",
        "▌": "_",
        "…": "~",
        "⋯": "=",
        "⋮": ":",
        "✎": "&",
        "·": "-",
        "×": "x",
    }
)

_reduced = [False]


def sign(text: str) -> str:
    """Signs, or a sentence of ours with signs in it, as they are drawn now."""
    return text.translate(_ASCII) if _reduced[0] else text


def reduce(reduced: bool) -> None:
    """Draw ASCII from now on, or Unicode again. What is drawn already must be drawn anew by the caller."""
    _reduced[0] = reduced
    draw_with(sign if reduced else str)


def is_reduced() -> bool:
    """Whether the screen is to be plain and still: for screen readers and slow lines."""
    return _reduced[0]
