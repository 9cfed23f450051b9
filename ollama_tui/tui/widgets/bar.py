"""A bar of a given width for a share of a whole."""

from ollama_tui.tui.signs import sign

FULL, EMPTY = "▰", "▱"


def bar(share: float, width: int) -> tuple[str, str]:
    """The full and the empty part; only what is complete is drawn full, only what has not begun wholly empty."""
    share = max(0.0, min(1.0, share))
    full = width if share >= 1 else min(width - 1, max(1 if share > 0 else 0, round(share * width)))
    full = max(0, full)
    return sign(FULL) * full, sign(EMPTY) * (width - full)
