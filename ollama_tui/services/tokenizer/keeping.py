"""A table as bytes, to be kept on the disk: no code in it, and nothing is taken from a damaged one."""

import json
import sys
from array import array
from collections.abc import Iterable
from hashlib import blake2b
from itertools import accumulate, pairwise
from typing import Any

from ollama_tui.services.tokenizer.table import Pieces, Table

_FORMAT = 1
"""Changes whenever the same vocabulary would make another table, or the table is written otherwise."""
_MAGIC = b"ollama-tui tokenizer\n"
_SUM = 16
_NUMBER = "I"


def packed(table: Table, name: str) -> bytes:
    """The table of the vocabulary called `name`."""
    spelled = [number for numbers in table.spelled for number in numbers]
    extras = {raw: number for number, raw in enumerate(table.extras)}
    header = {
        "format": _FORMAT,
        "order": sys.byteorder,
        "name": name,
        "cut": table.cut,
        "direct": table.direct,
        "pre": table.pre,
        "spaced": table.spaced,
        "seams": table.seams,
        "exact": table.exact,
        "adds_space": table.adds_space,
        "begins_with": table.begins_with,
        "ends_with": table.ends_with,
        "strips": list(table.strips.items()),
        "whole": [(extras[raw], number) for raw, number in table.whole.items()],
        "scores": table.scores,
    }
    parts = [
        json.dumps(header).encode(),
        _numbers(map(len, table.raws)),
        b"".join(table.raws),
        table.kinds,
        _numbers(table.order),
        _numbers(map(len, table.extras)),
        b"".join(table.extras),
        _numbers(map(len, table.spelled)),
        _numbers(spelled),
    ]
    content = _numbers(map(len, parts)) + b"".join(parts)
    return _MAGIC + blake2b(content, digest_size=_SUM).digest() + content


def unpacked(content: bytes, name: str) -> Table | None:
    """The table that `packed` made for `name`; None if it is damaged, another's or of another version."""
    start = len(_MAGIC) + _SUM
    view = memoryview(content)
    if content[:start] != _MAGIC + blake2b(view[start:], digest_size=_SUM).digest():
        return None
    sizes = _read(view[start : start + 9 * array(_NUMBER).itemsize])
    ends = list(accumulate(sizes, initial=start + 9 * array(_NUMBER).itemsize))
    parts = [view[first:last] for first, last in pairwise(ends)]
    header: dict[str, Any] = json.loads(bytes(parts[0]))
    if header.get("format") != _FORMAT or header.get("order") != sys.byteorder or header.get("name") != name:
        return None
    extras = list(Pieces(bytes(parts[6]), _read(parts[5])))
    flat = _read(parts[8])
    bounds = list(accumulate(_read(parts[7]), initial=0))
    return Table(
        cut=header["cut"],
        direct=header["direct"],
        pre=header["pre"],
        raws=Pieces(bytes(parts[2]), _read(parts[1])),
        kinds=bytes(parts[3]),
        order=_read(parts[4]),
        extras=extras,
        spelled=[tuple(flat[first:last]) for first, last in pairwise(bounds)],
        spaced=header["spaced"],
        seams=header["seams"],
        whole={extras[at]: number for at, number in header["whole"]},
        scores=header["scores"],
        exact=header["exact"],
        adds_space=header["adds_space"],
        begins_with=tuple(header["begins_with"]),
        ends_with=tuple(header["ends_with"]),
        strips=dict(header["strips"]),
    )


def _numbers(numbers: Iterable[int]) -> bytes:
    return array(_NUMBER, numbers).tobytes()


def _read(content: memoryview) -> "array[int]":
    numbers = array(_NUMBER)
    numbers.frombytes(content)
    return numbers
