"""Several panes: split, closed, moved, sized and gone between; each streams, and stops, on its own."""

import asyncio
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.events import MouseMove
from textual.geometry import Offset
from textual.widget import Widget

from ollama_tui.demo.machine import Speed
from ollama_tui.demo.server import DemoServer
from ollama_tui.demo.socket import serve
from ollama_tui.domain.host import HostAddress
from ollama_tui.domain.message import Ending
from ollama_tui.tui.panes.divider import Divider
from ollama_tui.tui.widgets.conversation_list import ConversationList
from ollama_tui.tui.widgets.grip import Grip
from tests.tui.app.opened import DEMO, Program, opened

WIDE = (140, 40)


async def split(program: Program, key: str = "alt+n") -> None:
    """One more pane, ready."""
    row = program.app.chat_screen.row
    count = len(row.panes)
    await program.press(key)
    await program.until(lambda: len(row.panes) == count + 1 and all(pane.is_open for pane in row.conversations))
    await program.pilot.pause(0.05)


def lit(program: Program) -> list[str]:
    """The heads' lines, of all panes in the first line of the screen, that have the focus's sign."""
    return [line for line in program.screen.splitlines() if "▸ " in line]


async def test_panes_stream_at_the_same_time_and_esc_stops_the_focused_one(tmp_path: Path) -> None:
    server = DemoServer(speed=Speed(parallel=2, load=0))
    async with (
        serve(server, port=0) as far,
        opened(
            tmp_path, address=HostAddress(id="far", url=far.url, source="flag"), model="markdown", size=WIDE
        ) as program,
    ):
        await program.type("2500 tokens at 40 tokens/s\n")
        await split(program)
        await program.type("2500 tokens at 40 tokens/s\n")
        first, second = program.app.chat_screen.panes
        await program.until(lambda: all(pane.live and len(pane.live.text) > 50 for pane in (first, second)))
        assert program.pane is second
        for shown in (first, second):
            seen = shown.transcript.scroll_y
            await program.until(lambda shown=shown, seen=seen: shown.transcript.scroll_y > seen)
        await program.press("escape")
        await program.until(lambda: second.live is None)
        assert first.live is not None
        await program.until(lambda: second.messages[-1].ending is Ending.STOPPED)
        await program.press("alt+r")
        await program.until(lambda: second.live is not None)
        await program.press("alt+x")
        await program.until(lambda: first.live is None and second.live is None)
        await program.until(lambda: first.messages[-1].ending is Ending.STOPPED)


async def test_keys_and_the_mouse_go_between_panes_and_typing_goes_to_the_focused_one(tmp_path: Path) -> None:
    async with opened(tmp_path, size=WIDE) as program:
        await split(program)
        first, second = program.app.chat_screen.panes
        assert first.region.right < second.region.x
        await program.type("right")
        await program.press("shift+tab")
        await program.type("left")
        assert (first.prompt.text, second.prompt.text) == ("left", "right")
        await program.pilot.click(offset=Offset(second.region.x + 10, 5))
        await program.until(lambda: program.pane is second)
        await program.ask("!")
        await program.press("f9")
        await program.type("x")
        await program.until(lambda: second.prompt.text == "x")
        assert len(lit(program)) == 1
        assert lit(program)[0].index("▸") > first.region.right


async def test_panes_are_moved_sized_and_closed(tmp_path: Path) -> None:
    async with opened(tmp_path, size=WIDE) as program:
        await split(program)
        row = program.app.chat_screen.row
        first, second = row.conversations
        await program.press("alt+shift+left")
        await program.until(lambda: row.conversations == [second, first] and second.region.x < first.region.x)
        width = second.region.width
        await program.press("alt+shift+up")
        await program.until(lambda: second.region.width == width + 4)
        rule = program.app.screen.query_one(Divider).region
        await program.pilot.mouse_down(offset=Offset(rule.x, 9))
        await program.pilot.hover(offset=Offset(rule.x - 10, 9))
        await program.pilot.mouse_up(offset=Offset(rule.x - 10, 9))
        await program.until(lambda: second.region.width == width - 6)
        await program.press("alt+w")
        await program.until(lambda: row.panes == [first])
        await program.type("still here")
        assert first.prompt.text == "still here"
        await program.press("alt+w")
        await program.sees("The last conversation stays")


