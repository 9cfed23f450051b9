"""llama.cpp's pre-tokenizers step by step: slower than one pattern in tiktoken, and without limits.

Patterns that name categories are matched against a text in which every character beyond ASCII stands for its category,
the others against the text itself; in both, whitespace beyond ASCII is a vertical tab. Each pattern is applied to
every piece that the ones before it made.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import pairwise

from ollama_tui.services.tokenizer.characters import has, python_class

_STANDS_FOR = {"N": "\xd1", "L": "\xd2", "P": "\xd3", "M": "\xd4", "S": "\xd5"}
_OTHER, _WHITE = "\xd0", "\v"
_ASCII = {
    "N": "0-9",
    "L": "A-Za-z",
    "P": r"!-#%-*,-/:;?@\[-\]_{}",
    "M": "",
    "S": r"$+<->^`|~",
    "Lu": "A-Za-z",
    "Ll": "A-Za-z",
}

_GPT_2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_CONTRACTION = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])"
_LLAMA_3 = _CONTRACTION + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_QWEN_2 = _LLAMA_3.replace("{1,3}", "")
_QWEN_35 = _QWEN_2.replace(r"\p{L}+", r"[\p{L}\p{M}]+").replace(r" ?[^\s\p{L}\p{N}]", r" ?[^\s\p{L}\p{M}\p{N}]")
_CAPITAL, _SMALL = r"((?=[\p{L}])([^a-z]))", r"((?=[\p{L}])([^A-Z]))"


def _cased(numbers: str, suffix: str, capital: str = _CAPITAL, small: str = _SMALL) -> str:
    front = r"[^\r\n\p{L}\p{N}]?"
    return (
        rf"{front}{capital}*{small}+{suffix}|{front}{capital}+{small}*{suffix}|{numbers}|"
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    )


_MARKED = _CAPITAL.replace(r"\p{L}", r"\p{L}\p{M}"), _SMALL.replace(r"\p{L}", r"\p{L}\p{M}")
_DEEPSEEK_3 = (
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|"
    r"\s*[\r\n]+|\s+(?!\S)|\s+"
)
_MARKED_WORD = r"[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+" + _CONTRACTION + "?"
_KANA = "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"
_ASIAN = "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+"
_WORD = r" ?[^(\s|.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c)]+"

STAGES: Mapping[str, tuple[str, ...]] = {
    "gpt-2": (_GPT_2,),
    "starcoder": (r"\p{N}", _GPT_2),
    "llama-bpe": (_LLAMA_3,),
    "qwen2": (_QWEN_2,),
    "qwen35": (_QWEN_35,),
    "tekken": (_cased(r"\p{N}", ""),),
    "gpt-4o": (_cased(r"\p{N}{1,3}", _CONTRACTION + "?"),),
    "granite-embed-multi-97m": (_cased(r"\p{N}{1,3}", _CONTRACTION + "?", *_MARKED),),
    "kimi-k2": ("kimi",),
    "seed-coder": (_QWEN_2.replace(r" ?[^\s\p{L}\p{N}]+[\r\n]*", r" ?[^\s\p{L}\p{N}\r\n]+"),),
    "ufakzeka": (_QWEN_2.removeprefix(_CONTRACTION + "|"),),
    "minicpm5": (r"\p{N}{1,3}", _QWEN_2.replace(r"|\p{N}|", r"|\p{N}+|")),
    "exaone-moe": (
        _CONTRACTION + r"|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]?|"
        r"\s*[\r\n]|\s+(?!\S)|\s+",
    ),
    "bailingmoe": (_QWEN_2.replace(r"\s*[\r\n]+", r"\s*[\r\n]"),),
    "falcon": (r"[\p{P}\$\+<=>\^~\|`]+", _GPT_2, "[0-9][0-9][0-9]"),
    "default": (r"[\p{P}\$\+<=>\^~\|]+", _GPT_2, r"\p{N}+", "[0-9][0-9][0-9]"),
    "deepseek-llm": ("[\r\n]", r"\s?[\p{Letters}]+", r"\s?[\p{Marks}]+", r"\s+\Z", _ASIAN, r"\p{N}+"),
    "deepseek-coder": ("[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", _ASIAN, r"\p{N}"),
    "deepseek-v3": (r"\p{N}{1,3}", _KANA, _DEEPSEEK_3),
    "bloom": (_WORD,),
    "viking": (_WORD, r"\p{N}"),
    "newlines": ("[^\n]+|[\n]+",),
    # Those of which nobody asked for speed.
    "laguna": ("[^\n]+|[\n]+", _QWEN_2),
    "jais-2": (
        _LLAMA_3.removesuffix(r"\s+(?!\S)|\s+")
        + "".join(rf"\s{{{count}}}(?!\S)|" for count in (512, 256, 128, 64, 32, 16, 8, 4))
        + r"\s{1,2}(?!\S)|\s{1}",
    ),
    "youtu": (
        "[\uac00-\ud7a3\u3131-\u318e]+|[\uff01\u2026\u201c\u201d\u2018\u2019\u2014\uff1a\uff1b\uff0c\u3001-\u303f\ufe30-\ufe4f]+|"
        "[\u3105-\u312f]+|" + _KANA,
        _MARKED_WORD + r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    ),
    "tiny_aya": (
        "digits",
        _MARKED_WORD + r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    ),
    "afmoe": (
        "digits",
        "[\u4e00-\u9fff\u3400-\u4dbf\u8c48-\ufaff\u3040-\u309f\u30a0-\u30ff\uff65-\uff9f\u2f00-\u2fdf\u0e40-\u0e7f"
        "\u0e80-\u0eff\u1780-\u17ff\u1000-\u109f\uaa60-\uaa7f\ua9e0-\ua9ff\uac00-\ud7af\u1100-\u11ff]+",
        _DEEPSEEK_3,
    ),
    "superbpe": (r"\p{N}+", "thirds"),
    "spark2_5": (
        r"\p{N}{1,3}",
        _KANA,
        _DEEPSEEK_3.replace(r" ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+", r" ?[\p{P}\p{S}]+|[\r\n]"),
        r"\p{N}",
    ),
    "chameleon": (
        "<sentinel:[0-9]+>",
        "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z",
        "([\t\n]|    |  )",
        r"\p{N}",
        r"[\p{P}!-/:-@\[-`{-~]",
        _GPT_2,
    ),
}


class _Categories(dict[int, str]):
    """The stand-in for each character, found when it is first met."""

    def __missing__(self, code: int) -> str:
        found = chr(code)
        if code > 0x7F:
            found = _stand_in(code)
        self[code] = found
        return found


class _Whites(dict[int, str]):
    def __missing__(self, code: int) -> str:
        found = self[code] = _WHITE if code > 0x7F and has("s", code) else chr(code)
        return found


def _stand_in(code: int) -> str:
    if has("s", code):
        return _WHITE
    return next((stand_in for name, stand_in in _STANDS_FOR.items() if has(name, code)), _OTHER)


_CATEGORIES, _WHITES = _Categories(), _Whites()


def pieces(name: str, text: str) -> list[str]:
    """`text` as the pre-tokenizer `name` (a key of `STAGES`) cuts it; the pieces together are the text."""
    by_category = text if text.isascii() else text.translate(_CATEGORIES)
    by_itself = text if text.isascii() else text.translate(_WHITES)
    ends = [len(text)]
    for stage in STAGES[name]:
        own = _OWN.get(stage)
        if own is not None:
            ends = list(own(text, by_category, ends))
            continue
        pattern, named_categories = _compiled(stage)
        ends = list(_cut(pattern, by_category if named_categories else by_itself, ends))
    return [text[start:end] for start, end in pairwise([0, *ends]) if end > start]


def _cut(pattern: re.Pattern[str], text: str, ends: list[int]) -> Iterator[int]:
    """Where the matches begin and end, and the pieces before them, each piece being all that the pattern sees."""
    if len(ends) == 1:
        yield from _cut_one(pattern, text, 0)
        return
    start = 0
    for end in ends:
        yield from _cut_one(pattern, text[start:end], start)
        start = end


def _cut_one(pattern: re.Pattern[str], piece: str, start: int) -> Iterator[int]:
    last = 0
    for match in pattern.finditer(piece):
        begin, end = match.span()
        if begin > last:
            yield start + begin
        if end > begin:
            yield start + end
        last = end
    if last < len(piece):
        yield start + len(piece)


@cache
def _compiled(stage: str) -> tuple[re.Pattern[str], bool]:
    """A stage for Python's engine, and whether it goes by categories."""
    from ollama_tui.services.tokenizer.patterns import LETTERS, MARKS

    for name, ranges in (("Letters", LETTERS), ("Marks", MARKS)):
        stage = stage.replace(rf"\p{{{name}}}", python_class(ranges))
    categories = r"\p{" in stage
    inside = False
    written = ""
    at = 0
    while at < len(stage):
        if stage.startswith(r"\p{", at):
            name = stage[at + 3 : stage.index("}", at)]
            found = _STANDS_FOR[name] + _ASCII[name]
            written += found if inside else f"[{found}]"
            at += len(name) + 4
            continue
        if stage[at] == "\\":
            written += stage[at : at + 2]
            at += 2
            continue
        inside = stage[at] == "[" or (inside and stage[at] != "]")
        written += stage[at]
        at += 1
    return re.compile(written, re.ASCII), categories


