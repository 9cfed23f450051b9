"""The model manager on a screen of its own."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.screen import Screen

from ollama_tui.services.workspace import Workspace
from ollama_tui.tui.widgets.model_manager import ModelManager


class ModelsScreen(Screen[None]):
    """Hosts the manager. Answers and transfers go on meanwhile: the workspace runs them."""

    CSS_PATH = "models.tcss"
    AUTO_FOCUS: ClassVar[str | None] = "ModelTable"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace

    def compose(self) -> ComposeResult:
        yield ModelManager(self._workspace)

    @property
    def manager(self) -> ModelManager:
        """The models."""
        return self.query_one(ModelManager)

    @on(ModelManager.Left)
    def _leave(self, event: ModelManager.Left) -> None:
        event.stop()
        self.dismiss()
