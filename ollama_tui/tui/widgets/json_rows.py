"""A JSON value as rows that fold: keys, values, and what does not fit a schema."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from rich.cells import cell_len
from textual.binding import BindingType

from ollama_tui.domain.i18n import ngettext
from ollama_tui.services.schema import Misfit, Path, Verdict, path_text
from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.cut import cut_end
from ollama_tui.tui.widgets.rows import Piece, Rows

_OPEN = 60
"""Parts up to which a value is shown open from the start."""
_MOST = 2_000
"""Parts of one object or list that are shown."""


@dataclass(frozen=True, slots=True)
class Node:
    """A part of the value."""

    path: Path
    value: object
    left_out: int = 0
    """For the row after the last that is shown: how many more there are."""

    @property
    def children(self) -> list[tuple[str | int, object]]:
        """Key or index, and value; empty for what has no parts."""
        value = self.value
        if isinstance(value, Mapping):
            return [*cast("Mapping[str | int, object]", value).items()]
        return [*enumerate(cast("list[object]", value))] if isinstance(value, list) else []


class JsonRows(Rows, inherit_bindings=False):
    """The rows; keys are paths."""

    BINDINGS: list[BindingType] = [*bindings_for("rows"), *bindings_for("json")]  # noqa: RUF012 - Textual's name
    RESTING_CURSOR = True

    def __init__(self) -> None:
        super().__init__()
        self._root: Node = Node((), None)
        self._parts: dict[str, Node] = {}
        self._open: set[Path] = set()
        self._misfits: dict[Path, list[Misfit]] = {}
        self._inside: dict[Path, int] = {}
        """How many misfits there are somewhere in a part."""

    def show(self, verdict: Verdict) -> None:
        """Show a value; what does not fit is open, and the cursor on the first of it."""
        self._root = Node((), verdict.value)
        self._misfits.clear()
        self._inside.clear()
        for misfit in verdict.misfits:
            self._misfits.setdefault(misfit.path, []).append(misfit)
            for depth in range(len(misfit.path)):
                self._inside[misfit.path[:depth]] = self._inside.get(misfit.path[:depth], 0) + 1
        self._open = {(), *self._inside}
        if sum(1 for _node in _all(self._root, _OPEN + 1)) <= _OPEN:
            self._open |= {node.path for node in _all(self._root, _OPEN)}
        self._lay_out()
        if verdict.misfits:
            self.move_to(path_text(verdict.misfits[0].path))

    @property
    def node(self) -> Node:
        """The part at the cursor."""
        return self._parts.get(self.key, self._root)

    def misfits_at(self, path: Path) -> Sequence[Misfit]:
        """What does not fit at this part itself."""
        return self._misfits.get(path, ())

    def _lay_out(self) -> None:
        self._parts = {}
        for node in self._visible(self._root):
            self._parts[path_text(node.path) + ("…" if node.left_out else "")] = node
        self.replace(list(self._parts))

    def _visible(self, root: Node) -> Iterator[Node]:
        pending = [root]
        while pending:
            node = pending.pop()
            yield node
            if node.path in self._open and not node.left_out:
                children = node.children
                if len(children) > _MOST:
                    pending.append(Node(node.path, None, len(children) - _MOST))
                pending += [Node((*node.path, key), value) for key, value in reversed(children[:_MOST])]

    # Drawing

    def draw(self, key: str, width: int) -> Sequence[Piece]:
        """Indent, fold, key, value, and what is wrong with it."""
        node = self._parts[key]
        indent = " " * min(2 * len(node.path), max(0, width // 2))
        if node.left_out:
            count = node.left_out
            words = ngettext("{n} more part", "{n} more parts", count).format(n=count)
            return (Piece(f" {indent}  {sign('…')} {words}", "muted"),)
        fold = "  "
        if node.children:
            fold = sign("▾ " if node.path in self._open else "▸ ")
        name = ""
        if node.path:
            name = f"{node.path[-1]}: "
        pieces = [Piece(f" {indent}{fold}", "muted", "fold"), Piece(cut_end(name, max(0, width - 10)), _key_look(node))]
        used = sum(cell_len(piece.text) for piece in pieces)
        wrong = self.misfits_at(node.path)
        told = f"  {sign('✗')} {wrong[0].reason}" if wrong else ""
        inside = self._inside.get(node.path, 0)
        if not told and inside and node.path not in self._open:
            words = ngettext("{n} does not fit", "{n} do not fit", inside).format(n=inside)
            told = f"  {sign('✗')} {words}"
        room = max(0, width - used - 1)
        value = cut_end(_short(node.value), room if not told else max(8, room // 2))
        pieces.append(Piece(value, "error" if wrong else _look(node.value)))
        if told:
            pieces.append(Piece(cut_end(told, max(0, room - cell_len(value))), "error"))
        return pieces

    # Folding

    def toggle(self, key: str) -> None:
        """Open or fold a part."""
        node = self._parts.get(key)
        if node is not None and node.children and not node.left_out:
            self._open ^= {node.path}
            self._lay_out()

    def action_json_fold(self) -> None:
        """Open or fold the part at the cursor."""
        self.toggle(self.key)

    def action_json_open(self) -> None:
        """Open it; if it is open, on to its first part."""
        node = self.node
        if node.children and node.path not in self._open:
            self.toggle(self.key)
        elif node.children:
            self.cursor += 1

    def action_json_shut(self) -> None:
        """Fold it; if it is folded, back to what it is part of."""
        node = self.node
        if node.children and node.path in self._open and not node.left_out:
            self.toggle(self.key)
        elif node.path:
            self.move_to(path_text(node.path[:-1]))

    def action_json_open_all(self) -> None:
        """Open every part."""
        self._open = {node.path for node in _all(self._root, 100_000)}
        self._lay_out()

    def action_json_shut_all(self) -> None:
        """Fold every part but the whole."""
        self._open = {()}
        self._lay_out()

    def action_json_misfit(self) -> None:
        """To the next part that does not fit, round the end."""
        paths = [path_text(path) for path in self._misfits]
        if not paths:
            return
        for path in self._misfits:
            self._open |= {path[:depth] for depth in range(len(path))}
        self._lay_out()
        rows = list(self.keys)
        places = sorted(rows.index(path) for path in paths if path in rows)
        if places:
            self.cursor = next((place for place in places if place > self.cursor), places[0])


def _all(root: Node, most: int) -> Iterator[Node]:
    """The node and its parts, at any depth, up to a number."""
    pending = [root]
    while pending and most > 0:
        node = pending.pop()
        most -= 1
        yield node
        pending += [Node((*node.path, key), value) for key, value in reversed(node.children[:_MOST])]


def _key_look(node: Node) -> str:
    return "muted" if node.path and isinstance(node.path[-1], int) else "strong"


def _look(value: object) -> str:
    match value:
        case str():
            return "good"
        case None | bool():
            return "warning"
        case int() | float():
            return ""
        case _:
            return "muted"


def _short(value: object) -> str:
    """A part in one line: what it is, or how many parts it has."""
    if isinstance(value, Mapping):
        count = len(cast("Mapping[str, object]", value))
        return "{ " + ngettext("{n} key", "{n} keys", count).format(n=count) + " }"
    if isinstance(value, list):
        count = len(cast("list[object]", value))
        return "[ " + ngettext("{n} item", "{n} items", count).format(n=count) + " ]"
    return json.dumps(value, ensure_ascii=False)