def _digits(text: str, by_category: str, ends: list[int]) -> Iterator[int]:
    """Numbers in threes from their right end; what stands before a number stays with its first part."""
    del text
    number = re.compile(f"[0-9{_STANDS_FOR['N']}]+")
    start = 0
    for end in ends:
        for match in number.finditer(by_category, start, end):
            length = match.end() - match.start()
            yield from (match.start() + at for at in range(length % 3 or 3, length + 1, 3))
            start = match.end()
        if start < end:
            yield end
        start = end


def _thirds(text: str, by_category: str, ends: list[int]) -> Iterator[int]:
    """Before each three digits, counted from the end of a number."""
    del by_category
    start = 0
    for end in ends:
        for match in re.finditer("[0-9]+", text[start:end]):
            first = start + match.start() + (match.end() - match.start()) % 3
            yield from range(first or 3, start + match.end(), 3)
        yield end
        start = end


def _kimi(text: str, by_category: str, ends: list[int]) -> Iterator[int]:
    """Han by itself; words, with what is contracted behind them, without Han."""
    del ends
    marks = {
        code: "\xd6" if has("L", code) else "\xd7"  # Han that is not assigned is no letter
        for code in set(map(ord, text))
        if code > 0x3000 and has("Han", code)
    }
    if marks:
        by_category = "".join(
            marks.get(code, stand_in) for code, stand_in in zip(map(ord, text), by_category, strict=True)
        )
    yield from _cut_one(_KIMI, by_category, 0)


_KIMI = re.compile(
    rf"[\xd6\xd7]+|[^\r\nA-Za-z\xd20-9\xd1\xd6]?[A-Za-z\xd2]+{_CONTRACTION}?|[0-9\xd1]{{1,3}}|"
    r" ?[^\sA-Za-z\xd20-9\xd1\xd6]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    re.ASCII,
)
_OWN: Mapping[str, Callable[[str, str, list[int]], Iterator[int]]] = {
    "digits": _digits,
    "thirds": _thirds,
    "kimi": _kimi,
}
