"""A raw prompt read back: the conversation that was rendered into it, and the answer that was begun."""

import json
import re
from dataclasses import dataclass

from ollama_tui.demo.conversation import Message
from ollama_tui.demo.models import Script
from ollama_tui.demo.protocol import Json
from ollama_tui.demo.vocabulary import END, END_THINK, START, THINK

_TURN = re.compile(re.escape(START) + r"(\w+)\n(.*?)" + re.escape(END) + r"\n?", re.S)
_BEGUN = re.compile(re.escape(START) + r"assistant\n")
_THOUGHT = re.compile(r"\s*<think>(.*?)</think>\s*", re.S)
_TOOL = re.compile(r"<tools>(.*?)</tools>", re.S)


@dataclass(frozen=True, slots=True)
class Begun:
    """A conversation whose last answer was begun. `thinking` is the part of it that was thought, if `thinks`."""

    messages: tuple[Message, ...]
    tools: tuple[dict[str, Json], ...]
    thinks: bool
    thinking: str
    thought: bool
    content: str

    @property
    def fresh(self) -> bool:
        """Whether nothing of the answer is there yet."""
        return not (self.thinking or self.thought or self.content)


def _tools(text: str) -> tuple[dict[str, Json], ...]:
    found: list[dict[str, Json]] = []
    for record in _TOOL.findall(text):
        try:
            found.append(json.loads(record))
        except ValueError:
            continue
    return tuple(found)


def _turn(role: str, content: str) -> Message:
    thought = _THOUGHT.match(content) if role == "assistant" else None
    if thought:
        return Message(role, content[thought.end() :], thinking=thought[1].strip("\n"))
    return Message(role, content)


def read(prompt: str) -> Begun | None:
    """What a raw prompt was rendered from; None if it was not rendered by a template of ours."""
    begun = list(_BEGUN.finditer(prompt))
    if not begun or END in prompt[begun[-1].end() :]:
        return None
    before, rest = prompt[: begun[-1].start()], prompt[begun[-1].end() :]
    first = before.find(START)
    messages = tuple(_turn(role, content) for role, content in _TURN.findall(before))
    tools = _tools(before[: max(0, first)])
    if not rest.lstrip().startswith(THINK):
        return Begun(messages, tools, thinks=False, thinking="", thought=False, content=rest)
    inner = rest.lstrip()[len(THINK) :]
    thinking, closed, content = inner.partition(END_THINK)
    return Begun(messages, tools, True, thinking.removeprefix("\n"), bool(closed), content.removeprefix("\n\n"))


def rest(script: Script, begun: Begun) -> Script | None:
    """What is left of `script` after what was begun; None if it is not how it began.

    Thinking that goes on comes with its end mark in the content, as a raw answer has it.
    """
    if begun.fresh:
        return script
    if begun.thinks and not begun.thought:
        if not script.thinking.startswith(begun.thinking):
            return None
        left = script.thinking[len(begun.thinking) :]
        return Script(left + END_THINK + "\n\n" + script.content, tokens_per_second=script.tokens_per_second)
    if begun.thinks and not script.thinking.startswith(begun.thinking.rstrip("\n")):
        return None
    if not script.content.startswith(begun.content):
        return None
    left = script.content[len(begun.content) :]
    return Script(left, calls=script.calls, tokens_per_second=script.tokens_per_second)
