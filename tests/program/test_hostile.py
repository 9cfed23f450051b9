"""Hostile words in every string that comes from outside: none reaches the terminal raw, none is taken for markup."""

import asyncio
import json
import random
import re
import sqlite3
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from ollama_tui.domain.text import storable
from ollama_tui.tui.actions import ACTIONS
from tests.program.escapes import COPYING, SCREEN, strange
from tests.program.hostile import HostileServer, Words, hostile_server
from tests.program.window import ENTER, ESCAPE, HELP, LAST, LIST, MODELS, NEW, PALETTE, Window, a_window, command

DOWN, RIGHT, TAB, SEARCH, THINK, PICK, CHAT = "\x1b[B", "\x1b[C", "\t", "\x12", "\x14", "\x13", "\x1bOQ"
CONTEXT = "[options]\nnum_ctx = 32768\n"


LEAVING = ("app.quit", "prompt.end")

_KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "space": " ",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "delete": "\x1b[3~",
    "slash": "/",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
}


def bytes_of(key: str) -> str | None:
    """A key as a terminal sends it; None for one that needs a newer protocol."""
    *modifiers, last = key.split("+")
    if not modifiers:
        return _KEYS.get(last, last if len(last) == 1 else None)
    if modifiers == ["ctrl"] and len(last) == 1 and last.isalpha():
        return chr(ord(last) - 96)
    if modifiers == ["alt"] and (plain := bytes_of(last)) and len(plain) == 1:
        return f"\x1b{plain}"
    return None


def all_keys() -> list[str]:
    """Every key of every action, but for leaving."""
    found = {bytes_of(key) for action in ACTIONS if action.id not in LEAVING for key in action.keys.split(",")}
    return sorted(key for key in found if key)


def assert_harmless(window: Window, data: Path, known: re.Pattern[str] = SCREEN) -> None:
    """Nothing but what is `known` was sent, and the program has not fallen."""
    assert strange(window.output, known) == []
    assert b"Traceback" not in window.output
    assert b"MarkupError" not in window.output
    crash = data / "crash.log"
    assert not crash.exists(), crash.read_text()


@asynccontextmanager
async def a_hostile_window(data: Path, seed: int) -> AsyncGenerator[tuple[Window, HostileServer]]:
    async with hostile_server(seed) as server:
        if not (data / "config.toml").exists():
            (data / "config.toml").write_text(CONTEXT)
        words = command("--host", server.url, "--data-dir", data)
        program = ["/bin/sh", "-c", 'cd "$0" && exec "$@"', str(data), *words]  # what is saved to a file is saved there
        with a_window(data, program=program, columns=120, rows=36, PATH="/nowhere") as window:
            window.silence()
            yield window, server


async def look(window: Window, *keys: str) -> None:
    """Press keys; after each, wait until something was drawn, and then no more is."""
    for key in keys:
        size, since = len(window.output), time.monotonic()
        window.type(key)
        drawn = False
        while time.monotonic() - since < (0.04 if drawn else 0.2):
            await asyncio.sleep(0.01)
            if len(window.output) != size:
                size, since, drawn = len(window.output), time.monotonic(), True


async def paste(window: Window, text: str, *keys: str) -> None:
    """Paste, then press keys."""
    await look(window, f"\x1b[200~{text}\x1b[201~", *keys)


@pytest.mark.parametrize("seed", range(1))
async def test_through_the_whole_program(tmp_path: Path, seed: int) -> None:
    async with a_hostile_window(tmp_path, seed) as (window, server):
        typed = server.words.typed
        await window.sees("Ask evil", seconds=20)
        await look(window, THINK)
        picture = tmp_path / storable(f"{'x'.join(typed().split())}.png").replace("/", "").replace("\0", "")
        picture.write_bytes(b"\x89PNG\r\n\x1a\n")
        await paste(window, f"/image {picture}", ENTER, "\x03")
        for _ in range(2):
            await paste(window, f"a {typed()} {typed()}\n{typed()}", ENTER)
            await window.sees("tok/s")
        await paste(window, f"/title {typed()}", ENTER)
        for what in ("info", "license", "template"):
            await paste(window, f"/show {what}", ENTER, ESCAPE)
        for slash in ("/set system", "/set parameter stop", "/load", "/theme", "/set format"):
            await paste(window, f"{slash} {typed()}", ENTER, ESCAPE, "\x03")
        await look(window, LIST, ESCAPE, PICK, "wor", DOWN, ENTER, SEARCH, "e", ESCAPE, "/", "i", TAB, "\x03")
        await paste(window, f"{typed()}\n" * 40, "\x03", PALETTE)
        await paste(window, typed(), ESCAPE)
        await look(window, LAST)
        for action in ACTIONS:
            keys = [key for key in map(bytes_of, action.keys.split(",")) if key]
            if action.area in ("app", "chat") and keys and action.id not in LEAVING:
                await look(window, keys[0], ESCAPE)
        await look(window, NEW)
        await look(window, MODELS, ENTER, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, ESCAPE, "/")
        await paste(window, typed(), ESCAPE)
        await window.until(lambda: "Esc shows them all" not in window.text, "all models")  # Esc and p at once are Alt+P
        await look(window, "p")
        await window.sees("Pull a model")
        await paste(window, "evil", ENTER, ESCAPE, ESCAPE, "c")
        await paste(window, typed(), ENTER, ESCAPE, "x", ESCAPE, "l", "u", ESCAPE, CHAT, "\x03")
        server.failing = 1.0
        for _ in range(3):
            await paste(window, f"a {typed()}", ENTER)
            await window.sees("✗")
            await look(window, NEW)
        await look(window, LAST)
        assert_harmless(window, tmp_path, COPYING)
        assert {"/api/tags", "/api/chat", "/api/show", "/api/ps", "/api/pull"} <= {
            request.path for request in server.requests
        }


