"""Go templates, as far as chat templates use them: parsed into a tree, then run over plain values.

Values are JSON-like; a field of Go such as `.Messages` is the key of that name in a mapping.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard, cast

from ollama_tui.demo import gojson
from ollama_tui.demo.protocol import JsonView

_ACTION = re.compile(r"\{\{(- )?(.*?)( -)?\}\}", re.S)
_WORD = re.compile(
    r"""\s*(?:("(?:[^"\\]|\\.)*"|`[^`]*`)|(-?\d+(?:\.\d+)?)|(\$?[\w]*(?:\.[A-Za-z_]\w*)+|\$\w*|\.|[A-Za-z_]\w*)|(:=|=|\(|\)|\||,))"""
)


class TemplateFault(ValueError):
    """A template that cannot be parsed; its message is Go's."""


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Output:
    pipe: "Pipe"


@dataclass(frozen=True, slots=True)
class Assign:
    name: str
    declared: bool
    pipe: "Pipe"


@dataclass(frozen=True, slots=True)
class If:
    pipe: "Pipe"
    then: "list[Node]"
    otherwise: "list[Node]"


@dataclass(frozen=True, slots=True)
class With:
    pipe: "Pipe"
    then: "list[Node]"
    otherwise: "list[Node]"


@dataclass(frozen=True, slots=True)
class Range:
    names: tuple[str, ...]
    pipe: "Pipe"
    body: "list[Node]"
    otherwise: "list[Node]"


@dataclass(frozen=True, slots=True)
class Jump:
    word: str


Node = Text | Output | Assign | If | With | Range | Jump
Term = tuple[str, "str | float | Pipe"]  # kind (text, number, path, word, pipe) and what it is
Pipe = list[list[Term]]  # commands joined by |, each a list of terms


def _words(source: str) -> list[Term]:
    found: list[Term] = []
    at = 0
    while source[at:].strip():
        match = _WORD.match(source, at)
        if not match:
            raise TemplateFault(f"template: :1: unexpected {source[at:].strip()[:1]!r} in command")
        quoted, figure, path, mark = match.groups()
        if quoted:
            found.append(("text", _unquoted(quoted)))
        elif figure:
            found.append(("number", float(figure) if "." in figure else int(figure)))
        elif path:
            found.append(("path" if path[0] in ".$" else "word", path))
        else:
            found.append(("mark", mark))
        at = match.end()
    return found


def _unquoted(quoted: str) -> str:
    if quoted[0] == "`":
        return quoted[1:-1]
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t", "r": "\r"}.get(m[1], m[1]), quoted[1:-1])


class _Parser:
    def __init__(self, source: str) -> None:
        self.parts: list[tuple[bool, str]] = []  # is it an action, and its text
        at, trim = 0, False
        for match in _ACTION.finditer(source):
            before = source[at : match.start()]
            before = before.lstrip() if trim else before
            self.parts.append((False, before.rstrip() if match[1] else before))
            self.parts.append((True, match[2].strip()))
            at, trim = match.end(), bool(match[3])
        rest = source[at:]
        if "{{" in rest:
            line = source.count("\n", 0, at + rest.index("{{")) + 1
            raise TemplateFault(f"template: :{line}: unclosed action")
        self.parts.append((False, rest.lstrip() if trim else rest))
        self.at = 0

    def nodes(self, within: str = "") -> tuple[list[Node], str]:
        """The nodes up to `end` or `else`; also what ended them."""
        found: list[Node] = []
        while self.at < len(self.parts):
            action, text = self.parts[self.at]
            self.at += 1
            if not action:
                if text:
                    found.append(Text(text))
                continue
            if text.startswith("/*"):
                continue
            word = text.split(None, 1)[0] if text else ""
            rest = text[len(word) :]
            if word == "end" or word == "else":
                if not within:
                    raise TemplateFault(f"template: :1: unexpected {{{{{word}}}}}")
                return found, text
            found.append(self.node(word, rest, text))
        if within:
            raise TemplateFault("template: :1: unexpected EOF")
        return found, ""

    def node(self, word: str, rest: str, text: str) -> Node:
        if word in {"if", "with"}:
            pipe = self.pipe(_words(rest))
            then, ended = self.nodes(word)
            otherwise = self.otherwise(ended, word)
            return If(pipe, then, otherwise) if word == "if" else With(pipe, then, otherwise)
        if word == "range":
            words = _words(rest)
            names: tuple[str, ...] = ()
            if ("mark", ":=") in words:
                cut = words.index(("mark", ":="))
                names = tuple(str(term) for kind, term in words[:cut] if kind == "path")
                words = words[cut + 1 :]
            pipe = self.pipe(words)
            body, ended = self.nodes(word)
            return Range(names, pipe, body, self.otherwise(ended, word))
        if word in {"break", "continue"}:
            return Jump(word)
        words = _words(text)
        if len(words) > 1 and words[1] in {("mark", ":="), ("mark", "=")}:
            return Assign(str(words[0][1]), words[1][1] == ":=", self.pipe(words[2:]))
        if not words:
            raise TemplateFault("template: :1: missing value for command")
        return Output(self.pipe(words))

    def otherwise(self, ended: str, word: str) -> list[Node]:
        if not ended.startswith("else"):
            return []
        rest = ended[4:].strip()
        if not rest:
            return self.nodes(word)[0]
        inner = rest.split(None, 1)
        return [self.node(inner[0], inner[1] if len(inner) > 1 else "", rest)]

    def pipe(self, words: list[Term]) -> Pipe:
        commands: Pipe = [[]]
        at = 0
        while at < len(words):
            kind, term = words[at]
            if (kind, term) == ("mark", "("):
                depth, start = 1, at + 1
                while depth:
                    at += 1
                    if at >= len(words):
                        raise TemplateFault("template: :1: unclosed left paren")
                    depth += {"(": 1, ")": -1}.get(str(words[at][1]) if words[at][0] == "mark" else "", 0)
                commands[-1].append(("pipe", self.pipe(words[start:at])))
            elif (kind, term) == ("mark", "|"):
                commands.append([])
            elif kind == "word" and not commands[-1] and term not in FUNCTIONS and term not in {"true", "false", "nil"}:
                raise TemplateFault(f'template: :1: function "{term}" not defined')
            else:
                commands[-1].append((kind, term))
            at += 1
        if not commands[0]:
            raise TemplateFault("template: :1: missing value for command")
        return commands


