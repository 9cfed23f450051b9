"""One pattern for tiktoken cuts where llama.cpp's patterns cut one after the other, whatever the text."""

import random
from collections.abc import Iterator

import pytest
import tiktoken

from ollama_tui.services.tokenizer.characters import named, spelled_out
from ollama_tui.services.tokenizer.patterns import PATTERNS, pattern_of
from ollama_tui.services.tokenizer.stages import STAGES, pieces

_CODES = (0, 0x1C, 0x1F, 0x7F, 0x85, 0xA0, 0x301, 0x378, 0x600, 0x93F, 0xCF3, 0x1680, 0x200B, 0x200D, 0x2028, 0x3000)
_MORE_CODES = (0x3040, 0x3099, 0xE000, 0xFA6E, 0xFEFF, 0xFFFD, 0x1D7CE, 0x2A6E5, 0x2EBF0, 0xE0001)
SIGNS = [
    *"aAbBsStTrReEvVlLdDmM'''   \t\n\r\n0123456789!?.,-/~$+`<>=^|_\"#()[]{}\\éÉßſKẞİıΩωжЖ中文字，。、「！Ａａ１²³½Ⅷ٣०",
    *"一龥ࠀ가힣あアー・゛ᴀḕἀ🎉👩“‘’…।～〇𐐀",
    *map(chr, _CODES + _MORE_CODES),
]


def texts(seed: int) -> Iterator[str]:
    """Texts of few different characters, of many, and of any that there are."""
    chance = random.Random(seed)
    for _ in range(300):
        if chance.random() < 0.15:
            codes = (chance.randrange(0x110000) for _ in range(20))
            yield "".join(chr(code) for code in codes if not 0xD800 <= code < 0xE000)
        few = chance.sample(SIGNS, chance.randint(2, 12)) if chance.random() < 0.8 else SIGNS
        yield "".join(chance.choice(few) * chance.choice((1, 1, 1, 2, 4)) for _ in range(chance.randint(1, 30)))


@pytest.mark.parametrize("name", [name for name in PATTERNS if name in STAGES])
def test_the_pattern_cuts_where_the_stages_do(name: str) -> None:
    expected = {text: pieces(name, text) for text in texts(7)}
    # Each piece is a token, and so are neighbours together: the tokens are the pieces, unless a cut is missing.
    ranks = {bytes((byte,)): byte for byte in range(256)}
    for text, found in expected.items():
        assert "".join(found) == text
        for length in (1, 2, 3, len(found)):
            for at in range(len(found)):
                ranks.setdefault("".join(found[at : at + length]).encode(), len(ranks))
    encoding = tiktoken.Encoding(name, pat_str=pattern_of(name), mergeable_ranks=ranks, special_tokens={})
    for text, found in expected.items():
        cut = [encoding.decode_single_token_bytes(rank) for rank in encoding.encode_ordinary(text)]
        assert [part.decode("utf-8", "replace") for part in cut] == found, text


def test_characters_are_those_of_unicode_15_1() -> None:
    sizes = {"L": 136_726, "N": 1_831, "M": 2_450, "P": 842, "S": 7_775}
    for name, size in sizes.items():
        assert sum(last - first + 1 for first, last in named(name)) == size


@pytest.mark.parametrize("name", ["L", "N", "M", "P", "S", "Upper", "Lower", "UpperMark", "LowerMark"])
def test_what_the_engine_has_for_a_set_is_the_set(name: str) -> None:
    encoding = tiktoken.Encoding(
        "bytes",
        pat_str=spelled_out(rf"\p{{{name}}}") + "+",
        mergeable_ranks={bytes([byte]): byte for byte in range(256)},
        special_tokens={},
    )
    everything = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    found = bytes(encoding.encode_ordinary(everything)).decode()
    assert found == "".join(chr(code) for first, last in named(name) for code in range(first, last + 1))
