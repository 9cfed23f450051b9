"""The unigram model of SentencePiece, as llama.cpp has it for T5's kind and multilingual embedding models."""

import re
import struct
from array import array
from collections.abc import Iterator, Sequence

from ollama_tui.domain.text import storable
from ollama_tui.domain.token import Token, TokenKind
from ollama_tui.services.tokenizer.special import Specials, places
from ollama_tui.services.tokenizer.vocabulary import Vocabulary

_SPACE = "\u2581"
_WORD = re.compile("\u2581+[^\u2581]*|[^\u2581]+")
_PENALTY = 10.0
_LONGEST = 64
"""Characters that a replacement may stand for, and more."""

_MATCHED = (TokenKind.NORMAL, TokenKind.USER_DEFINED, TokenKind.UNUSED)

_Edges = list[list[tuple[int, int, float]]]
"""For each character of a word, the tokens that begin there: length, id and score, the shortest first."""


class UnigramTokenizer:
    """Normalises a text, and takes the tokens whose scores together are the best."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        tokens, kinds = vocabulary.tokens, vocabulary.kinds
        self.pre = vocabulary.pre or "unigram"
        self.begins_with = vocabulary.begins_with
        self.ends_with = vocabulary.ends_with
        self._texts = tokens
        self._kinds = kinds
        self._unknown = vocabulary.unknown
        self._merges_spaces = vocabulary.merges_spaces
        self._adds_space = vocabulary.adds_space
        user_defined = [tokens[number] for number in places(kinds, TokenKind.USER_DEFINED)]
        self._begins = {token[:length] for token in user_defined for length in range(1, len(token) + 1)}
        # Where such a token is not ASCII, llama.cpp may stop in the middle of a character.
        self.exact = not vocabulary.twice and all(map(str.isascii, user_defined))
        scores = array("f", vocabulary.scores or [0.0] * len(tokens))
        normal = [score for score, kind in zip(scores, kinds, strict=False) if kind == TokenKind.NORMAL]
        self._penalised = array("f", [min(normal, default=0.0) - _PENALTY])[0]
        self._scores: dict[str, tuple[int, float]] = {
            token: (number, 0.0 if kinds[number] == TokenKind.USER_DEFINED else scores[number])
            for number, token in enumerate(tokens)
            if kinds[number] in _MATCHED
        }
        self._prefixes = {token[:length] for token in self._scores for length in range(1, len(token))}
        self._seams = any(_SPACE in token.lstrip(_SPACE) for token in self._scores)
        self._rules = _Rules(vocabulary.character_map)
        self._specials = Specials.of([token.encode("utf-8", "replace") for token in tokens], kinds, vocabulary.strips)

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        ids: list[int] = []
        edges: dict[str, _Edges] = {}
        for fragment in self._specials.split(storable(text), special=special):
            if isinstance(fragment, int):
                ids.append(fragment)
            elif normalised := self._normalised(fragment):
                ids += self._best(normalised, edges)
        return ids

    def count(self, text: str, *, special: bool = False) -> int:
        return len(self.encode(text, special=special))

    def tokens(self, text: str, *, special: bool = False) -> list[Token]:
        texts, kinds = self._texts, self._kinds
        return [
            Token(number, texts[number].replace(_SPACE, " ").encode("utf-8", "replace"), TokenKind(kinds[number]))
            for number in self.encode(text, special=special)
        ]

    def _normalised(self, text: str) -> str:
        written: list[str] = []
        in_word = prepended = False
        for character in self._replaced(text):
            if character != " ":
                if not in_word:
                    in_word = True
                    if self._merges_spaces or (self._adds_space and not prepended):
                        written.append(_SPACE)
                        prepended = True
                written.append(character)
            else:
                in_word = False
                if not self._merges_spaces:
                    written.append(_SPACE)
        return "".join(written)

    def _replaced(self, text: str) -> Iterator[str]:
        """The characters of the text with the vocabulary's replacements."""
        at, size = 0, len(text)
        while at < size:
            end = at
            while end < size and text[at : end + 1] in self._begins:
                end += 1
            if end > at:  # what a user-defined token begins with stays as it is
                yield from text[at:end]
                at = end
                continue
            found, length = self._rules.at(text, at)
            yield from found
            at += length

    def _best(self, text: str, edges: dict[str, _Edges]) -> list[int]:
        """The ids of the best way through: for each place, the tokens that begin there, as the sums go on."""
        size = len(text)
        sums = [float("-inf")] * (size + 1)
        sums[0] = 0.0
        came: list[tuple[int, int]] = [(self._unknown, 0)] * (size + 1)
        start = 0
        for word in [text] if self._seams else _WORD.findall(text):
            known = edges.get(word)
            if known is None:
                known = edges[word] = self._edges(word)
            for at, tokens in enumerate(known, start):
                so_far = sums[at]
                for end, number, score in tokens:
                    challenger = so_far + score
                    if challenger > sums[at + end]:
                        sums[at + end] = challenger
                        came[at + end] = (number, at)
            start += len(word)
        ids: list[int] = []
        at, before = size, False
        while at > 0:
            number, at = came[at]
            unknown = number == self._unknown
            if not (unknown and before):
                ids.append(number)
            before = unknown
        ids.reverse()
        return ids

    def _edges(self, word: str) -> _Edges:
        """The tokens in a word."""
        scores, prefixes, size = self._scores, self._prefixes, len(word)
        found: _Edges = []
        for start in range(size):
            tokens: list[tuple[int, int, float]] = []
            end = start + 1
            while True:
                piece = word[start:end]
                if (token := scores.get(piece)) is not None:
                    tokens.append((end - start, *token))
                if end >= size or piece not in prefixes:
                    break
                end += 1
            if not tokens or tokens[0][0] != 1:  # the character itself is no token: unknown, tried last
                tokens.append((1, self._unknown, self._penalised))
            found.append(tokens)
        return found


