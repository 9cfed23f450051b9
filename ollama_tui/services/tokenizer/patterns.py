"""How llama.cpp cuts a text into words before its byte-level BPE, one pattern for each pre-tokenizer.

llama.cpp applies several patterns one after the other, each to the pieces of the one before (`stages`). One pattern
that cuts in the same places lets tiktoken do all the work; for the few where nobody needed it, there are only stages.
A long run is never walked through with a way back for each character: the engine's memory for those is limited.
"""

from functools import cache

from ollama_tui.services.tokenizer import characters
from ollama_tui.services.tokenizer.characters import Ranges, both, named, spelled_out, union, without

_CONTRACTION = "'s|'t|'re|'ve|'m|'ll|'d"
_ANY_CASE = "'[sStTmMdD]|'[rR][eE]|'[vV][eE]|'[lL][lL]"
# Whitespace leaves its last character to the word behind it.
_TAIL = r"(?=(\s+)\s\S)\1|\s+"
# The same, where a number, or what else was cut out before, ends a piece.
_TAIL_BEFORE_NUMBERS = r"(?=(\s+)\s[^\s\p{N}])\1|\s+"

_GPT_2 = rf"(?:{_CONTRACTION}| ?\p{{L}}+| ?\p{{N}}+| ?[^\s\p{{L}}\p{{N}}]+)|{_TAIL}"
_DIGITS = rf"(?:{_CONTRACTION}| ?\p{{L}}+|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+)|{_TAIL_BEFORE_NUMBERS}"


def _modern(
    numbers: str,
    *,
    contraction: str = f"{_ANY_CASE}|",
    words: str = r"[^\r\n\p{L}\p{N}]?\p{L}+",
    others: str = r" ?[^\s\p{L}\p{N}]+[\r\n]*",
    tail: str = _TAIL,
) -> str:
    """The pattern of most models since Llama 3, with what differs between them."""
    return rf"(?:{contraction}{words}|{numbers}|{others}|\s*[\r\n]+)|{tail}"


_LLAMA_3 = _modern(r"\p{N}{1,3}")
_QWEN_2 = _modern(r"\p{N}")
_QWEN_35 = _modern(r"\p{N}", words=r"[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+", others=r" ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*")


def _cased(numbers: str, *, suffix: str, mark: str = "") -> str:
    """The patterns that cut a word where capitals begin."""
    front = r"[^\r\n\p{L}\p{N}]?"
    upper, lower = rf"\p{{Upper{mark}}}", rf"\p{{Lower{mark}}}"
    words = f"{front}{upper}*{lower}+{suffix}|{front}{upper}+{lower}*{suffix}"
    return _modern(numbers, contraction="", words=words, others=r" ?[^\s\p{L}\p{N}]+[\r\n/]*")


_TEKKEN = _cased(r"\p{N}", suffix="")
_GPT_4O = _cased(r"\p{N}{1,3}", suffix=f"(?:{_ANY_CASE})?")
_KIMI_WORDS = rf"\p{{Han}}+|[^\r\n\p{{L}}\p{{N}}]?\p{{Latin}}+(?:{_ANY_CASE})?"
_KIMI = _modern(r"\p{N}{1,3}", contraction="", words=_KIMI_WORDS)

# Punctuation is cut out first, so an apostrophe never reaches the contractions; then three digits at a time.
_FALCON_NUMBERS = r"(?>(?:[0-9]{0,2}\p{Odd})+)(?:[0-9]{1,2}(?![0-9]))?|[0-9]{1,2}(?![0-9])"
_FALCON = (
    r"[\p{Cut}]+| ?\p{L}+|[0-9]{3}|" + f" ?(?:{_FALCON_NUMBERS})" + r"| ?[^\s\p{L}\p{N}\p{Cut}]+|"
    r"(?=(\s+)\s[^\s\p{Cut}])\1|\s+"
)
_DEFAULT = (
    r"[\p{Cut}]+| ?\p{L}+|[0-9]{3}|" + _FALCON_NUMBERS + r"| ?[^\s\p{L}\p{N}\p{Cut}]+|"
    r"(?=(\s+)\s[^\s\p{Cut}])\1|\s+"
)

