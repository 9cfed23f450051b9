"""The shell command as a person or a script runs it, against the demo over a socket."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Said:
    """What a command printed, and how it ended."""

    out: bytes
    err: str
    code: int


class Shell:
    """Runs `ollama-tui` with an empty home and its own data folder."""

    def __init__(self, home: Path, url: str) -> None:
        self.data = home / "data"
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(home), "OLLAMA_HOST": url, "LC_ALL": "C.UTF-8"}

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "ollama_tui", "--data-dir", str(self.data), *words]

    def __call__(self, *words: str, stdin: bytes | None = b"") -> Said:
        done = subprocess.run(
            self.command(*words), input=stdin, capture_output=True, env=self.environment, timeout=30, check=False
        )
        return Said(done.stdout, done.stderr.decode(), done.returncode)

    def begin(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command(*words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment,
        )

    def endings(self) -> list[str]:
        """How the kept answers ended."""
        database = sqlite3.connect(self.data / "history.db")
        try:
            return [row[0] for row in database.execute("SELECT ending FROM message WHERE role = 'assistant'")]
        finally:
            database.close()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo, served by its own command."""
    home = tmp_path_factory.mktemp("server")
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}
    command = [sys.executable, "-m", "ollama_tui", "--demo", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as server:
        assert server.stdout is not None
        found = re.search(rb"http://\S+", server.stdout.readline())
        assert found
        yield found[0].decode()
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0


@pytest.fixture
def shell(tmp_path: Path, url: str) -> Shell:
    return Shell(tmp_path, url)


def test_the_models_in_ollamas_words(shell: Shell) -> None:
    said = shell("list")
    first, *rows = said.out.decode().splitlines()
    assert re.fullmatch(r"NAME +ID +SIZE +MODIFIED +", first)
    assert any(re.match(r"guide:latest +[0-9a-f]{12} +\d+ [KM]B +\S.* ago", row) for row in rows)
    assert said.code == 0
    assert shell("ls", "GUI").out.count(b"\n") == 2


def test_load_ps_and_stop(shell: Shell) -> None:
    assert shell("run", "echo", stdin=b"") == Said(b"", "", 0)
    rows = shell("ps").out.decode().splitlines()
    assert re.fullmatch(r"NAME +ID +SIZE +PROCESSOR +CONTEXT +UNTIL +", rows[0])
    assert any(row.startswith("echo:latest") and "minutes from now" in row for row in rows)
    assert shell("stop", "echo").code == 0


def test_show(shell: Shell) -> None:
    said = shell("show", "thinker").out.decode()
    assert "  Model\n    architecture" in said
    assert "  Capabilities\n" in said
    assert "    thinking\n" in said
    assert shell("show", "thinker", "--template").out.decode().strip()
    assert shell("show", "nope").code == 1


def test_copy_and_remove(shell: Shell) -> None:
    assert shell("cp", "echo", "mine").out == b"copied 'echo' to 'mine'\n"
    assert b"mine:latest" in shell("list").out
    assert shell("rm", "mine").out == b"deleted 'mine'\n"
    gone = shell("rm", "mine")
    assert gone.code == 1
    assert gone.err.startswith("Error: ")


def test_pull_tells_how_far_it_is_on_stderr(shell: Shell) -> None:
    said = shell("pull", "no-such-model")
    assert (said.out, said.code) == (b"", 1)
    assert said.err.startswith("pulling manifest\nError: ")


def test_the_answer_alone_goes_to_stdout_unaltered(shell: Shell) -> None:
    text = "say \x1b[31mred\x1b[0m and 你好\u0085"
    said = shell("run", "echo", text)
    assert said.code == 0
    assert said.out.startswith(text.encode())
    assert b"not a language model" in said.out


def test_what_is_piped_in_goes_before_the_prompt(shell: Shell) -> None:
    assert shell("run", "echo", "second", stdin="first 第一\n".encode()).out.startswith("first 第一\n second".encode())


def test_thinking_goes_to_stderr_and_can_be_hidden_or_turned_off(shell: Shell) -> None:
    said = shell("run", "thinker", "why?")
    assert said.err.startswith("Thinking...\n")
    assert "...done thinking." in said.err
    assert said.out
    assert b"Thinking" not in said.out
    assert shell("run", "thinker", "--hidethinking", "why?").err == ""
    assert shell("run", "thinker", "--think=false", "why?").err == ""


def test_it_is_kept_unless_it_is_not_to_be(shell: Shell) -> None:
    shell("run", "echo", "--no-save", "a secret")
    assert not any(b"a secret" in path.read_bytes() for path in shell.data.rglob("*") if path.is_file())
    shell("run", "echo", "a question")
    assert shell.endings() == ["complete"]


def test_options_and_figures(shell: Shell) -> None:
    said = shell("run", "markdown", "-o", "num_predict=5", "--verbose", "go on")
    assert "greatest length" in said.err
    assert re.search(r"^eval count: +5 token\(s\)$", said.err, re.MULTILINE)
    assert shell("run", "echo", "-o", "warmth=3", "x").code == 2
    assert shell("run", "echo", "-o", "temperature=hot", "x").code == 2


def test_an_embedding_model_prints_its_vector(shell: Shell) -> None:
    assert re.fullmatch(rb"\[-?[0-9.e,-]+\]\n", shell("run", "embed", "a cat").out)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_it_keeps_what_came(shell: Shell, number: signal.Signals, code: int) -> None:
    with shell.begin("run", "markdown", "900 tokens at 100 tokens/s") as running:
        assert running.stdout is not None
        assert running.stdout.read(40)
        running.send_signal(number)
        assert running.wait(10) == code
        assert running.stderr is not None
        assert b"Traceback" not in running.stderr.read()
    assert shell.endings() == ["stopped"]


def test_a_closed_pipe_is_no_error(shell: Shell) -> None:
    with shell.begin("run", "markdown", "900 tokens at 200 tokens/s") as running:
        assert running.stdout is not None
        assert running.stdout.read(10)
        running.stdout.close()
        began = time.monotonic()
        assert running.wait(10) == 0
        assert time.monotonic() - began < 4
        assert running.stderr is not None
        assert running.stderr.read() == b""
    assert shell.endings() == ["stopped"]


def test_usage_and_errors_have_their_codes(shell: Shell) -> None:
    assert shell("frobnicate").code == 2
    assert shell("cp", "only-one").code == 2
    shell.environment["OLLAMA_HOST"] = "127.0.0.1:9"
    said = shell("list")
    assert said.code == 1
    assert "No Ollama server answers at http://127.0.0.1:9" in said.err
    assert "ollama serve" in said.err


def test_version_and_help(shell: Shell) -> None:
    assert shell("--version").out.startswith(b"ollama-tui version is ")
    both = shell("version").out.decode().splitlines()
    assert both[0].startswith("ollama-tui version is ")
    assert both[1].startswith("ollama version is ")
    listing = shell("help").out.decode()
    for name in ("list", "ls", "ps", "pull", "rm", "cp", "show", "run", "serve", "stop", "version", "help"):
        assert re.search(rf"^  {name} ", listing, re.MULTILINE)
    assert b"PROMPT" in shell("help", "run").out
    assert shell("help", "nonsense").code == 2


def test_serve_is_ollamas_own(shell: Shell, tmp_path: Path) -> None:
    assert "no `ollama`" in shell("serve").err
    binary = tmp_path / "bin" / "ollama"
    binary.parent.mkdir()
    binary.write_text('#!/bin/sh\necho "$@" at "$OLLAMA_HOST"\n')
    binary.chmod(0o755)
    shell.environment["PATH"] = f"{binary.parent}:{shell.environment['PATH']}"
    assert shell("--host", "1.2.3.4", "serve").out == b"serve at 1.2.3.4\n"


def test_a_damaged_configuration_is_told_and_left_alone(shell: Shell) -> None:
    shell.data.mkdir()
    config = shell.data / "config.toml"
    config.write_text("theme = [broken")
    said = shell("list")
    assert said.code == 0
    assert "config.toml" in said.err
    assert config.read_text() == "theme = [broken"


def test_without_a_terminal_the_screen_says_what_to_do(shell: Shell) -> None:
    said = shell()
    assert said.code == 1
    assert "needs a terminal" in said.err
