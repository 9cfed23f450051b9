"""What a GGUF file says about itself: its key-values and its tensors, read from its first bytes."""

import struct
from dataclasses import dataclass, field

from ollama_tui.demo.protocol import Json, JsonView

_MAGIC = b"GGUF"
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_FILE_TYPES = {
    0: "F32",
    1: "F16",
    2: "Q4_0",
    3: "Q4_1",
    7: "Q8_0",
    14: "Q4_K_S",
    15: "Q4_K_M",
    17: "Q5_K_M",
    18: "Q6_K",
}
_TENSOR_TYPES = {0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 8: "Q8_0", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 30: "BF16"}


@dataclass(slots=True)
class Described:
    info: dict[str, Json] = field(default_factory=dict[str, Json])
    tensors: tuple[dict[str, JsonView], ...] = ()
    parameters: int = 0
    kind: str = "unknown"


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = len(_MAGIC)

    def scalar(self, code: str) -> int | float | bool:
        found = struct.unpack_from("<" + code, self.data, self.at)[0]
        self.at += struct.calcsize("<" + code)
        return found

    def whole(self, code: str) -> int:
        return int(self.scalar(code))

    def string(self) -> str:
        length = self.whole("Q")
        if self.at + length > len(self.data):
            raise struct.error("past the end")
        found = self.data[self.at : self.at + length]
        self.at += length
        return found.decode("utf-8", "replace")

    def value(self, kind: int) -> Json:
        if kind == _STRING:
            return self.string()
        if kind == _ARRAY:
            inner, count = self.whole("I"), self.whole("Q")
            return [self.value(inner) for _ in range(count)]
        if kind not in _SCALARS:
            raise struct.error("no such type")
        return self.scalar(_SCALARS[kind])


def is_gguf(head: bytes) -> bool:
    return head.startswith(_MAGIC)


def read(head: bytes) -> Described:
    """As much of the description as is within `head`."""
    found = Described()
    tensors: list[dict[str, JsonView]] = []
    reader = _Reader(head)
    try:
        reader.whole("I")
        tensor_count, pair_count = reader.whole("Q"), reader.whole("Q")
        for _ in range(pair_count):
            key = reader.string()
            found.info[key] = reader.value(reader.whole("I"))
        for _ in range(tensor_count):
            name = reader.string()
            shape = [reader.whole("Q") for _ in range(reader.whole("I"))]
            kind = _TENSOR_TYPES.get(reader.whole("I"), "unknown")
            reader.whole("Q")
            tensors.append({"name": name, "type": kind, "shape": list(shape)})
            found.parameters += _product(shape)
    except struct.error:
        # The file is longer than what was kept of it, or it is cut off: what was read stands.
        pass
    found.tensors = tuple(tensors)
    found.info.setdefault("general.parameter_count", found.parameters)
    file_type = found.info.get("general.file_type")
    found.kind = _FILE_TYPES.get(file_type, "unknown") if isinstance(file_type, int) else "unknown"
    return found


def _product(shape: list[int]) -> int:
    product = 1
    for length in shape:
        product *= length
    return product


def human(count: int) -> str:
    """A count of parameters as Ollama shows it: `1.41M`, `8.0B`, `657K`."""
    if count >= 10**9:
        return f"{count / 10**9:.1f}B"
    if count >= 10**6:
        return f"{count / 10**6:.2f}M"
    return f"{count / 10**3:.0f}K" if count >= 1000 else str(count)
