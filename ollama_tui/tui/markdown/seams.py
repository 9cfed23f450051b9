"""Where a paragraph that goes on and on may be cut in two without changing what either part means."""

import re

_MARK = re.compile(r"\\.|\\$|`+|\*+|_+|~~+|!?\[|\]\(?|\)|\$|\n| +|[，。！？；：、]+", re.DOTALL)
_MATH_REACH = 300


class Seams:
    """Reads a paragraph as it grows and keeps the last place where nothing was open: no emphasis, code, link, formula.

    It errs on the side of finding too few places; what is cut elsewhere, because it had to be, shows its marks as text.
    """

    __slots__ = ("_code", "_math", "_open", "_read", "last")

    def __init__(self) -> None:
        self.last = 0
        """Offset of the last place; 0 where there is none. It is after a space or a CJK mark, before something else."""
        self._read = 0
        self._open: list[str] = []
        self._code = 0  # length of the run of backticks that is open
        self._math = -1  # offset of a dollar sign that is open

    def read(self, text: str) -> None:
        """Go on reading `text`, of which what was read before is the beginning."""
        for match in _MARK.finditer(text, self._read):
            mark = match.group()
            end = match.end()
            if end == len(text) and mark[0] not in " \n":  # its other half may come
                self._read = match.start()
                return
            if self._code:
                if mark[0] == "`" and len(mark) == self._code:
                    self._code = 0
                continue
            first = mark[0]
            if first in "，。！？；：、":
                if not self._open and self._math < 0 and end < len(text) and text[end].isalnum():
                    self.last = end
            elif first in " \n":
                if self._math >= 0 and (first == "\n" or end - self._math > _MATH_REACH):
                    self._math = -1
                if not self._open and self._math < 0 and end < len(text) and text[end] not in " \n":
                    self.last = end
            elif first == "`":
                self._code = len(mark)
            elif first in "*_~":
                self._emphasis(text, match.start(), end)
            elif first == "]":
                if "[" in self._open:
                    while self._open.pop() != "[":
                        pass
                    if mark == "](":
                        self._open.append("(")
            elif first == ")":
                if self._open and self._open[-1] == "(":
                    self._open.pop()
            elif first == "$":
                self._math = -1 if self._math >= 0 else match.start()
            elif first != "\\":
                self._open.append("[")
        self._read = len(text)

    @property
    def closers(self) -> str:
        """What would close the strong emphasis, the struck text and the code that are open."""
        return "`" * self._code + "".join([mark for mark in reversed(self._open) if mark in ("**", "~~")])

    def shift(self, size: int) -> None:
        """The first `size` characters of the paragraph have been taken away."""
        self._read = max(self._read - size, 0)
        self.last = max(self.last - size, 0)
        if self._math >= 0:
            self._math = max(self._math - size, 0)

    def forget(self) -> None:
        """Nothing is open: the paragraph was cut where something was."""
        self._open.clear()
        self._code = 0
        self._math = -1
        self.last = 0

    def _emphasis(self, text: str, start: int, end: int) -> None:
        before = text[start - 1] if start else " "
        after = text[end] if end < len(text) else " "
        mark = text[start:end]
        if mark[0] == "_" and before.isalnum() and after.isalnum():
            return
        if before not in " \n" and mark in self._open:
            while self._open.pop() != mark:
                pass
        elif after not in " \n":
            self._open.append(mark)
