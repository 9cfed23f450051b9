"""On a terminal whatever comes from outside is harmless: from the server, the words of the command, the files."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.server import HOSTILE, in_a_thread
from tests.cli.shell import Shell
from tests.program.escapes import SHELL, strange
from tests.program.hostile import OWN, HostileServer


@pytest.fixture
def hostile() -> HostileServer:
    return HostileServer(11)


@pytest.fixture
def shell(tmp_path: Path, hostile: HostileServer) -> Iterator[Shell]:
    with in_a_thread(hostile) as (url, _loop):
        yield Shell(tmp_path, url)


def shown(shell: Shell, *words: str | bytes, code: int | None = 0, some: bool = True) -> None:
    """Run a command on a terminal: it ends with `code`, has shown something, and nothing of it is obeyed."""
    said = shell.on_a_terminal(*words)
    assert strange(said.sent, SHELL, "\r\n\t") == [], words
    assert b"Traceback" not in said.sent
    assert code is None or said.code == code, said.sent
    assert said.sent or not some, words


def test_what_a_server_says(shell: Shell, hostile: HostileServer) -> None:
    shown(shell, "run", "evil", "hello")
    shown(shell, "run", "worst", "--verbose", "--think=high", "hello")
    for words in (["list"], ["ps"], ["version"], ["show", "worse"], ["show", "-v", "evil"]):
        shown(shell, *words)
    for part in ("license", "modelfile", "parameters", "system", "template"):
        shown(shell, "show", "worse", f"--{part}")
    shown(shell, "pull", "evil", code=None)
    shown(shell, "run", "missing", "hello", code=1)
    hostile.failing = 1.0
    for words in (["show", "evil"], ["run", "evil", "hello"], ["pull", "evil"]) * 2:
        shown(shell, *words, code=1)
    for words in (["cp", "evil", "b"], ["rm", "evil"]):
        shown(shell, *words, code=None)


def test_what_a_person_or_a_file_says(shell: Shell, tmp_path: Path) -> None:
    word = HOSTILE.replace("\0", "")
    for words in ([word], ["list", word, "x"], ["help", word], ["--" + word], ["run", "evil", "-o", word, "hi"]):
        shown(shell, *words, code=2)
    for name in ("--format", "--keepalive", "--image", "-o", "--dimensions"):
        shown(shell, "run", "evil", name, f"seed={word}" if name == "-o" else word, "hi", code=2)
    for words in (["show", word], ["pull", word], ["rm", word], ["stop", word], ["run", word, "hi"]):
        shown(shell, *words, code=1)
    shown(shell, "--host", word, "list", code=2)
    shown(shell, "--data-dir", f"/proc/{word}", "run", "evil", "hello", code=1)
    shown(shell, b"run", b"evil\xff\x9b31m", b"--image", b"\x9b31m\xff.png", b"hi", code=2)
    shell.data.mkdir(exist_ok=True)
    for text in (f"{json.dumps(word)} = {json.dumps(word)}", f"theme = {json.dumps(word)[:-1]}", f"a = 1 {word}"):
        (shell.data / "config.toml").write_text(text)
        shown(shell, "list")
    shell.environment["OLLAMA_HOST"] = word
    shown(shell, "list", code=1)


def test_on_a_pipe_the_names_are_harmless_too(shell: Shell) -> None:
    """A table is for eyes, and is often looked at through a pager."""
    said = shell("list")
    assert strange(said.out, SHELL, "\n") == []
    assert [row[: row.index(own) + len(own)] for own, row in zip(OWN, said.out.decode().splitlines()[1:], strict=True)]