@pytest.mark.parametrize("seed", range(100, 101))
async def test_keys_and_words_by_chance(tmp_path: Path, seed: int) -> None:
    keys, chance, steps = all_keys(), random.Random(seed), 70
    names = [action.name for action in ACTIONS if action.palette]
    commands = ["/title", "/set system", "/show", "/pull", "/load", "/save", "/model", "/image", "/theme", "/", "@", ""]
    while steps > 0:
        async with a_hostile_window(tmp_path, seed) as (window, server):
            await window.until(lambda window=window: "Conversations" in window.text, "the program", 20)
            while steps > 0 and window.runs():
                steps -= 1
                server.failing = chance.choice([0.0, 0.0, 0.3])
                match chance.randrange(10):
                    case 0:
                        await look(window, PALETTE)
                        await paste(window, chance.choice(names), ENTER)
                        continue
                    case 1 | 2 | 3 | 4:
                        await look(window, chance.choice(keys))
                        continue
                    case _:
                        pass
                words = f"{chance.choice(commands)} {server.words.typed()}"
                await paste(window, words, *([ENTER] if chance.random() < 0.8 else []))
            assert_harmless(window, tmp_path, COPYING)
            if not window.runs():  # it was told to, by a key
                assert await window.exit_code() == 0


def spoil(data: Path, words: Words) -> None:
    """Hostile words in every column of text, and what another version may have written in those of a few values."""
    spared = ("id", "key", "sha256", "place", "started", "leaf_id", "value", "kind")
    odd = ("options", "think", "format", "keep_alive", "figures", "sent", "sent_ids", "tool_calls")

    def hostile(text: str | None) -> str:
        return f"{text or ''}{words.typed()}"

    def unknown() -> str:
        return words.chance.choice(["", "[]", "{", "null", '"x"', words.typed()])

    with closing(sqlite3.connect(data / "history.db")) as database, database:
        database.create_function("hostile", 1, hostile)
        database.create_function("unknown", 0, unknown)
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            if table.startswith(("found", "sqlite")):
                continue
            for column in database.execute(f"PRAGMA table_info({table})").fetchall():
                name, kind = column[1], column[2]
                if kind == "TEXT" and name not in spared and not name.endswith("_id"):
                    value = "unknown()" if name in odd else f"hostile({name})"
                    database.execute(f"UPDATE {table} SET {name} = {value}")
        code = json.dumps({"code": words.typed(), "params": {words.typed(): words.typed(), "detail": words.typed()}})
        database.execute("UPDATE message SET failure = ?, ending = 'failed' WHERE role = 'assistant'", (code,))
        database.execute("UPDATE message SET role = ? WHERE number % 5 = 4", (words.typed(),))
        for key in ("host.last", "ui.theme", "models.last", "draft.new", "consent"):
            database.execute(
                "INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)", (key, json.dumps(words.typed()))
            )
        note = {"kind": "pull", "name": words.typed(), "host": "local", "url": words.typed(), "status": words.typed()}
        database.execute("INSERT INTO state (key, value) VALUES ('transfer.x', ?)", (json.dumps(note),))


async def test_what_another_version_or_hand_wrote_into_the_database(tmp_path: Path) -> None:
    async with a_hostile_window(tmp_path, 7) as (window, _server):
        await window.sees("Ask evil")
        for number in range(3):
            await paste(window, f"question {number}", ENTER)
            await window.sees("tok/s")
            await look(window, *([NEW] if number else []))
        await look(window, "\x11")
        assert await window.exit_code() == 0
    spoil(tmp_path, Words(8))
    async with a_hostile_window(tmp_path, 9) as (window, _server):
        await window.until(lambda: "question" in window.text, "the list")
        await look(
            window, LAST, LIST, DOWN, ENTER, LIST, DOWN, DOWN, ENTER, "\x1b[1;3A", DOWN, RIGHT, ESCAPE, MODELS, MODELS
        )
        await look(window, SEARCH, "q", ENTER, "\x11")
        assert await window.exit_code() == 0
        assert_harmless(window, tmp_path)


@pytest.mark.parametrize("what", ["values", "host", "broken"])
async def test_what_stands_in_the_configuration_and_the_environment(tmp_path: Path, what: str) -> None:
    words = Words(3)

    def quoted() -> str:
        return json.dumps(words.typed(), ensure_ascii=True).replace("\\ud", "\\u00d")

    text = {
        "values": f"model = {quoted()}\ntheme = {quoted()}\nsystem = {quoted()}\n[keys]\n{quoted()} = {quoted()}\n"
        f"[hosts]\n{quoted()} = {quoted()}\n",
        "host": f"host = {quoted()}\nlanguage = {quoted()}\n",
        "broken": f"{words.typed()} = {quoted()}\n[[[",
    }[what]
    (tmp_path / "config.toml").write_text(text)
    more = {"OLLAMA_HOST": words.typed().replace("\0", ""), "LANGUAGE": words.typed().replace("\0", "")}
    with a_window(tmp_path, "--data-dir", tmp_path, columns=120, rows=36, PATH="/nowhere", **more) as window:
        told = ("No Ollama server", "no server's address")
        await window.until(
            lambda: any(word in window.text for word in told) or not window.runs(), "a word of the host", 20
        )
        await look(window, PICK, ESCAPE, HELP, ESCAPE, "\x11")
        await window.exit_code()
        assert_harmless(window, tmp_path)
