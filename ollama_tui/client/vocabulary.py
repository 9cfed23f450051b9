"""Reading an answer that carries a vocabulary, in pieces: between two of them the rest of the program has its turn.

Python's decoder reads an object in one go and holds everything else up meanwhile: a tenth of a second for a vocabulary
of a few hundred thousand words.
"""

import json
import re
from typing import cast

_LISTS = re.compile(
    rb'"tokenizer\.ggml\.(?:tokens|merges|scores|token_type)":\['
)  # not in a string: its quotes are bare
_TEXTS = re.compile(rb'(?:"(?:[^"\\]|\\.)*+",){1,8000}+', re.DOTALL)
_LAST = re.compile(rb'"(?:[^"\\]|\\.)*+"\]', re.DOTALL)


def read_in_pieces(content: bytes) -> object:
    """What `json.loads` makes of the JSON object `content`.

    Raises:
        ValueError: it is no JSON.
    """
    lists: dict[str, list[object]] = {}
    rest: list[bytes] = []
    start = 0
    for match in _LISTS.finditer(content):
        if match.start() < start or (read := _read_list(content, match.end())) is None:
            continue
        lists[match[0][1:-3].decode()], end = read
        rest += (content[start : match.end()], b"]")
        start = end
    if not lists:
        return json.loads(content)
    rest.append(content[start:])
    answer: object = json.loads(b"".join(rest))
    info = cast("dict[str, object]", answer).get("model_info") if isinstance(answer, dict) else None
    known = cast("dict[str, object]", info) if isinstance(info, dict) else {}
    if any(known.get(key) != [] for key in lists):
        return json.loads(content)  # they stand elsewhere
    known.update(lists)
    return cast("object", answer)


def _read_list(content: bytes, start: int) -> tuple[list[object], int] | None:
    """The list that begins before `start`, and where it ends; None if it is not written closely, or is empty."""
    if content[start : start + 1] != b'"':
        end = content.find(b"]", start)
        return (json.loads(content[start - 1 : end + 1]), end + 1) if end > start else None
    found: list[object] = []
    while (match := _TEXTS.match(content, start)) is not None:
        found += json.loads(b"[%b]" % content[start : match.end() - 1])
        start = match.end()
    last = _LAST.match(content, start)
    if last is None:
        return None
    found += json.loads(b"[%b" % last[0])
    return found, last.end()
