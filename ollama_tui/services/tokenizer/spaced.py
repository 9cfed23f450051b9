"""Tables for vocabularies that merge characters, with U+2581 for a space: SentencePiece, and BPE of its kind.

tiktoken begins with bytes. So that it begins with characters, the first merges are those that put together the bytes
of each character that the vocabulary knows. One that it does not know ends as its bytes, as it does in llama.cpp.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import tiktoken

from ollama_tui.services.tokenizer.merging import reached
from ollama_tui.services.tokenizer.pretokenizers import PreTokenizer
from ollama_tui.services.tokenizer.table import Table
from ollama_tui.services.tokenizer.vocabulary import Vocabulary


def scored_table(vocabulary: Vocabulary) -> Table:
    """The table of a SentencePiece vocabulary: any neighbours that make a token are merged, the best score first."""
    ids = _ids(vocabulary)
    tokens, scores = vocabulary.tokens, vocabulary.scores or [0.0] * len(vocabulary.tokens)
    candidates = sorted(
        (token for token in ids if len(token) > 1 and " " not in token), key=lambda token: -scores[ids[token]]
    )
    everything = _table(vocabulary, ids, candidates)
    # A token that its own text does not merge into never comes about, but tiktoken would take a piece for it.
    found = _made_of_themselves(everything, candidates)
    ties = Counter(scores[ids[token]] for token in found)
    twice = not vocabulary.twice.isdisjoint({*found, *(token for token in tokens if len(token) == 1)})
    return replace(
        everything if len(found) == len(candidates) else _table(vocabulary, ids, found),
        exact=not twice,
        scores={token: scores[ids[token]] for token in found} if ties and max(ties.values()) > 1 else {},
    )


def listed_table(vocabulary: Vocabulary, pre: PreTokenizer) -> Table:
    """The table of a vocabulary that merges characters by a list."""
    ids = _ids(vocabulary)
    found = reached(vocabulary.merges).texts
    whole: dict[bytes, int] = {}
    if vocabulary.pre != "sarvam-moe":  # a run of newlines that is a token is one, whatever the merges say
        made = set(found)
        whole = {
            token.encode(): number
            for token, number in ids.items()
            if len(token) > 1 and not token.strip("\n") and token not in made
        }
    table = _table(vocabulary, ids, found, whole)
    return replace(table, exact=pre.known and vocabulary.twice.isdisjoint({*found, *map(bytes.decode, whole)}))


def _ids(vocabulary: Vocabulary) -> dict[str, int]:
    return {token: number for number, token in enumerate(vocabulary.tokens)}


def _table(
    vocabulary: Vocabulary, ids: Mapping[str, int], merged: Sequence[str], whole: Mapping[bytes, int] | None = None
) -> Table:
    raws = [token.encode("utf-8", "replace") for token in vocabulary.tokens]
    size = len(raws)
    order: list[int] = []
    extras: list[bytes] = []
    spelled: list[tuple[int, ...]] = []
    single = [_byte_id(ids, byte, vocabulary.unknown) for byte in range(256)]

    def add(piece: bytes, number: int | None) -> None:
        if number is not None and raws[number] == piece:
            order.append(number)
            return
        order.append(size + len(extras))
        extras.append(piece)
        spelled.append((number,) if number is not None else tuple(at for byte in piece for at in single[byte]))

    for byte in range(256):
        add(bytes((byte,)), ids.get(chr(byte)) if byte < 0x80 else None)
    begun: set[bytes] = set()
    for character in _characters(ids, merged):
        piece = character.encode()
        for end in range(2, len(piece)):
            if piece[:end] not in begun:
                begun.add(piece[:end])
                add(piece[:end], None)
        add(piece, ids.get(character))
    for token in merged:
        add(token.encode(), ids.get(token))
    for piece in whole or ():
        order.append(size + len(extras))
        extras.append(piece)
        spelled.append((ids["\n"],) * len(piece) if "\n" in ids else single[0x0A] * len(piece))
    return Table(
        cut="words" if vocabulary.model == "llama" else "newlines",
        pre=vocabulary.pre or "spm",
        raws=raws,
        kinds=vocabulary.kinds,
        order=order,
        extras=extras,
        spelled=spelled,
        spaced=True,
        whole=dict(whole or {}),
        adds_space=vocabulary.adds_space and vocabulary.model == "llama",
        begins_with=vocabulary.begins_with,
        ends_with=vocabulary.ends_with,
        strips=vocabulary.strips,
        seams=any("\u2581" in token.lstrip("\u2581") for token in merged),
    )


def _characters(ids: Iterable[str], merged: Iterable[str]) -> list[str]:
    """The characters of more than one byte that are tokens or stand in one."""
    known = {character for token in merged for character in token} | {token for token in ids if len(token) == 1}
    return sorted(character for character in known if not character.isascii())


def _byte_id(ids: Mapping[str, int], byte: int, unknown: int) -> tuple[int, ...]:
    number = ids.get(f"<0x{byte:02X}>", ids.get(chr(byte), -1) if byte < 0x80 else -1)
    return (number,) if number >= 0 else ((unknown,) if unknown >= 0 else ())


def _made_of_themselves(table: Table, tokens: Sequence[str]) -> list[str]:
    """Those tokens that their own text is merged into: all tried at once, with a character between that none has."""
    used = set("".join(tokens))
    end = next((chr(code) for code in range(0x20) if chr(code) not in used), None)
    if end is None:
        end = "\U0010fffd"  # its four bytes stay alone, for the vocabulary has not even the others
    size = len(end.encode())
    pattern = f"[^{end}]+{end}" if size == 1 else "(?s).+"
    encoding = tiktoken.Encoding("trial", pat_str=pattern, mergeable_ranks=table.ranks(), special_tokens={})
    if size > 1:
        return [token for token in tokens if len(encoding.encode_ordinary(token + end)) == 1 + size]
    ranks = encoding.encode_ordinary(end.join(tokens) + end)
    mark = ord(end)
    ends = [-1, *(at for at, rank in enumerate(ranks) if rank == mark)]
    return [token for token, (start, at) in zip(tokens, pairwise(ends), strict=True) if at - start == 2]