def parse(source: str) -> list[Node]:
    """The tree of a template. Raises TemplateFault with Go's words."""
    return _Parser(source).nodes()[0]


def truth(value: object) -> bool:
    """Go's: false, zero, nil and whatever is empty are false."""
    return bool(value)


def is_mapping(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, list | tuple)


def shown(value: object) -> str:
    """How Go prints a value: mappings and lists as JSON, which is what tools and arguments print themselves as."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "<no value>"
    if is_mapping(value) or is_list(value):
        return gojson.encode(cast("JsonView", value))
    return str(value)


def _index(value: object, *keys: object) -> object:
    for key in keys:
        if is_mapping(value):
            value = value.get(str(key))
        elif is_list(value) and isinstance(key, int) and -1 < key < len(value):
            value = value[key]
        else:
            return None
    return value


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else 0


def _slice(value: object, start: object = 0, stop: object = None) -> object:
    cut = slice(int(_number(start)), None if stop is None else int(_number(stop)))
    if isinstance(value, str):
        return value[cut]
    return value[cut] if is_list(value) else value


def _printf(form: object, *values: object) -> str:
    rest = list(values)
    return re.sub(
        r"%[sdvq]", lambda m: gojson.string(shown(rest.pop(0))) if m[0] == "%q" else shown(rest.pop(0)), str(form)
    )


def _len(value: object) -> int:
    return len(value) if isinstance(value, str) or is_mapping(value) or is_list(value) else 0


def _not(value: object) -> bool:
    return not truth(value)


def _eq(first: object, *others: object) -> bool:
    return any(first == other for other in others)


def _ne(first: object, second: object) -> bool:
    return first != second


def _lt(first: object, second: object) -> bool:
    return _number(first) < _number(second)


def _le(first: object, second: object) -> bool:
    return _number(first) <= _number(second)


def _gt(first: object, second: object) -> bool:
    return _number(first) > _number(second)


def _ge(first: object, second: object) -> bool:
    return _number(first) >= _number(second)


def _and(*values: object) -> object:
    return next((value for value in values if not truth(value)), values[-1])


def _or(*values: object) -> object:
    return next((value for value in values if truth(value)), values[-1])


def _print(*values: object) -> str:
    return "".join(shown(value) for value in values)


FUNCTIONS: dict[str, Callable[..., object]] = {
    "not": _not,
    "eq": _eq,
    "ne": _ne,
    "lt": _lt,
    "le": _le,
    "gt": _gt,
    "ge": _ge,
    "and": _and,
    "or": _or,
    "len": _len,
    "index": _index,
    "slice": _slice,
    "print": _print,
    "printf": _printf,
    "json": shown,
}
