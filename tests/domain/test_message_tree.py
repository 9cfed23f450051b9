"""The tree of a conversation: what follows what when messages are deleted, and trees of any depth."""

from ollama_tui.domain.message import Role
from ollama_tui.domain.tree import Node, Tree

U, A, T = Role.USER, Role.ASSISTANT, Role.TOOL


def node(message_id: str, parent_id: str | None = None, role: Role = U, **values: object) -> Node:
    return Node(id=message_id, parent_id=parent_id, role=role, **values)  # type: ignore[arg-type]


def test_what_followed_a_deleted_message_follows_what_came_before_it() -> None:
    tree = Tree(
        [
            node("q1"),
            node("a1", "q1", A),
            node("q2", "a1", deleted=True, chosen_id="a2"),
            node("q3", "a1"),
            node("a2", "q2", A, deleted=True, chosen_id="q4"),
            node("q4", "a2"),
        ]
    )
    assert tree.children("a1") == ["q4", "q3"]
    assert tree.way("q4") == ["q1", "a1", "q4"]
    assert tree.way("a2") == ["q1", "a1"]
    assert (tree.variant("q4"), tree.variant("q3"), tree.variant("q2")) == ((1, 2), (2, 2), (1, 1))
    assert (len(tree), "q2" in tree, tree.siblings("q2")) == (4, False, ())


def test_a_question_goes_with_its_answers_and_a_call_with_its_results() -> None:
    tree = Tree(
        [
            node("q"),
            node("call", "q", A),
            node("other", "q", A),
            node("result", "call", T),
            node("a", "result", A),
            node("q2", "a"),
        ]
    )
    assert set(tree.turn_of("q")) == {"q", "call", "other", "result", "a"}
    assert set(tree.turn_of("call")) == set(tree.turn_of("result")) == {"call", "result"}
    assert (tree.turn_of("a"), tree.turn_of("nothing")) == (["a"], ())


def test_trees_are_deeper_than_calls_can_be_nested() -> None:
    depth = 5000
    nodes = [node("0")]
    for number in range(1, depth):
        nodes += [node(str(number), str(number - 1)), node(f"side {number}", str(number - 1))]
    tree = Tree(nodes)
    assert len(tree.way(str(depth - 1))) == depth
    assert tree.leaf_below("0") == "side 1"
    straight = Tree([one for one in nodes if not one.id.startswith("side")])
    assert straight.leaf_below("0") == str(depth - 1)


def test_a_damaged_tree_leads_nowhere_but_to_an_end() -> None:
    tree = Tree([node("a", "b", chosen_id="b"), node("b", "a", chosen_id="a"), node("lost", "nobody")])
    assert [*tree.lines()] == ["lost"]
    assert tree.leaf_below("a") in ("a", "b")
