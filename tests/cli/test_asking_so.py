"""Asking as a preset says, and answers that are to be JSON."""

from tests.cli.server import Server
from tests.cli.shell import Shell

PRESET = """
think = false
format = "json"
system = "Be kind."
[options]
seed = 1
top_k = 5
"""


def test_a_preset_lies_under_what_is_said(shell: Shell, server: Server) -> None:
    folder = shell.data / "presets"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text(f'colour = "red"\n{PRESET}')
    (folder / "broken.toml").write_text("[options]\ntop_k = true\n")
    said = shell("run", "repeat", "--preset", "MINE", "-o", "seed=2", "--system", "Be brief.", "hi")
    assert said.code == 0
    assert "Note: 'colour' is not known" in said.err
    (body,) = server.asked("/api/chat")
    assert body["messages"][0] == {"role": "system", "content": "Be brief."}
    assert (body["options"], body["format"], body["think"]) == ({"seed": 2, "top_k": 5}, "json", False)
    for name, words in (("broken", "broken.toml, line 2: top_k needs a whole number"), ("none", "There are: mine.")):
        said = shell("run", "repeat", "--preset", name, "hi")
        assert (said.out, said.code) == (b"", 2)
        assert words in said.err
    assert len(server.asked("/api/chat")) == 1


def test_an_answer_that_is_not_what_the_schema_says_is_told(shell: Shell) -> None:
    schema = '{"type": "object", "properties": {"n": {"type": "string", "pattern": "^[0-9]+$"}}}'
    said = shell("run", "repeat", "--format", schema, "hi")
    assert said.out.startswith(b"{")
    assert said.code == 0
    assert "$.n does not fit the pattern ^[0-9]+$" in said.err
    assert shell("run", "repeat", "--format", '{"type": "object"}', "hi").err == ""


def test_a_schema_that_is_wrong_in_itself_is_never_asked_for(shell: Shell, server: Server) -> None:
    said = shell("run", "repeat", "--format", '{"type": "objct"}', "hi")
    assert said.code == 2
    assert '$.type: "objct" is no type' in said.err
    assert server.demo.requests == []
