"""Heights of many items and the line at which each begins, both changed and found in logarithmic time."""

from collections.abc import Iterable


class Heights:
    """Prefix sums in a Fenwick tree (Fenwick 1994)."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights: list[int] = []
        self._tree: list[int] = [0]
        for height in heights:
            self.append(height)

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    def __setitem__(self, index: int, height: int) -> None:
        more = height - self._heights[index]
        if not more:
            return
        self._heights[index] = height
        node = index + 1
        while node < len(self._tree):
            self._tree[node] += more
            node += node & -node

    def append(self, height: int) -> None:
        """Add an item at the end."""
        node = len(self._tree)
        self._heights.append(height)
        self._tree.append(self.before(node - 1) - self.before(node - (node & -node)) + height)

    @property
    def total(self) -> int:
        """The height of all items."""
        return self.before(len(self._heights))

    def before(self, index: int) -> int:
        """The height of the first `index` items: the line at which item `index` begins."""
        total = 0
        while index:
            total += self._tree[index]
            index &= index - 1
        return total

    def find(self, line: int) -> tuple[int, int]:
        """The item at `line`, and which of its own lines that is; beyond the end, the line after the last item's last.

        Items without height are never found.
        """
        index = 0
        step = 1 << len(self._heights).bit_length()
        while step:
            if index + step < len(self._tree) and self._tree[index + step] <= line:
                index += step
                line -= self._tree[index]
            step >>= 1
        return (index, line) if index < len(self._heights) else (index - 1, line + (self._heights[-1] if index else 0))
