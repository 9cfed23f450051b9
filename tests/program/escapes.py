"""What a terminal would obey in the bytes it is sent, read strictly: whatever is not known to be ours is a fault."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|(?P<sequence>\x1b\[(?P<mark>[<=>?]?)(?P<numbers>[0-9;:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b[PX^_][^\x1b]*\x1b\\"
    r"|\x1b[ -/]*[0-~])"
    r"|(?P<control>[\x00-\x1f\x7f-\x9f])",
    re.DOTALL,
)
_UNFINISHED = re.compile(r"\x1b(?:\[[0-9;:<=>?]*)?\Z|[\udcc2-\udcf4][\udc80-\udcbf]{0,2}\Z")
_TURNING = re.compile("[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
"""What turns the direction of what stands beside it, or ends a line where no line ends."""

SCREEN = re.compile(
    r"\x1b\[(?:(?:[0-4]|7|9|[349]\d|10[0-7]|[34]8;5;\d+|[34]8;2;\d+;\d+;\d+)(?:;|(?=m)))*m"  # looks, none that hides
    r"|\x1b\[\d{1,3};\d{1,3}H|\x1b\[\d*[ABCDG]"  # where to write
    r"|\x1b\[\?(?:25|7|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]|\x1b\[\?(?:2026|2048)\$p"
    r"|\x1b\[>\d+u|\x1b\[<u|\x1b\[\?u"  # the keyboard's protocol
    r"|\x1b\]22;(?:default|pointer|text)\x07"  # the pointer's shape
    r"|\x1b\[[0-6] q|\x1b\[c"  # the cursor's shape, and which terminal it is
)
"""All that Textual's driver says to a terminal where nothing is copied."""
COPYING = re.compile(SCREEN.pattern + r"|\x1b\]52;c;(?!aGFja2Vk)[A-Za-z0-9+/]+=*\x07")
"""The same where something is copied; what `hostile` would put into the clipboard is nothing that was copied."""
_PAINTED_ANEW = "\x1b[0m\x1b[2J\x1b[H"
"""How the screen of the plain text begins, which paints by itself."""
SHELL = re.compile(r"\x1b\[K")
"""All that the shell command says to a terminal: that the line is drawn anew."""


@dataclass(frozen=True, slots=True)
class Strange:
    """Something that nobody meant to send, and what stands around it."""

    found: str
    around: str


def strange(sent: bytes, known: re.Pattern[str], controls: str = "\r\n") -> list[Strange]:
    """Every sequence that is not `known`, every control that is not in `controls`, all that turns the text."""
    text = sent.decode("utf-8", "surrogateescape").replace(_PAINTED_ANEW, "")
    text = _UNFINISHED.sub("", text)  # the rest was not read yet
    found: list[Strange] = []
    place = 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        assert token is not None
        meant = (
            not (_TURNING.search(token[0]) or re.search("[\udc80-\udcff]", token[0]))
            if token["text"]
            else known.fullmatch(token[0]) is not None
            if token["sequence"]
            else token[0] in controls
        )
        if not meant:
            found.append(Strange(token[0][:60], text[max(0, place - 40) : token.end() + 40][:200]))
        place = token.end()
    return found