async def click(program: Program, words: str, *, which: int = 0) -> None:
    """Click where words stand, or a sign of a head: the first of them from the top, or a later one."""
    await program.sees(words)
    places = [
        (cell_len(line[: match.start()]), y)
        for y, line in enumerate(program.screen.splitlines())
        for match in re.finditer(re.escape(words), line)
    ]
    await program.pilot.click(offset=places[which])


@pytest.mark.parametrize("size", [WIDE, (80, 24)], ids=["wide", "folded"])
async def test_all_of_it_can_be_done_by_mouse(tmp_path: Path, size: tuple[int, int]) -> None:
    async with opened(tmp_path, size=size) as program:
        row, screen = program.app.chat_screen.row, program.app.screen
        assert "✕" not in program.screen
        await click(program, "⋯")
        await click(program, "Open a new conversation beside")
        await program.until(lambda: len(row.panes) == 2 and program.pane is row.panes[1] and program.pane.is_open)
        first, second = row.conversations
        await click(program, "⋯")
        await program.until(lambda: program.pane is first)
        await click(program, "Show the models beside")
        await program.until(lambda: row.manager is not None and row.current is row.manager)
        models = row.manager
        assert row.panes == [first, second, models]

        async def carry(pane: Widget, onto: Widget) -> None:
            """By the head, onto another pane."""
            begin, end = pane.query_one(Grip).region, onto.query_one(Grip).region
            await program.pilot.mouse_down(offset=(begin.x + 9, begin.y))
            await program.pilot._post_mouse_events([MouseMove], offset=(end.x + 20, end.y), button=1)
            if onto is not pane:
                await program.until(lambda: list(screen.query(".-target")) == [onto])
            await program.pilot.mouse_up(offset=(end.x + 20, end.y))
            await program.until(lambda: not screen.query(".-target"))

        assert models is not None
        await carry(models, first)
        await program.until(lambda: row.panes == [models, first, second] and row.current is models)
        await carry(first, second)
        await program.until(lambda: row.panes == [models, second, first] and row.current is first)
        await carry(second, second)
        assert row.panes == [models, second, first]
        if second.region.height == 1:  # of one that is folded, a click on its model opens it, and no list
            head = second.query_one(Grip).region
            await program.pilot.click(offset=(head.x + 2, head.y))
            await program.until(lambda: program.pane is second and second.region.height > 1)
        assert not screen.query("Question, ModelPicker")
        await click(program, "✕")
        await program.until(lambda: row.panes == [second, first])
        await click(program, "✕", which=row.panes.index(second))
        await program.until(lambda: row.panes == [first] and program.pane is first)
        await program.until(lambda: "✕" not in program.screen and not screen.query(Divider))


async def test_a_pane_closed_while_it_streams_loses_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, model="markdown", size=WIDE) as program:
        await split(program)
        await program.type("200 tokens at 40 tokens/s\n")
        closed = program.pane
        await program.until(lambda: closed.live and closed.live.text)
        live = closed.live
        assert live is not None
        await program.type("half")
        await program.press("alt+w")
        await program.sees("goes on, and is kept")
        answer = await live.wait()
        assert answer.ending is Ending.COMPLETE
        await program.press("f7")
        await program.until(lambda: program.pane.conversation.id == live.conversation.id)
        assert program.pane.messages[-1].text == answer.text
        assert program.pane.prompt.text == "half"


async def test_what_changes_while_a_pane_is_taken_away_is_not_drawn_in_the_half_that_is_left(tmp_path: Path) -> None:
    async with opened(tmp_path, size=WIDE) as program:
        await program.ask("one")
        await split(program, "alt+shift+n")
        closed, row = program.pane, program.app.chat_screen.row
        await program.until(lambda: closed.messages)

        async def look_all_the_while() -> None:
            while closed.is_attached:
                program.app.workspace.touch()
                closed.catching_up.soon()
                await asyncio.sleep(0)

        looking = asyncio.create_task(look_all_the_while())
        await program.press("alt+w")
        await program.until(lambda: len(row.panes) == 1)
        await looking
        await program.ask("two")


