"""Where keys work: the areas that actions belong to, the places in which several areas' keys work at once, their names.

A new area needs its place, the place's name, and its heading in the help.
"""

from collections.abc import Mapping
from typing import Literal

from ollama_tui.domain.i18n import mark

Area = Literal[
    "app", "chat", "pane", "compare", "prompt", "transcript", "plain", "page", "tree", "list", "filter", "search",
    "find",
    "inspector", "tokens", "models", "rows", "question", "transfers", "toggle", "card",
    "aside", "options", "presets", "json", "record",
]  # fmt: skip

TALKING: tuple[Area, ...] = ("chat", "pane", "compare", "app")

PLACES: Mapping[str, tuple[Area, ...]] = {
    "prompt": ("prompt", *TALKING),
    "transcript": ("transcript", *TALKING),
    "plain": ("plain", "app"),
    "page": ("page", "app"),
    "tree": ("tree", "rows", "app"),
    "search": ("search", "app"),
    "find": ("find", *TALKING),
    "inspector": ("inspector", "app"),
    "tokens": ("tokens", "inspector", "app"),
    "list": ("list", "rows", *TALKING),
    "filter": ("filter", *TALKING),
    "question": ("question", "rows", *TALKING),
    "options": ("options", "aside", *TALKING),
    "presets": ("presets", "rows", "aside", *TALKING),
    "json": ("json", "rows", "aside", *TALKING),
    "record": ("record", "aside", *TALKING),
    "models": ("rows", "models", "app"),
    "transfers": ("transfers", "rows", "models", "app"),
    "toggle": ("toggle", "models", "app"),
    "card": ("card", "models", "app"),
}
"""Which areas' keys work where, from the inside out: an inner one's key hides the same key of an outer one."""

PLACE_NAMES: Mapping[str, str] = {
    "prompt": mark("in the prompt"),
    "transcript": mark("while reading"),
    "plain": mark("where the text stands alone"),
    "page": mark("in a text to read"),
    "search": mark("while searching"),
    "find": mark("while finding"),
    "inspector": mark("in the inspector of tokens"),
    "tokens": mark("on a token"),
    "tree": mark("in the tree of a conversation"),
    "list": mark("in the list of conversations"),
    "filter": mark("in the filter of the list"),
    "question": mark("in a question"),
    "options": mark("among the options"),
    "presets": mark("among the presets"),
    "json": mark("in a JSON value"),
    "record": mark("in what the model was given"),
    "models": mark("among the models"),
    "transfers": mark("on a transfer"),
    "toggle": mark("on a box to tick"),
    "card": mark("in a model's details"),
}
"""The places in a sentence."""

AREA_NAMES: Mapping[str, str] = {
    "app": mark("Everywhere"),
    "chat": mark("In a conversation"),
    "pane": mark("With several panes"),
    "compare": mark("While comparing"),
    "prompt": mark("In the prompt"),
    "transcript": mark("While reading"),
    "plain": mark("Where the text stands alone"),
    "page": mark("In a text to read"),
    "aside": mark("In what stands beside a conversation"),
    "options": mark("Among the options"),
    "presets": mark("Among the presets"),
    "json": mark("In a JSON value"),
    "record": mark("In what the model was given"),
    "list": mark("In the list of conversations"),
    "filter": mark("In the filter of the list"),
    "search": mark("While searching all conversations"),
    "find": mark("While finding in a conversation"),
    "inspector": mark("Among a text's tokens"),
    "tokens": mark("On a token"),
    "tree": mark("In the tree of a conversation"),
    "models": mark("Among the models"),
    "rows": mark("In a list"),
    "question": mark("In a question"),
    "transfers": mark("On a transfer"),
    "card": mark("In a model's details"),
    "toggle": mark("On a box to tick"),
}
"""The areas as headings, in the order of the help."""
