"""From a vocabulary to the table that tiktoken works with, for the models that merge pairs by a list."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from operator import lt
from typing import cast

from ollama_tui.services.tokenizer.letters import byte_of, encoded, letters, raw_of
from ollama_tui.services.tokenizer.merging import merge, merge_table, reached
from ollama_tui.services.tokenizer.pretokenizers import PreTokenizer
from ollama_tui.services.tokenizer.special import SPECIAL, places
from ollama_tui.services.tokenizer.stages import pieces
from ollama_tui.services.tokenizer.table import Pieces, Table
from ollama_tui.services.tokenizer.vocabulary import Vocabulary


def byte_table(vocabulary: Vocabulary, pre: PreTokenizer) -> Table:
    """The table of a byte-level vocabulary."""
    ids = {token: number for number, token in enumerate(vocabulary.tokens)}
    raws = byte_raws(vocabulary.tokens, vocabulary.kinds)
    merged = reached(vocabulary.merges)
    order: list[int] = []
    extras: list[bytes] = []
    spelled: list[tuple[int, ...]] = []
    size = len(raws)
    known = byte_of()
    exact = pre.known

    texts = [*letters(), *merged.texts]
    if not merged.letters <= known.keys():
        texts = [text for text in texts if all(map(known.__contains__, text))]
    numbers = list(map(ids.get, texts))
    marked = {number for kind in SPECIAL for number in places(vocabulary.kinds, kind)}
    plain = None not in numbers and marked.isdisjoint(cast("list[int]", numbers))
    if plain:
        order = cast("list[int]", numbers)
    for text, number in () if plain else zip(texts, numbers, strict=True):
        if number is not None and number not in marked:
            order.append(number)
        else:
            order.append(size + len(extras))
            extras.append(raw_of(text))
            # llama.cpp looks for each byte of the text in UTF-8, which only finds tokens of one ASCII character.
            alone = [ids[letter] for letter in text if letter.isascii() and letter in ids]
            spelled.append((number,) if number is not None else tuple(alone))
    whole = _whole(ids, set(merged.texts), pre) if pre.whole_words else {}
    if vocabulary.twice and not vocabulary.twice.isdisjoint(texts):
        exact = False
    table = merge_table(vocabulary.merges) if whole else {}
    for raw in whole:
        parts = merge("".join(letters()[byte] for byte in raw), table).left
        order.append(size + len(extras))
        extras.append(raw)
        spelled.append(tuple(ids[part] for part in parts if part in ids))
    return Table(
        cut=pre.cut,
        pre=vocabulary.pre or "default",
        raws=raws,
        kinds=vocabulary.kinds,
        order=order,
        direct=not extras and all(map(lt, order[256:], order[257:])),
        extras=extras,
        spelled=spelled,
        whole=whole,
        exact=exact,
        begins_with=vocabulary.begins_with,
        ends_with=vocabulary.ends_with,
        strips=vocabulary.strips,
    )


def byte_raws(tokens: Sequence[str], kinds: bytes) -> list[bytes]:
    """The bytes that each token stands for."""
    marked = [number for kind in SPECIAL for number in places(kinds, kind)]
    texts = list(tokens)
    for number in marked:
        texts[number] = ""
    try:
        raws = list(Pieces(encoded("".join(texts)), map(len, texts)))
    except UnicodeEncodeError:
        raws = [raw_of(text) for text in texts]
    for number in marked:
        raws[number] = tokens[number].encode("utf-8", "replace")
    return raws


def _whole(ids: Mapping[str, int], merged: set[str], pre: PreTokenizer) -> dict[bytes, int]:
    """The tokens that no merge reaches, yet a piece can be."""
    found: dict[bytes, int] = {}
    for text in ids.keys() - merged:
        if len(text) > 1:
            with suppress(UnicodeError):  # a piece has no other characters, and none that is cut in two
                raw = encoded(text)
                if len(pieces(pre.cut, raw.decode())) == 1:
                    found[raw] = ids[text]
    return found