async def test_at_most_four_and_folded_where_it_is_narrow(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(80, 24)) as program:
        for _number in range(3):
            await split(program)
        await program.press("alt+n")
        await program.sees("which is the most")
        row = program.app.chat_screen.row
        assert [pane.region.height for pane in row.panes] == [1, 1, 1, 20]
        await program.press("shift+tab")
        await program.until(lambda: [pane.region.height for pane in row.panes] == [20, 1, 1, 1])
        await program.ask("中文")
        await program.sees("I am echo")


@pytest.mark.parametrize("killed", [False, True], ids=["left", "killed"])
async def test_the_arrangement_survives(tmp_path: Path, killed: bool) -> None:
    async with (
        serve(DemoServer(), port=0) as far,
        opened(tmp_path / "data", size=WIDE, model=None) as program,
    ):
        await program.ask("the first question")
        await split(program)
        program.app.chat_screen.servers.use(program.pane, HostAddress(id="far", url=far.url, source="remembered"))
        await program.until(lambda: program.pane.server and program.pane.conversation.setup.model)
        await program.type("/set parameter temperature 0.25\nnot sent yet")
        await split(program, "alt+shift+m")
        await program.press("escape", "alt+shift+up")
        await program.until(lambda: program.app.chat_screen.pane.prompt.has_focus_within)
        row = program.app.chat_screen.row
        was = [(type(pane), row.share_of(pane)) for pane in row.panes]
        ids = [pane.conversation.id for pane in row.conversations]
        await program.until(lambda: row.share_of(row.panes[1]).width != 1.0)
        await program.pilot.pause(0.8)
        if killed:
            shutil.copytree(tmp_path / "data", tmp_path / "killed")
        data = tmp_path / ("killed" if killed else "data")
        if not killed:
            await program.app.leave()
        async with opened(data, size=WIDE, model=None) as again:
            await again.until(lambda: len(again.app.chat_screen.row.panes) == 3)
            row = again.app.chat_screen.row
            await again.until(lambda: all(pane.is_open for pane in row.conversations))
            assert [(type(pane), row.share_of(pane)) for pane in row.panes] == was
            assert [pane.conversation.id for pane in row.conversations] == ids
            await again.sees("the first question")
            await again.until(lambda: again.pane is row.conversations[1])
            assert again.pane.prompt.text == "not sent yet"
            assert again.pane.here.address.url == far.url
            assert again.pane.conversation.setup.options == {"temperature": 0.25}
            await again.until(lambda: again.pane.server and again.pane.server.kind == "ready")
            await again.type("\n")
            await again.until(lambda: again.pane.messages)
            await again.ended()
            model = again.pane.messages[-1].model
            assert model is not None
            assert model.host_id == "far"
            assert again.app.chat_screen.panes[0].here.address.id == "demo"


async def test_the_last_of_full_panes_comes_back_with_the_focus(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(80, 24)) as program:
        for _number in range(3):
            await program.ask("a question")
            await split(program)
        await program.ask("the last question")
        await program.app.leave()
    async with opened(tmp_path, size=(80, 24), model=None) as again:
        await again.sees("the last question")
        panes = again.app.chat_screen.panes
        await again.until(lambda: again.pane is panes[3] and all(pane.is_open for pane in panes))


async def test_a_server_named_for_this_start_is_asked_not_those_of_the_panes(tmp_path: Path) -> None:
    async with serve(DemoServer(), port=0) as far:
        async with opened(tmp_path, size=WIDE, model=None) as program:
            await program.ask("the first question")
            await split(program)
            await program.ask("the second question")
            await program.app.leave()
        named = HostAddress(id="far", url=far.url, source="flag")
        async with opened(tmp_path, address=named, size=WIDE, model=None) as other:
            await other.ask("the third question")
            assert len(other.app.chat_screen.panes) == 1
            assert [m.model.host_id for m in other.pane.messages if m.model] == ["far"]
            await other.app.leave()
        async with opened(tmp_path, size=WIDE, model=None) as again:  # they were not forgotten
            await again.until(lambda: len(again.app.chat_screen.panes) == 2)
            await again.sees("the first question")


