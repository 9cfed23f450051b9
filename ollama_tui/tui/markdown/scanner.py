"""The blocks of a Markdown source, found line by line."""

import re
from copy import copy

from ollama_tui.tui.markdown import syntax
from ollama_tui.tui.markdown.code import Code
from ollama_tui.tui.markdown.frame import Frame, gap_lead, lead
from ollama_tui.tui.markdown.inline import References
from ollama_tui.tui.markdown.piece import Definition, Piece, Rule
from ollama_tui.tui.markdown.prose import Prose
from ollama_tui.tui.markdown.syntax import Cursor
from ollama_tui.tui.markdown.table import Table

PART = 256
"""Characters of a line that are waited for; a longer one is taken in parts of so many."""
_WIDEST_ROW = 4096  # but of a line that may be a row of a table
_DEEPEST = 24  # quotes and items in each other; deeper ones are text
_BULLETS = "•◦▪"
_MATH_END = {"$$": "$$", "\\[": "\\]"}
_MATH_START = re.compile(r"\$\$|\\\[")


class Scanner:
    """Takes lines and makes pieces of them, the last of which may be open. A line never changes a closed piece.

    A line that is too long to be waited for comes in parts: its head by `line`, the rest by `more`, its end by `end`.
    """

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.leaf: Piece | None = None
        """The open piece: the last of `pieces`."""
        self.references: References = {}
        self._frames: list[Frame] = []
        self._numbers = 0
        self._path: list[tuple[int, int]] | None = None  # number and series of the frames of the last piece
        self._closed: Frame | None = None  # the outermost of the frames closed last
        self._blank = False  # whether the last line was
        self._copy = False

    def fork(self) -> "Scanner":
        """A copy to be fed what is not certain yet. Its pieces are those after the closed ones of this scanner."""
        twin = copy(self)
        twin._copy = True
        twin._frames = [copy(frame) for frame in self._frames]
        twin.leaf = None if self.leaf is None else self.leaf.fork()
        twin.pieces = [] if twin.leaf is None else [twin.leaf]
        return twin

    # -- lines --------------------------------------------------------------------------------------------------------

    def line(self, text: str, at: int, *, whole: bool = True) -> None:
        """A line, without its end, from offset `at`; if not `whole`, its head."""
        leaf = self.leaf
        if not self._frames and type(leaf) is Prose and leaf.kind == "paragraph" and text[:1].isalpha():
            leaf.add(text, at)
            return
        cursor = Cursor(text)
        matched = self._match(cursor)
        inside = matched == len(self._frames)
        if isinstance(leaf, Code) or (isinstance(leaf, Prose) and leaf.verbatim):
            if inside and self._goes_on(leaf, cursor, at, whole):
                return
            self._close_leaf()
        self._starts(cursor, at, matched, whole)

    def more(self, text: str, at: int) -> None:
        """Another part of a long line."""
        leaf = self.leaf
        if not isinstance(leaf, Prose | Code):
            self._close_leaf()
            leaf = Prose(lead(self._frames), at)
            self._open(leaf)
        leaf.extend(text, at)

    def end(self) -> None:
        """The end of a long line."""
        if isinstance(self.leaf, Prose) and self.leaf.kind == "heading":
            self._close_leaf()

    def finish(self) -> None:
        """The end of the source."""
        self._close_to(0)

    def patience(self, text: str) -> int:
        """How many characters of a line that begins with `text` may be waited for."""
        return _WIDEST_ROW if isinstance(self.leaf, Table) or text.lstrip(" \t>")[:1] == "|" else PART

    # -- containers ---------------------------------------------------------------------------------------------------

    def _match(self, cursor: Cursor) -> int:
        """How many of the open frames the line goes on in; the cursor passes what it needs to say so."""
        matched = 0
        for frame in self._frames:
            if frame.kind == "quote":
                indent = cursor.indent()
                if indent > 3:
                    break
                cursor.skip(indent)
                if cursor.text[cursor.pos : cursor.pos + 1] != ">":
                    break
                cursor.forward(1)
                cursor.skip(1)
            elif cursor.blank():
                if frame.blank:
                    break
            elif cursor.indent() >= frame.indent:
                cursor.skip(frame.indent)
            else:
                break
            matched += 1
        return matched

    def _close_leaf(self) -> None:
        if self.leaf is not None:
            self.leaf.close()
            self.leaf = None

    def _close_to(self, depth: int) -> None:
        self._close_leaf()
        while len(self._frames) > depth:
            frame = self._frames[-1]
            if frame.kind == "item" and not frame.drawn:
                self._open(Prose(lead(self._frames), self.pieces[-1].at if self.pieces else 0))
                self._close_leaf()
            self._closed = self._frames.pop()

    def _push(self, frame: Frame) -> None:
        if self._frames:
            self._frames[-1].blank = False
        self._frames.append(frame)

    def _open(self, piece: Piece) -> None:
        """Add a piece where the cursor stands."""
        piece.draft = self._copy
        if piece.shows:
            path = [(frame.number, frame.series) for frame in self._frames]
            if self._path is not None:
                common = 0
                while common < min(len(path), len(self._path)) and path[common][0] == self._path[common][0]:
                    common += 1
                if self._apart(path, self._path, common):
                    piece.gap = gap_lead(self._frames[:common])
            self._path = path
            for frame in self._frames:
                frame.drawn = True
                frame.blank = False
            if self._frames:
                self._frames[-1].blocks += 1
            self._blank = False
        self.pieces.append(piece)
        self.leaf = piece

    def _apart(self, path: list[tuple[int, int]], last: list[tuple[int, int]], common: int) -> bool:
        """Whether an empty row parts a piece in frames `path` from the one before it, in `last`."""
        in_item = common > 0 and self._frames[common - 1].kind == "item"
        if common < len(path) and self._frames[common].kind == "item":
            if common < len(last) and last[common][1] == path[common][1]:
                closed = self._closed
                several = closed is not None and closed.number == last[common][0] and closed.blocks > 1
                return several and self._blank
            return not in_item
        return self._blank or not in_item

    # -- lines within a piece -----------------------------------------------------------------------------------------

    def _goes_on(self, leaf: Prose | Code, cursor: Cursor, at: int, whole: bool) -> bool:
        """Take the line as one of a piece that takes lines as they are. False if it ends there."""
        if isinstance(leaf, Prose):
            if cursor.blank():
                return False
            cursor.skip(cursor.indent())
            leaf.add(cursor.rest(), at + cursor.pos)
            if whole and leaf.kind == "math" and cursor.text.rstrip(" \t").endswith(leaf.ending):
                self._close_leaf()
            return True
        if leaf.fence:
            if whole and leaf.ends(cursor):
                self._close_leaf()
                return True
            cursor.skip(leaf.indent)
        elif cursor.blank():
            cursor.skip(4)
        elif cursor.indent() < 4:
            return False
        else:
            cursor.skip(4)
        leaf.add(cursor.rest(), at + cursor.offset, whole=whole)
        return True

    # -- lines that begin something -----------------------------------------------------------------------------------

    def _starts(self, cursor: Cursor, at: int, matched: int, whole: bool) -> None:
        depth = matched  # frames that the line stands in
        fresh = False  # whether it began one of them
        while not cursor.blank():
            paragraph = self.leaf if type(self.leaf) is Prose and not fresh else None
            inside = not fresh and matched == len(self._frames)
            indent = cursor.indent()
            if indent >= 4:
                if paragraph is None:
                    self._close_to(depth)
                    cursor.skip(4)
                    code = Code(lead(self._frames), at + cursor.pos)
                    self._open(code)
                    code.add(cursor.rest(), at + cursor.offset, whole=whole)
                    return
                break
            cursor.skip(indent)
            rest = cursor.text[cursor.pos :] if cursor.pos else cursor.text
            frame = self._container(rest, cursor, indent, paragraph if inside else None, depth)
            if frame is not None:
                self._close_to(depth)
                self._push(frame)
                depth += 1
                fresh = True
                continue
            if self._leaf(rest, at + cursor.pos, depth, indent, paragraph if inside else None, whole):
                return
            break
        if cursor.blank():
            self._close_to(depth)
            self._blank = True
            if fresh:
                self._frames[-1].blank = True
            return
        self._text(cursor, at, depth, fresh, matched == len(self._frames), whole)

    def _container(self, rest: str, cursor: Cursor, indent: int, paragraph: Prose | None, depth: int) -> Frame | None:
        """The quote or list item that begins here; the cursor passes its marker."""
        if depth >= _DEEPEST:
            return None
        first = rest[0]
        if first == ">":
            cursor.forward(1)
            cursor.skip(1)
            self._numbers += 1
            return Frame("quote", self._numbers)
        if first in "-+*":
            match = syntax.BULLET.match(rest)
            if match is None or syntax.BREAK.match(rest) or (paragraph and syntax.SETEXT.match(rest)):
                return None
            items = sum(frame.sign in ("-", "+", "*") for frame in self._frames[:depth])
            sign, marker = first, f"{_BULLETS[items % len(_BULLETS)]} "
        elif first in "0123456789":
            match = syntax.ORDINAL.match(rest)
            if match is None or (paragraph and int(match.group(1)) != 1):
                return None
            sign, marker = match.group(2), f"{int(match.group(1))}{match.group(2)} "
        else:
            return None
        if paragraph and match.end() == len(rest.rstrip(" \t")):
            return None  # an empty item cannot end a paragraph
        cursor.forward(match.end())
        if cursor.blank():
            width = 1
        else:
            space = cursor.indent()
            width = 1 if space > 4 else space
            cursor.skip(width)
            task = syntax.TASK.match(cursor.rest())
            if task:
                marker = "☐ " if task.group(1) == " " else "☑ "
                cursor.forward(task.end())
        self._numbers += 1
        series = self._numbers
        if depth < len(self._frames) and self._frames[depth].kind == "item" and self._frames[depth].sign == sign:
            series = self._frames[depth].series
        return Frame("item", self._numbers, series, sign, indent + match.end() + width, marker)

    def _leaf(self, rest: str, at: int, depth: int, indent: int, paragraph: Prose | None, whole: bool) -> bool:
        """Begin the piece that a line tells by how it begins. False if it is just text."""
        first = rest[0]
        if first == "#" and (match := syntax.ATX.match(rest)):
            text = rest[match.end() :]
            self._close_to(depth)
            heading = Prose(lead(self._frames), at, "heading", len(match.group(1)))
            self._open(heading)
            heading.add(syntax.ATX_END.sub("", text) if whole else text, at + match.end())
            if whole:
                self._close_leaf()
            return True
        if first in "`~" and (match := syntax.FENCE.match(rest)):
            self._close_to(depth)
            info = (match.group(2) or match.group(4) or "").strip(" \t")
            self._open(Code(lead(self._frames), at, info, match.group(1) or match.group(3), indent))
            return True
        if paragraph and whole and first in "=-" and not paragraph.cut and syntax.SETEXT.match(rest):
            paragraph.kind = "heading"
            paragraph.level = 1 if first == "=" else 2
            self._close_leaf()
            return True
        if first in "-*_" and whole and syntax.BREAK.match(rest):
            self._close_to(depth)
            self._open(Rule(lead(self._frames), at))
            self._close_leaf()
            return True
        if paragraph and whole and first in "|:-" and self._table(paragraph, rest):
            return True
        if first == "<" and syntax.HTML.match(rest):
            self._close_to(depth)
            html = Prose(lead(self._frames), at, "html")
            self._open(html)
            html.add(rest, at)
            return True
        if whole and first in "$\\" and (match := _MATH_START.match(rest)):
            ending = _MATH_END[match.group()]
            if ending not in rest[2:]:
                self._close_to(depth)
                math = Prose(lead(self._frames), at, "math", ending=ending)
                self._open(math)
                math.add(rest, at)
                return True
        return False

    def _table(self, paragraph: Prose, delimiters: str) -> bool:
        """Make a table of the last line of the paragraph, if the row of delimiters after it fits."""
        if paragraph.held is None:
            return False
        text, at = paragraph.held
        columns = syntax.alignments(delimiters)
        if not columns or "|" not in text or len(syntax.cells(text)) != len(columns):
            return False
        paragraph.drop_held()
        table = Table(paragraph.lead, at, columns)
        if paragraph.empty:
            table.gap = paragraph.gap
            self.pieces[-1] = self.leaf = table
        else:
            self._close_leaf()
            table.lead = lead(self._frames)
            self._open(table)
        table.add(text, at)
        return True

    def _text(self, cursor: Cursor, at: int, depth: int, fresh: bool, inside: bool, whole: bool) -> None:
        leaf = self.leaf
        if type(leaf) is Prose and not fresh:  # also where the line does not repeat the marks of the frames
            cursor.skip(cursor.indent())
            leaf.add(cursor.text[cursor.pos :], at + cursor.pos)
            return
        if type(leaf) is Table and not fresh and inside:
            leaf.add(cursor.text[cursor.pos :], at + cursor.pos)
            return
        self._close_to(depth)
        cursor.skip(cursor.indent())
        text = cursor.text[cursor.pos :]
        at += cursor.pos
        if whole and text[0] == "[" and (match := syntax.DEFINITION.match(text)):
            self._define(match.group(1), match.group(2))
            self._open(Definition(lead(self._frames), at))
            self._close_leaf()
            return
        prose = Prose(lead(self._frames), at)
        self._open(prose)
        prose.add(text, at)

    def _define(self, name: str, address: str) -> None:
        if self._copy:
            return
        from ollama_tui.tui.markdown import tokens

        href = tokens.address(address)
        if href:
            self.references.setdefault(tokens.label(name), {"href": href, "title": ""})
