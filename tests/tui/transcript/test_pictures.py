"""How a conversation looks, kept as pictures."""

import os
from collections.abc import Callable

import pytest
from textual.pilot import Pilot
from transcript_reader import Reader, answer, question

from ollama_tui.domain.message import Ending, FailureRecord, Figures, Message

Compare = Callable[..., bool]
_REPORTS = os.environ.get("TEXTUAL_SNAPSHOT_TEMPDIR", "")
"""Where the plugin collects differences; a test's own environment has no variables of Textual's."""


def conversation() -> list[Message]:
    return [
        question("Why is the sky blue? 用中文也说一遍。"),
        answer(
            "Because of **Rayleigh scattering**: short waves scatter more.\n\n因为瑞利散射：波长越短，散射越强。",
            thinking="The question is asked in two languages.",
            figures=Figures(
                answer_tokens=187,
                answer_duration=3_880_000_000,
                first_token=400_000_000,
                thinking_duration=3_100_000_000,
                thinking_tokens=212,
            ),
            end_reason="stop",
        ),
        question("And at night?"),
        answer("It is", ending=Ending.FAILED, failure=FailureRecord(code="disconnected")),
    ]


@pytest.mark.parametrize("theme", ["lamp", "paper"])
def test_a_conversation(snap_compare: Compare, theme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_SNAPSHOT_TEMPDIR", _REPORTS)
    messages = conversation()

    async def dress(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await pilot.press("ctrl+up")
        await pilot.pause(0.1)

    app = Reader(messages, variants={messages[1].id: (2, 3)})
    assert snap_compare(app, terminal_size=(80, 24), run_before=dress)
