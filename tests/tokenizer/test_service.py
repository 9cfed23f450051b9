"""The tokenizers of a workspace, with the built-in server."""

from dataclasses import replace
from pathlib import Path

from ollama_tui.domain.model import ModelRef, same_model
from ollama_tui.services.workspace import Workspace
from tests.services.place import a_place


async def _ref(workspace: Workspace, name: str) -> ModelRef:
    models = await workspace.models()
    return next(workspace.ref_of(model) for model in models if same_model(model.name, name))


async def test_a_model_of_the_server_is_counted_exactly(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        workspace = await place.open()
        ref = await _ref(workspace, "recite")
        assert workspace.tokenizers.known(ref) is None
        tokenizer = await workspace.tokenizers.of(ref)
        assert tokenizer.exact
        assert workspace.tokenizers.known(ref) is tokenizer
        assert await workspace.tokenizers.of(replace(ref, digest="")) is tokenizer
        assert len(tokenizer.encode("Hello, world!")) == tokenizer.count("Hello, world!") > 1
