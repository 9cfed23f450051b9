"""Merging by scores, where tokens of one score go from left to right, which ranks cannot tell."""

from collections.abc import Mapping
from heapq import heappop, heappush


def merge_by_scores(text: str, scores: Mapping[str, float]) -> list[str]:
    """The characters of `text`, merged: of all neighbours that together are a token, always those of the best score."""
    parts: list[str] = list(text)
    size = len(parts)
    before = list(range(-1, size - 1))
    after = [*range(1, size), -1]
    waiting: list[tuple[float, int, int, str]] = []

    def look(left: int, right: int) -> None:
        if left >= 0 and right >= 0 and (score := scores.get(token := parts[left] + parts[right])) is not None:
            heappush(waiting, (-score, left, right, token))

    for at in range(size - 1):
        look(at, at + 1)
    while waiting:
        _, left, right, token = heappop(waiting)
        if not parts[left] or not parts[right] or len(parts[left]) + len(parts[right]) != len(token):
            continue  # one of the two was merged meanwhile
        parts[left], parts[right] = token, ""
        after[left] = after[right]
        if after[right] >= 0:
            before[after[right]] = left
        look(before[left], left)
        look(left, after[left])
    return [part for part in parts if part]
