"""The lines of a pull, push or create, summed over the layers."""

from ollama_tui.client.members import JsonObject, number, text
from ollama_tui.domain.event import LayerProgress, Progress

SUCCESS = "success"


class Layers:
    """The layers seen so far. They come one after the other, so a new one says that those before it are done."""

    def __init__(self) -> None:
        self._sizes: dict[str, list[int]] = {}
        self._current = ""

    def read(self, answer: JsonObject) -> Progress:
        """How far the transfer is after `answer`."""
        status = text(answer, "status")
        if digest := text(answer, "digest"):
            if digest != self._current:
                self._complete(self._current)
                self._current = digest
            size = self._sizes.setdefault(digest, [0, 0])
            size[0] = max(number(answer, "total"), 0) or size[0]
            size[1] = max(number(answer, "completed"), 0)
        elif status == SUCCESS:
            self._complete(self._current)
            self._current = ""
        layers = tuple(
            LayerProgress(digest=name, total=total, completed=min(completed, total) if total else completed)
            for name, (total, completed) in self._sizes.items()
        )
        return Progress(
            status=status,
            total=sum(layer.total for layer in layers),
            completed=sum(layer.completed for layer in layers),
            layers=layers,
        )

    def _complete(self, digest: str) -> None:
        """A layer need not report its last bytes."""
        if size := self._sizes.get(digest):
            size[1] = size[0] or size[1]
