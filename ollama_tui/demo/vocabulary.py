"""A small byte-level BPE vocabulary: 256 bytes, merges, and a few marks; what counts and streams tokens.

It is the same that `/api/show` gives with `verbose`, so that anyone can count as the server does.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from unicodedata import category

from ollama_tui.demo.protocol import Json

CONTROL, USER_DEFINED, NORMAL = 3, 4, 1
END_OF_TEXT, START, END, THINK, END_THINK = "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>"
_MARKS = {END_OF_TEXT: CONTROL, START: CONTROL, END: CONTROL, THINK: USER_DEFINED, END_THINK: USER_DEFINED}
_CONTRACTION = re.compile("'(?:s|t|re|ve|m|ll|d)")
# GPT-2's pattern, over a text in which each character stands for its class: L letter, N number, O other, s space.
_PIECE = re.compile(r" ?L+| ?N+| ?O+|[ s]+(?![LNO])|[ s]+")


def _byte_letters() -> list[str]:
    """The printable character that stands for each byte, as GPT-2 has it."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    letters: list[str] = []
    extra = 0
    for byte in range(256):
        if byte in printable:
            letters.append(chr(byte))
        else:
            letters.append(chr(256 + extra))
            extra += 1
    return letters


class _Classes(dict[int, str]):
    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = category(char)[0]
        if kind == "L" or kind == "N":
            found = kind
        elif char.isspace() and code not in range(0x1C, 0x20):
            found = " " if char == " " else "s"
        else:
            found = "O"
        self[code] = found
        return found


class Vocabulary:
    """Token texts and ids. `tokens` are in GPT-2's byte letters, as a GGUF file has them."""

    def __init__(self, merges: Sequence[str], *, thinking_marks: bool = True) -> None:
        marks = [mark for mark, kind in _MARKS.items() if thinking_marks or kind == CONTROL]
        self._mark = re.compile("|".join(re.escape(mark) for mark in marks))
        letters = _byte_letters()
        self.merges = list(merges)
        self.tokens = sorted(letters) + [merge.replace(" ", "", 1) for merge in merges] + marks
        self.types = [_MARKS.get(token, NORMAL) for token in self.tokens]
        self._ids = {token: index for index, token in enumerate(self.tokens)}
        self._ranks = {(left, right): rank for rank, (left, right) in enumerate(merge.split(" ") for merge in merges)}
        self._letters = letters
        self._bytes = {letter: byte for byte, letter in enumerate(letters)}
        self._classes = _Classes()
        self._known: dict[str, tuple[int, ...]] = {}
        self.start, self.end, self.end_of_text = self._ids[START], self._ids[END], self._ids[END_OF_TEXT]

    def described(self) -> dict[str, Json]:
        """As the key-values of a GGUF file."""
        return {
            "tokenizer.ggml.add_bos_token": False,
            "tokenizer.ggml.bos_token_id": self.end_of_text,
            "tokenizer.ggml.eos_token_id": self.end,
            "tokenizer.ggml.merges": list(self.merges),
            "tokenizer.ggml.model": "gpt2",
            "tokenizer.ggml.padding_token_id": self.end_of_text,
            "tokenizer.ggml.pre": "gpt-2",
            "tokenizer.ggml.token_type": list(self.types),
            "tokenizer.ggml.tokens": list(self.tokens),
        }

    def pieces(self, text: str) -> Iterator[str]:
        """`text` cut as GPT-2 cuts it before merging."""
        classes = text.translate(self._classes)
        at = 0
        while at < len(text):
            contraction = _CONTRACTION.match(text, at) if text[at] == "'" else None
            if contraction:
                stop = contraction.end()
            else:
                match = _PIECE.match(classes, at)
                stop = match.end() if match else at + 1
            yield text[at:stop]
            at = stop

    def _merge(self, piece: str) -> tuple[int, ...]:
        known = self._known.get(piece)
        if known is not None:
            return known
        parts = [self._letters[byte] for byte in piece.encode("utf-8", "replace")]
        worst = len(self._ranks)
        while len(parts) > 1:
            ranks = [self._ranks.get(pair, worst) for pair in pairwise(parts)]
            best = min(ranks)
            if best == worst:
                break
            at = ranks.index(best)
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        found = tuple(self._ids[part] for part in parts)
        self._known[piece] = found
        return found

    def stream(self, text: str, *, marks: bool = True) -> Iterator[int]:
        """Token ids of `text` one after the other; marks such as `<think>` are one each where `marks` says so."""
        at = 0
        for mark in self._mark.finditer(text) if marks else ():
            for piece in self.pieces(text[at : mark.start()]):
                yield from self._merge(piece)
            yield self._ids[mark[0]]
            at = mark.end()
        for piece in self.pieces(text[at:] if at else text):
            yield from self._merge(piece)

    def encode(self, text: str, *, marks: bool = True) -> list[int]:
        """Token ids of `text`."""
        return list(self.stream(text, marks=marks))

    def count(self, text: str) -> int:
        return len(self.encode(text))

    def bytes_of(self, token: int) -> bytes:
        text = self.tokens[token]
        return text.encode() if self.types[token] != NORMAL else bytes(self._bytes[letter] for letter in text)

    def decode(self, ids: Sequence[int]) -> str:
        known = [token for token in ids if 0 <= token < len(self.tokens)]
        return b"".join(self.bytes_of(token) for token in known).decode("utf-8", "replace")


@cache
def default() -> Vocabulary:
    """The vocabulary of the built-in models."""
    return Vocabulary((files("ollama_tui.demo") / "texts" / "merges.txt").read_text("utf-8").splitlines())
