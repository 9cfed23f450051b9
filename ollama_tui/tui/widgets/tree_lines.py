"""The lines of a conversation's tree: the open branch straight down, what branches off it indented and folded.

Everything is done in loops, for a branch can be longer than Python would nest calls.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ollama_tui.domain.tree import Tree
from ollama_tui.tui.signs import sign

_LONG = 8
"""Messages in a row, with no variants, of which the middle is folded into one line."""
_SEEN = 2
"""How many at each end of such a row stay to be seen."""


@dataclass(frozen=True, slots=True)
class Line:
    """A message, or a fold that stands for several."""

    key: str
    """The message's id; of a fold, `…` and the id of the first message in it."""
    message_id: str
    depth: int = 0
    """How many branches deep."""
    is_branch: bool = False
    """Whether a branch begins here that leaves the one above it."""
    folded: int = 0
    """How many messages follow that are not shown, or that the fold stands for."""
    is_fold: bool = False


def fold_key(message_id: str) -> str:
    """The key of a fold that begins with this message."""
    return f"{sign('…')}{message_id}"


def lay_out(tree: Tree, way: Collection[str], unfolded: Collection[str], seen: Collection[str] = ()) -> list[Line]:
    """The lines from top to bottom. `way` is the open branch; `unfolded` are keys of lines and folds that are open.

    A branch that leaves another is one line until it is unfolded; it stands above what goes on straight down. Messages
    in `seen` are never inside a fold.
    """
    sizes = _sizes(tree)
    lines: list[Line] = []
    waiting: list[tuple[str, int, bool]] = []
    _push(waiting, tree, None, 0, way)
    while waiting:
        at, depth, is_branch = waiting.pop()
        is_folded = is_branch and sizes[at] > 1 and at not in unfolded
        lines.append(Line(at, at, depth, is_branch, sizes[at] - 1 if is_folded else 0))
        if not is_folded:
            _push(waiting, tree, at, depth, way)
    return _fold_long(tree, lines, unfolded, seen)


def _push(waiting: list[tuple[str, int, bool]], tree: Tree, at: str | None, depth: int, way: Collection[str]) -> None:
    children = tree.children(at)
    if not children:
        return
    straight = next((child for child in children if child in way), None)
    if straight is None:
        straight = tree.child_shown(at) if at is not None else children[-1]
    waiting.append((straight, depth, False))
    waiting += [(child, depth + 1, True) for child in reversed(children) if child != straight]


def _sizes(tree: Tree) -> dict[str, int]:
    """How many messages each message and all that follows it are."""
    sizes: dict[str, int] = {}
    for at in reversed([*tree.lines()]):
        sizes[at] = 1 + sum(sizes[child] for child in tree.children(at))
    return sizes


def _fold_long(tree: Tree, lines: Sequence[Line], unfolded: Collection[str], seen: Collection[str]) -> list[Line]:
    shown: list[Line] = []
    place = 0
    while place < len(lines):
        end = place
        while end < len(lines) and lines[end].depth == lines[place].depth and _is_plain(tree, lines[end], seen):
            end += 1
        row = lines[place:end]
        key = fold_key(row[_SEEN].message_id) if len(row) > _LONG else ""
        if key and key not in unfolded:
            inside = row[_SEEN:-_SEEN]
            fold = Line(key, inside[0].message_id, inside[0].depth, folded=len(inside), is_fold=True)
            shown += [*row[:_SEEN], fold, *row[-_SEEN:]]
        else:
            shown += row
        if end < len(lines):
            shown.append(lines[end])
        place = end + 1
    return shown


def _is_plain(tree: Tree, line: Line, seen: Collection[str]) -> bool:
    return not line.is_branch and line.message_id not in seen and len(tree.siblings(line.message_id)) == 1


def branch_of(lines: Sequence[Line], place: int) -> Line | None:
    """The line where the branch begins that a line is in; None on the open branch."""
    depth = lines[place].depth
    for line in reversed(lines[: place + 1]):
        if line.is_branch and line.depth <= depth:
            return line
        if line.depth < depth:
            depth = line.depth
    return None
