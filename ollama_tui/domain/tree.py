"""The tree of a conversation's messages: what follows what, which variants there are, and where a way leads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ollama_tui.domain.message import Ending, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A message as an outline shows it."""

    id: str
    parent_id: str | None = None
    role: Role = Role.USER
    words: str = ""
    """Its first words, as they were written."""
    files: str = ""
    """The names of the files that it consists of, where it has no words."""
    model: str = ""
    ending: Ending = Ending.COMPLETE
    created_at: int = 0
    """Milliseconds since 1970, UTC."""
    edited: bool = False
    """Whether it is an answer whose text the person changed."""
    deleted: bool = False
    """Whether it has left its branches: what followed it follows what came before it."""
    chosen_id: str | None = None
    """The child that was shown last."""


class Tree:
    """The messages that are not deleted, by their parents. Everything here is done in loops: a branch can be long."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        """`nodes` are all of a conversation's, the siblings among them in their order."""
        self._nodes: Mapping[str, Node] = {node.id: node for node in nodes}
        self._below: dict[str | None, list[Node]] = {}
        for node in nodes:
            parent = node.parent_id if node.parent_id in self._nodes else None
            self._below.setdefault(parent, []).append(node)
        self._parents: dict[str, str | None] = {}
        self._children: dict[str | None, list[str]] = {}
        self._places: dict[str, int] = {}
        waiting = [(node, None) for node in reversed(self._below.get(None, []))]
        while waiting:
            node, parent = waiting.pop()
            if not node.deleted:
                among = self._children.setdefault(parent, [])
                self._parents[node.id], self._places[node.id] = parent, len(among)
                among.append(node.id)
            above = parent if node.deleted else node.id
            waiting += [(child, above) for child in reversed(self._below.get(node.id, []))]

    def __len__(self) -> int:
        return len(self._parents)

    def __contains__(self, message_id: object) -> bool:
        return message_id in self._parents

    def node(self, message_id: str) -> Node | None:
        """A message, also a deleted one."""
        return self._nodes.get(message_id)

    def parent(self, message_id: str) -> str | None:
        """What a message follows; None for a first one."""
        return self._parents.get(message_id)

    def children(self, message_id: str | None) -> Sequence[str]:
        """What follows a message, in its order; the first messages for None."""
        return self._children.get(message_id, ())

    def siblings(self, message_id: str) -> Sequence[str]:
        """A message and its variants, in their order."""
        return self.children(self._parents[message_id]) if message_id in self._parents else ()

    def variant(self, message_id: str) -> tuple[int, int]:
        """Which of how many variants a message is, from 1."""
        return self._places.get(message_id, 0) + 1, max(1, len(self.siblings(message_id)))

    def way(self, message_id: str | None) -> Sequence[str]:
        """The messages from the first one to this one; to what a deleted one followed."""
        while message_id is not None and message_id not in self._parents:
            node = self._nodes.get(message_id)
            message_id = node.parent_id if node else None
        way: list[str] = []
        while message_id is not None:
            way.append(message_id)
            message_id = self._parents[message_id]
        return way[::-1]

    def leaf_below(self, message_id: str) -> str:
        """The leaf that is reached by the children that were shown last.

        It can be a deleted message where nothing else follows: what is asked next then stands behind that one if it
        comes back.
        """
        at = message_id
        while self.children(at):
            at = self.child_shown(at)
        seen = {at}
        while below := self._below.get(at):
            chosen = self._nodes[at].chosen_id
            at = next((node.id for node in below if node.id == chosen), below[-1].id)
            if at in seen:  # a file that was damaged: a way that leads back to itself
                break
            seen.add(at)
        return at

    def child_shown(self, message_id: str) -> str:
        """The child that was shown last, of a message that has some; below deleted ones what was shown last there."""
        children = self.children(message_id)
        at = self._nodes[message_id].chosen_id
        for _ in range(len(self._nodes)):
            node = self._nodes.get(at) if at is not None else None
            if node is None or not node.deleted:
                break
            at = node.chosen_id
        return next((child for child in children if child == at), children[-1])

    def turn_of(self, message_id: str) -> Sequence[str]:
        """What goes when a message is deleted: it; with a question its answers, with a tool call its results."""
        node = self._nodes.get(message_id)
        if node is None:
            return ()
        if node.role is Role.TOOL:
            while node.role is Role.TOOL and node.parent_id is not None and node.parent_id in self._nodes:
                node = self._nodes[node.parent_id]
        with_it = (Role.ASSISTANT, Role.TOOL) if node.role is Role.USER else (Role.TOOL,)
        turn: list[str] = []
        waiting = [node]
        while waiting:
            node = waiting.pop()
            turn.append(node.id)
            waiting += [child for child in self._below.get(node.id, ()) if child.role in with_it]
        return [message_id for message_id in turn if message_id in self._parents]

    def lines(self) -> Iterator[str]:
        """All messages, each before what follows it, branch by branch."""
        waiting = [*reversed(self.children(None))]
        while waiting:
            at = waiting.pop()
            yield at
            waiting += reversed(self.children(at))
