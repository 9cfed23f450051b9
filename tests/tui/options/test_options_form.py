"""The form of options beside a conversation."""

import json
from dataclasses import replace
from pathlib import Path

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.message import Ending
from ollama_tui.domain.options import FIELDS
from ollama_tui.tui.widgets.option_input import OptionInput
from ollama_tui.tui.widgets.option_rows import OptionRows
from ollama_tui.tui.widgets.options_form import OptionsForm
from tests.tui.app.opened import Program, opened


def setup(program: Program) -> Setup:
    return program.pane.conversation.setup


def line_of(program: Program, name: str) -> str:
    """The row of a field."""
    return next((line for line in program.screen.splitlines() if line[:22].strip(" ●✗").startswith(name)), "")


async def to(program: Program, name: str) -> None:
    """Go to a field with the arrows."""
    names = [spec.name for spec in FIELDS]
    rows = program.pane.query_one(OptionRows)
    while rows.key != name:
        before = rows.key
        await program.press("down" if names.index(rows.key) < names.index(name) else "up")
        await program.until(lambda before=before: rows.key != before)


async def form(program: Program, key: str = "alt+y") -> OptionsForm:
    await program.press(key)
    await program.until(lambda: program.pane.query(OptionsForm))
    await program.until(lambda: program.app.focused is program.pane.query_one(OptionInput))
    return program.pane.query_one(OptionsForm)


async def test_every_field_is_there_with_what_holds_and_its_help(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(80, 24)) as program:
        await form(program)
        for spec in FIELDS:
            await to(program, spec.name)
            await program.until(lambda spec=spec: line_of(program, spec.name))
            await program.sees(spec.help.split()[0])
            assert "Set here." not in program.screen
        await to(program, "stop")
        await program.sees("the model's own")
        assert '"<|im_start|>" "<|im_end|>"' in line_of(program, "stop")
        await to(program, "top_k")
        assert "40" in line_of(program, "top_k")
        assert "Ollama's" in line_of(program, "top_k")
        assert setup(program).options == {}


