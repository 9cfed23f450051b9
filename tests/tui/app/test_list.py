"""The list of conversations: pins, tags, the archive, the bin, a filter, pages, and what others change."""

from datetime import date, datetime, timedelta
from pathlib import Path

from textual.widgets import Input

from ollama_tui.domain.identity import now
from ollama_tui.tui.widgets.conversation_list import ConversationList
from ollama_tui.tui.widgets.conversation_rows import ConversationRows, headings
from tests.storage.conftest import conversation, told
from tests.tui.app.opened import Program, opened
from tests.tui.search.library import kept

DAY = 24 * 3600 * 1000


async def fill(data: Path, count: int) -> None:
    async with kept(data) as history:
        for number in range(count):
            at = now() - (count - number) * DAY // 10
            await history.create(conversation(f"Talk {number}", created_at=at, updated_at=at))


def shown(program: Program) -> list[str]:
    """The titles in the list, with their headings, as far as they are on the screen."""
    lines = [line.split("│")[0] for line in program.screen.splitlines()]
    return [line.strip(" ›") for line in lines if line.strip()]


def rows_of(program: Program) -> ConversationRows:
    return program.app.screen.query_one(ConversationRows)


async def enter(program: Program) -> None:
    await program.press("f6")
    await program.until(lambda: rows_of(program).has_focus and rows_of(program).keys)


def listed(program: Program) -> list[str]:
    """The titles of all that the list holds."""
    rows = rows_of(program)
    return [rows._rows[key].title for key in rows.keys if key in rows._rows]


async def test_pins_tags_and_the_archive_by_key_and_by_command(tmp_path: Path) -> None:
    await fill(tmp_path, 5)
    async with opened(tmp_path, size=(120, 30)) as program:
        await enter(program)
        assert listed(program) == [f"Talk {number}" for number in (4, 3, 2, 1, 0)]
        await program.press("down", "p")
        await program.until(lambda: listed(program)[0] == "Talk 3")
        await program.sees("Pinned")
        await program.press("t")
        await program.until(lambda: program.app.screen.query("Question Input:focus"))
        await program.type("Work,py、\n")
        await program.sees("#py #work")
        await program.until(lambda: rows_of(program).has_focus)
        await program.press("down")
        fourth = rows_of(program).key
        await program.press("a")
        await program.until(lambda: "Talk 4" not in listed(program))
        await program.press("u")
        await program.until(lambda: "Talk 4" in listed(program))
        rows_of(program).move_to(fourth)
        await program.press("a")
        await program.until(lambda: "Talk 4" not in listed(program))
        await program.press("v")
        await program.until(lambda: listed(program) == ["Talk 4"])
        await program.sees("Archive")
        await program.press("a")
        await program.sees("Nothing is archived.")
        await program.press("escape")
        await program.until(lambda: listed(program)[:2] == ["Talk 3", "Talk 4"])

        await program.press("home", "enter")
        await program.until(lambda: program.pane.conversation.title == "Talk 3")
        await program.type("/tag -py,数据\n")
        await program.sees("Tags: #work #数据")
        await program.type("/pin\n")
        await program.until(lambda: listed(program)[0] == "Talk 4")
        await program.type("/archive\n")
        await program.until(lambda: "Talk 3" not in listed(program))
        assert program.pane.conversation.title == "Talk 3"


async def test_whatever_is_in_the_bin_can_be_brought_back(tmp_path: Path) -> None:
    await fill(tmp_path, 5)
    async with opened(tmp_path, size=(120, 30)) as program:
        await enter(program)
        await program.press("d")
        await program.until(lambda: "Talk 4" not in listed(program))
        await program.press("d")
        await program.until(lambda: "Talk 3" not in listed(program))
        await program.press("v", "v")
        await program.until(lambda: listed(program) == ["Talk 3", "Talk 4"])
        await program.press("down", "u")
        await program.until(lambda: listed(program) == ["Talk 3"])
        await program.press("escape")
        await program.until(lambda: listed(program)[0] == "Talk 4")
        await program.press("u")
        await program.until(lambda: listed(program)[:2] == ["Talk 4", "Talk 3"])


