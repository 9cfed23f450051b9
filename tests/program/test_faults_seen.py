"""What goes wrong around the program, as a person at the screen sees it, and what is left when it is over."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from ollama_tui.demo.faults import Fault
from tests.program import kept
from tests.program.serving import serving
from tests.program.window import LAST, LEAVE, a_window

GO_ON = "\x1bg"


async def test_a_server_that_goes_in_mid_answer_and_comes_back(tmp_path: Path) -> None:
    async with serving() as server:
        server.knobs.add(Fault(path="/api/chat", tokens_per_second=100))
        port = int(server.url.rpartition(":")[2])
        window = a_window(tmp_path, "--host", server.url, "--data-dir", tmp_path, "--model", "markdown")
        program = window.__enter__()
        await program.sees("Ask markdown")
        await program.ask("300 tokens")
        await program.sees("A long page")
    try:
        await program.sees("The connection to the server ended before the answer was complete.", "go on")
        assert [message.ending for message in kept.messages(tmp_path)] == ["complete", "cut-off"]
        program.type("written meanwhile")
        await program.sees("written meanwhile")
        async with serving(port=port) as server:
            program.type(GO_ON)
            await program.sees("tok/s", "written meanwhile")
            _question, cut_off, answer = kept.messages(tmp_path)
            assert (cut_off.ending, answer.ending) == ("cut-off", "complete")
            assert answer.text.startswith(cut_off.text)
            assert len(cut_off.text) < 400 < 800 < len(answer.text), "the whole of it"
            program.type(LEAVE)
            assert await program.exit_code() == 0
    finally:
        window.__exit__(None, None, None)


async def test_a_server_that_says_nothing_is_waited_for_in_words(tmp_path: Path) -> None:
    async with serving() as server:
        server.knobs.add(Fault(path="/api/chat", hold=3600))
        with a_window(tmp_path, "--host", server.url, "--data-dir", tmp_path, "--model", "echo") as window:
            await window.sees("Ask echo")
            await window.ask("hello")
            await window.sees("queued", "2 s")
            window.type("typed while it waits\r")
            await window.sees("typed while it waits")
            window.type("\x1b")
            await window.sees("stopped")
            assert server.requests_to("/api/chat")[0].disconnected is not None


async def test_a_damaged_configuration_is_told_and_the_defaults_hold(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('theme = "nothing"\nbell = [broken')
    with a_window(tmp_path, "--demo", "--data-dir", tmp_path, columns=140) as window:
        await window.sees("Ask guide", "config.toml")
        assert config.read_text() == 'theme = "nothing"\nbell = [broken'
        window.type(LEAVE)
        assert await window.exit_code() == 0


async def test_a_newer_database_is_not_opened(tmp_path: Path) -> None:
    with a_window(tmp_path, "--demo", "--data-dir", tmp_path) as window:
        await window.sees("Ask guide")
        window.type(LEAVE)
        assert await window.exit_code() == 0
    database = tmp_path / "history.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = database.read_bytes()
    with a_window(tmp_path, "--demo", "--data-dir", tmp_path) as window:
        assert await window.exit_code() == 1
        said = " ".join(window.left_behind().split())
        assert "was written by a newer version of this program (99, this one knows" in said
        assert "--data-dir" in said
        assert "Traceback" not in said
    assert database.read_bytes() == before


async def test_a_damaged_database_is_set_aside_and_what_can_be_read_is_there(tmp_path: Path) -> None:
    with a_window(tmp_path, "--demo", "--data-dir", tmp_path, "--model", "echo") as window:
        await window.sees("Ask echo")
        for number in range(3):
            await window.ask(f"question {number}")
            await window.until(lambda n=number: f"I saw {2 * n + 1} message" in window.text, "an answer")
        await window.sees("tok/s")
        window.type(LEAVE)
        assert await window.exit_code() == 0
    with (tmp_path / "history.db").open("r+b") as file:
        file.write(b"not a database at all")
    with a_window(tmp_path, "--demo", "--data-dir", tmp_path, "--model", "echo", columns=140) as window:
        await window.sees("Ask echo", "The database was damaged. It was set aside as", "history.damaged-")
        await window.sees("What could be read is here: 1 conversations with 6 messages.")
        window.type(LAST)
        await window.sees("question 2")
        assert any("damaged" in name for name in os.listdir(tmp_path))