class _Rules:
    """The replacements of a precompiled map: a trie in an array (XCDA), and the texts it points to."""

    def __init__(self, blob: bytes) -> None:
        self._nodes: Sequence[int] = ()
        self._texts = b""
        self._known: dict[str, tuple[str, int] | None] = {}
        if len(blob) > 4:
            size = struct.unpack_from("<I", blob)[0]
            nodes = array("I")
            nodes.frombytes(blob[4 : 4 + size // 4 * 4])
            self._nodes = nodes
            self._texts = blob[4 + size :]

    def at(self, text: str, at: int) -> tuple[str, int]:
        """What stands for the characters at a place, and how many they are: the longest that has a replacement."""
        if not self._nodes:
            return text[at], 1
        two = text[at : at + 2]
        if two not in self._known:
            self._known[two] = self._look(two, final=len(two) < 2)
        return self._known[two] or self._look(text[at : at + _LONGEST], final=True) or (text[at], 1)

    def _look(self, text: str, *, final: bool) -> tuple[str, int] | None:
        """The replacement for the longest beginning of `text`; None if more of the text might have one."""
        nodes = self._nodes
        place = self._base(nodes[0])
        found: tuple[int, int] | None = None
        raw = text.encode()
        for length, byte in enumerate(raw, 1):
            if byte == 0:
                break
            place ^= byte
            if place >= len(nodes) or nodes[place] & 0x800000FF != byte:
                break
            leaf = nodes[place] >> 8 & 1
            place ^= self._base(nodes[place])
            if leaf:
                found = (nodes[place] & 0x7FFFFFFF, length)
        else:
            if not final:
                return None
        if found is None:
            return text[0], 1
        start, length = found
        end = self._texts.find(b"\0", start)
        replacement = self._texts[start : end if end >= 0 else None].decode("utf-8", "replace")
        return replacement, len(raw[:length].decode("utf-8", "replace"))

    @staticmethod
    def _base(node: int) -> int:
        return (node >> 10) << ((node & 0x200) >> 6)
