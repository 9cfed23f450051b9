"""The model manager on a screen of its own."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.screen import Screen

from ollama_tui.services.server import Server
from ollama_tui.services.workspace import Workspace
from ollama_tui.tui.widgets.model_manager import ModelManager


class ModelsScreen(Screen[None]):
    """Hosts the manager. Answers and transfers go on meanwhile: the workspace runs them."""

    CSS_PATH = "models.tcss"
    AUTO_FOCUS: ClassVar[str | None] = "ModelTable"

    def __init__(self, workspace: Workspace, server: Callable[[], Server] | None = None) -> None:
        """`server`: the one whose models are shown now; None for the one in use."""
        super().__init__()
        self._workspace = workspace
        self._server = server

    def compose(self) -> ComposeResult:
        yield ModelManager(self._workspace, server=self._server)

    @property
    def manager(self) -> ModelManager:
        """The models."""
        return self.query_one(ModelManager)

    @on(ModelManager.Left)
    def _leave(self, event: ModelManager.Left) -> None:
        event.stop()
        self.dismiss()
