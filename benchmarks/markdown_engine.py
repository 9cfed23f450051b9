"""CPU per token of drawing a streamed Markdown answer, for short and long answers that are one single thing.

Simulates a stream of 2,000 tokens a second that is drawn 12 times a second: appends what came, lays it out, and asks
for the last 40 lines. Run: python benchmarks/markdown_engine.py [tokens …]
"""

import random
import statistics
import sys
import time

from ollama_tui.tui.markdown import Document, Theme

SENTENCE = (
    "the model answers with words that wrap and **bold parts** or `code` and a [link](https://example.org/path) of "
    "many tokens while the terminal draws, and each line costs as much as the one before it, *whatever* came earlier."
)
WORDS = SENTENCE.split(" ")
CHINESE = "模型的回答里有很多中文字符，换行时要注意标点。每个字占两格，「引号」也是。**重点**和`代码`都要正确。"
CODE = '''def area(shape: Shape, *, scale: float = 1.0) -> float:
    """The area of `shape`, in square metres."""
    if isinstance(shape, Circle):
        return 3.14159 * shape.radius ** 2 * scale  # pi r^2
    total = sum(w * h for w, h in shape.parts if w > 0)
    log.info("area of %s: %f", shape.name, total)
    return total * scale

'''


def paragraph(tokens: int) -> list[str]:
    """One paragraph without an end of line; a token is a word."""
    return [WORDS[i % len(WORDS)] + " " for i in range(tokens)]


def chinese(tokens: int) -> list[str]:
    """One paragraph of Chinese; a token is a character and a half."""
    text = CHINESE * (tokens * 3 // 2 // len(CHINESE) + 1)
    return [text[i * 3 // 2 : (i + 1) * 3 // 2] for i in range(tokens)]


def _sliced(text: str, tokens: int) -> list[str]:
    return [text[i : i + 4] for i in range(0, len(text), 4)][:tokens]


def fence(tokens: int) -> list[str]:
    """One block of Python; a token is four characters."""
    return ["```python\n", *_sliced(CODE * (tokens * 4 // len(CODE) + 1), tokens - 1)]


def table(tokens: int) -> list[str]:
    """One table of four columns."""
    row = random.Random(1)
    lines = [
        f"| {i} | {' '.join(row.choices(WORDS, k=row.randint(1, 5)))} | {row.random():.4f} | 中文 {i % 7} |\n"
        for i in range(tokens // 8)
    ]
    return _sliced("| # | words | value | note |\n|--:|:--|--:|---|\n" + "".join(lines), tokens)


def items(tokens: int) -> list[str]:
    """One list."""
    row = random.Random(1)
    lines = [f"- **Item {i}**: {' '.join(row.choices(WORDS, k=row.randint(4, 20)))}\n" for i in range(tokens // 8)]
    return _sliced("".join(lines), tokens)


def mixed(tokens: int) -> list[str]:
    """A bit of everything."""
    parts = ["# Heading\n\n", "".join(paragraph(80)), "\n\n", "".join(items(120)), "\n```python\n", CODE, "```\n\n"]
    parts += ["".join(table(100)), "\n\n> ", "".join(paragraph(40)), "\n\n", CHINESE, "\n\n"]
    text = "".join(parts)
    return _sliced(text * (tokens * 4 // len(text) + 1), tokens)


def stream(tokens: list[str], per_draw: int = 166) -> float:
    """Seconds of CPU that the answer takes."""
    document = Document(Theme.dark(), 100)
    begin = time.process_time()
    for i in range(0, len(tokens), per_draw):
        document.append("".join(tokens[i : i + per_draw]))
        if i + per_draw >= len(tokens):
            document.close()
        document.layout()
        for y in range(max(document.height - 40, 0), document.height):
            document.strip(y)
    return time.process_time() - begin


def main() -> None:
    """Print a row for each kind of answer."""
    sizes = [int(argument) for argument in sys.argv[1:]] or [3000, 30000]
    kinds = [paragraph, chinese, fence, table, items, mixed]
    for kind in kinds:
        stream(kind(1000))
    print("kind".ljust(12), *[f"{size:>9} tokens" for size in sizes], "   µs per token; ratio of the last to the first")
    for kind in kinds:
        answers = [kind(size) for size in sizes]
        rounds = [[stream(answer) / len(answer) * 1e6 for answer in answers] for _ in range(5)]
        costs = [statistics.median(column) for column in zip(*rounds, strict=True)]
        print(kind.__name__.ljust(12), *[f"{cost:16.1f}" for cost in costs], f"{costs[-1] / costs[0]:10.2f}")


if __name__ == "__main__":
    main()
