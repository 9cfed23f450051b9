"""WordPiece, as llama.cpp has it for BERT's kind of embedding models."""

import unicodedata
from collections.abc import Mapping
from functools import cache

from ollama_tui.domain.text import storable
from ollama_tui.domain.token import Token, TokenKind
from ollama_tui.services.tokenizer.characters import has
from ollama_tui.services.tokenizer.special import Specials
from ollama_tui.services.tokenizer.vocabulary import Vocabulary

_NEWER_CONTROLS = range(0x13439, 0x13440)  # of Unicode 15, which an older Python does not know


class _Written(dict[int, str]):
    """How each character is written before words are looked up: a space around what is a word of its own."""

    def __init__(self, *, lowercase: bool, strips_accents: bool) -> None:
        super().__init__()
        self._lowercase = lowercase
        self._strips_accents = strips_accents

    def __missing__(self, code: int) -> str:
        found = self[code] = self._find(code)
        return found

    def _find(self, code: int) -> str:
        if self._strips_accents:  # llama.cpp keeps the first character of what is taken apart
            code = ord(unicodedata.normalize("NFD", chr(code))[0])
        if has("s", code):
            return " "
        if code in (0, 0xFFFD) or _is_control(code) or (self._strips_accents and has("M", code)):
            return ""
        written = _lower(chr(code)) if self._lowercase else chr(code)
        alone = has("P", code) or (code < 0x7F and has("S", code)) or has("WordHan", code)
        return f" {written} " if alone else written


@cache
def _written(lowercase: bool, strips_accents: bool) -> _Written:
    return _Written(lowercase=lowercase, strips_accents=strips_accents)


class WordPieceTokenizer:
    """Each word as the longest tokens that make it up, or as unknown."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.exact = not vocabulary.twice
        self.pre = vocabulary.pre or "bert"
        self.begins_with = vocabulary.begins_with
        self.ends_with = vocabulary.ends_with
        self._ids: Mapping[str, int] = {token: number for number, token in enumerate(vocabulary.tokens)}
        self._longest = max(map(len, vocabulary.tokens))
        self._unknown = vocabulary.unknown
        self._kinds = vocabulary.kinds
        self._texts = vocabulary.tokens
        texts = [token.encode("utf-8", "replace") for token in vocabulary.tokens]
        self._specials = Specials.of(texts, vocabulary.kinds, vocabulary.strips)
        self._table = _written(vocabulary.lowercase, vocabulary.strips_accents)

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        ids: list[int] = []
        known: dict[str, list[int]] = {}
        for fragment in self._specials.split(storable(text), special=special):
            if isinstance(fragment, int):
                ids.append(fragment)
                continue
            for word in fragment.translate(self._table).split(" "):
                if word:
                    if (found := known.get(word)) is None:
                        found = known[word] = self._word("\u2581" + word)
                    ids += found
        return ids

    def count(self, text: str, *, special: bool = False) -> int:
        return len(self.encode(text, special=special))

    def tokens(self, text: str, *, special: bool = False) -> list[Token]:
        return [
            Token(number, self._texts[number].replace("\u2581", " ").encode(), TokenKind(self._kinds[number]))
            for number in self.encode(text, special=special)
        ]

    def _word(self, word: str) -> list[int]:
        found: list[int] = []
        start, length = 0, len(word)
        while start < length:
            for end in range(min(length, start + self._longest), start, -1):
                if (number := self._ids.get(word[start:end])) is not None:
                    found.append(number)
                    start = end
                    break
            else:
                return [self._unknown] if self._unknown >= 0 else []
        return found


def _is_control(code: int) -> bool:
    return unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Co") or code in _NEWER_CONTROLS


def _lower(character: str) -> str:
    lower = character.lower()
    return lower if len(lower) == 1 else lower[0]
