"""A command that cannot be done stands in the prompt again, with a word why."""

from pathlib import Path

from tests.tui.app.opened import opened

WRONG = {
    "/edit 999": "no message 999",
    "/delete 999": "no message 999",
    "/fork x": "no message x",
    "/copy 99": "no code block",
    "/copy everything": "/copy takes a block's number",
    "/model nosuch": "nosuch is not installed here",
    "/model guied": "Did you mean guide?",
    "/load nosuch": "/pull nosuch fetches it",
    "/pull no such": "has no spaces",
    "/save no such": "name",
    "/regenerate nosuch": "nosuch is not installed here",
    "/regenerate temperature=warm": "temperature",
    "/options nosuch": "no option nosuch",
    "/preset nosuch": "no presets yet",
    "/theme nosuch": "nosuch",
    "/help nosuch": "no command /nosuch",
    "/show nosuch": "does not know nosuch",
    "/set parameter num_ctx many": "a whole number",
    "/image nosuch.png": "nosuch.png",
    "/set format nosuch.json": "There is no file nosuch.json. /set format needs json",
    "/list now": "takes nothing",
}


async def test_what_cannot_be_done_is_left_to_be_mended(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.ask("hello")
        for written, why in WRONG.items():
            program.pane.prompt.load_draft(written)
            await program.press("enter")
            await program.until(lambda: program.pane.prompt.is_complaining)
            await program.until(lambda written=written: program.pane.prompt.text == written)
            assert why in " ".join(program.pane.prompt.said.split()), written
            await program.pilot.pause(0.05)
            assert program.pane.prompt.is_complaining, "the word stays until something else is written"
        await program.press("backspace")
        await program.until(lambda: not program.pane.prompt.is_complaining)
