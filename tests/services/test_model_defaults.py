"""What holds where a conversation sets nothing."""

from dataclasses import replace

from ollama_tui.domain.options import BY_NAME
from ollama_tui.services.model_defaults import model_defaults
from ollama_tui.services.workspace import Workspace


async def test_a_server_that_does_not_tell_leaves_ollamas_own_defaults(workspace: Workspace) -> None:
    ref = (await workspace.first_setup()).model
    assert ref is not None
    defaults = await model_defaults(workspace, ref)
    assert defaults.failure is None
    assert defaults.context_most == 32768
    assert defaults.context_now == 0
    missing = await model_defaults(workspace, replace(ref, name="nothing:latest"))
    assert missing.failure is not None
    assert missing.of(BY_NAME["temperature"]) == ("0.8", "ollama")
    assert (await model_defaults(workspace, None)).of(BY_NAME["top_k"]) == ("40", "ollama")