async def test_a_server_chosen_in_one_pane_is_not_asked_by_the_others(tmp_path: Path) -> None:
    async with serve(DemoServer(), port=0) as far, opened(tmp_path, size=WIDE, model=None) as program:
        await split(program)
        program.app.chat_screen.servers.use(program.pane, HostAddress(id="far", url=far.url, source="remembered"))
        await program.until(lambda: program.pane.server and program.pane.conversation.setup.model)
        await program.ask("the first question")
        await program.press("shift+tab", "ctrl+n")
        await program.until(lambda: program.pane is program.app.chat_screen.panes[0])
        await program.ask("the second question")
        asked = [[m.model.host_id for m in pane.messages if m.model] for pane in program.app.chat_screen.panes]
        assert asked == [["demo"], ["far"]]


async def test_panes_that_all_asked_the_named_server_are_brought_back_and_keep_to_it(tmp_path: Path) -> None:
    async with serve(DemoServer(), port=0) as far:
        named = HostAddress(id="far", url=far.url, source="environment")
        async with opened(tmp_path, size=WIDE, model=None) as program:
            program.app.chat_screen.servers.use(program.pane, named)
            await program.until(lambda: program.pane.moved is False and program.pane.conversation.setup.model)
            await program.ask("the first question")
            await split(program)
            await program.ask("the second question")
            program.pane.address = DEMO  # where its new conversations would ask
            await program.app.leave()
        async with opened(tmp_path, address=named, size=WIDE, model=None) as again:
            await again.until(lambda: len(again.app.chat_screen.panes) == 2)
            await again.sees("the second question")
            await again.press("ctrl+n")
            await again.until(lambda: not again.pane.stored and again.pane.conversation.setup.model)
            await again.ask("the third question")
            assert [m.model.host_id for m in again.pane.messages if m.model] == ["far"]


async def test_temporary_conversations_are_not_kept(tmp_path: Path) -> None:
    async with opened(tmp_path, size=WIDE) as program:
        await split(program)
        await program.type("/temporary\n")
        await program.sees("nothing is kept")
        setup = program.pane.conversation.setup
        await program.pane.change_setup(replace(setup, system="You keep a secret."))
        await program.pilot.pause(0.6)
        assert not program.files_hold(b"secret")
        await program.ask("a secret word")
        await program.pilot.pause(0.6)
    assert not program.files_hold(b"secret")
    async with opened(tmp_path, size=WIDE, model=None) as program:
        await program.until(lambda: len(program.app.chat_screen.panes) == 2)
        assert "secret" not in program.screen


async def test_the_models_stand_beside_a_conversation(tmp_path: Path) -> None:
    async with opened(tmp_path, size=WIDE) as program:
        await program.ask("hello")
        await split(program, "alt+shift+m")
        await program.sees("NAME")
        assert "I am echo" in program.screen
        await program.press("p")
        await program.until(lambda: program.app.screen.query("PullForm Input:focus"))
        await program.type("gemma3:1b\n")
        await program.press("escape")
        await program.until(lambda: program.pane.prompt.has_focus_within)
        await program.ask("meanwhile")
        await program.sees("gemma3:1b is installed", within=30)
        await program.press("f3")
        await program.until(lambda: program.app.screen is not program.app.chat_screen)
        await program.press("f3")
        await program.press("alt+shift+m")
        await program.until(lambda: program.app.chat_screen.row.manager is None)


async def test_closing_the_last_conversation_beside_the_models_says_what_closes_them(tmp_path: Path) -> None:
    async with opened(tmp_path, size=WIDE) as program:
        await split(program, "alt+shift+m")
        await program.press("shift+tab", "alt+w")
        await program.sees("Alt+Shift+M closes the")
        await program.press("alt+shift+m")
        await program.until(lambda: program.app.chat_screen.row.manager is None)
        await program.press("alt+w")
        await program.sees("^Q leaves the program.")


async def test_the_list_marks_what_is_focused(tmp_path: Path) -> None:
    async with opened(tmp_path, size=WIDE) as program:
        await program.ask("first")
        await split(program)
        await program.ask("second")
        assert program.app.screen.query_one(ConversationList)
        await program.sees("›second")
        await program.press("shift+tab")
        await program.sees("›first")
