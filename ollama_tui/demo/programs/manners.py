"""What every program of the demo understands: to give a title, and to go on."""

import re
from dataclasses import replace

from ollama_tui.demo.conversation import Ask, Message
from ollama_tui.demo.models import Program, Script

_TITLE = re.compile(r"\b(?:give|write|suggest|find)\b.{0,40}\btitle\b|标题", re.IGNORECASE)
_ON = re.compile(
    r"^(?:please )?(?:go on|continue|keep going|carry on)\b.{0,120}$|^(?:请)?(?:继续|接着说).{0,40}$", re.IGNORECASE
)
_FIRST = re.compile(r"^user: (.+)$", re.MULTILINE)
_WORDS = 6


def _title(question: str) -> str:
    """The first words that a person said in a conversation that is quoted line by line."""
    said = _FIRST.search(question)
    words = said[1].split() if said else []
    return " ".join(words[:_WORDS])[:60] or "A conversation"


def _left(program: Program, ask: Ask) -> Script | None:
    """What is left of the answer before, if it was broken off."""
    earlier = list(ask.messages[:-1])
    said = earlier.pop() if earlier and earlier[-1].role == "assistant" else Message("assistant")
    if not said.content:
        return None
    whole = program(replace(ask, messages=tuple(earlier)))
    if not whole.content.startswith(said.content) or whole.content == said.content:
        return None
    return replace(whole, thinking="", content=whole.content[len(said.content) :])


def mannered(program: Program) -> Program:
    """`program`, with manners."""

    def answer(ask: Ask) -> Script:
        question = ask.messages[-1] if ask.messages else Message("user")
        if question.role == "user" and _TITLE.search(question.content[-200:]):
            return Script(_title(question.content))
        if question.role == "user" and _ON.match(question.content.strip()):
            left = _left(program, ask)
            if left is not None:
                return left
        return program(ask)

    return answer
