"""A full disk, as it is seen: the turn goes on, a warning stands, and all is saved when there is room."""

import sqlite3
from pathlib import Path

from tests.tui.app.opened import Program, opened

FULL = "The disk is full: nothing can be saved."


async def room(program: Program, pages: int | None) -> None:
    """Let the database grow by so many pages and no more; None lets it grow as it likes."""

    def work(connection: sqlite3.Connection) -> None:
        used = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {2**30 if pages is None else used + pages}")

    await program.app.workspace.history._database.run(work)


async def test_a_turn_goes_on_with_a_standing_warning_and_is_saved_when_there_is_room(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await room(program, 0)
        question = "the question " * 400
        program.pane.prompt.area.insert(question)
        await program.press("enter")
        await program.sees("tok/s")
        await program.sees(FULL)
        await program.pilot.pause(1.0)
        assert FULL in program.screen, "it stands as long as it is true"
        assert not program.files_hold(b"the question the question")
        await room(program, None)
        await program.until(lambda: FULL not in program.screen)
        (conversation,) = await program.app.workspace.history.conversations()
        asked, answer = await program.app.workspace.history.branch(conversation.id)
        assert asked.text == question.strip()
        assert answer.text.startswith("the question")
        assert answer.ending == "complete"
