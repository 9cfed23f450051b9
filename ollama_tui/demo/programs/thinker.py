"""Thinks, then answers; the level says for how long."""

import re

from ollama_tui.demo.conversation import Ask
from ollama_tui.demo.models import Script
from ollama_tui.demo.programs.sections import lines

_LINES = {"low": 4, "medium": 9, "high": 17, "max": 34}
_CHINESE = re.compile("[\u3400-\u9fff]")


def _thoughts(count: int) -> str:
    known = lines("thoughts.md")
    rounds = [f"{'' if index < len(known) else 'Again: '}{known[index % len(known)]}" for index in range(count)]
    return "\n".join(rounds)


def thinker(ask: Ask) -> Script:
    level = ask.think if isinstance(ask.think, str) else "medium"
    count = _LINES.get(level, _LINES["medium"]) if ask.think else 0
    asked = " ".join(ask.question.content.split())
    shown = asked if len(asked) <= 60 else asked[:60] + "…"
    if _CHINESE.search(asked):
        thought = f"我想了 {count} 步（级别：{level}）" if count else "这次我没有思考"
        said = (
            f"{thought}，得出的结论是：你问了“{shown}”。\n\n"
            "我是 `thinker`，一条规则，不是语言模型。按 `F4` 可以改变思考的强度。\n"
        )
    else:
        thought = f"I thought **{count} steps** long (level: {level})" if count else "I did not think this time"
        said = (
            f"{thought}, and came to this: you asked “{shown}”.\n\n"
            "I am `thinker`, a rule and not a language model. `F4` changes how hard I think.\n"
        )
    return Script(said, _thoughts(count))
