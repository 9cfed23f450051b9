"""Files as blobs at the server, from which models are made."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from ollama_tui.client.wire import Wire
from ollama_tui.domain.failure import LocalFailure

_PIECE = 1024 * 1024


async def upload(wire: Wire, path: Path) -> str:
    """Put the file at `path` among the server's blobs; its `sha256:` digest.

    Asked for first: a server that has the blob answers before it has read it, and then drops the connection. The
    length is sent, so that a server notices when we go away.

    Raises:
        LocalFailure: the file cannot be read.
    """
    try:
        with await asyncio.to_thread(path.open, "rb") as file:
            digest = await asyncio.to_thread(hashlib.file_digest, file, "sha256")
            length = file.tell()
            file.seek(0)
            name = f"sha256:{digest.hexdigest()}"
            there = await wire.status("HEAD", f"/api/blobs/{name}", accept=(404,))
            if there == 404:
                await wire.status("POST", f"/api/blobs/{name}", content=_pieces(file), length=length)
            return name
    except OSError as error:
        raise LocalFailure(what="file-unreadable", path=str(path), detail=str(error)) from error


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    while piece := await asyncio.to_thread(file.read, _PIECE):
        yield piece
