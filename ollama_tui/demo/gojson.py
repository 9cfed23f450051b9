"""JSON as Go's encoding/json writes it and, when it cannot be read, as Go complains about it."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from json.encoder import encode_basestring
from typing import NoReturn

from ollama_tui.demo.protocol import Json, JsonView

_SPECIAL = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
_ESCAPES: dict[int, str] = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}
_LONE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACE = " \t\n\r"
_END = "unexpected EOF"


class SyntaxFault(ValueError):
    """Text that is not JSON; its message is Go's."""


def string(text: str) -> str:
    """`text` as a JSON string: `<`, `>`, `&`, U+2028 and U+2029 escaped, everything else raw (U+0085 too)."""
    quoted: str = encode_basestring(text)
    return quoted.translate(_ESCAPES) if _SPECIAL.search(quoted) else quoted


def number(value: float) -> str:
    """The shortest form: no exponent from 1e-6 up to 1e21, no fraction for a whole number."""
    shortest = repr(value)
    if "e" not in shortest:
        return shortest.removesuffix(".0")
    if 1e-6 <= abs(value) < 1e21:
        return format(Decimal(shortest), "f").removesuffix(".0")
    mantissa, exponent = shortest.split("e")
    sign = "-" if exponent.startswith("-") else "+"
    return f"{mantissa.removesuffix('.0')}e{sign}{exponent.lstrip('+-').lstrip('0')}"


def encode(value: JsonView) -> str:
    """`value` as compact JSON, keys in the order given."""
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return string(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number(value)
    if isinstance(value, Mapping):
        return "{" + ",".join([f"{string(key)}:{encode(item)}" for key, item in value.items()]) + "}"
    return f"[{','.join([encode(item) for item in value])}]"


def decode(data: bytes) -> Json:
    """The first JSON value in `data`; what follows it is ignored, as by Go's decoder.

    Raises SyntaxFault, whose message is what Go's decoder says.
    """
    text = data.decode("utf-8", "replace")
    start = len(text) - len(text.lstrip(_SPACE))
    try:
        value: Json = json.JSONDecoder(parse_constant=_no_constant).raw_decode(text, start)[0]
        return _mended(value) if _LONE.search(text) else value
    except ValueError:
        _Scanner(text).value(start)
        # Go accepts what Python does not only in ways that do not matter here.
        raise SyntaxFault(_END) from None


def _mended(value: Json) -> Json:
    """`value` with lone surrogates as U+FFFD, as Go reads them."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_mended(item) for item in value]
    return {key: _mended(item) for key, item in value.items()} if isinstance(value, dict) else value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


class _Scanner:
    """Walks a text in order to say, in Go's words, where it stops being JSON."""

    def __init__(self, text: str) -> None:
        self.text = text

    def fail(self, at: int, where: str) -> NoReturn:
        if at >= len(self.text):
            raise SyntaxFault(_END)
        char = self.text[at]
        shown = {"'": "'\\''", '"': "'\"'"}.get(char) or "'" + encode_basestring(char)[1:-1] + "'"
        raise SyntaxFault(f"invalid character {shown} {where}")

    def skip(self, at: int) -> int:
        while at < len(self.text) and self.text[at] in _SPACE:
            at += 1
        return at

    def at(self, position: int) -> str:
        return self.text[position : position + 1]

    def value(self, at: int) -> int:
        at = self.skip(at)
        char = self.at(at)
        if char == "{":
            return self.object(at + 1)
        if char == "[":
            return self.array(at + 1)
        if char == '"':
            return self.string(at + 1)
        if char and char in "-0123456789":
            return self.number(at)
        for word in ("true", "false", "null"):
            if char == word[0]:
                return self.literal(at, word)
        return self.fail(at, "looking for beginning of value")

    def literal(self, at: int, word: str) -> int:
        for offset, expected in enumerate(word):
            if self.at(at + offset) != expected:
                self.fail(at + offset, f"in literal {word} (expecting '{expected}')")
        return at + len(word)

    def object(self, at: int) -> int:
        at = self.skip(at)
        if self.at(at) == "}":
            return at + 1
        while True:
            at = self.skip(at)
            if self.at(at) != '"':
                self.fail(at, "looking for beginning of object key string")
            at = self.skip(self.string(at + 1))
            if self.at(at) != ":":
                self.fail(at, "after object key")
            at = self.skip(self.value(at + 1))
            if self.at(at) == "}":
                return at + 1
            if self.at(at) != ",":
                self.fail(at, "after object key:value pair")
            at += 1

    def array(self, at: int) -> int:
        at = self.skip(at)
        if self.at(at) == "]":
            return at + 1
        while True:
            at = self.skip(self.value(at))
            if self.at(at) == "]":
                return at + 1
            if self.at(at) != ",":
                self.fail(at, "after array element")
            at += 1

    def string(self, at: int) -> int:
        while True:
            char = self.at(at)
            if char == '"':
                return at + 1
            if not char or char < " ":
                self.fail(at, "in string literal")
            if char == "\\":
                at += 1
                if self.at(at) == "u":
                    for offset in range(1, 5):
                        if self.at(at + offset).lower() not in set("0123456789abcdef"):
                            self.fail(at + offset, "in \\u hexadecimal character escape")
                    at += 4
                elif self.at(at) not in set('"\\/bfnrt'):
                    self.fail(at, "in string escape code")
            at += 1

    def number(self, at: int) -> int:
        if self.at(at) == "-":
            at += 1
            if not self.at(at).isdigit():
                self.fail(at, "in numeric literal")
        at = at + 1 if self.at(at) == "0" else self.digits(at)
        if self.at(at) == ".":
            if not self.at(at + 1).isdigit():
                self.fail(at + 1, "after decimal point in numeric literal")
            at = self.digits(at + 1)
        if self.at(at) in {"e", "E"}:
            at += 2 if self.at(at + 1) in {"+", "-"} else 1
            if not self.at(at).isdigit():
                self.fail(at, "in exponent of numeric literal")
            at = self.digits(at)
        return at

    def digits(self, at: int) -> int:
        while self.at(at).isdigit():
            at += 1
        return at
