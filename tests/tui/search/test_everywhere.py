"""Searching all conversations on the screen: as one types, opening at the hit, and back to the hits."""

import asyncio
from pathlib import Path

from library import about, kept, tell

from ollama_tui.tui.screens.search import SearchField, SearchScreen
from ollama_tui.tui.transcript.finding import Place
from ollama_tui.tui.widgets.hit_list import HitList
from tests.tui.app.opened import Program, opened

LONG = [(f"question {number}", f"answer {number}\n\n" + "filling " * 60) for number in range(40)]


def hits(program: Program) -> list[tuple[str, str]]:
    return [(hit.part, hit.title) for hit in program.app.screen.query_one(HitList).hits]


async def search(program: Program, text: str) -> None:
    """Open the search and look for this."""
    if not isinstance(program.app.screen, SearchScreen):
        await program.press("alt+slash")
        await program.until(lambda: isinstance(program.app.screen, SearchScreen))
    screen = program.app.screen
    assert isinstance(screen, SearchScreen)
    screen.search_for(text)
    query = screen._workspace.search.understand(text)
    await program.until(lambda: screen._findings is not None and screen._findings.query == query)


def here(program: Program) -> Place:
    place = program.pane.transcript.finder.here
    assert place is not None
    return place


async def test_a_hit_opens_where_it_stands_and_a_key_leads_back_to_the_hits(tmp_path: Path) -> None:
    async with kept(tmp_path) as history:
        talk = about("A long one")
        last = await tell(history, talk, *LONG[:20], ("Where?", "Under the **old** oak tree."))
        await tell(history, talk, *LONG[20:], after=last)
        await tell(history, about("Trees"), ("An oak?", "No, 一棵银杏树."))
    async with opened(tmp_path, size=(80, 24)) as program:
        await program.press("alt+slash")
        await program.type("oak")
        await program.sees("An oak?")
        assert hits(program) == [("text", "Trees"), ("text", "A long one")]
        await program.press("down", "enter")
        await program.sees("Under the old oak tree.")
        await program.sees("1 of 1")
        assert program.pane.conversation.id == talk.id
        assert here(program).message_id == last.id
        assert not program.pane.transcript.following
        await program.press("alt+slash")
        await program.sees("2 hits")
        assert program.app.screen.query_one(HitList).cursor == 1
        await program.press("up", "enter")
        await program.sees("An oak?")
        await program.press("escape")  # the bar goes, the place stays
        await program.type("/search 银杏\n")
        await program.until(
            lambda: isinstance(program.app.screen, SearchScreen) and hits(program) == [("text", "Trees")]
        )
        await search(program, "银杏")
        assert hits(program) == [("text", "Trees")]
        await search(program, "银 tag:")
        assert hits(program) == [("text", "Trees")]
        await program.sees("tag: the beginning of a tag")


async def test_a_hit_on_another_branch_brings_that_branch(tmp_path: Path) -> None:
    async with kept(tmp_path) as history:
        talk = about("Branches")
        first = await tell(history, talk, ("Which tree?", "A willow."), ("And?", "More of the willow."))
        root = (await history.branch(talk.id))[0]
        await tell(history, talk, ("Which tree then?", "A linden."))
        assert root.id not in {message.id for message in await history.branch(talk.id)}
    async with opened(tmp_path, size=(80, 24)) as program:
        await search(program, "linden")
        await program.press("enter")
        await program.sees("A linden.")
        await search(program, "more willow")
        await program.press("enter")
        await program.sees("More of the willow.")
        assert [message.id for message in program.pane.messages][-1] == first.id


async def test_filters_are_completed_and_nothing_that_is_typed_is_an_error(tmp_path: Path) -> None:
    async with kept(tmp_path) as history:
        for model in ("echo", "thinker"):
            await tell(
                history, about(f"By {model}", model), ("Who?", "A poplar is."), thinking=f"{model} thinks of elms"
            )
        await history.change_tags((await history.conversations())[0].id, add=("garden",))
    async with opened(tmp_path, size=(100, 30)) as program:
        await search(program, "")
        await program.sees("“two words”")
        await search(program, "poplar mo")
        await program.sees("Tab model:")
        await program.press("tab")
        await program.sees("model:thinker")
        await program.type("thin")
        await program.press("tab")
        await program.until(lambda: hits(program) == [("text", "By thinker")])
        await search(program, "elms in:thinking role:user")
        await program.sees("Nothing has all of that.")
        await search(program, "tag:gar")
        await program.until(lambda: hits(program) == [("title", "By thinker")])
        await search(program, '" OR * NEAR(')
        await program.sees("Nothing has all of that.")
        screen = program.app.screen
        assert isinstance(screen, SearchScreen)
        for text in ("\x00\ud800" * 10, "的" * 10_000, "a " * 5_000 + "tag:", '"' * 999):
            screen.search_for(text)
            await program.pilot.pause(0.05)
            await screen.workers.wait_for_complete()
        await search(program, "poplar")
        assert len(hits(program)) == 2


async def test_what_is_deleted_or_said_meanwhile_is_seen(tmp_path: Path) -> None:
    async with kept(tmp_path) as history:
        talk = about("Soon gone")
        await tell(history, talk, ("A birch?", "Yes."))
        async with opened(tmp_path, size=(80, 24)) as program:
            await search(program, "birch")
            await program.sees("A birch?")
            await tell(history, about("New"), ("Another birch?", "Yes."))  # by another instance
            await program.sees("Another birch?")
            await program.press("down")
            await history.delete(talk.id)
            await program.press("enter")
            await program.until(lambda: hits(program) == [("text", "New")])
            await program.sees("That conversation was deleted meanwhile.")
            await search(program, "birch is:deleted")
            await program.press("enter")
            await program.until(lambda: program.pane.conversation.id == talk.id)


async def test_more_hits_come_at_the_end_of_those_that_are_shown(tmp_path: Path) -> None:
    async with kept(tmp_path) as history:
        talk = about("Many")
        await tell(history, talk, *((f"beech {number}", "x") for number in range(120)))
    async with opened(tmp_path, size=(80, 24)) as program:
        await search(program, "beech")
        await program.sees("50+ hits")
        for _ in range(20):
            await program.press("pagedown")
            await program.pilot.pause(0.05)
        await program.sees("120 hits")
        assert "beech 0" in program.screen


async def test_a_temporary_conversation_is_found_in_itself_alone(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(80, 24)) as program:
        await program.type("/temporary\n")
        await program.sees("nothing is kept")
        await program.ask("about rowans")
        await program.press("ctrl+f")
        await program.type("rowan")
        await program.sees("of 2")
        await program.press("ctrl+f")  # everywhere
        await program.sees("Nothing has all of that.")


async def test_typing_goes_on_while_it_searches(tmp_path: Path) -> None:
    async with kept(tmp_path) as history:
        await tell(history, about("Here"), ("Zelkova?", "Yes."))
    async with opened(tmp_path, size=(80, 24)) as program:
        await program.press("alt+slash")
        aside = program.app.workspace.history._database.read_aside
        slow = asyncio.create_task(
            aside(
                lambda connection: connection.execute(
                    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
                ).fetchone()
            )
        )
        await program.type("z")
        assert program.app.screen.query_one(SearchField).value == "z"
        slow.cancel()
        await program.sees("Zelkova?")
        await program.press("alt+slash")
        await program.until(lambda: not isinstance(program.app.screen, SearchScreen))
