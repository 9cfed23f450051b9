"""Going on exactly where an answer ended: the prompt that the model had, followed by what it had written."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from ollama_tui.domain.event import Ended, Text, Thinking, TurnEvent
from ollama_tui.domain.failure import HostFailure
from ollama_tui.domain.message import Ending


@dataclass(frozen=True, slots=True)
class _Tags:
    """How a family of models writes its thinking."""

    opening: str
    closing: str
    after_opening: str = "\n"
    after_closing: str = "\n\n"
    """What stands between thinking and answer; the server cuts it off, so it has to be put back."""


_THINK = _Tags("<think>", "</think>")
_HARMONY = _Tags("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>", "", "")
_HARMONY_ANSWER = "<|channel|>final<|message|>"
_HARMONY_TURN = "<|start|>assistant"


@dataclass(frozen=True, slots=True)
class Continuation:
    """A raw prompt that ends where the answer ended."""

    prompt: str
    thinking_until: str
    """The tag that will end the thinking; empty if the answer itself is being written."""


def continue_prompt(rendered: str, *, thinking: str, text: str) -> Continuation:
    """The prompt `rendered` by the server, followed by the partial `thinking` and `text`.

    A template that thinks may end in an opened tag, or leave the opening to the model: what is open is not opened
    twice, and what is not is opened as the model would. gpt-oss has channels instead of tags.
    """
    harmony = rendered.rstrip().endswith(_HARMONY_TURN)
    tags = _HARMONY if harmony else _THINK
    opened = rendered.rstrip().endswith(tags.opening)
    prompt = rendered
    if opened:
        prompt += tags.after_opening if thinking and not rendered[-1].isspace() else ""
    elif thinking:
        prompt += tags.opening + tags.after_opening
    elif harmony:
        prompt += _HARMONY_ANSWER
    prompt += thinking
    if not text:
        return Continuation(prompt, tags.closing if opened or thinking else "")
    if opened or thinking:
        prompt += tags.closing + tags.after_closing
    return Continuation(prompt + text, "")


async def split_thinking(events: AsyncGenerator[TurnEvent, None], closing: str) -> AsyncGenerator[TurnEvent, None]:
    """`events` of a raw completion that begins inside thinking: its text is Thinking until `closing` has come.

    The tag may come in several pieces, so the end of what came is held back while it may be the tag's beginning; where
    the length limit cut the tag itself, going on writes it again. The white space between tag and answer belongs to
    neither.
    """
    held = ""
    phase = "thinking" if closing else "answer"
    try:
        async with aclosing(events):
            async for event in events:
                if phase == "answer" or type(event) is not Text:
                    if type(event) is Ended and held:
                        if event.ending is not Ending.LENGTH:
                            yield Thinking(held)
                        held = ""
                    yield event
                    continue
                text = event.text
                if phase == "thinking":
                    before, tag, text = (held + text).partition(closing)
                    keep = 0 if tag else _overlap(before, closing)
                    held = before[len(before) - keep :]
                    if len(before) > keep:
                        yield Thinking(before[: len(before) - keep])
                    if not tag:
                        continue
                    phase = "gap"
                text = text.lstrip()
                if text:
                    phase = "answer"
                    yield Text(text)
    except HostFailure:
        if held:
            yield Thinking(held)
        raise


def _overlap(text: str, tag: str) -> int:
    """How many characters at the end of `text` may be the beginning of `tag`."""
    for length in range(min(len(text), len(tag) - 1), 0, -1):
        if tag.startswith(text[-length:]):
            return length
    return 0
