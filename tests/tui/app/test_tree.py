"""A person works on the tree of a conversation: variants, edits, forks, what is deleted, and the tree itself."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from opened import DEMO, Program, opened

from ollama_tui.config.paths import Paths
from ollama_tui.config.settings import Settings
from ollama_tui.domain.conversation import Conversation, Setup
from ollama_tui.domain.identity import new_id, now
from ollama_tui.domain.message import Attachment, Ending, Message, Role
from ollama_tui.domain.model import ModelRef
from ollama_tui.domain.tree import Node, Tree
from ollama_tui.services.workspace import Workspace
from ollama_tui.tui.widgets.tree_lines import lay_out

ECHO = ModelRef(host_id=DEMO.id, name="echo:latest")


@asynccontextmanager
async def another(data: Path) -> AsyncGenerator[Workspace]:
    """Another window on the same conversations."""
    workspace = await Workspace.open(Settings(), Paths(data=data, config=data), {}, DEMO)
    yield workspace
    await workspace.aclose()


async def say(
    workspace: Workspace, conversation: Conversation, after: Message | None, asked: str, replied: str, **answer: object
) -> tuple[Message, Message]:
    """Keep a turn."""
    question = Message(
        id=new_id(),
        conversation_id=conversation.id,
        role=Role.USER,
        parent_id=after.id if after else None,
        text=asked,
        created_at=now(),
    )
    reply = Message(
        id=new_id(),
        conversation_id=conversation.id,
        role=Role.ASSISTANT,
        parent_id=question.id,
        text=replied,
        created_at=now(),
        model=ECHO,
    )
    kept, ended = await workspace.history.begin(conversation, question, {}, replace(reply, **answer))  # type: ignore[arg-type]
    assert kept is not None
    return kept, ended


@asynccontextmanager
async def talked(data: Path, *asked: str, size: tuple[int, int] = (100, 30)) -> AsyncGenerator[Program]:
    """The program with a conversation of these questions open, each answered by a word."""
    conversation = Conversation(
        id=new_id(), title="A talk", created_at=now(), updated_at=now(), setup=Setup(model=ECHO)
    )
    async with another(data) as workspace:
        last: Message | None = None
        for number, text in enumerate(asked, 1):
            _question, last = await say(workspace, conversation, last, text, f"reply {number}")
    async with opened(data, size=size) as program:
        await program.press("f7")
        await program.until(lambda: len(program.pane.messages) == 2 * len(asked))
        yield program


def texts(program: Program) -> list[str]:
    return [message.text for message in program.pane.messages]


async def mark(program: Program, number: int) -> None:
    """Put the reading cursor on a message, counted from 1."""
    await program.press("f9", *["ctrl+up"] * (len(program.pane.messages) - number + 1))
    await program.until(lambda: program.pane.transcript.marked_message == program.pane.messages[number - 1])


async def give(program: Program, command: str) -> None:
    """Give a command, without typing it key by key."""
    program.pane.prompt.take_focus()
    program.pane.prompt.insert_text(command)
    await program.press("enter")


@asynccontextmanager
async def an_answer(program: Program) -> AsyncGenerator[None]:
    """What is done in it asks for an answer; wait for its end."""
    turns, before = program.app.workspace.turns, program.app.workspace.turns.last(program.pane.conversation.id)
    yield
    await program.until(lambda: turns.last(program.pane.conversation.id) is not before)
    await program.ended()


async def test_variants_are_shown_for_every_message_and_gone_through_by_key(tmp_path: Path) -> None:
    async with talked(tmp_path, "first", "second") as program:
        before = program.pane.messages
        await mark(program, 2)
        async with an_answer(program):
            await program.press("alt+r")
        await program.sees("‹2/2›")
        assert len(texts(program)) == 2
        await mark(program, 2)
        await program.press("left")
        await program.until(lambda: program.pane.messages == before)
        await program.sees("‹1/2›")
        await program.until(lambda: program.pane.transcript.marked_message == before[1])
        await program.press("right")
        await program.until(lambda: len(texts(program)) == 2)
        await program.type("x")
        await program.press("alt+h")
        await program.until(lambda: program.pane.messages == before)
        await program.press("alt+h")
        await program.sees("one variant only")
        assert program.pane.prompt.text == "x"


async def test_another_window_does_not_change_the_branch_that_is_open_here(tmp_path: Path) -> None:
    async with talked(tmp_path, "one") as program:
        first = program.pane.messages[1]
        async with an_answer(program):
            await program.press("alt+r")
        second = program.pane.messages[1]
        await program.type("half a question")
        async with another(tmp_path) as other:
            await other.history.go_to(first.conversation_id, first.id)
            conversation = await other.conversation(first.conversation_id)
            assert conversation is not None
            await say(other, conversation, first, "below the first", "yes")
            seen = program.app.workspace.version
            await program.until(lambda: program.app.workspace.version != seen)
            await program.pilot.pause(0.6)
            assert program.pane.messages[1] == second
            assert program.pane.prompt.text == "half a question"
            async with an_answer(program):
                await program.press("enter")
            assert program.pane.messages[1] == second
            await say(other, conversation, program.pane.messages[-1], "below what is open here", "so")
            await program.sees("below what is open here")


async def test_a_question_is_changed_where_the_person_is_and_the_draft_comes_back(tmp_path: Path) -> None:
    async with talked(tmp_path, "one", "two") as program:
        old = program.pane.messages
        await program.type("draft")
        await program.press("alt+u")
        await program.sees("Editing message 3 of 4")
        assert program.pane.prompt.written == "two"
        await program.type("!")
        await program.press("escape")
        await program.sees("draft")
        await program.press("alt+u")
        await program.until(lambda: program.pane.prompt.written == "two!")
        await program.press("alt+u")
        await program.sees("Editing message 1 of 4")
        async with an_answer(program):
            await program.type("x\n")
        assert texts(program)[0] == "onex"
        assert len(program.pane.messages) == 2
        assert "‹2/2›" in program.screen
        assert program.pane.prompt.text == "draft"
        await mark(program, 1)
        await program.press("left")
        await program.until(lambda: program.pane.messages == old)
    async with opened(tmp_path) as program:
        await program.press("f7")
        await program.until(lambda: program.pane.messages == old)
        assert program.pane.prompt.text == "draft"
        await program.press("alt+u")
        await program.until(lambda: program.pane.prompt.written == "two!")


async def test_a_changed_question_keeps_its_files_and_waits_for_the_answer_that_is_written(tmp_path: Path) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(8) + (3).to_bytes(4, "big") + (4).to_bytes(4, "big")
    file = Attachment(
        sha256=sha256(picture).hexdigest(), name="cat.png", media_type="image/png", size=24, width=3, height=4
    )
    async with talked(tmp_path, "one") as program:
        program.pane.prompt.insert_text("see?")
        history = program.app.workspace.history
        question = replace(program.pane.messages[0], id=new_id(), text="look", attachments=(file,))
        answer = replace(program.pane.messages[1], id=new_id(), parent_id=question.id, text="a cat")
        await history.begin(program.pane.conversation, question, {file.sha256: picture}, answer)
        await history.go_to(question.conversation_id, answer.id)
        kept = await history.conversation(question.conversation_id)
        assert kept is not None
        await program.pane.open(kept)
        await program.until(lambda: "look" in texts(program))
        await program.press("alt+u")
        await program.sees("[image: cat.png 3×4]")
        await program.press("ctrl+home")
        await program.type("now ")
        live = await program.app.workspace.turns.ask(program.pane.conversation, "meanwhile " * 300)
        await program.press("enter")
        await program.sees("An answer is being written here")
        assert program.pane.prompt.written.startswith("now look")
        await program.app.workspace.turns.stop(live)
        await program.until(lambda: program.pane.live is None)
        async with an_answer(program):
            await program.press("enter")
        assert texts(program)[0] == "now look"
        assert program.pane.messages[0].attachments == (file,)
        assert program.pane.prompt.text == "see?"


async def test_messages_are_deleted_and_brought_back(tmp_path: Path) -> None:
    async with talked(tmp_path, "one", "two") as program:
        before = program.pane.messages
        await mark(program, 1)
        await program.press("delete")
        await program.sees("Message 1 is deleted, with its answers.")
        assert program.pane.messages == before[2:]
        await program.press("alt+z")
        await program.until(lambda: program.pane.messages == before)
        await give(program, "/delete 2")
        await program.until(lambda: program.pane.messages == (before[0], *before[2:]))
        await give(program, "/delete 9")
        await program.sees("no message 9")
        await program.press("ctrl+c")
        await give(program, "/restore")
        await program.until(lambda: program.pane.messages == before)
        async with another(tmp_path) as other:
            await other.history.delete_message(before[3].id, before[3].id)
        await program.until(lambda: program.pane.messages == before[:3])


async def test_the_models_answer_is_changed_and_gone_on_with(tmp_path: Path) -> None:
    async with opened(tmp_path, model="markdown") as program:
        program.pane.prompt.insert_text("40 tokens at 2000 tokens/s")
        async with an_answer(program):
            await program.press("enter")
        whole = program.pane.messages[-1].text
        begun = whole[:40].rstrip()
        await give(program, "/edit 2")
        await program.sees("Editing answer 2 of 2")
        program.pane.prompt.area.rewrite(begun)
        await program.press("enter")
        await program.sees("· edited")
        assert program.pane.messages[-1].text == begun
        async with an_answer(program):
            await program.press("alt+g")
        assert program.pane.messages[-1].text.startswith(begun)
        await program.sees("‹3/3›")
        assert [len(texts(program)), program.pane.prompt.text] == [2, ""]


async def test_an_answer_is_tried_again_by_another_model(tmp_path: Path) -> None:
    async with talked(tmp_path, "one") as program:
        async with an_answer(program):
            await give(program, "/regenerate guide temperature=0.5")
        answer = program.pane.messages[-1]
        assert answer.model is not None
        assert answer.sent is not None
        assert (answer.model.name, answer.order, answer.sent.options) == ("guide:latest", 1, {"temperature": 0.5})
        await program.press("alt+shift+r")
        await program.sees("Which model?")
        async with an_answer(program):
            await program.type("eyes\n")
        assert program.pane.messages[-1].order == 2
        setup = program.pane.conversation.setup
        assert setup.model is not None
        assert (setup.model.name, setup.options) == ("echo:latest", {})
        await give(program, "/regenerate temperature=hot")
        await program.sees("temperature")


async def test_a_fork_is_opened_and_the_way_back_is_told(tmp_path: Path) -> None:
    async with talked(tmp_path, "one", "two", size=(120, 30)) as program:
        first = program.pane.conversation.id
        await mark(program, 2)
        await program.press("alt+shift+f")
        await program.sees("Fork: A talk")
        await program.until(lambda: texts(program) == ["one", "reply 1"])
        assert program.pane.conversation.id != first
        await program.press("f7")
        await program.until(lambda: program.pane.conversation.id == first)
        await program.until(lambda: len(program.pane.messages) == 4)


async def test_a_message_has_a_menu_for_keys_and_mouse(tmp_path: Path) -> None:
    async with talked(tmp_path, "one", size=(80, 24)) as program:
        line = next(y for y, line in enumerate(program.screen.splitlines()) if line.startswith(" You"))
        await program.pilot.click(offset=(program.screen.splitlines()[line].index("⋯"), line))
        await program.sees("What with message 1?")
        await program.press("e")
        await program.sees("Editing message 1 of 2")
        await program.press("escape")
        await mark(program, 2)
        await program.press("enter")
        await program.sees("What with message 2?")
        await program.press("escape")


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
        await program.sees("deleted")
        await program.press("u")
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


async def test_a_cut_answer_in_the_middle_is_gone_on_with(tmp_path: Path) -> None:
    async with talked(tmp_path, "one", "two") as program:
        cut = program.pane.messages[1]
        async with another(tmp_path) as other:
            await other.history.finish(replace(cut, text="reply", ending=Ending.STOPPED))
        await program.until(lambda: program.pane.messages[1].ending is Ending.STOPPED)
        await mark(program, 2)
        async with an_answer(program):
            await program.press("alt+g")
        assert len(texts(program)) == 2
        assert texts(program)[1].startswith("reply")
        assert len(texts(program)[1]) > len("reply")
        await program.sees("‹2/2›")


async def test_what_is_edited_in_a_conversation_that_was_deleted_for_good_begins_a_new_one(tmp_path: Path) -> None:
    async with talked(tmp_path, "one", "two") as program:
        gone = program.pane.conversation.id
        await program.press("alt+u")
        await program.type("!")
        async with another(tmp_path) as other:
            await other.history.delete(gone)
            await other.history._database.run(lambda c: c.execute("UPDATE conversation SET purge_at = 1"))
            await other.history.purge_due()
        await program.until(lambda: program.pane.deleted == "purged")
        async with an_answer(program):
            await program.press("enter")
        assert program.pane.conversation.id != gone
        assert texts(program)[0] == "two!"


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
