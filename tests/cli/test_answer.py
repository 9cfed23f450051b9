"""`run MODEL "prompt"`: what is asked, what goes where, how it ends."""

import fcntl
import json
import re
import signal
import sqlite3
import struct
import time
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.server import HOSTILE, Server
from tests.cli.shell import Said, Shell


def a_picture(path: Path) -> Path:
    """A red pixel as PNG."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b""))
    return path


def test_the_answer_alone_goes_to_a_pipe_with_not_a_byte_altered(shell: Shell) -> None:
    assert shell("run", "lines", "go") == Said(b"one\ntwo\nthree", "", 0)
    said = shell("run", "hostile", "--hidethinking", "go")
    assert said == Said(HOSTILE.encode(), "", 0)


def test_what_is_piped_in_goes_before_the_prompt(shell: Shell, server: Server) -> None:
    assert (
        shell("run", "repeat", "second", "third", stdin="first 第一\n".encode()).out
        == "first 第一\n second third".encode()
    )
    assert shell("run", "repeat", stdin=b"alone").out == b"alone"
    assert shell("run", "repeat", "-", stdin=b"alone").out == b"alone"
    assert shell("run", "repeat", "a", "-", stdin=b"").out == b"a -"
    assert shell("run", "repeat", "--", "--think", "-5", stdin=b"").out == b"--think -5"


def test_bytes_that_are_no_utf8_are_replaced(shell: Shell) -> None:
    assert shell("run", "repeat", b"\xff\xfe word", stdin=b"caf\xe9").out == "caf\ufffd \ufffd\ufffd word".encode()
    assert shell("run", b"no\xffmodel", "x").code == 1


def test_ten_megabytes_piped_in_are_asked_and_kept(shell: Shell, server: Server) -> None:
    server.fail(path="/api/chat", status=400, text="prompt is longer than the context length")
    piped = b"0123456789abcde\n" * 655_360
    said = shell("run", "repeat", "sum it up", stdin=piped)
    assert (said.out, said.code) == (b"", 1)
    assert said.err.startswith("Error: The conversation is longer than the context")
    (question,) = shell.rows("SELECT length(text) FROM message WHERE role = 'user'")
    assert question == (len(piped) + 1 + len("sum it up"),)


def test_without_anything_to_ask_the_model_is_loaded(shell: Shell, server: Server) -> None:
    assert shell("run", "repeat", "--keepalive", "30m", "-o", "num_ctx=2048") == Said(b"", "", 0)
    (body,) = server.asked("/api/generate")
    assert (body["keep_alive"], body["options"], body.get("prompt", "")) == ("30m", {"num_ctx": 2048}, "")
    assert server.asked("/api/chat") == []
    assert shell.rows("SELECT count(*) FROM message") == [(0,)]


def test_a_closed_standard_input_is_an_empty_one(shell: Shell) -> None:
    assert shell.through("$T run repeat hello <&-").out == b"hello"
    assert shell.through("$T run repeat hello >&-").code == 0
    assert shell.through("$T run nix hello 2>&-").code == 1


def test_thinking_goes_to_stderr_and_can_be_hidden_or_turned_off(shell: Shell, server: Server) -> None:
    said = shell("run", "thinker", "why?")
    assert said.err.startswith("Thinking...\nThe question has to be")
    assert said.err.endswith("\n...done thinking.\n\n")
    assert said.out.startswith(b"I thought **9 steps** long")
    assert shell("run", "thinker", "--hidethinking", "why?").err == ""
    unthinking = shell("run", "thinker", "--think=false", "why?")
    assert unthinking.out.startswith(b"I did not think this time")
    assert unthinking.err == ""
    assert [body["think"] for body in server.asked("/api/chat")] == [True, True, False]


def test_a_level_of_thinking_needs_its_sign(shell: Shell, server: Server) -> None:
    assert "(level: high)" in shell("run", "thinker", "--think=high", "why?").out.decode()
    said = shell("run", "thinker", "--think", "high", "time", "--hidethinking")
    assert "you asked “high time”" in said.out.decode()
    assert said.err == "Note: 'high' is the prompt's first word; a level needs `=`: --think=high\n"
    assert "you asked “--think”" in shell("run", "thinker", "--hidethinking", "--", "--think").out.decode()
    assert [body["think"] for body in server.asked("/api/chat")] == ["high", True, True]
    wrong = shell("run", "--think", "high", "thinker", "why?")
    assert wrong.code == 2
    assert wrong.err.endswith("\n\nError: a level needs `=`: --think=high\n")
    assert shell("run", "thinker", "--think=hard", "why?").code == 2
    assert len(server.asked("/api/chat")) == 3


def test_a_model_that_does_not_think_is_told_why_and_asked_without(shell: Shell) -> None:
    said = shell("run", "repeat", "--think", "hi")
    assert (said.out, said.code) == (b"hi", 0)
    assert said.err == "repeat:latest cannot think, so it was asked without.\n"


def test_it_is_kept_as_it_was_asked(shell: Shell) -> None:
    shell("run", "repeat", "--system", "Be brief.", "-o", "seed=7", "-o", "stop=a", "-o", "stop=b", "hello")
    assert shell.rows("SELECT title FROM conversation") == [("hello",)]
    assert shell.rows("SELECT role, text, ending FROM message ORDER BY role DESC") == [
        ("user", "hello", "complete"),
        ("assistant", "hello", "complete"),
    ]
    (setup,) = shell.rows("SELECT sent FROM message WHERE role = 'assistant'")
    sent = json.loads(setup[0])
    assert (sent["system"], sent["options"]) == ("Be brief.", {"seed": 7, "stop": ["a", "b"]})


def test_not_to_be_saved_leaves_no_trace(shell: Shell, server: Server) -> None:
    assert shell("run", "repeat", "--no-save", "a secret").out == b"a secret"
    assert list(shell.home.rglob("*")) == []
    shell("run", "repeat", "a question")
    before = shell.rows("SELECT * FROM state ORDER BY key")
    assert shell("run", "lines", "--no-save", "a secret").code == 0
    assert shell.rows("SELECT * FROM state ORDER BY key") == before
    assert not any(b"a secret" in path.read_bytes() for path in shell.home.rglob("*") if path.is_file())
    assert shell.endings() == ["complete"]


def test_what_is_configured_holds_where_nothing_else_is_said(shell: Shell, server: Server) -> None:
    shell.data.mkdir()
    (shell.data / "config.toml").write_text('model = "repeat"\nsystem = "Be kind."\n[options]\nseed = 1\ntop_k = 5\n')
    assert shell("run", "", "hi").out == b"hi"
    shell("run", "repeat", "hi", "--system", "", "-o", "seed=2")
    first, second = server.asked("/api/chat")
    assert (first["messages"][0], first["options"]) == (
        {"role": "system", "content": "Be kind."},
        {"seed": 1, "top_k": 5},
    )
    assert (second["messages"][0]["role"], second["options"]) == ("user", {"seed": 2, "top_k": 5})


def test_an_answer_in_json(shell: Shell, server: Server, tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"type": "object"}')
    for text in ("json", f"@{schema}", '{"type": "array"}'):
        assert shell("run", "repeat", "--format", text, "hi").code == 0
    assert [body["format"] for body in server.asked("/api/chat")] == ["json", {"type": "object"}, {"type": "array"}]
    (tmp_path / "list.json").write_text("[1]")
    for text, words in (
        ("xml", "There is no file xml. A format is json, a JSON schema {…}, or a file with one."),
        ("@/nowhere.json", "There is no file /nowhere.json. A format is"),
        (str(tmp_path / "list.json"), "A format is json, or a JSON schema, which is an object"),
        ("{", "The schema is not JSON: "),
        ("@" + str(a_picture(tmp_path / "x.png")), "it is not in UTF-8"),
    ):
        said = shell("run", "repeat", "--format", text, "hi")
        assert said.code == 2
        assert "\nError: --format: " in said.err
        assert words in said.err
    assert len(server.asked("/api/chat")) == 3


def test_options_are_checked_before_anything_is_asked(shell: Shell, server: Server) -> None:
    for words in (
        ["-o", "warmth=3"],
        ["-o", "temperature=hot"],
        ["-o", "seed"],
        ["--keepalive", "soon"],
        ["--image", "/nowhere.png"],
        ["--dimensions", "0"],
        ["--truncate=perhaps"],
        ["--frobnicate"],
    ):
        said = shell("run", "repeat", *words, "hi")
        assert (said.out, said.code) == (b"", 2), words
        assert "Error: " in said.err
    assert server.demo.requests == []


def test_the_figures_in_ollamas_layout(shell: Shell) -> None:
    said = shell("run", "words", "-o", "num_predict=5", "--verbose", "go on")
    assert re.fullmatch(
        r"total duration:       [\d.]+(µs|ms|s)\n"
        r"(load duration:        [\d.]+(µs|ms|s)\n)?"
        r"prompt eval count:    \d+ token\(s\)\n"
        r"prompt eval duration: [\d.]+(µs|ms|s)\n"
        r"prompt eval rate:     \d+\.\d\d tokens/s\n"
        r"eval count:           5 token\(s\)\n"
        r"eval duration:        [\d.]+(µs|ms|s)\n"
        r"eval rate:            \d+\.\d\d tokens/s\n"
        r"The answer was cut at its greatest length \(num_predict or the context\)\.\n",
        said.err,
    )
    assert said.code == 0


def test_pictures_by_option_and_by_their_path_in_the_prompt(shell: Shell, server: Server, tmp_path: Path) -> None:
    first, second = a_picture(tmp_path / "first.png"), a_picture(tmp_path / "my cat.png")
    escaped = str(second).replace(" ", "\\ ")
    said = shell("run", "eyes", f"Compare {first}, '{escaped}' and /none/there.png.", "--image", str(first))
    assert said.code == 0
    assert said.err == (
        "Note: there is no file /none/there.png: it is sent as a word.\n"
        "Added image 'first.png'\nAdded image 'my cat.png'\n"
    )
    (message,) = server.asked("/api/chat")[0]["messages"]
    assert message["content"] == "Compare ,  and /none/there.png."
    assert len(message["images"]) == 3
    blind = shell("run", "echo", "hi", "--image", str(first))
    assert (blind.err, blind.code) == ("Error: echo takes text only, no picture or sound.\n", 1)
    assert len(server.asked("/api/chat")) == 1


def test_no_file_is_sent_that_the_person_did_not_name(shell: Shell, server: Server, tmp_path: Path) -> None:
    picture = a_picture(tmp_path / "private.png")
    shell("run", "eyes", "What does it say?", stdin=f"Look at {picture}".encode())
    shell("run", "repeat", f"What is in {picture}?")
    messages = [body["messages"][0] for body in server.asked("/api/chat")]
    assert all("images" not in message and str(picture) in message["content"] for message in messages)


def test_a_file_that_is_no_picture_is_said(shell: Shell, server: Server, tmp_path: Path) -> None:
    text = tmp_path / "text.png"
    text.write_text("no picture")
    said = shell("run", "eyes", f"What is in {text}?")
    assert said.code == 1
    assert said.err.startswith("Error: text.png is no image")
    assert shell("run", "eyes", "What?", "--image", str(text)).code == 2
    assert server.asked("/api/chat") == []


def test_an_embedding_model_prints_its_vector(shell: Shell, server: Server) -> None:
    said = shell("run", "embed", "--dimensions", "8", "--truncate=false", "cat", stdin=b"a")
    vector = json.loads(said.out)
    assert len(vector) == 8
    assert said.out == (json.dumps(vector, separators=(",", ":")) + "\n").encode()
    (body,) = server.asked("/api/embed")
    assert (body["input"], body["truncate"], body["dimensions"]) == (["a cat"], False, 8)
    empty = shell("run", "embed")
    assert empty.err.endswith(
        'Error: embedding models require input text. Usage: ollama-tui run embed "your text here"\n'
    )
    assert empty.code == 2


def test_a_missing_model_is_pulled_first(shell: Shell, server: Server) -> None:
    said = shell("run", "llama3.2:1b", "hello")
    assert said.err.startswith("pulling manifest\npulling ")
    assert said.err.endswith("verifying sha256 digest\nwriting manifest\nsuccess\n")
    assert b"llama3.2:1b" in said.out
    assert [body["model"] for body in server.asked("/api/pull")] == ["llama3.2:1b"]
    gone = shell("run", "no-such-model", "hello")
    assert (gone.out, gone.code) == (b"", 1)
    assert gone.err.startswith("pulling manifest\nError: ")
    assert "pull model manifest: file does not exist" in gone.err
    assert "ollama.com/library has all names" in gone.err
    server.fail(path="/api/pull", after=1, ending="error", text="pull model manifest: dial tcp: no such host")
    for words in (["run", "guied", "hello"], ["pull", "guied"]):
        near = shell(*words)
        assert (near.out, near.code) == (b"", 1)
        assert near.err.endswith("\nDid you mean guide? Its log may say more.\n")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_interrupted_it_keeps_what_came(shell: Shell, server: Server, number: signal.Signals, code: int) -> None:
    server.fail(path="/api/chat", tokens_per_second=100)
    with shell.begin("run", "words", "go on") as running:
        assert running.stdout is not None
        assert running.stderr is not None
        begun = running.stdout.read(40)
        running.send_signal(number)
        running.send_signal(number)
        assert running.wait(10) == code
        assert running.stderr.read() == b""
    ((text, ending),) = shell.rows("SELECT text, ending FROM message WHERE role = 'assistant'")
    assert ending == "stopped"
    assert text.startswith(begun.decode())
    deadline = time.monotonic() + 5
    while (chat := next(one for one in server.demo.requests if one.path == "/api/chat")).disconnected is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert chat.finished is None


def test_a_closed_pipe_is_no_error(shell: Shell, server: Server) -> None:
    server.fail(path="/api/chat", tokens_per_second=200)
    said = shell.through("{ $T run words 'go on'; echo $? >&2; } | head -c 5")
    assert said == Said(b"word0", "0\n", 0)
    assert shell.endings() == ["stopped"]
    assert shell.through("{ $T list; echo $? >&2; } | true") == Said(b"", "0\n", 0)


def test_a_reader_who_stands_still_does_not_hold_up_the_answer(shell: Shell) -> None:
    with shell.begin("run", "words", "-o", "num_ctx=32768", "go on") as running:
        assert running.stdout is not None
        fcntl.fcntl(running.stdout, fcntl.F_SETPIPE_SZ, 4096)
        deadline = time.monotonic() + 15
        kept = 0
        while kept < 9000:  # more than such a pipe takes
            assert time.monotonic() < deadline
            time.sleep(0.2)
            if not (shell.data / "history.db").exists():
                continue
            with suppress(sqlite3.OperationalError):  # its tables may not be there yet
                ((kept,),) = shell.rows(
                    "SELECT coalesce((SELECT sum(length(text)) FROM piece), 0)"
                    " + coalesce((SELECT sum(length(text)) FROM message WHERE role = 'assistant'), 0)"
                )
        running.send_signal(signal.SIGINT)
        assert running.wait(10) == 130


def test_a_disk_that_takes_no_more_is_an_error_and_the_answer_is_kept(shell: Shell) -> None:
    said = shell.through("$T run lines hi > /dev/full")
    assert (said.err, said.code) == ("Error: No space left on device\n", 1)
    assert shell.endings()[0] in ("complete", "stopped")


def test_what_the_server_says_went_wrong(shell: Shell, server: Server) -> None:
    server.fail(path="/api/chat", after=3, ending="close")
    said = shell("run", "words", "go on")
    assert said.code == 1
    assert said.out.startswith(b"word0")
    assert said.err == (
        "Error: The connection to the server ended before the answer was complete.\n"
        "What arrived is kept. Try again, or continue the answer.\n"
    )
    assert shell.endings() == ["cut-off"]
    server.forget()
    server.fail(path="/api/chat", ending="close")
    assert shell("run", "words", "go on").err.endswith(
        "\nNothing of the answer had come. Try again; the server's log may say more.\n"
    )


def test_the_demo_answers_without_any_server(shell: Shell, server: Server) -> None:
    said = shell("--demo", "run", "echo", "hello")
    assert said.out.startswith(b"hello\n")
    assert server.demo.requests == []


def test_a_prompt_that_does_not_fit_is_told_with_its_sizes_and_the_option_that_makes_room(
    shell: Shell, server: Server
) -> None:
    said = shell("run", "repeat", "-o", "num_ctx=1024", stdin=b"word " * 1100)  # sent: it might just fit
    assert (said.out, said.code) == (b"", 1)
    assert re.fullmatch(
        r"Error: The conversation is longer .* It has 11\d\d tokens; 1024 were given\.\n"
        r"Give it a larger context, with -o num_ctx=2048, or shorten the prompt\.\n",
        said.err,
    )
    said = shell("run", "repeat", stdin=b"word " * 100_000)  # not sent
    assert (said.out, said.code) == (b"", 1)
    assert re.search(r"It has about \d+ tokens; 4096 were given\.\n.* 32768 at most: shorten the prompt\.\n$", said.err)
    assert len(server.asked("/api/chat")) == 1
