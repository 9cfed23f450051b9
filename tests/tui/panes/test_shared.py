"""One conversation in two panes, and a conversation that is deleted while it is open in another."""

from dataclasses import replace
from pathlib import Path

from ollama_tui.config.paths import Paths
from ollama_tui.config.settings import Settings
from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.identity import new_id
from ollama_tui.domain.message import Ending, Message, Role
from ollama_tui.services.workspace import Workspace
from tests.tui.app.opened import DEMO, Program, opened

WIDE = (140, 40)


async def twins(program: Program) -> None:
    """The open conversation once more."""
    await program.press("alt+shift+n")
    screen = program.app.chat_screen
    await program.until(lambda: len(screen.panes) == 2 and all(pane.is_open for pane in screen.panes))
    await program.until(lambda: len({pane.conversation.id for pane in screen.panes}) == 1)
    await program.until(lambda: program.pane is screen.panes[1])


async def test_both_show_the_live_answer_and_stopping_it_in_one_stops_it_in_both(tmp_path: Path) -> None:
    async with opened(tmp_path, model="markdown", size=WIDE) as program:
        await program.ask("20 tokens at 500 tokens/s")
        await twins(program)
        first, second = program.app.chat_screen.panes
        await program.type("500 tokens at 100 tokens/s\n")
        await program.until(lambda: second.live and len(second.live.text) > 200)
        await program.until(lambda: first.followed is second.live)
        await program.until(lambda: program.screen.count("500 tokens at 100 tokens/s") >= 2)
        await program.press("shift+tab", "escape")
        await program.until(lambda: second.live is None)
        await program.until(lambda: all(pane.messages[-1].ending is Ending.STOPPED for pane in (first, second)))
        assert program.screen.count("stopped") >= 2


async def test_what_is_typed_is_one_draft(tmp_path: Path) -> None:
    async with opened(tmp_path, size=WIDE) as program:
        await program.ask("one")
        await twins(program)
        first, second = program.app.chat_screen.panes
        await program.type("typed at the right")
        await program.press("shift+tab")
        await program.until(lambda: first.prompt.text == "typed at the right")
        await program.type(" and at the left")
        await program.press("shift+tab")
        await program.until(lambda: second.prompt.text == "typed at the right and at the left")
        await program.ask("?")
        await program.until(lambda: first.prompt.text == "" and len(first.messages) == 4)
    async with opened(tmp_path, size=WIDE, model=None) as program:
        await program.until(lambda: len(program.app.chat_screen.panes) == 2)
        assert all(pane.prompt.text == "" for pane in program.app.chat_screen.panes)


async def test_new_conversations_in_two_panes_keep_their_own_drafts(tmp_path: Path) -> None:
    async with opened(tmp_path, size=WIDE) as program:
        await program.type("left")
        await program.press("alt+n")
        await program.until(lambda: len(program.app.chat_screen.panes) == 2 and program.pane.is_open)
        await program.until(lambda: program.pane is program.app.chat_screen.panes[1])
        assert program.pane.prompt.text == ""
        await program.type("right")
    async with opened(tmp_path, size=WIDE, model=None) as program:
        await program.until(lambda: len(program.app.chat_screen.panes) == 2)
        await program.until(lambda: all(pane.is_open for pane in program.app.chat_screen.panes))
        assert [pane.prompt.text for pane in program.app.chat_screen.panes] == ["left", "right"]


async def test_deleted_in_one_pane_the_other_says_so_and_loses_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, size=WIDE) as program:
        await program.ask("to be deleted")
        await twins(program)
        first, second = program.app.chat_screen.panes
        await program.press("shift+tab")
        await program.type("half a thought")
        await program.press("shift+tab")
        await program.app.chat_screen.action_chat_delete()
        await program.sees("This conversation was deleted.")
        assert first.messages
        assert second.messages == ()
        assert first.prompt.text == "half a thought"
        await program.press("shift+tab", "alt+shift+u")
        await program.until(lambda: first.deleted is None)
        await program.until(lambda: "This conversation was deleted" not in program.screen)
        assert first.prompt.text == "half a thought"
        kept = await program.app.workspace.history.conversation(first.conversation.id)
        assert kept is not None
        assert kept.deleted_at is None


