"""All items of a transcript one under the other: those near the view laid out, the others estimated."""

from collections.abc import Iterable, Sequence

from ollama_tui.tui.transcript.heights import Heights
from ollama_tui.tui.transcript.item import Item

_KEPT = 120
"""Items that stay laid out at a time."""


class Roll:
    """A list of items, and at which line each begins."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.width = 0
        self._heights = Heights()
        self._laid_out: dict[int, None] = {}
        """Items laid out at this width, the one used last at the end."""

    @property
    def height(self) -> int:
        """Lines of all, partly estimated."""
        return self._heights.total

    def fill(self, items: Iterable[Item], width: int) -> None:
        """Hold these items, at a width; those that stream are laid out."""
        self.items = list(items)
        self.set_width(width)

    def set_width(self, width: int) -> None:
        """Estimate everything anew; those that stream are laid out."""
        self.width = max(1, width)
        self._laid_out.clear()
        self._heights = Heights(item.estimate(self.width) for item in self.items)
        for index, item in enumerate(self.items):
            if item.streaming:
                self.measure(index)

    def append(self, item: Item) -> None:
        """Add an item at the end, and lay it out."""
        self.items.append(item)
        self._heights.append(item.estimate(self.width))
        self.measure(len(self.items) - 1)

    def lay_out(self, index: int) -> Item:
        """An item with its lines known, for what is not about where it stands."""
        self.items[index].lay_out(self.width)
        self._laid_out.setdefault(index)
        return self.items[index]

    def measure(self, index: int) -> bool:
        """Lay out an item; whether its height is another than was thought."""
        self._laid_out.pop(index, None)
        item = self.lay_out(index)
        before = self._heights[index]
        self._heights[index] = item.height
        return before != item.height

    def measure_around(self, index: int, above: int, below: int) -> bool:
        """Lay out an item and those that reach so many lines above and below it; whether heights changed."""
        changed = self.measure(index)
        up, line = index - 1, 0
        while up >= 0 and line < above:
            changed |= self.measure(up)
            line += self._heights[up]
            up -= 1
        down, line = index + 1, 0
        while down < len(self.items) and line < below:
            changed |= self.measure(down)
            line += self._heights[down]
            down += 1
        self._release(down - up)
        return changed

    def _release(self, needed: int) -> None:
        """Let go of what was not used for long; heights stay."""
        spare = len(self._laid_out) - max(_KEPT, needed)
        for index in list(self._laid_out)[: max(0, spare)]:
            item = self.items[index]
            if not item.streaming:
                item.release()
                del self._laid_out[index]

    def top(self, index: int) -> int:
        """The first line of an item."""
        return self._heights.before(index)

    def find(self, line: int) -> tuple[int, int]:
        """The item at a line, and which of its lines that is."""
        return self._heights.find(max(0, line))

    def index_of(self, message_id: str) -> int | None:
        """Where a message is."""
        return next((index for index, item in enumerate(self.items) if item.message.id == message_id), None)

    def growing(self) -> Sequence[int]:
        """The items that stream: at the end, if there are any."""
        return [index for index in range(max(0, len(self.items) - 2), len(self.items)) if self.items[index].streaming]
