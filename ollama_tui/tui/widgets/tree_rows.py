"""The tree of a conversation as rows with a cursor: who, the first words, how it ended, which variant it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import BindingType
from textual.message import Message

from ollama_tui.domain.i18n import _, ngettext
from ollama_tui.domain.message import Ending, Role
from ollama_tui.domain.tree import Node, Tree
from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.copied.plain import in_brief
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.cut import cut_end, cut_middle, left
from ollama_tui.tui.widgets.rows import Piece, Rows
from ollama_tui.tui.widgets.tree_lines import Line, branch_of, fold_key, lay_out

_DEEPEST = 6
"""Branches that are indented; deeper ones stand there with their number."""
_WHO = 14
"""Cells for who speaks, where there is room."""


class TreeRows(Rows):
    """Shows the tree it is given; what is to be done with a message it posts."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("rows"), *bindings_for("tree")]
    RESTING_CURSOR = True
    DEFAULT_CSS = "TreeRows { padding: 0 1; }"

    @dataclass
    class Asked(Message):
        """`verb` (edit, fork, delete, restore, retry) is wanted for a message."""

        verb: str
        message_id: str

    class Left(Message):
        """Back to the conversation."""

    def __init__(self) -> None:
        super().__init__()
        self._tree = Tree(())
        self._way: dict[str, int] = {}
        self._lines: dict[str, Line] = {}
        self._order: list[Line] = []
        self._unfolded: set[str] = set()
        self._shown: Collection[str] = ()

    @property
    def message_id(self) -> str:
        """The message under the cursor; of a fold, the first in it; empty if there is none."""
        line = self._lines.get(self.key)
        return line.message_id if line else ""

    def show(self, tree: Tree, leaf_id: str | None, *, at: str = "") -> None:
        """Show this tree with the branch to `leaf_id` straight down, and the cursor on the message `at`."""
        self._tree = tree
        self._way = {message_id: number for number, message_id in enumerate(tree.way(leaf_id), 1)}
        if at:
            self._shown = (at,)
        self._lay_out()
        if at:
            self.move_to(at)

    def _lay_out(self) -> None:
        self._order = lay_out(self._tree, self._way, self._unfolded, self._shown)
        self._lines = {line.key: line for line in self._order}
        self.replace([line.key for line in self._order], (_("Nothing was said here yet. Ask something."),))

    # Folding

    def action_tree_unfold(self) -> None:
        """Show what the line stands for."""
        line = self._lines.get(self.key)
        if line is None or not line.folded:
            return
        self._unfolded.add(line.key)
        self._lay_out()
        self.move_to(line.message_id)

    def action_tree_fold(self) -> None:
        """Fold the branch or the row of messages that the line is in, and go to its line."""
        if self.cursor >= len(self._order):
            return
        line = self._order[self.cursor]
        row = next(
            (
                one.message_id
                for one in reversed(self._order[: self.cursor + 1])
                if one.depth == line.depth and fold_key(one.message_id) in self._unfolded
            ),
            None,
        )
        branch = branch_of(self._order, self.cursor)
        target = fold_key(row) if row else branch.key if branch and branch.key in self._unfolded else ""
        self._unfolded.discard(target)
        self._shown = ()
        self._lay_out()
        self.move_to(target)

    # What is wanted

    def action_tree_edit(self) -> None:
        """Change the message."""
        self._ask("edit")

    def action_tree_fork(self) -> None:
        """A conversation that goes up to it."""
        self._ask("fork")

    def action_tree_retry(self) -> None:
        """Answer again."""
        self._ask("retry")

    def action_tree_delete(self) -> None:
        """Let it leave."""
        self._ask("delete")

    def action_tree_restore(self) -> None:
        """Bring back what left last."""
        self.post_message(self.Asked("restore", ""))

    def action_tree_close(self) -> None:
        """Back to the conversation."""
        self.post_message(self.Left())

    def _ask(self, verb: str) -> None:
        line = self._lines.get(self.key)
        if line is not None and not line.is_fold:
            self.post_message(self.Asked(verb, line.message_id))

    def action_rows_choose(self) -> None:
        """Open a fold, or go to the message."""
        line = self._lines.get(self.key)
        if line is not None and line.is_fold:
            self.action_tree_unfold()
        else:
            super().action_rows_choose()

    # Drawing

    def draw(self, key: str, width: int) -> Sequence[Piece]:
        """The number on the open branch, where it branches off, who, the words; at the right what is to be known."""
        line = self._lines[key]
        node = self._tree.node(line.message_id)
        if node is None:
            return ()
        width -= self.scrollbar_size_vertical  # it is drawn over the last cell, where the variants are told
        number = str(self._way.get(line.message_id, "")) if not line.is_fold else ""
        margin = f"{number:>{len(str(max(1, len(self._way))))}} "
        stem = _stem(line)
        if line.is_fold:
            words = ngettext("{count} message", "{count} messages", line.folded).format(count=line.folded)
            return (Piece(cut_end(f"{' ' * len(margin)}{stem}{sign('⋮')} {words}", width), "muted", "unfold"),)
        end = self._end(line, node)
        room = width - len(margin) - cell_len(stem) - (cell_len(end) + 2 if end else 0)
        who_room = min(_WHO, max(4, room // 4))
        who = left(cut_middle(_speaker(node), who_room), who_room)
        words = cut_end(_words(node), max(0, room - who_room - 1))
        there = line.message_id in self._way
        pieces = [
            Piece(margin, "muted"),
            Piece(stem, "muted", "unfold" if line.folded else "fold" if line.is_branch else ""),
            Piece(f"{who} ", ("good" if node.role is Role.USER else "strong") if there else "muted"),
            Piece(words, "" if there else "muted"),
        ]
        used = sum(cell_len(piece.text) for piece in pieces)
        if end and width - used - cell_len(end) > 0:
            pieces.append(Piece(" " * (width - used - cell_len(end))))
            pieces.append(Piece(end, "muted" if node.ending is Ending.COMPLETE else "warning"))
        return pieces

    def _end(self, line: Line, node: Node) -> str:
        which, count = self._tree.variant(line.message_id)
        told = [
            _ending(node),
            _("edited") if node.edited else "",
            f"+{line.folded}" if line.folded else "",
            sign(f"‹{which}/{count}›") if count > 1 else "",
        ]
        return " ".join(word for word in told if word)


def _stem(line: Line) -> str:
    """The indentation, and where a branch begins."""
    depth = min(line.depth, _DEEPEST)
    deeper = f"{line.depth} " if line.depth > _DEEPEST else ""
    if not line.is_branch:
        return sign("│ " * depth) + deeper
    return sign("│ " * (depth - 1) + "├" + ("▸" if line.folded else "─") + " ") + deeper


def _speaker(node: Node) -> str:
    match node.role:
        case Role.USER:
            return _("You")
        case Role.ASSISTANT:
            return node.model.removesuffix(":latest") or _("Model")
        case Role.SYSTEM:
            return _("System")
        case Role.TOOL:
            return _("Tool")
        case Role.SUMMARY:
            return _("Summary")


def _words(node: Node) -> str:
    """The first words, on one line; of files alone, their names."""
    written = node.role in (Role.ASSISTANT, Role.SUMMARY)
    words = in_brief(node.words) if written else " ".join((node.words or node.files).split())
    return words or sign(_("(no words)"))


def _ending(node: Node) -> str:
    match node.ending:
        case Ending.COMPLETE:
            return ""
        case Ending.LENGTH:
            return sign(_("■ length"))
        case Ending.STOPPED:
            return sign(_("■ stopped"))
        case Ending.CUT_OFF:
            return sign(_("■ cut off"))
        case Ending.FAILED:
            return sign(_("✗ failed"))
        case Ending.UNFINISHED:
            return sign(_("▌ is written"))
