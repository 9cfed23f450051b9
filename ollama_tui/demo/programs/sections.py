"""Texts in parts: a line `=== name: words` begins one."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    words: tuple[str, ...]
    text: str


@cache
def sections(file: str) -> tuple[Section, ...]:
    """The sections of one of the texts that come with the program."""
    whole = (files("ollama_tui.demo") / "texts" / file).read_text("utf-8")
    found: list[Section] = []
    for part in whole.split("=== ")[1:]:
        head, _, text = part.partition("\n")
        name, _, words = head.partition(":")
        listed = tuple(word.strip().lower() for word in words.split(",") if word.strip())
        found.append(Section(name.strip(), listed, text.strip() + "\n"))
    return tuple(found)


@cache
def lines(file: str) -> tuple[str, ...]:
    """The lines of one of the texts."""
    return tuple((files("ollama_tui.demo") / "texts" / file).read_text("utf-8").splitlines())
