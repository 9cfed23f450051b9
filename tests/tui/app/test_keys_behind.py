"""Keys that come in one piece, as over a slow line: what is behind one that opens something is written there."""

import asyncio
from pathlib import Path

from opened import Program, opened
from textual import events
from textual.keys import Keys, key_to_character
from textual.widgets import Input

from ollama_tui.config.settings import Settings
from ollama_tui.tui.widgets.conversation_list import ConversationList
from ollama_tui.tui.widgets.presets_panel import PresetsPanel, Verb
from ollama_tui.tui.widgets.question import Question


def in_one_piece(program: Program, *keys: str) -> None:
    for key in keys:
        written = "\r" if key == Keys.Enter else key_to_character(key)
        program.app.post_message(events.Key(key, written))


async def test_a_filter_of_the_list_is_written_and_does_nothing_to_a_conversation(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.ask("a date with a tiger")
        await program.press("f6")
        await program.until(lambda: program.app.screen.query_one(ConversationList).has_focus_within)
        in_one_piece(program, "slash", "d", "a", "t", "e")
        await program.until(lambda: program.app.screen.query_one(ConversationList).filter_text == "date")
        await program.sees("a date with a tiger")
        await program.press("escape")
        await program.until(lambda: program.app.screen.query("ConversationRows:focus"))
        in_one_piece(program, "t", "n", "e", "w", "enter")
        await program.sees("#new")


async def test_what_is_sought_while_reading_as_in_vim(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=Settings(keymap="vim")) as program:
        await program.ask("a prime")
        await program.press("escape")
        await program.until(lambda: program.pane.transcript.has_focus)
        in_one_piece(program, "slash", "p", "r", "i", "m", "e")
        await program.sees("1 of 2")
        assert program.pane.prompt.text == ""


async def test_questions_of_the_presets_do_not_pile_up(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(100, 40)) as program:
        await program.type("/set parameter seed 1\n")
        await program.press("alt+p")
        await program.until(lambda: program.app.screen.query("PresetsPanel:focus-within"))
        verbs: tuple[Verb, ...] = ("save", "import", "save", "import")
        for verb in verbs:
            before = set(program.app.screen.query(Question))
            program.pane.on_presets_panel_asked(PresetsPanel.Asked(verb, None))
            # It is being put up, or taken away, when the next key comes.
            while set(program.app.screen.query(Question)) <= before:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0)
        await program.sees("Take a preset from which file?")
        await program.until(lambda: len(program.app.screen.query(Question)) == 1)
        assert isinstance(program.app.focused, Input)
        await program.press("escape")
        await program.until(lambda: not program.app.screen.query(Question))


async def test_a_letter_that_chooses_nothing_is_not_written_into_the_draft(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(140, 40)) as program:
        await program.ask("what is said")
        await program.type("a draft")
        await program.press("alt+shift+d")
        await program.until(lambda: program.app.screen.query("Question:focus-within"))
        await program.type("zq")
        assert program.pane.prompt.text == "a draft"
        assert program.app.screen.query("Question:focus-within")
        await program.press("shift+tab", "escape")
        await program.until(lambda: not program.app.screen.query(Question))
        assert program.pane.prompt.text == "a draft"
