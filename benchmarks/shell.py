"""How long the shell's small commands take, against bare Python: `list` with a server, `--version`, `--help`.

    python -m benchmarks.shell [--runs 15] [--url URL]

The command and its baseline run by turns, each a process of its own from its start to its end; the medians count. The
built-in server answers over a socket, from a process of its own, unless a URL is given.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.terminal import environment

COMMAND = Path(sys.executable).with_name("ollama-tui")
LIST_LIMIT = 1.5
"""Times `import ollama`."""
TEXT_LIMIT = 150.0
"""Milliseconds more than `pass`."""


def milliseconds(command: Sequence[str], surroundings: Mapping[str, str]) -> float:
    """From the start of a process to its end."""
    began = time.perf_counter()
    subprocess.run(command, env=surroundings, check=True, stdout=subprocess.DEVNULL)
    return 1000 * (time.perf_counter() - began)


def by_turns(
    ours: Sequence[str], bare: Sequence[str], runs: int, surroundings: Mapping[str, str]
) -> tuple[float, float]:
    """The medians of both, after one of each that is not counted."""
    pairs = [(milliseconds(ours, surroundings), milliseconds(bare, surroundings)) for _ in range(runs + 1)][1:]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def main(runs: int, url: str) -> int:
    """Measure and print; 1 if a limit is not kept."""
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory())
        if not url:
            serve = [str(COMMAND), "--demo", "serve", "--port", "0"]
            server = subprocess.Popen(serve, env=environment(home), stdout=subprocess.PIPE, text=True)
            stack.enter_context(server)
            stack.callback(server.terminate)
            assert server.stdout is not None
            url = server.stdout.readline().split()[-1]
        surroundings = environment(home, OLLAMA_HOST=url)
        kept = True
        ours, bare = by_turns([str(COMMAND), "list"], [sys.executable, "-c", "import ollama"], runs, surroundings)
        print(f"list: {ours:.0f} ms, import ollama {bare:.0f} ms, ratio {ours / bare:.2f} (at most {LIST_LIMIT})")
        kept &= ours <= LIST_LIMIT * bare
        for option in ("--version", "--help"):
            ours, bare = by_turns([str(COMMAND), option], [sys.executable, "-c", "pass"], runs, surroundings)
            more = ours - bare
            print(f"{option}: {ours:.0f} ms, pass {bare:.0f} ms, {more:.0f} ms more (at most {TEXT_LIMIT:.0f})")
            kept &= more <= TEXT_LIMIT
    return 0 if kept else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--url", default="")
    arguments = parser.parse_args()
    sys.exit(main(arguments.runs, arguments.url))
