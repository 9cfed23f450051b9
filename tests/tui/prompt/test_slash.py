"""The grammar of the slash commands, and what is offered while one is written."""

import pytest

from ollama_tui.domain.options import SPECS
from ollama_tui.tui.completion import complete_command
from ollama_tui.tui.slash import Command, SlashError, is_command, parse, unquote

FILES = {"schema.json": '{"type": "object"}', "list.json": "[]", "broken.json": "{"}


def read(path: str) -> str:
    """A file's text, of the files above."""
    try:
        return FILES[path]
    except KeyError:
        raise FileNotFoundError(path) from None


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("/set parameter num_ctx 8192", "set", ("parameter", "num_ctx", "8192")),
        ('/set parameter stop "a b" "\\"c\\"" d', "set", ("parameter", "stop", "a b", '"c"', "d")),
        ('/set parameter stop "a\\nb"', "set", ("parameter", "stop", "a\nb")),
        ("/set system You are a pirate.", "set", ("system", "You are a pirate.")),
        ('/set system "You are."', "set", ("system", "You are.")),
        ('/set system "a" and "b"', "set", ("system", '"a" and "b"')),
        ('/set system """\nYou are.\nTwo."""', "set", ("system", "You are.\nTwo.")),
        ("/set think", "set", ("think",)),
        ("/set think high", "set", ("think", "high")),
        ("/set nothink", "set", ("nothink",)),
        ("/set format json", "set", ("format", "json")),
        ('/set format {"type": "array"}', "set", ("format", '{"type": "array"}')),
        ("/set format schema.json", "set", ("format", '{"type": "object"}')),
        ("/set noformat", "set", ("noformat",)),
        ("/set verb", "set", ("verbose",)),
        ("/set par temperature 0.5", "set", ("parameter", "temperature", "0.5")),
        ("/sh", "show", ("info",)),
        ("/show lic", "show", ("license",)),
        ("/load llama3.2", "load", ("llama3.2",)),
        ("/save  mine ", "save", ("mine",)),
        ("/list", "list", ()),
        ("/clear", "clear", ()),
        ("/bye", "bye", ()),
        ("/exit", "bye", ()),
        ("/b", "bye", ()),
        ("/?", "help", ()),
        ("/? set", "help", ("set",)),
        ("/help /set", "help", ("set",)),
        ('/image "my cat.png"', "image", ("my cat.png",)),
        ("/title A name of words", "title", ("A name of words",)),
        ("/title", "title", ()),
        ("/theme nord", "theme", ("nord",)),
        ("/data", "data", ()),
    ],
)
def test_commands(text: str, name: str, arguments: tuple[str, ...]):
    command = parse(text, read)
    assert (command.name, command.arguments) == (name, arguments)
    assert isinstance(command, Command)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("/frobnicate", "no command /frobnicate"),
        ("/s", "/save, /search, /set, /show, /stop, /summarise"),
        ("/", "no command"),
        ("/load", "needs a model: /load MODEL"),
        ("/list now", "takes nothing"),
        ("/set", "parameter, system"),
        ("/set frob", "does not know frob"),
        ("/set no", "nothink, noformat, nohistory, nowordwrap"),
        ("/set parameter", "Known: temperature"),
        ("/set parameter frob 1", "no parameter 'frob'"),
        ("/set parameter num_ctx", "What should num_ctx be?"),
        ("/set parameter num_ctx many", "a whole number"),
        ("/set parameter temperature 9", "between 0 and 5"),
        ('/set parameter stop "a', "quote is not closed"),
        ("/set system", "needs the text"),
        ("/set think hardest", "low, medium, high, max"),
        ("/set quiet please", "takes nothing"),
        ("/set format", "needs json"),
        ("/set format broken.json", "not JSON"),
        ("/set format list.json", "is an object"),
        ("/show x", "does not know x"),
    ],
)
def test_what_is_no_command_is_told_in_a_sentence(text: str, word: str):
    with pytest.raises(SlashError) as caught:
        parse(text, read)
    assert word in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_schema_that_is_not_there():
    with pytest.raises(FileNotFoundError):
        parse("/set format nowhere.json", read)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/set think", True),
        ("/frobnicate", True),
        ("/data", True),
        ("/home/x/cat.png", False),
        ("/home/x/my\\ cat.png what is it", False),
        ("/tmp", False),
        ("//comment", False),
        ("a /set", False),
        (" /set", False),
    ],
)
def test_a_path_that_exists_is_no_command(text: str, expected: bool):
    there = {"/home/x/cat.png", "/home/x/my cat.png", "/tmp", "/data"}
    assert is_command(text, there.__contains__) is expected


def test_multi_line_quotes():
    assert unquote('"""a\nb"""') == "a\nb"
    assert unquote('"""\na\n') == "a"
    assert unquote('"a"') == "a"
    assert unquote('say "a"') == 'say "a"'


def offered(written: str) -> list[str]:
    """The labels of what is offered after `written`."""
    return [offer.label for offer in complete_command(written, {"load": ["llama3.2", "qwen3:8b"]}).items]


def test_what_is_offered():
    assert offered("/")[:3] == ["/set", "/show", "/load"]
    assert offered("/se")[0] == "/set"
    assert offered("/st") == ["/stop", "/set", "/list"] or offered("/st")[0] == "/stop"
    assert offered("/set th") == ["think", "nothink"]
    assert offered("/set parameter ") == [spec.name for spec in SPECS]
    assert offered("/set parameter ctx") == ["num_ctx"]
    assert offered("/set parameter use_mmap ") == ["true", "false"]
    assert "4 … 10,000,000" in offered("/set parameter num_ctx ")
    assert offered("/show ") == ["info", "license", "modelfile", "parameters", "system", "template"]
    assert offered("/load q") == ["qwen3:8b"]
    assert offered("/load lma") == ["llama3.2"]
    assert offered("/set think h") == ["high"]
    assert offered("/nothing x") == []
    assert offered("hello /") == []
    assert complete_command("/set th", {}).start == 2
