"""Where a model's tokenizer comes from: what was kept of it, else its server."""

import asyncio
from pathlib import Path

from ollama_tui.domain.host import Host
from ollama_tui.domain.model import Model, ModelCard, same_model
from ollama_tui.domain.token import Tokenizer
from ollama_tui.storage.shelf import Shelf

_KEPT_FILES = 12
"""Tokenizers on the disk: one takes some 3 MB."""


class Source:
    """Makes tokenizers in a thread, and keeps them in `folder` by the model's digest; nowhere without a folder."""

    def __init__(self, folder: Path | None) -> None:
        self._shelf = Shelf(folder, kept=_KEPT_FILES) if folder is not None else None

    async def kept(self, digest: str) -> Tokenizer | None:
        """What was made before for the model of that digest."""
        return await asyncio.to_thread(self._kept, digest)

    async def fetch(self, host: Host, name: str) -> tuple[Tokenizer, str]:
        """The tokenizer of a model by its server, and the model's digest, which is empty if it is not known.

        Raises:
            HostFailure: the server does not tell.
            LocalFailure: what it tells is no vocabulary (`vocabulary-missing`, `vocabulary-wrong`).
        """
        before = _find(await host.models(), name)
        if before is not None and (kept := await self.kept(before.digest)) is not None:
            return kept, before.digest
        card = await host.show(name, verbose=True)
        after = _find(await host.models(), name)
        # In between another model may have taken the name; then it is not known whose vocabulary this is.
        digest = after.digest if before is not None and after is not None and before.digest == after.digest else ""
        return await asyncio.to_thread(self._make, card, digest), digest

    def _kept(self, digest: str) -> Tokenizer | None:
        name = _file_name(digest)
        content = self._shelf.get(name) if self._shelf is not None and name else None
        if content is None:
            return None
        from ollama_tui.services.tokenizer.keeping import unpacked
        from ollama_tui.services.tokenizer.merged import MergingTokenizer

        try:
            table = unpacked(content, digest)
            return MergingTokenizer(table) if table is not None else None
        except (ValueError, LookupError, TypeError):  # sound, yet not written by this program
            return None

    def _make(self, card: ModelCard, digest: str) -> Tokenizer:
        from ollama_tui.services.tokenizer.keeping import packed
        from ollama_tui.services.tokenizer.making import make_table, make_tokenizer
        from ollama_tui.services.tokenizer.merged import MergingTokenizer
        from ollama_tui.services.tokenizer.vocabulary import read_vocabulary

        vocabulary = read_vocabulary(card.model_info, name=card.name)
        table = make_table(vocabulary)
        if table is None:
            return make_tokenizer(vocabulary)
        tokenizer = MergingTokenizer(table)
        if self._shelf is not None and (name := _file_name(digest)):
            self._shelf.put(name, packed(table, digest))
        return tokenizer


def _find(models: tuple[Model, ...], name: str) -> Model | None:
    return next((model for model in models if same_model(model.name, name)), None)


def _file_name(digest: str) -> str:
    """The file of a model's tokenizer; empty if the digest is none."""
    return f"{digest}.tokens" if len(digest) == 64 and digest.isalnum() and digest.isascii() else ""
