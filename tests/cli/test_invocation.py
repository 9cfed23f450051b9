"""What stands before and beside the commands: version, help, usage, the server that is meant, the configuration."""

import re
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.server import Server
from tests.cli.shell import Said, Shell


def test_versions(shell: Shell, server: Server) -> None:
    ours = shell("--version")
    assert re.fullmatch(rb"ollama-tui version is \d+\.\d+\.\d+\n", ours.out)
    assert shell("-v") == ours
    assert server.demo.requests == []
    assert shell("version") == Said(ours.out + b"ollama version is 0.0.0\n", "", 0)
    shell.environment["OLLAMA_HOST"] = "127.0.0.1:9"
    assert shell("version") == Said(ours.out, "Warning: No Ollama server answers at http://127.0.0.1:9.\n", 0)


def test_help(shell: Shell, server: Server) -> None:
    listing = shell("help")
    for name in ("list", "ls", "ps", "pull", "rm", "cp", "show", "run", "serve", "stop", "version", "help"):
        assert re.search(rf"^  {name} +\S", listing.out.decode(), re.MULTILINE)
    assert shell("--help") == shell("-h") == listing
    one = shell("help", "run")
    assert "--hidethinking" in one.out.decode()
    assert shell("run", "--help") == one
    assert shell("help", "nonsense").code == 2
    assert server.demo.requests == []


@pytest.mark.parametrize(
    "words",
    [
        ["frobnicate"],
        ["cp", "only-one"],
        ["rm"],
        ["pull"],
        ["--frobnicate"],
        ["serve", "--port", "1"],
        ["run"],
        ["run", "", "hi"],
    ],
)
def test_usage_has_its_code(shell: Shell, server: Server, words: list[str]) -> None:
    said = shell(*words)
    assert (said.out, said.code) == (b"", 2)
    assert "\nError: " in said.err
    assert server.demo.requests == []


def test_which_server_is_meant(shell: Shell, server: Server) -> None:
    def answers(*words: str) -> bool:
        return shell(*words, "list").code == 0

    assert answers()
    assert not answers("--host", "127.0.0.1:9"), "the option before the environment"
    del shell.environment["OLLAMA_HOST"]
    shell.data.mkdir()
    config = shell.data / "config.toml"
    config.write_text(hosts := f'[hosts]\nlab = "{server.url}"\n')
    assert not answers(), "a host that is only known is not meant"
    config.write_text('host = "lab"\n' + hosts)
    assert answers(), "the configuration"
    assert shell("run", "echo", "hello").code == 0
    config.write_text(hosts)
    assert not answers(), "the screen has not led to any yet"
    with closing(sqlite3.connect(shell.data / "history.db")) as database, database:
        database.execute("INSERT INTO state (key, value) VALUES ('host.last', '\"lab\"')")
    assert answers(), "the one used last"
    shell.environment["OLLAMA_HOST"] = "127.0.0.1:9"
    said = shell("list")
    assert said.code == 1
    assert said.err == (
        "Error: No Ollama server answers at http://127.0.0.1:9.\n"
        "`ollama-tui serve` starts one here; --host names another, and --demo takes the built-in one "
        "(both before the command).\n"
    )


def test_what_stands_elsewhere_is_told(shell: Shell) -> None:
    for words, told in (
        (["run", "--model", "echo", "hi"], "--model stands before the command: ollama-tui --model … run"),
        (["list", "--demo"], "--demo stands before the command"),
        (["push", "x"], "it is a command of Ollama's own, `ollama push`."),
        (["list", "--frobnicate"], "No such option"),
    ):
        said = shell(*words)
        assert (said.out, said.code) == (b"", 2)
        assert told in said.err


@pytest.mark.parametrize("host", ["ht!tp://x y", "ftp://x", "a b", "[::1]x:80", "h:0", "999.1.1.1", "h(1)"])
def test_an_address_where_nothing_can_be(shell: Shell, host: str) -> None:
    words = "can be no server's address. An address is like 192.168.1.5, gpu.lan:11434 or https://gpu.lan/ollama."
    for command in (["list"], ["run", "echo", "hi"]):
        said = shell("--host", host, *command)
        assert (said.out, said.code) == (b"", 2)
        assert said.err.endswith(f"Error: --host: {host} {words}\n")
    shell.environment["OLLAMA_HOST"] = host
    said = shell("list")
    assert (said.out, said.code) == (b"", 1)
    assert said.err.startswith("Error: ")
    assert said.err.endswith(words.replace(". An", ".\nAn") + "\n")


def test_an_address_that_ollama_reads_otherwise_than_it_is_written_is_told(shell: Shell, server: Server) -> None:
    port = server.url.rpartition(":")[2]
    said = shell("--host", f"http:///{port}", "show", "nope")
    assert said.err.count("Warning: ") == 1, "though its server is asked twice"
    assert said.err.startswith(
        f"Warning: http:///{port} is read as http://127.0.0.1:80/{port}, as Ollama reads it: it names no host.\n"
    )
    for host, why in (
        ("h.invalid:99999", "99999 is no port"),
        ("http://[::1", "a bracket is missing"),
        ("http://me:pw@h.invalid", "a name and a password are not understood"),
    ):
        assert f" as Ollama reads it: {why}.\n" in shell("--host", host, "list").err
    assert shell("list").err == ""


