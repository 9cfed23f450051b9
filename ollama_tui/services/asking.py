"""Why a question is not asked yet, though nothing failed."""

from ollama_tui.domain.model import ModelRef


class ConsentNeeded(Exception):
    """The model runs on another machine than its host's, and the person has not yet said that text may go there."""

    def __init__(self, model: ModelRef) -> None:
        super().__init__(model.name)
        self.model = model


class StillAnswering(Exception):
    """A question was asked in a conversation where an answer is being written; it can be queued."""
