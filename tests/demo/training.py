"""Makes the merges of the built-in vocabulary from the demo's own texts and sources: `python -m tests.demo.training`.

Run it only to make a new vocabulary: tokens are counted by the file that is there.
"""

from collections import Counter
from itertools import pairwise
from pathlib import Path

from ollama_tui.demo.vocabulary import Vocabulary

DEMO = Path(__file__).parents[2] / "ollama_tui" / "demo"
SIZE = 2000


def trained(text: str, size: int) -> list[str]:
    """The `size` merges that byte-pair encoding finds in `text`, the most frequent pair first."""
    plain = Vocabulary([])
    letters = plain.tokens
    counted = Counter(plain.pieces(text))
    words = [([letters[token] for token in plain.encode(piece)], count) for piece, count in counted.items()]
    merges: list[str] = []
    for _ in range(size):
        pairs: Counter[tuple[str, str]] = Counter()
        for parts, count in words:
            for pair in pairwise(parts):
                pairs[pair] += count
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(" ".join(best))
        for parts, _ in words:
            at = 0
            while at < len(parts) - 1:
                if (parts[at], parts[at + 1]) == best:
                    parts[at : at + 2] = ["".join(best)]
                at += 1
    return merges


def main() -> None:
    texts = sorted(DEMO.glob("texts/*.md")) * 3 + sorted(DEMO.rglob("*.py"))
    merges = trained("\n".join(path.read_text("utf-8") for path in texts), SIZE)
    (DEMO / "texts" / "merges.txt").write_text("\n".join(merges) + "\n", "utf-8")


if __name__ == "__main__":
    main()
