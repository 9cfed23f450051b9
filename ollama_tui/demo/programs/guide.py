"""The guide: finds words of a question among those of its sections, and gives the section."""

import re

from ollama_tui.demo.conversation import Ask
from ollama_tui.demo.models import Script
from ollama_tui.demo.programs.sections import Section, sections

_CHINESE = re.compile("[\u3400-\u9fff]")
_BROAD = {"hello": 8, "thanks": 8, "demo": 2, "models": 2}  # their words come along with many questions


def _score(section: Section, question: str) -> float:
    """How much of the question is about a section: the letters of its words that are there."""
    score = 0.0
    for word in section.words:
        if _CHINESE.search(word):
            score += 2 * len(word) * (word in question)
        elif re.search(rf"(?<![\w/]){re.escape(word)}(?!\w)", question):
            score += len(word)
    return score / _BROAD.get(section.name, 1)


def found(question: str) -> Section:
    """The section that a question is about, in the language of the question."""
    asked = question.lower()
    texts = sections("guide.zh.md" if _CHINESE.search(question) else "guide.en.md")
    best = max(texts, key=lambda section: _score(section, asked))
    if _score(best, asked):
        return best
    if _CHINESE.search(question):
        # A Chinese question about a word that is only in the English texts, such as `num_ctx`.
        english = max(sections("guide.en.md"), key=lambda section: _score(section, asked))
        if _score(english, asked):
            return next((section for section in texts if section.name == english.name), english)
    return next(section for section in texts if section.name == ("unknown" if asked.strip() else "hello"))


def guide(ask: Ask) -> Script:
    return Script(found(ask.question.content).text)
