"""From a vocabulary to the table that tiktoken works with, for the models that merge pairs by a list."""

from collections.abc import Sequence

from ollama_tui.domain.token import TokenKind
from ollama_tui.services.tokenizer.letters import byte_of, letters, raw_of
from ollama_tui.services.tokenizer.merging import merge, merge_table, reached
from ollama_tui.services.tokenizer.pretokenizers import PreTokenizer
from ollama_tui.services.tokenizer.table import Table
from ollama_tui.services.tokenizer.vocabulary import Vocabulary

_SPECIAL = (TokenKind.CONTROL, TokenKind.USER_DEFINED, TokenKind.UNKNOWN)


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
    for text in texts:
        number = ids.get(text)
        if number is not None and vocabulary.kinds[number] not in _SPECIAL:
            order.append(number)
        else:
            order.append(size + len(extras))
            extras.append(raw_of(text))
            # llama.cpp looks for each byte of the text in UTF-8, which only finds tokens of one ASCII character.
            alone = [ids[letter] for letter in text if letter.isascii() and letter in ids]
            spelled.append((number,) if number is not None else tuple(alone))
    whole: dict[bytes, int] = {}
    if pre.whole_words:
        at_hand = set(merged.texts)
        whole = {
            raw_of(text): number
            for text, number in ids.items()
            if len(text) > 1 and text not in at_hand and all(map(known.__contains__, text))
        }
    if vocabulary.twice and not vocabulary.twice.isdisjoint(texts):
        exact = False
    table = merge_table(vocabulary.merges) if whole else {}
    for raw in whole:
        parts = merge("".join(letters()[byte] for byte in raw), table).left
        order.append(size + len(extras))
        extras.append(raw)
        spelled.append(tuple(ids[part] for part in parts if part in ids))
    return Table(
        raws=raws, kinds=bytes(vocabulary.kinds), order=order, extras=extras, spelled=spelled, whole=whole, exact=exact
    )


def byte_raws(tokens: Sequence[str], kinds: Sequence[int]) -> list[bytes]:
    """The bytes that each token stands for: most are printable as they are."""
    raws: list[bytes] = []
    for token, kind in zip(tokens, kinds, strict=True):
        if kind in _SPECIAL:
            raws.append(token.encode("utf-8", "replace"))
        elif token.isascii():
            raws.append(token.encode("ascii"))
        else:
            plain = token.replace("\u0120", " ")
            raws.append(plain.encode("ascii") if plain.isascii() and " " not in token else raw_of(token))
    return raws
