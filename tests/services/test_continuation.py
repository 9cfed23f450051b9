"""The raw prompt of an answer that goes on, and its thinking told from its text."""

from collections.abc import AsyncGenerator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_tui.domain.event import Ended, Text, Thinking, TurnEvent
from ollama_tui.domain.failure import Disconnected
from ollama_tui.domain.message import Ending
from ollama_tui.services.continuation import continue_prompt, split_thinking

_PLAIN = "<|im_start|>user\ngo<|im_end|>\n<|im_start|>assistant\n"
_OPENED = f"{_PLAIN}<think>\n"
_HARMONY = "<|start|>user<|message|>go<|end|><|start|>assistant"


@pytest.mark.parametrize(
    ("rendered", "thinking", "text", "added", "until"),
    [
        (_PLAIN, "", "The an", "The an", ""),
        (_OPENED, "I thi", "", "I thi", "</think>"),
        (_OPENED, "I think", "The an", "I think</think>\n\nThe an", ""),
        (_OPENED, "", "The an", "</think>\n\nThe an", ""),
        (f"{_PLAIN}<think>", "I thi", "", "\nI thi", "</think>"),
        (_PLAIN, "I thi", "", "<think>\nI thi", "</think>"),
        (_PLAIN, "I think", "The an", "<think>\nI think</think>\n\nThe an", ""),
        (
            _HARMONY,
            "I thi",
            "",
            "<|channel|>analysis<|message|>I thi",
            "<|end|><|start|>assistant<|channel|>final<|message|>",
        ),
        (
            _HARMONY,
            "I think",
            "The an",
            "<|channel|>analysis<|message|>I think<|end|><|start|>assistant<|channel|>final<|message|>The an",
            "",
        ),
        (_HARMONY, "", "The an", "<|channel|>final<|message|>The an", ""),
    ],
)
def test_the_prompt_ends_as_the_model_had_written(
    rendered: str, thinking: str, text: str, added: str, until: str
) -> None:
    continuation = continue_prompt(rendered, thinking=thinking, text=text)
    assert continuation.prompt == rendered + added
    assert continuation.thinking_until == until


async def _stream(pieces: list[str]) -> AsyncGenerator[TurnEvent, None]:
    for piece in pieces:
        yield Text(piece)
    yield Ended(Ending.COMPLETE)


async def _split(pieces: list[str]) -> tuple[str, str]:
    events = [event async for event in split_thinking(_stream(pieces), "</think>")]
    assert isinstance(events[-1], Ended)
    thinking = "".join(event.text for event in events if isinstance(event, Thinking))
    return thinking, "".join(event.text for event in events if isinstance(event, Text))


@given(
    whole=st.text(alphabet="ab<>/think \n", max_size=30),
    after=st.text(alphabet="ab< \n", max_size=10).map(str.lstrip),
    closed=st.booleans(),
    cuts=st.lists(st.integers(0, 60), max_size=12),
)
async def test_the_tag_is_found_wherever_the_stream_is_cut(
    whole: str, after: str, closed: bool, cuts: list[int]
) -> None:
    thinking = whole.replace("</think>", "")
    sent = f"{thinking}</think>\n\n{after}" if closed else thinking
    places = sorted({0, len(sent), *(cut for cut in cuts if cut < len(sent))})
    pieces = [sent[start:end] for start, end in pairwise(places)]
    before, _tag, rest = sent.partition("</think>")
    assert await _split(pieces) == (before, rest.lstrip())


async def test_what_was_held_back_is_not_lost_when_the_stream_breaks() -> None:
    async def breaks() -> AsyncGenerator[TurnEvent, None]:
        yield Text("a </thi")
        raise Disconnected(detail="")

    events = split_thinking(breaks(), "</think>")
    assert [await anext(events), await anext(events)] == [Thinking("a "), Thinking("</thi")]
    with pytest.raises(Disconnected):
        await anext(events)
