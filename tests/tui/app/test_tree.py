"""A person works on the tree of a conversation: variants, edits, forks, what is deleted, and the tree itself."""

from pathlib import Path

from opened import Program, opened


def texts(program: Program) -> list[str]:
    return [message.text for message in program.pane.messages]


async def test_variants_are_shown_for_every_message_and_gone_through_by_key(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.ask("first")
        await program.ask("second")
        before = texts(program)
        first = program.pane.messages[1]
        await program.press("f9", "ctrl+up", "ctrl+up", "ctrl+up")
        await program.until(lambda: program.pane.transcript.marked_message == first)
        await program.press("alt+r")
        await program.until(lambda: program.pane.live)
        await program.ended()
        await program.sees("‹2/2›")
        assert texts(program)[0] == "first"
        assert len(texts(program)) == 2
        await program.ask("third")
        await program.press("f9", "ctrl+up", "ctrl+up", "ctrl+up", "left")
        await program.sees("‹1/2›")
        assert texts(program) == before
        assert program.pane.transcript.marked_message == first
        await program.press("right")
        await program.until(lambda: "third" in texts(program))
        await program.type("x")
        await program.press("alt+r")
        await program.until(lambda: program.pane.live)
        await program.ended()
        await program.press("alt+h")
        await program.until(lambda: program.pane.messages[-1].order == 0)
        await program.press("alt+l")
        await program.until(lambda: program.pane.messages[-1].order == 1)
        assert program.pane.prompt.text == "x"


async def test_another_window_does_not_change_the_branch_that_is_open_here(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.ask("one")
        await program.press("alt+r")
        await program.until(lambda: program.pane.live)
        await program.ended()
        first, second = await program.app.workspace.history.siblings(program.pane.messages[-1].id)
        await program.type("half a question")
        async with opened(tmp_path) as other:
            await other.press("f7")
            await other.until(lambda: other.pane.messages)
            await other.press("alt+h")
            await other.until(lambda: other.pane.messages[-1] == first)
            await other.ask("below the first")
        await program.pilot.pause(1.2)
        assert program.pane.messages[-1] == second
        assert program.pane.prompt.text == "half a question"
        await program.press("enter")
        await program.until(lambda: len(program.pane.messages) == 4)
        assert program.pane.messages[1] == second
