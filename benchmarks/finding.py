"""How soon a person sees what is looked for, in a terminal: the list, a long conversation, hits, places.

    python -m benchmarks.finding [--folder DIR] [--runs 5]

The program runs in a pseudo-terminal of 140 x 45 with the demo. The list of 10,000 conversations against that of ten,
interleaved, medians and their ratio; then 100,000 messages: a conversation of 2,000 from the key that opens it, and
from the keys of a search (sent at once) to its first hits. The databases stay in DIR for the next time.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.fill_database import fill
from benchmarks.terminal import Terminal, environment

ROOT = Path(__file__).parent.parent
SEARCHES = ("lokaka", "qualoka", "就得", "的", "l", '"中就得可"', "lokaka model:qwen", "lokaka tag:数据", "tag:work")


def program(home: str, data: Path) -> Terminal:
    """The program with the demo on the database in `data`."""
    command = [sys.executable, "-m", "ollama_tui", "--demo", "--model", "echo", "--data-dir", str(data)]
    return Terminal(command, environment(home, PYTHONPATH=str(ROOT)), columns=140, rows=45)


def seen(terminal: Terminal, keys: str, pattern: str) -> float:
    """Milliseconds from `keys` until `pattern` is printed."""
    since = len(terminal.output)
    began = time.perf_counter()
    terminal.type(keys)
    terminal.wait_for(pattern, since=since)
    return (time.perf_counter() - began) * 1000


def time_list(home: str, data: Path) -> float:
    """Milliseconds from the start until the list is drawn."""
    with program(home, data) as terminal:
        return terminal.wait_for("Pinned") * 1000


def time_opening(home: str, data: Path, runs: int) -> list[float]:
    """Milliseconds from the key until the end of the last conversation is drawn."""
    times: list[float] = []
    with program(home, data) as terminal:
        terminal.wait_for("it answers by rule")
        terminal.drain(1)
        for _ in range(runs):
            times.append(seen(terminal, "\x1b[18~", "tok/s"))  # F7
            terminal.drain(1)
            seen(terminal, "\x0e", "it answers by rule")  # ctrl+N
            terminal.drain(0.5)
    return times


def time_searches(home: str, data: Path, runs: int) -> dict[str, list[float]]:
    """Milliseconds from the keys of each search until its first hits are drawn."""
    times: dict[str, list[float]] = {text: [] for text in SEARCHES}
    with program(home, data) as terminal:
        terminal.wait_for("it answers by rule")
        terminal.drain(1)
        seen(terminal, "\x1b/", "Type words")
        terminal.drain(0.5)
        for _ in range(runs):
            for text, found in times.items():
                found.append(seen(terminal, text, r"hits?, newest"))
                terminal.drain(0.3)
                seen(terminal, "\x15", "Type words")  # ctrl+U
                terminal.drain(0.3)
    return times


def ready(folder: Path, conversations: int, messages: int, longest: int) -> Path:
    """The folder of a database, filled if it is not there."""
    data = folder / f"{conversations}-{messages}-{longest}"
    if not (data / "history.db").exists():
        data.mkdir(parents=True, exist_ok=True)
        asyncio.run(fill(data / "history.db", conversations, messages, longest))
    return data


def told(name: str, times: list[float], limit: str = "") -> None:
    """Print the median and the most."""
    print(f"{name:<28} median {statistics.median(times):7.0f} ms   most {max(times):7.0f} ms   {limit}")


def main(folder: Path, runs: int) -> None:
    """Measure and print."""
    few, many, full = ready(folder, 10, 4, 4), ready(folder, 10_000, 4, 4), ready(folder, 1_000, 100, 2_000)
    with tempfile.TemporaryDirectory() as home:
        lists: dict[int, list[float]] = {10: [], 10_000: []}
        for _ in range(runs):
            lists[10].append(time_list(home, few))
            lists[10_000].append(time_list(home, many))
        for count, times in lists.items():
            told(f"start to list of {count:,}", times)
        ratio = statistics.median(lists[10_000]) / statistics.median(lists[10])
        print(f"{'10,000 against ten':<28} {ratio:14.2f}")
        told("opening 2,000 messages", time_opening(home, full, runs), "(at most 300)")
        for text, times in time_searches(home, full, runs).items():
            told(f"search {text}", times)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        main(chosen.folder or Path(temporary), chosen.runs)