# DeepSeek's own idea of letters: what had capitals in an older Unicode. As code points, for some would be normalised.
_LETTERS = (
    "41-5a 61-7a b5 c0-d6 d8-f6 f8-1ba 1bc-1bf 1c4-293 295-2af 370-373 376-377 37b-37d 37f 386 388-38a 38c 38e-3a1 "
    "3a3-3f5 3f7-481 48a-52f 531-556 10a0-10c5 13a0-13f5 13f8-13fd 1c90-1cba 1cbd-1cbf 1d00-1d2b 1d6b-1d77 1d79-1d9a "
    "1e00-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b 1f5d 1f5f-1f7d 1f80-1fb4 1fb6-1fbc 1fbe 1fc2-1fc4 "
    "1fc6-1fcc 1fd0-1fd3 1fd6-1fdb 1fe0-1fec 1ff2-1ff4 1ff6-1ffc 2102 2107 210a-2113 2115 2119-211d 2124 2126 2128 "
    "212a-212d 212f-2134 2139 213c-213f 2145-2149 214e 2183-2184 2c00-2c7b 2c7e-2ce4 2ceb-2cee 2cf2-2cf3 a640-a66d "
    "a680-a69b a722-a76f a771-a787 a78b-a78e ab70-abbf fb00-fb06 fb13-fb17 ff21-ff3a ff41-ff5a 10400-1044f "
    "104b0-104d3 104d8-104fb 10c80-10cb2 10cc0-10cf2 118a0-118df 1e900-1e943"
)
_MARKS = "21-2f 3a-7e ff01-ff0f ff1a-ff5e 2018-201f 3001-3002"
# From `:` to `~`, so ASCII's letters are among them.
_ASIAN = "800-9fa5 ac00-d7ff"
_KANA = "4e00-9fa5 3040-30ff"

# A run ends in whitespace of its own only where nothing Asian and no number follows; see the stages.
_DEEPSEEK_LLM = (
    r"[\r\n]|[\p{Gap}]?[\p{Plain}]+|[\p{Gap}]?[\p{Foreign}]+|[\p{ForeignAsian}]+|[\p{Gap}]?[\p{Mark}]+|[\p{MarkAsian}]+|"
    r"[\p{OtherAsian}]+|[\p{NumberAsian}]+|[\p{Number}]+|"
    r"(?>[\p{Other}\p{Gap}]+)(?=[\p{OtherAsian}\p{NumberAsian}\p{Number}])|"
    r"(?>[\p{Gap}]*[\p{Other}]+(?:[\p{Gap}]+[\p{Other}]+)*)|"
    r"(?=([\p{Gap}]+)[\p{Gap}][\p{Letter}\p{Marks}])\1|[\p{Gap}]+"
)
_DEEPSEEK_CODER = (
    r"[\r\n]|[\p{Gap}]?[\p{Letter}]+|[\p{LetterAsian}]+|[\p{Gap}]?[\p{Mark}]+|[\p{MarkAsian}]+|\p{N}|[\p{OtherAsian}]+|"
    r"(?=([\p{Other}\p{Gap}]+)[\p{Gap}][\p{L}\p{P}])\1|[\p{Other}\p{Gap}]+"
)
_DEEPSEEK_3 = (
    r"(?:\p{N}{1,3}|\p{OddKana}?\p{WordKana}+|[\p{SignKana}]+|[!-/:-@\[-`{-~][A-Za-z]+|"
    r"[^\r\n\p{L}\p{P}\p{S}\p{N}\p{Kana}]?[\p{Word}]+| ?[\p{Sign}]+[\r\n]*|\s*[\r\n]+)|"
    r"(?=(\s+)\s[^\s\p{N}\p{Kana}])\1|\s+|"
    r"(?=([\p{Odd}]+)[\p{Odd}][\p{Word}])\2|[\p{Odd}]+|(?=([\p{OddKana}]+)[\p{OddKana}][\p{WordKana}])\3|[\p{OddKana}]+"
)

_BLOOM_STOPS = "28 29 7c 2e 2c 21 3f 2026 3002 ff0c 3001 964 6d4 60c"
_BLOOM = r" ?[\p{Free}]+|(?=([\p{Stop}]+) [\p{Free}])\1|[\p{Stop}]+"
_VIKING = r" ?[\p{Free}]+|\p{N}|(?=([\p{Stop}]+) [\p{Free}\p{N}])\1|[\p{Stop}]+"
_EXAONE_MOE = _modern(
    r"\p{N}", words=r"[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+", others=r" ?[^\s\p{L}\p{N}]+[\r\n/]?"
)


