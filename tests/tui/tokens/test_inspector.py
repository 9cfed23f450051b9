"""A person looks at tokens: of what is written, of what was said, under one model and under two."""

from pathlib import Path

from ollama_tui.domain.model import ModelRef
from ollama_tui.domain.token import Token, TokenKind
from ollama_tui.tui.screens.inspector import LESSON, InspectorScreen
from ollama_tui.tui.widgets.token_flow import SHOWN, TokenFlow, piece
from ollama_tui.tui.widgets.token_panel import TokenPanel
from tests.tui.app.opened import Program, opened


def panels(program: Program) -> list[TokenPanel]:
    return list(program.app.screen.query(TokenPanel))


async def cut(program: Program, count: int = 1) -> None:
    """Wait until `count` panels show tokens."""
    await program.until(lambda: isinstance(program.app.screen, InspectorScreen))
    await program.until(lambda: len([one for one in panels(program) if one.flow.token]) == count)


async def test_a_text_is_shown_as_the_models_own_tokens(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(80, 24)) as program:
        await program.type("/tokens Why is the sky blue? 天空为什么是蓝色的?\n")
        await cut(program)
        text = "Why is the sky blue? 天空为什么是蓝色的?"
        tokenizer = await program.app.workspace.tokenizers.of(ModelRef(host_id="demo", name="echo:latest"))
        ids = tokenizer.encode(text)
        assert f"{len(ids)} tokens · {len(text)} characters · {len(text.encode())} bytes" in program.screen
        assert all(str(number) in program.screen for number in ids[:5])
        await program.press("right", "right")
        token = tokenizer.tokens(text)[2]
        assert f"3 of {len(ids)}" in program.screen
        assert f"id {token.id}" in program.screen
        assert token.raw.hex(" ") in program.screen
        await program.press("escape")
        assert not isinstance(program.app.screen, InspectorScreen)


async def test_it_explains_in_two_languages_where_there_is_nothing_to_show_yet(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(100, 30)) as program:
        await program.press("alt+t")
        await program.sees(LESSON[0][:40])
        await program.sees(LESSON[1][:20])
        await program.type("new text")
        await cut(program)
        await program.sees("8 characters")


async def test_a_message_is_cut_as_it_was_written_not_as_it_is_drawn(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        program.pane.prompt.load_draft("")
        await program.ask("say \u200d\u0301 [bold]x[/bold] é")
        message = program.pane.messages[-1]
        await program.press("alt+t")
        await cut(program)
        flow = panels(program)[0].flow
        assert b"".join(token.raw for token in flow._tokens) == message.text.encode()
        assert "the answer of echo" in program.screen


async def test_two_models_side_by_side_stand_at_the_same_place_of_the_text(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(120, 30)) as program:
        await program.type("/tokens The quick brown fox 狐狸 jumps\n")
        await cut(program)
        await program.press("alt+v")
        await program.sees("Which model?")
        await program.press("enter")
        await cut(program, 2)
        first, second = panels(program)
        assert first.model != second.model
        first.flow.focus()
        await program.press("right", "right", "right")
        await program.until(lambda: second.flow.cursor > 0)
        assert second.flow.token is not None
        assert second.place <= first.place < second.place + len(second.flow.token.raw)
        await program.press("alt+v")
        await program.until(lambda: len(panels(program)) == 1)


async def test_what_is_typed_is_cut_as_it_is_typed(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        await program.type("/tokens one\n")
        await cut(program)
        await program.press("tab")
        await program.type(" two three")
        await program.sees("13 characters")
        await program.press("alt+i")
        assert panels(program)[0].flow.view == "text"


async def test_a_long_text_is_counted_whole_and_shown_in_part(tmp_path: Path) -> None:
    async with opened(tmp_path) as program:
        text = "a b\n" * SHOWN
        model = ModelRef(host_id="demo", name="echo:latest")
        await program.app.push_screen(
            InspectorScreen(program.app.workspace, program.pane.here, text, [model], what="x")
        )
        await cut(program)
        await program.sees(f"first {SHOWN:,} are shown")
        await program.sees(f"{len(text):,} characters")
        await program.press("end")
        assert panels(program)[0].flow.cursor == SHOWN - 1


async def test_no_token_ends_under_the_scroll_bar(tmp_path: Path) -> None:
    async with opened(tmp_path, size=(100, 30)) as program:
        text = " ".join("x" * (number % 7 + 1) for number in range(900))
        model = ModelRef(host_id="demo", name="echo:latest")
        await program.app.push_screen(
            InspectorScreen(program.app.workspace, program.pane.here, text, [model], what="x")
        )
        await cut(program)
        flow = panels(program)[0].flow
        await program.until(lambda: flow.show_vertical_scrollbar)
        await program.until(lambda: flow.virtual_size.width == flow.scrollable_content_region.width)


def test_signs_of_tokens_are_harmless_and_seen() -> None:
    assert piece(Token(1, b" a\n")) == "·a⏎"
    assert piece(Token(1, b"\xe4\xbd")) == "⟨e4 bd⟩"
    assert piece(Token(1, b"")) == "⟨⟩"
    assert piece(Token(1, "天".encode(), TokenKind.CONTROL)) == "天"
    for code in (0x1B, 0x07, 0x0D, 0x7F, 0x85, 0x9B, 0x202E, 0x2028):
        assert not set(piece(Token(1, chr(code).encode()))) & {chr(code)}
        assert piece(Token(1, chr(code).encode()))


def test_a_flow_without_tokens_has_no_cursor() -> None:
    flow = TokenFlow()
    assert flow.token is None
    assert flow.place == 0