async def test_the_filter_narrows_down_and_is_left_again(tmp_path: Path) -> None:
    await fill(tmp_path, 25)
    async with opened(tmp_path, size=(120, 30)) as program:
        await enter(program)
        await program.press("slash")
        await program.type("talk 2")
        await program.until(lambda: listed(program) == [f"Talk {number}" for number in (24, 23, 22, 21, 20, 12, 2)])
        await program.type("x")
        await program.sees("Nothing here has that")
        await program.press("backspace", "down")
        await program.press("down", "enter")
        await program.until(lambda: program.pane.conversation.title == "Talk 23")
        await enter(program)
        await program.press("escape")
        await program.until(lambda: len(listed(program)) == 25)
        assert not program.app.screen.query_one(ConversationList).query(Input)


async def test_a_long_list_comes_in_pages_and_stays_right(tmp_path: Path) -> None:
    await fill(tmp_path, 450)
    async with opened(tmp_path, size=(120, 30)) as program:
        await enter(program)
        assert len(listed(program)) == 200
        for count in (400, 450):
            await program.press("end")
            await program.until(lambda count=count: len(listed(program)) == count)
        await program.press("end")
        assert rows_of(program)._rows[rows_of(program).key].title == "Talk 0"
        async with kept(tmp_path) as other:
            talk = (await other.conversations(limit=1, text="talk 100"))[0]
            await told(other, talk, "Again?", "Yes.")
            await program.until(lambda: listed(program)[0] == "Talk 100")
        assert sorted(listed(program)) == sorted(f"Talk {number}" for number in range(450))
        assert rows_of(program)._rows[rows_of(program).key].title == "Talk 0"
        await program.press("d")
        await program.until(lambda: len(listed(program)) == 449)


async def test_the_cursor_is_where_a_hit_was_opened_also_beyond_the_first_page(tmp_path: Path) -> None:
    await fill(tmp_path, 230)
    async with kept(tmp_path) as history:
        await history.create(conversation("Lighthouse", created_at=1, updated_at=1))
    async with opened(tmp_path, size=(120, 30)) as program:
        await enter(program)
        await program.until(lambda: len(listed(program)) == 200)
        await program.press("alt+slash")
        await program.type("lighthouse")
        await program.sees("Lighthouse")
        await program.press("enter")
        await program.until(lambda: program.pane.conversation.title == "Lighthouse")
        await program.until(lambda: rows_of(program).key == program.pane.conversation.id)
        await program.sees("›Lighthouse")


async def test_what_does_not_change_is_not_drawn_again(tmp_path: Path) -> None:
    await fill(tmp_path, 30)
    async with opened(tmp_path, size=(120, 30)) as program:
        await enter(program)
        rows = rows_of(program)
        before = rows._rows
        program.app.workspace.touch()
        await program.until(lambda: program.app.chat_screen._seen_version == program.app.workspace.version)
        await program.app.chat_screen.workers.wait_for_complete()
        assert rows._rows is before


def test_headings_go_by_the_calendar() -> None:
    today = date(2026, 11, 25)
    noon = datetime(2026, 11, 25, 12)  # noqa: DTZ001 - the person's own time
    days = (-1, 0, 0.49, 0.51, 1.49, 1.51, 6.4, 6.6, 29.4, 29.6, 40, 60, 600)
    times = [int((noon - timedelta(days=days)).timestamp() * 1000) for days in days]
    assert list(headings(times, today)) == [
        "Today", "Today", "Today", "Yesterday", "Yesterday", "Last 7 days", "Last 7 days", "Last 30 days",
        "Last 30 days", "2026-10", "2026-10", "2026-09", "2025-04",
    ]  # fmt: skip