async def test_deleted_by_another_window_a_question_brings_it_back_or_begins_anew(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.ask("one")
        there = program.pane.conversation.id
        other = await Workspace.open(Settings(), Paths(data=tmp_path, config=tmp_path), {}, DEMO)
        await other.history.delete(there)
        await program.sees("This conversation was deleted.")
        await program.ask("two")
        assert program.pane.conversation.id == there
        await program.until(lambda: "was deleted" not in program.screen)
        await other.history.delete_everything()
        await program.sees("for good")
        await program.sees("I am echo")
        await program.ask("three")
        assert program.pane.conversation.id != there
        assert program.pane.messages[0].text == "three"
        await other.aclose()


async def test_of_what_another_window_streams_only_what_came_is_read(tmp_path: Path) -> None:
    """A pane whose conversation has not changed keeps what it has, and one that is streamed into reads that answer."""
    async with opened(tmp_path) as program:
        await program.ask("one")
        pane, workspace = program.pane, program.app.workspace
        here = pane.conversation
        other = await Workspace.open(Settings(), Paths(data=tmp_path, config=tmp_path), {}, DEMO)
        answers = [
            Message(
                id=new_id(), conversation_id=there.id, role=Role.ASSISTANT, parent_id=after, ending=Ending.UNFINISHED
            )
            for there, after in ((Conversation(id=new_id()), None), (here, pane.messages[-1].id))
        ]
        elsewhere, below = answers
        await other.history.begin(Conversation(id=elsewhere.conversation_id), None, {}, elsewhere)
        await program.pilot.pause(1.5)  # two looks of the screen
        before, seen = pane.messages, workspace.version
        await other.history.save_partial(elsewhere.id, "not for this one", "")
        await program.until(lambda: workspace.version != seen)
        await program.pilot.pause(0.8)
        assert pane.messages is before

        await other.history.begin(here, None, {}, below)
        await program.until(lambda: len(pane.messages) == 3)
        before = pane.messages
        await other.history.save_partial(below.id, "the first half ", "")
        await program.sees("the first half")
        assert [now is then for now, then in zip(pane.messages, before, strict=True)] == [True, True, False]
        await other.history.queue(here.id, "to be asked next", (), {})
        await program.sees("to be asked next")
        await other.history.finish(replace(below, text="the first half and the second", ending=Ending.COMPLETE))
        await program.sees("and the second")
        await program.until(lambda: pane.messages[-1].ending is Ending.COMPLETE)
        await other.aclose()


async def test_each_pane_has_its_own_branch_and_asks_there(tmp_path: Path) -> None:
    async with opened(tmp_path, model="markdown", size=WIDE) as program:
        await program.ask("20 tokens at 2000 tokens/s")
        await twins(program)
        first, second = program.app.chat_screen.panes
        old = first.messages[-1]
        await program.press("alt+u")
        await program.sees("Editing message 1 of 2")
        second.prompt.area.rewrite("300 tokens at 200 tokens/s")
        await program.press("enter")
        await program.until(lambda: second.live and second.messages[0].text.startswith("300"))
        await program.press("shift+tab")
        first.prompt.load_draft("20 tokens at 1000 tokens/s")
        await program.press("enter")
        await program.until(lambda: "on another branch" in first.prompt.said)
        assert first.prompt.text == "20 tokens at 1000 tokens/s"
        assert first.messages[-1] == old
        await program.until(lambda: second.live is None, within=20)
        await program.press("enter")
        await program.until(
            lambda: len(first.messages) == 4 and first.messages[-1].ending is Ending.COMPLETE, within=20
        )
        assert first.messages[1] == old
        assert second.messages[0].text.startswith("300")
        assert len(second.messages) == 2
