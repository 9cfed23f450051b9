"""Making a tokenizer, reading it from the disk and counting with it, against tiktoken without anything around it.

    python -m benchmarks.tokens [--size 150000] [--rounds 5]

The vocabulary is generated, the same each time: byte pairs as a training on random words would merge them, and a
SentencePiece one of the same tokens. Best of the rounds, in CPU; the exit code tells
whether all limits are kept.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

import tiktoken

from ollama_tui.client.answers import read_card
from ollama_tui.client.vocabulary import read_in_pieces
from ollama_tui.services.tokenizer.keeping import packed, unpacked
from ollama_tui.services.tokenizer.letters import letters
from ollama_tui.services.tokenizer.making import make_table
from ollama_tui.services.tokenizer.merged import MergingTokenizer
from ollama_tui.services.tokenizer.merging import reached
from ollama_tui.services.tokenizer.vocabulary import read_vocabulary

MADE, READ, COUNTED, HELD = 1.0, 0.1, 0.030, 0.050
"""Seconds: what a new tokenizer, one from the disk and 100 KB of text may take, and how long the screen may wait."""

BYTES = 100_000
_T = TypeVar("_T")

_SINGLE = [bytes((byte,)) for byte in range(256)]

_ENDS = r"\s*[\r\n]+|\s+(?!\S)|\s+"
_PATTERN = (
    rf"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{_ENDS}"
)


def best(rounds: int, work: Callable[[], _T]) -> tuple[float, _T]:
    """The fewest seconds of CPU that `work` took, and what it gave: it is one thread, and others may be busy."""
    fewest, result = float("inf"), None
    for _ in range(max(rounds, 1)):
        began = time.process_time()
        result = work()
        fewest = min(fewest, time.process_time() - began)
    return fewest, cast("_T", result)


def vocabulary(size: int) -> dict[str, Any]:
    """Byte pairs for `size` tokens, each of which the merges reach."""
    chance = random.Random(1)
    common = [letters()[byte] for byte in b" etaoinshrdlu"]
    tokens = list(letters())
    seen, merges = set(tokens), list[str]()
    while len(merges) < size * 1.1:
        places = (min(int(chance.expovariate(6 / len(tokens))), len(tokens) - 1) for _ in range(2))
        left, right = (chance.choice(common) if chance.random() < 0.1 else tokens[place] for place in places)
        if len(left + right) <= 16 and left + right not in seen:
            seen.add(left + right)
            tokens.append(left + right)
            merges.append(f"{left} {right}")
    found = reached(merges).texts
    kept = set(found[: size - 256])
    return {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "llama-bpe",
        "tokenizer.ggml.tokens": [*letters(), *found[: size - 256]],
        "tokenizer.ggml.merges": [merge for merge in merges if merge.replace(" ", "") in kept],
        "tokenizer.ggml.token_type": [1] * size,
    }


def scored(pairs: dict[str, Any]) -> dict[str, Any]:
    """The printable ones of the same tokens for SentencePiece."""
    tokens = [token.replace("Ġ", "▁") for token in pairs["tokenizer.ggml.tokens"]]
    tokens = [token for token in tokens if "▁" not in token.lstrip("▁")]
    before = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    return {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": [*before, *tokens],
        "tokenizer.ggml.scores": [0.0] * len(before) + [-float(place) for place in range(len(tokens))],
        "tokenizer.ggml.token_type": [2, 3, 3, *[6] * 256, *[1] * len(tokens)],
    }


def texts() -> dict[str, str]:
    """About 100 KB each."""
    chance = random.Random(2)
    words = ["".join(chance.choice("etaoinshrdlucmf") for _ in range(chance.randint(1, 9))) for _ in range(4000)]
    prose = " ".join(chance.choice(words) + chance.choice(("", "", "", ",", ".\n")) for _ in range(BYTES // 4))
    code = Path(__file__).read_text("utf-8") * (BYTES // 4000)
    chinese = "".join(chr(chance.randint(0x4E00, 0x9FA5)) if chance.random() < 0.9 else "，" for _ in range(BYTES // 3))
    return {"English": prose[:BYTES], "code": code[:BYTES], "Chinese": chinese}


def make(answer: bytes) -> tuple[MergingTokenizer, bytes]:
    """From the server's answer to a tokenizer, and to what is kept of it on the disk."""
    shown: Any = read_in_pieces(answer)
    table = make_table(read_vocabulary(read_card("m", shown).model_info))
    assert table is not None
    return MergingTokenizer(table), packed(table, "m")


def restore(kept: bytes) -> MergingTokenizer:
    """The same from the disk."""
    table = unpacked(kept, "m")
    assert table is not None
    return MergingTokenizer(table)


async def held_up(work: Callable[[], object]) -> float:
    """For how long at most nothing else could run while `work` was done in a thread."""
    longest, last = 0.0, time.perf_counter()
    working = asyncio.create_task(asyncio.to_thread(work))
    while not working.done():
        await asyncio.sleep(0.001)
        longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
    await working
    return longest


def told(what: str, seconds: float, limit: float, bare: float | None = None) -> bool:
    """Whether it was quick enough; printed with the ratio to the baseline."""
    ratio = f", {seconds / bare:.1f} times the bare {bare * 1000:.1f} ms" if bare else ""
    print(f"{what}: {seconds * 1000:.1f} ms (at most {limit * 1000:.0f}){ratio}")
    return seconds <= limit


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=150_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    pairs = vocabulary(given.size)
    good = True
    for name, info in (("byte pairs", pairs), ("SentencePiece", scored(pairs))):
        answer = json.dumps({"model_info": info}, ensure_ascii=False, separators=(",", ":")).encode()
        print(f"{name}: {len(info['tokenizer.ggml.tokens'])} tokens, {len(answer) / 1e6:.1f} MB")
        seconds, (tokenizer, kept) = best(given.rounds, partial(make, answer))
        ranks = {raw: rank for rank, raw in enumerate(dict.fromkeys([*_SINGLE, *tokenizer.raws]))}
        plain = partial(tiktoken.Encoding, "bare", pat_str=_PATTERN, mergeable_ranks=ranks, special_tokens={})
        alone, bare = best(given.rounds, plain)
        good &= told("  made", seconds, MADE, alone)
        good &= told("  from the disk", best(given.rounds, partial(restore, kept))[0], READ, alone)
        good &= told("  the screen held up", min(asyncio.run(held_up(partial(make, answer))) for _ in range(3)), HELD)
        for kind, text in texts().items():
            counted = best(given.rounds, partial(tokenizer.count, text))[0]
            good &= told(
                f"  100 KB of {kind}", counted, COUNTED, best(given.rounds, partial(bare.encode_ordinary, text))[0]
            )
        for run in (" ", "a", "1", "中", "\n", "word "):
            long = run * (10_000_000 // len(run.encode()))
            print(f"  10 MB of {run!r}: {best(1, partial(tokenizer.count, long))[0]:.1f} s")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
