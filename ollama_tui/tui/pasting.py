"""Pasted text, made fit to be read and sent."""

import re

from ollama_tui.domain.text import drawable

# Colours and links of a copied log say nothing to a model: CSI, OSC and the two-character escapes, whole.
_ESCAPES = re.compile("\x1b(?:\\[[0-?]*[ -/]*[@-~]|[\\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\\\)|[ -/]*[0-~])")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def clean_paste(text: str) -> str:
    """`text` with every line end as LF, without terminal escapes, and with what control characters are left visible.

    Textual's document takes VT, FF, U+0085, U+2028 and U+2029 for line ends only sometimes; as LF they always are.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _ESCAPES.sub("", text.replace("\0", "").replace("\ufeff", ""))
    return drawable(_LINE_ENDS.sub("\n", text))
