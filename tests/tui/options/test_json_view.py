"""Answers as JSON: what is said under them, and the tree."""

import json
from dataclasses import replace
from pathlib import Path

from ollama_tui.tui.pane.json_value import toggle
from ollama_tui.tui.widgets.json_rows import JsonRows
from ollama_tui.tui.widgets.json_view import JsonView
from ollama_tui.tui.widgets.record_view import RecordView
from tests.tui.app.opened import Program, opened

# The demo fills a schema, but knows nothing of patterns.
SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "pattern": "^[0-9]+$"},
        "list": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
    },
    "required": ["name"],
}


async def tree(program: Program) -> JsonRows:
    await program.press("alt+j")
    await program.until(lambda: program.pane.query(JsonView))
    return program.pane.query_one(JsonRows)


async def test_what_does_not_fit_is_said_under_the_answer_and_in_the_tree(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(100, 40)) as program:
        await program.type(f"/set format {json.dumps(SCHEMA)}\n")
        await program.sees("Answers come as JSON")
        await program.ask("hello")
        await program.sees("JSON: does not fit the schema in 1 place")
        await program.sees("$.name does not fit the pattern ^[0-9]+$")
        rows = await tree(program)
        assert rows.key == "$.name", "the cursor is on what does not fit"
        await program.sees("✗ does not fit the pattern")
        await program.press("c")
        await program.sees("▸ list: [ 1 item ]")
        await program.press("down", "right", "right")
        await program.until(lambda: rows.key == "$.list[0]")
        await program.press("right")
        await program.sees("n: 42")
        await program.press("left", "left", "left")
        await program.until(lambda: rows.key == "$.list")
        await program.press("n")
        await program.until(lambda: rows.key == "$.name")
        await program.press("escape")
        await program.until(lambda: not program.pane.query(JsonView))
    async with opened(tmp_path, size=(100, 40)) as program:
        await program.press("f7")
        await program.sees("JSON: does not fit the schema in 1 place")


async def test_an_answer_that_was_cut_shows_what_came(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(100, 40)) as program:
        await program.type("/set format json\n/set parameter num_predict 12\n")
        await program.until(lambda: program.pane.conversation.setup.options)
        await program.ask("hello there, this is a question with many words in it")
        await program.sees("JSON: not whole yet: it breaks off at $.model")
        await tree(program)
        await program.sees("model: ")
        await program.press("escape")
        await program.type("/set parameter num_predict 400\n")
        await program.until(lambda: program.pane.conversation.setup.options == {"num_predict": 400})
        await program.press("alt+r")
        await program.until(lambda: program.pane.live is not None)
        await program.ended()
        await program.sees("✓ JSON: whole JSON")


async def test_json_of_an_answer_that_nothing_was_asked_of(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(120, 40)) as program:
        await program.ask("plain words")
        await program.press("alt+j")
        await program.sees("There is no JSON in this answer.")
        program.pane.prompt.insert_text('```json\n{"键": [1, null, true, "\\u001b[2J"]}\n```')
        await program.press("enter")
        await program.until(lambda: len(program.pane.messages) == 4)
        await program.ended()
        rows = await tree(program)
        await program.sees("键: [ 4 items ]")
        assert "\x1b" not in program.screen
        await program.press("end")
        await program.until(lambda: rows.key == "$.键[3]")
        await program.sees('3: "\\u001b[2J"')
        await program.sees(" ␛[2J")


async def test_a_large_value_opens_folded_and_at_once(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(100, 30)) as program:
        await program.ask("x")
        message = program.pane.messages[-1]
        large = json.dumps({"items": [{"id": n, "tags": ["a", "b"]} for n in range(20_000)]})
        await toggle(program.pane, replace(message, text=large))
        rows = program.pane.query_one(JsonRows)
        assert len(rows.keys) == 2
        await program.press("down", "right")
        await program.until(lambda: len(rows.keys) == 2003)
        await program.press("end")
        await program.sees("18000 more parts")


async def test_what_the_model_was_given_can_be_seen(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(100, 45)) as program:
        await program.type('/set parameter stop "a\\nb"\n/set system Be brief.\n/set think low\n')
        await program.until(lambda: program.pane.conversation.setup.think)
        await program.ask("hi")
        await program.type("/set system Something else.\n")
        await program.press("alt+i")
        await program.until(lambda: program.pane.query(RecordView))
        answer = program.pane.messages[-1]
        assert answer.model is not None
        assert answer.sent is not None
        for words in (answer.model.digest[:40], answer.sent.server_version, '"a\\nb"', "Be brief.", "1 message"):
            await program.sees(words)
        assert "Something else" not in "\n".join(program.screen.splitlines()[:-4])


async def test_many_answers_are_checked_without_keeping_anyone_waiting(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(100, 30)) as program:
        await program.type("/set format json\n")
        await program.until(lambda: program.pane.conversation.setup.format)
        await program.ask("one")
        answer = program.pane.messages[-1]
        many = [replace(answer, id=f"{answer.id}-{number}") for number in range(60)]
        verdicts = program.pane.verdicts
        assert await verdicts.look(many, None)
        assert verdicts.of(many[0]) is None
        assert verdicts.of(many[-1]) is not None
        assert not await verdicts.look(many, None, len(many))
        assert verdicts.of(many[0]) is not None
