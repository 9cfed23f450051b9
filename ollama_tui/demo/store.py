"""What is on the server's disk: models by name, and blobs by digest."""

import hashlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace

from ollama_tui.demo import names
from ollama_tui.demo.models import Layer, Model
from ollama_tui.demo.names import Name

HEAD = 4 * 1024 * 1024  # bytes of an uploaded blob that are kept: enough for a file's own description
_PIECE = 1024 * 1024


class Store:
    """Models and blobs. `root` is the folder it claims to be, which shows in Modelfiles and in errors."""

    def __init__(self, models: Iterable[Model], root: str) -> None:
        self.root = root
        self._models: dict[str, Model] = {}
        self._blobs: dict[str, int] = {}
        self._heads: dict[str, bytes] = {}
        for model in models:
            self.put(model)

    def models(self) -> list[Model]:
        """The newest first."""
        return sorted(self._models.values(), key=lambda model: -(model.modified_ns // 10**9))

    def find(self, name: Name) -> Model | None:
        return self._models.get(name.key)

    def look(self, text: str) -> Model | None:
        name = names.parse(text)
        return self.find(name) if name else None

    def put(self, model: Model) -> None:
        self._models[model.parsed.key] = model
        for layer in model.layers:
            self._blobs[layer.digest] = layer.size

    def copy(self, model: Model, name: Name, now_ns: int) -> None:
        self.put(replace(model, name=name.shown, modified_ns=now_ns))

    def remove(self, name: Name) -> None:
        """Drop a model, and the blobs that no other model has."""
        gone = self._models.pop(name.key)
        kept = {layer.digest for model in self._models.values() for layer in model.layers}
        for layer in gone.layers:
            if layer.digest not in kept:
                self._blobs.pop(layer.digest, None)

    def has(self, digest: str) -> bool:
        return digest in self._blobs

    def add(self, layer: Layer) -> None:
        self._blobs[layer.digest] = layer.size

    def size(self, digest: str) -> int:
        return self._blobs[digest]

    def head(self, digest: str) -> bytes:
        """The first bytes of an uploaded blob; none of one that only exists in name."""
        return self._heads.get(digest, b"")

    async def upload(self, body: AsyncIterator[bytes] | bytes) -> str:
        """Take in a blob and return its true digest. No more than its first bytes are kept."""
        digest, size, head = hashlib.sha256(), 0, bytearray()
        async for piece in _pieces(body):
            digest.update(piece)
            size += len(piece)
            head += piece[: max(0, HEAD - len(head))]
        found = f"sha256:{digest.hexdigest()}"
        self._blobs[found] = size
        self._heads[found] = bytes(head)
        return found

    def path(self, digest: str) -> str:
        return f"{self.root}/blobs/{digest.replace(':', '-')}"


async def _pieces(body: AsyncIterator[bytes] | bytes) -> AsyncIterator[bytes]:
    if isinstance(body, bytes):
        for at in range(0, len(body), _PIECE):
            yield body[at : at + _PIECE]
    else:
        async for piece in body:
            yield piece
