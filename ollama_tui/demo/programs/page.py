"""A long Markdown page, as long and as fast as the question says."""

import re

from ollama_tui.demo.conversation import Ask
from ollama_tui.demo.models import Script
from ollama_tui.demo.programs.sections import sections
from ollama_tui.demo.vocabulary import Vocabulary, default

_LENGTH = re.compile(r"(\d[\d,]*)(k?)[ -]?(?:tokens?\b(?! ?(?:/|per|a second))|个 ?token|个词)", re.IGNORECASE)
_SPEED = re.compile(r"(\d[\d,]*)(k?) ?(?:tokens?|tok|t) ?(?:/ ?s|per second|a second)", re.IGNORECASE)
_SHAPES = {
    "paragraph": r"one (?:long )?paragraph|一段",
    "fence": r"one (?:long )?(?:fence|code block)|一个代码块",
    "table": r"one (?:long )?table|一个表格",
    "list": r"one (?:long )?list|一个列表",
}
_INTRODUCTION = "# A long page\n\nI am `markdown`: a rule that writes Markdown, not a language model.\n"
_USUAL = 900  # tokens
_MOST = 100_000
_TITLES = (
    "Water",
    "Angles",
    "Numbers",
    "Measures",
    "潮汐",
    "Care",
    "Tea",
    "Growth",
    "Signs",
    "Tables",
    "Duties",
    "Waiting",
)


def _number(match: re.Match[str] | None) -> int | None:
    if match is None:
        return None
    return int(match[1].replace(",", "")) * (1000 if match[2] else 1)


def _blocks(number: int) -> str:
    """The part of the page with that number."""
    parts = sections("page.md")
    title = _TITLES[number % len(_TITLES)]
    level = "##" if number % 3 == 0 else "###"
    return f"\n{level} {number + 1}. {title}\n\n{parts[number % len(parts)].text}"


def _unit(shape: str, number: int) -> str:
    """One more piece of a page that is all of one kind."""
    match shape:
        case "fence":
            head = f"def step_{number}(value: int) -> int:\n"
            return f"{head}    return value * {number} + {number % 7}  # 第 {number} 步\n\n"
        case "table":
            return f"| {number} | `row_{number}` | the value is **{number * 7 % 101}** | 第 {number} 行 |\n"
        case "list":
            return f"- item {number}: *wind* the clock, `read({number})` the table, 等待\n"
        case _:
            return f"Sentence {number} says that the tide **turns**, `{number}` times, 再来一次. "


def _all_of(shape: str, length: int, vocabulary: Vocabulary) -> str:
    start = {"fence": "```python\n", "table": "| n | name | value | 中文 |\n| ---: | --- | --- | --- |\n"}.get(
        shape, ""
    )
    text, count, number = [start], vocabulary.count(start), 0
    end = "```\n" if shape == "fence" else ""
    while count < length:
        number += 1
        text.append(_unit(shape, number))
        count += vocabulary.count(text[-1])
        if count >= length:
            count = vocabulary.count("".join(text))  # fewer than piece by piece: tokens cross their edges
    return "".join(text) + end


def page(length: int, vocabulary: Vocabulary) -> str:
    """Markdown of `length` tokens, the one that ends it included."""
    text, count, number = [_INTRODUCTION], vocabulary.count(_INTRODUCTION), 0
    while True:
        more = _blocks(number)
        cost = vocabulary.count(more)
        if count + cost + 60 > length:
            break
        text.append(more)
        count += cost
        number += 1
    return _cut("".join(text), length - 1, vocabulary)


def _cut(text: str, length: int, vocabulary: Vocabulary) -> str:
    """`text` with words after it, or cut, so that it has `length` tokens."""
    words = "\nAnd so the water comes up over the flats, turns, and goes, as the table says it will."
    ids = vocabulary.encode(text + words * (1 + max(0, length - vocabulary.count(text)) // 10))
    for kept in range(min(length, len(ids)), 0, -1):
        shorter = vocabulary.decode(ids[:kept])
        if "\ufffd" not in shorter and vocabulary.count(shorter) == kept:
            return shorter + " a" * (length - kept)
    return text


def markdown(ask: Ask) -> Script:
    question = ask.question.content
    speed = _number(_SPEED.search(question))
    length = min(_MOST, _number(_LENGTH.search(question)) or _USUAL)
    shape = next((name for name, words in _SHAPES.items() if re.search(words, question, re.IGNORECASE)), None)
    text = _all_of(shape, length, default()) if shape else page(max(40, length), default())
    return Script(text, tokens_per_second=float(speed) if speed else None)