def test_the_demo_needs_no_server(shell: Shell, server: Server) -> None:
    assert b"guide:latest" in shell("--demo", "list").out
    assert server.demo.requests == []


def test_serve_is_ollamas_own(shell: Shell, tmp_path: Path) -> None:
    without = shell("serve")
    assert without.code == 1
    assert "no `ollama`" in without.err
    binary = tmp_path / "bin" / "ollama"
    binary.parent.mkdir()
    binary.write_text('#!/bin/sh\necho "$@" at "$OLLAMA_HOST"\nexit 7\n')
    binary.chmod(0o755)
    shell.environment["PATH"] = f"{binary.parent}:{shell.environment['PATH']}"
    assert shell("--host", "1.2.3.4", "serve") == Said(b"serve at 1.2.3.4\n", "", 7)


def test_serve_the_demo(shell: Shell) -> None:
    with shell.begin("--demo", "serve", "--port", "0") as serving:
        assert serving.stdout is not None
        found = re.fullmatch(rb"The demo listens at (http://127\.0\.0\.1:\d+)\n", serving.stdout.readline())
        assert found
        shell.environment["OLLAMA_HOST"] = found[1].decode()
        assert b"guide:latest" in shell("list").out
        port = found[1].rpartition(b":")[2].decode()
        taken = shell("--demo", "serve", "--port", port)
        assert taken.code == 1
        assert taken.err.startswith(f"Error: listen tcp 127.0.0.1:{port}: address already in use\n")
        odd = shell("--demo", "--host", "a b", "serve")
        assert (odd.code, "Error: --host: a b can be no server's address." in odd.err) == (2, True)
        elsewhere = shell("--demo", "--host", "192.0.2.1", "serve")
        assert (elsewhere.code, elsewhere.err.splitlines()[-1]) == (1, "--host has to be an address of this machine.")
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(10) == 0


def test_a_damaged_configuration_is_told_and_left_alone(shell: Shell) -> None:
    shell.data.mkdir()
    config = shell.data / "config.toml"
    config.write_text("theme = [broken")
    said = shell("list")
    assert said.code == 0
    assert said.err.startswith("Warning: ")
    assert "config.toml" in said.err
    assert "Nothing in this file is used until this is put right." in said.err
    assert config.read_text() == "theme = [broken"


def test_only_what_is_wrong_in_the_configuration_is_left_out_and_it_is_told_where(shell: Shell, server: Server) -> None:
    """The system prompt, the model, and a parameter are asked for all the same."""
    shell.data.mkdir()
    (shell.data / "config.toml").write_text(
        'model = "repeat"\nsystem = """\nBe\nkind."""\nthme = "paper"\nbell_after = "soon"\ntop_k = 5\n'
        "[options]\nseed = 7\ntemprature = 1\ntop_p = 3\n[hosts]\nlab = 5\n"
    )
    shell.environment |= {"OLLAMA_TUI_BELL": "gong", "OLLAMA_TUI_MODLE": "echo", "OLLAMA_TUI_IMAGES": "off"}
    shell.environment["OLLAMA_TUI_LANGUAGE"] = "klingon"
    said = shell("run", "", "hello")
    assert said.code == 0
    (asked,) = server.asked("/api/chat")
    assert asked["model"] == "repeat:latest"
    assert (asked["options"], asked["messages"][0]["content"]) == ({"seed": 7}, "Be\nkind.")
    told = said.err.replace(f"Warning: {shell.data}/config.toml, ", "").replace("Warning: ", "")
    assert [line.replace(" is left out", "") for line in told.splitlines()] == [
        "line 5: thme: there is no such setting. Did you mean theme?",
        "line 6: bell_after: it must be a number.",
        "line 7: top_k: there is no such setting. It is a parameter, and belongs below [options].",
        "line 10: options.temprature: there is no such parameter. Did you mean temperature?",
        "line 11: options.top_p: top_p must be between 0 and 1, not 3.",
        "line 13: hosts.lab: it must be a text in quotes.",
        "OLLAMA_TUI_BELL: it must be one of off, bell, notify.",
        "OLLAMA_TUI_MODLE: there is no such setting. Did you mean model?",
        "OLLAMA_TUI_LANGUAGE: it must be one of en, zh_CN.",
    ]


def test_a_folder_that_cannot_be_used_is_said(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said = shell("--data-dir", str(tmp_path / "file" / "below"), "run", "echo", "hello")
    assert (said.out, said.code) == (b"", 1)
    assert said.err.startswith("Error: The data cannot be kept at ")
    assert "--data-dir" in said.err


def test_without_a_terminal_the_screen_says_what_to_do(shell: Shell) -> None:
    said = shell()
    assert (said.out, said.code) == (b"", 1)
    assert said.err == 'Error: the screen needs a terminal.\nIn a pipe, use: ollama-tui run MODEL "prompt"\n'


def test_what_goes_with_a_prompt_is_not_passed_over_on_the_screen(shell: Shell) -> None:
    shown = shell.on_a_terminal("run", "echo", "--no-save")
    assert shown.code == 2
    assert b"--no-save goes with a prompt" in shown.sent
