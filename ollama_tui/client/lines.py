"""A stream of bytes as lines.

Only the byte `\\n` ends a line: U+0085 and U+2028 come raw inside JSON, and a character may be split between packets.
"""

_BOM = b"\xef\xbb\xbf"


class Lines:
    """Cuts pieces into lines. A line of any length costs time in proportion to it, however small the pieces."""

    __slots__ = ("_begun", "_fresh")

    def __init__(self) -> None:
        self._begun: list[bytes] = []
        self._fresh = True

    def feed(self, piece: bytes) -> list[bytes]:
        """The lines that `piece` completes, without their ends; blank ones are left out."""
        if self._fresh and piece:
            piece = self._without_mark(piece)
        end = piece.find(b"\n")
        if end < 0:
            if piece:
                self._begun.append(piece)
            return []
        if end == len(piece) - 1 and not self._begun:
            return [] if piece.isspace() else [piece]
        first, *others = piece.split(b"\n")
        if self._begun:
            self._begun.append(first)
            first = b"".join(self._begun)
        rest = others.pop()
        self._begun = [rest] if rest else []
        return [line for line in (first, *others) if line and not line.isspace()]

    def rest(self) -> list[bytes]:
        """The last line, if nothing ended it: servers answer some calls with one object and no line end."""
        line = b"".join(self._begun)
        self._begun = []
        return [line] if line.strip() else []

    def _without_mark(self, piece: bytes) -> bytes:
        """`piece` without a byte order mark at the very beginning, even one that comes in parts."""
        begun = b"".join((*self._begun, piece))
        if len(begun) < len(_BOM) and _BOM.startswith(begun):
            self._begun = [begun]
            return b""
        self._fresh = False
        self._begun = []
        return begun.removeprefix(_BOM)