def _points(ranges: str) -> Ranges:
    """Ranges written in hexadecimal."""
    ends = [part.partition("-") for part in ranges.split()]
    return union(tuple((int(first, 16), int(last or first, 16)) for first, _, last in ends))


LETTERS = _points(_LETTERS)
MARKS = _points(_MARKS)


def _sets(name: str) -> dict[str, Ranges]:
    """The sets of characters that only one pattern uses."""
    white, numbers = named("s"), named("N")
    everything: Ranges = ((0, 0xD7FF), (0xE000, 0x10FFFF))
    if name in ("falcon", "default"):
        cut = union(named("P"), characters.of("$+<=>^~|`" if name == "falcon" else "$+<=>^~|"))
        return {"Cut": cut, "Odd": without(numbers, characters.of("0-9"))}
    if name == "deepseek-v3":
        kana = _points(_KANA)
        word, sign = union(named("L"), named("M")), union(named("P"), named("S"))
        known = union(word, sign, numbers, white)
        return {
            "Kana": kana,
            "Word": without(word, kana),
            "WordKana": both(word, kana),
            "Sign": without(sign, kana),
            "SignKana": both(sign, kana),
            "Odd": without(everything, known, kana),
            "OddKana": without(kana, known),
        }
    if name in ("bloom", "viking"):
        stop = union(white, _points(_BLOOM_STOPS))
        free = without(everything, stop)
        return {"Stop": stop, "Free": without(free, numbers) if name == "viking" else free}
    gap = without(white, _points("a d"))
    asian = without(_points(_ASIAN), white)
    if name == "deepseek-coder":
        letters, marks = named("L"), named("P")
        rest = without(everything, letters, marks, numbers, white)
        return {
            "Gap": gap,
            "Letter": without(letters, asian),
            "LetterAsian": both(letters, asian),
            "Mark": without(marks, asian),
            "MarkAsian": both(marks, asian),
            "OtherAsian": both(rest, asian),
            "Other": without(rest, asian),
        }
    letters, marks = LETTERS, MARKS
    rest = without(everything, letters, marks, numbers, white)
    return {
        "Gap": gap,
        "Letter": letters,
        "Marks": marks,
        "Plain": both(letters, marks),
        "Foreign": without(letters, marks, asian),
        "ForeignAsian": both(without(letters, marks), asian),
        "Mark": without(marks, letters, asian),
        "MarkAsian": both(without(marks, letters), asian),
        "OtherAsian": both(rest, asian),
        "NumberAsian": both(numbers, asian),
        "Number": without(numbers, asian),
        "Other": without(rest, asian),
    }


PATTERNS = {
    "gpt-2": _GPT_2,
    "starcoder": _DIGITS,
    "llama-bpe": _LLAMA_3,
    "qwen2": _QWEN_2,
    "qwen35": _QWEN_35,
    "tekken": _TEKKEN,
    "gpt-4o": _GPT_4O,
    "granite-embed-multi-97m": _cased(r"\p{N}{1,3}", suffix=f"(?:{_ANY_CASE})?", mark="Mark"),
    "kimi-k2": _KIMI,
    "seed-coder": _modern(r"\p{N}", others=r" ?[^\s\p{L}\p{N}]+"),
    "ufakzeka": _modern(r"\p{N}", contraction=""),
    "minicpm5": _modern(r"\p{N}{1,3}", tail=_TAIL_BEFORE_NUMBERS),
    "exaone-moe": _EXAONE_MOE,
    "falcon": _FALCON,
    "default": _DEFAULT,
    "deepseek-llm": _DEEPSEEK_LLM,
    "deepseek-coder": _DEEPSEEK_CODER,
    "deepseek-v3": _DEEPSEEK_3,
    "bloom": _BLOOM,
    "viking": _VIKING,
    "newlines": r"[^\n]+|\n+",
}


@cache
def pattern_of(name: str) -> str:
    """The pattern that cuts as llama.cpp's pre-tokenizer `name` (one of `SAME`'s values) does, in Rust's syntax."""
    own = _sets(name) if name in _OWN_SETS else {}
    return spelled_out(PATTERNS[name], tuple(own.items()))


_OWN_SETS = ("falcon", "default", "deepseek-v3", "bloom", "viking", "deepseek-coder", "deepseek-llm")