async def test_what_is_typed_is_set_sent_and_taken_back(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await form(program)
        await program.type("0.2")
        await program.press("down")
        await program.type("7")
        await program.press("enter")
        await program.until(lambda: setup(program).options == {"temperature": 0.2, "top_k": 7})
        assert "set here" in line_of(program, "top_k")
        await program.press("up", "backspace")
        await program.until(lambda: setup(program).options == {"top_k": 7})
        await program.sees("Not set, not sent")
        await program.press("ctrl+z")
        await program.until(lambda: setup(program).options.get("temperature") == 0.2)
        await program.press("ctrl+z", "ctrl+z")
        await program.until(lambda: setup(program).options == {})
        await to(program, "seed")
        await program.type("5")
        await program.press("escape")
        await program.until(lambda: not program.pane.query(OptionsForm))
        await program.ask("hi")
        sent = program.pane.messages[-1].sent
        assert sent is not None
        assert sent.options == {"seed": 5}
    async with opened(tmp_path) as program:
        await program.press("f7")
        await program.until(lambda: setup(program).options == {"seed": 5})


async def test_a_bad_value_stays_with_its_reason_and_is_not_taken(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(80, 24)) as program:
        await form(program)
        await program.type("hot")
        await program.press("down")
        await program.until(lambda: "cannot be used" in line_of(program, "temperature"))
        await program.press("up")
        await program.sees("temperature needs a number, not 'hot'")
        assert program.pane.query_one(OptionInput).value == "hot"
        await program.press("escape")
        await program.sees("Esc again leaves it")
        await program.press("escape")
        await program.until(lambda: not program.pane.query(OptionsForm))
        assert setup(program).options == {}


async def test_the_system_prompt_has_several_lines(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(80, 24)) as program:
        await program.type("/options system\n")
        await program.until(lambda: program.pane.query(OptionsForm))
        await program.sees("every next token is chosen")
        await program.type("Be")
        await program.press("enter")
        await program.type("brief")
        await program.press("up", "up")
        await program.pilot.pause()
        await program.press("down", "down")
        await program.until(lambda: setup(program).system == "Be\nbrief")
        assert program.pane.query_one(OptionRows).key == "think"
        await program.press("ctrl+n")
        await program.until(lambda: not setup(program).system)


async def test_few_values_are_gone_through_and_thinking_only_offered_where_it_is_possible(tmp_path: Path) -> None:
    async with opened(tmp_path, model="thinker", size=(80, 24)) as program:
        await form(program)
        await to(program, "think")
        await program.sees("low · medium · high · max")
        await program.press("space", "space")
        await program.until(lambda: setup(program).think is True)
        await program.press("left")
        await program.until(lambda: setup(program).think is False)
        await program.press("left")
        await program.until(lambda: setup(program).think is None)
    async with opened(tmp_path, model="echo", size=(80, 24)) as program:
        await form(program)
        await to(program, "think")
        await program.sees("This model does not think")
        assert "medium" not in program.screen
        await program.type("high")
        await program.press("enter")
        await program.sees("it would refuse")
        assert setup(program).think is None


async def test_a_context_says_what_is_allocated_and_the_most(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.ask("hi")
        await form(program)
        await to(program, "num_ctx")
        await program.sees("the model's most is 32k")
        await program.sees("A change loads the model again.")


async def test_changes_during_an_answer_hold_from_the_next_question_on(tmp_path: Path) -> None:
    async with opened(tmp_path, model="markdown") as program:
        await program.type("400 tokens at 100 tokens/s\n")
        await program.until(lambda: program.pane.live)
        await form(program)
        await program.sees("changes hold from the next question on")
        await program.type("0.1")
        await program.press("enter")
        await program.until(lambda: setup(program).options == {"temperature": 0.1})
        await program.press("escape", "escape")
        await program.until(lambda: program.pane.live is None)
        await program.ended()
        answer = program.pane.messages[-1]
        assert answer.ending is Ending.STOPPED
        assert answer.sent is not None
        assert answer.sent.options == {}
        assert setup(program).options == {"temperature": 0.1}


async def test_a_schema_comes_from_a_file_that_may_go_away(tmp_path: Path) -> None:
    good, bad = tmp_path / "person.json", tmp_path / "bad.json"
    good.write_text(json.dumps({"title": "Person", "type": "object", "properties": {"name": {"type": "string"}}}))
    bad.write_text('{"type": "objct"}')
    async with opened(tmp_path / "data", size=(120, 40)) as program:
        await form(program)
        await to(program, "format")
        await program.type(str(tmp_path / "ba"))
        await program.press("tab")
        await program.until(lambda: program.pane.query_one(OptionInput).value == str(bad))
        await program.press("enter")
        await program.sees("$.type")
        assert setup(program).format is None
        await program.press("down")
        await program.until(lambda: "$.type" not in program.screen)
        await program.press("up")
        await program.sees("$.type")
        await program.press("ctrl+u")
        await program.type("nosuch.json")
        await program.press("enter")
        await program.sees("There is no file nosuch.json.")
        await program.press("ctrl+u")
        await program.type(str(good))
        await program.press("enter")
        await program.until(lambda: setup(program).format)
        good.unlink()
        await program.sees("schema Person {name}")
        await program.press("down", "escape")
        await program.ask("who?")
        await program.sees("JSON: fits the schema")
        assert json.loads(program.pane.messages[-1].text).keys() == {"name"}


async def test_the_form_belongs_to_its_conversation(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(150, 40)) as program:
        await program.ask("one")
        first = program.pane.conversation.id
        await form(program)
        await program.type("0.3")
        await program.press("ctrl+n")
        await program.until(lambda: program.pane.conversation.id != first)
        assert setup(program).options == {}
        kept = await program.app.workspace.history.conversation(first)
        assert kept is not None
        assert kept.setup.options == {"temperature": 0.3}
        await program.until(lambda: "set here" not in program.screen)


async def test_another_servers_state_takes_nothing_back(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.type("/set parameter seed 3\n")
        await program.until(lambda: setup(program).options == {"seed": 3})
        program.pane.show_server(None)
        program.pane.show_server(await program.pane.here.state())
        await program.pilot.pause(0.2)
        assert setup(program).options == {"seed": 3}
        assert setup(program).model is not None


async def test_the_mouse_goes_to_a_field(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(80, 24)) as program:
        await form(program)
        rows = program.pane.query_one(OptionRows)
        await program.pilot.pause(0.2)
        row = rows.keys.index("format") - int(rows.scroll_offset.y)
        await program.pilot.click(OptionRows, offset=(5, row))
        await program.until(lambda: rows.key == "format")
        await program.type("json")
        await program.press("enter")
        await program.until(lambda: setup(program).format == "json")


async def test_what_was_set_before_the_first_question_survives(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.type("/set system Sei kurz. 简短\n/set parameter seed 4\n")
        await program.until(lambda: setup(program).options)
        await program.pilot.pause(0.1)
    async with opened(tmp_path) as program:
        assert setup(program).system == "Sei kurz. 简短"
        assert setup(program).options == {"seed": 4}
        assert setup(program).model is not None
        await program.press("ctrl+n")
        await program.until(lambda: not setup(program).system)
        await program.sees("takes over what was set")
        await form(program)
        await program.press("ctrl+z")
        await program.until(lambda: setup(program).options == {"seed": 4})
        await program.press("escape")
        await program.ask("hi")
    async with opened(tmp_path) as program:
        assert setup(program) == replace(Setup(), model=setup(program).model), "that belonged to the conversation"


async def test_two_panes_of_a_conversation_agree(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(140, 40)) as program:
        await program.ask("hi")
        first = program.pane
        await program.press("alt+shift+n")
        await program.until(lambda: program.pane is not first and program.pane.conversation.id == first.conversation.id)
        await program.type("/set parameter seed 6\n")
        await program.until(lambda: first.conversation.setup.options == {"seed": 6})


async def test_with_the_room_back_the_form_is_where_it_was(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(100, 30)) as program:
        await form(program)
        await program.sees("top_k")
        before = program.screen
        await program.pilot.resize_terminal(20, 5)
        await program.until(lambda: "top_k" not in program.screen)
        await program.pilot.resize_terminal(100, 30)
        await program.until(lambda: program.screen == before)
