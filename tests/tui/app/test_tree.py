"""The tree of a conversation, looked at and walked."""

from dataclasses import replace
from pathlib import Path

from branches import ECHO, an_answer, another, say, talked
from opened import opened

from ollama_tui.domain.conversation import Conversation, Setup
from ollama_tui.domain.identity import new_id, now
from ollama_tui.domain.message import Ending
from ollama_tui.domain.tree import Node, Tree
from ollama_tui.tui.widgets.tree_lines import lay_out


async def test_the_tree_is_walked(tmp_path: Path) -> None:
    hostile = "one 中文 \u202e\x1b[31m<b>[red]"
    async with talked(tmp_path, hostile, "two", size=(80, 24)) as program:
        before = program.pane.messages
        async with another(tmp_path) as other:
            answer = replace(before[1], id=new_id(), text="# 另一个 **答案**", ending=Ending.STOPPED)
            await other.history.put_beside(answer)
        await program.press("alt+shift+t")
        await program.sees("5 messages · 2 branches")
        await program.sees("one 中文 \ufffd␛[31m<b>[red]")
        await program.sees("├─ echo")
        await program.sees("另一个 答案")
        await program.sees("■ stopped ‹2/2›")
        await program.press("home", "down", "enter")
        await program.until(lambda: program.pane.messages == (before[0], replace(answer, order=1)))
        await program.press("alt+shift+t")
        await program.sees("├▸ echo")
        await program.press("home", "down", "right", "down")
        await program.sees("reply 2")
        await program.press("left")
        await program.until(lambda: "reply 2" not in program.screen)
        await program.press("d")
        await program.sees("deleted. Alt+Z brings it back.")
        await program.press("alt+z")
        await program.until(lambda: program.pane.messages == before)


def test_branches_inside_branches_are_laid_out_to_any_depth() -> None:
    depth = 3000
    nodes = [Node(id="0")]
    for number in range(1, depth):
        nodes += [Node(id=f"side {number}", parent_id=str(number - 1)), Node(id=str(number), parent_id=str(number - 1))]
    unfolded = {str(number) for number in range(depth)}
    lines = lay_out(Tree(nodes), {"0", *(f"side {number}" for number in range(depth))}, unfolded)
    assert len(lines) == 2 * depth - 1
    folded = lay_out(Tree(nodes), {"0", "side 1"}, ())
    assert [(line.key, line.depth, line.folded) for line in folded] == [
        ("0", 0, 0),
        ("1", 1, 2 * depth - 4),
        ("side 1", 0, 0),
    ]


async def test_the_tree_of_a_long_conversation_is_compact_and_quick(tmp_path: Path) -> None:
    async with another(tmp_path) as workspace:
        made = Conversation(id=new_id(), title="Long", created_at=now(), updated_at=now(), setup=Setup(model=ECHO))
        _question, last = await say(workspace, made, None, "q0", "a0")
        await workspace.history._database.run(lambda connection: _lengthen(connection, made.id, last.id, 2000))
    async with opened(tmp_path, size=(80, 24)) as program:
        await program.press("f7")
        await program.until(lambda: len(program.pane.messages) == 2002, within=20)
        await program.press("alt+shift+t")
        await program.sees("2002 messages")
        await program.sees("⋮ 1997 messages")
        await program.press("home", "down", "down", "enter")
        await program.sees("text 4")
        await program.press("end", "home", "left")
        await program.press("end", "up", "up", "left")
        await program.sees("⋮ 1998 messages")


def _lengthen(connection: object, conversation_id: str, parent_id: str, count: int) -> None:
    """A chain of messages."""
    run = connection.execute  # type: ignore[attr-defined]
    for number in range(count):
        message_id = f"m{number}"
        run(
            "INSERT INTO message (id, conversation_id, parent_id, role, text, created_at) VALUES (?, ?, ?, ?, ?, 1)",
            (message_id, conversation_id, parent_id, ("user", "assistant")[number % 2], f"text {number}"),
        )
        parent_id = message_id
    run("UPDATE conversation SET leaf_id = ? WHERE id = ?", (parent_id, conversation_id))


async def test_the_scrollbar_of_the_tree_hides_no_figure(tmp_path: Path) -> None:
    async with talked(tmp_path, "one", size=(80, 12)) as program:
        for count in range(2, 13):
            async with an_answer(program):
                await program.press("alt+r")
            await program.until(lambda count=count: (count, count) in program.pane.transcript.variants.values())
        await program.press("alt+shift+t")
        await program.sees("‹12/12›")
        await program.sees("‹11/12›")
