"""How soon a typed key is drawn while an answer streams at 2,000 tokens a second and the draft is saved.

    python -m benchmarks.keys [--keys 200] [--rate 2000]

Keys are typed ten a second into a draft of three lines; the program runs in a pseudo-terminal of 120 x 40, the demo in
a process of its own. The baseline is the same without an answer, in the same program before it.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.terminal import Terminal, environment

ROOT = Path(__file__).parent.parent
SIGNS = "§¤¶"
"""Typed by turns: signs that no answer contains."""


def echo_times(terminal: Terminal, keys: int) -> list[float]:
    """Milliseconds until each key is drawn."""
    times: list[float] = []
    for number in range(keys):
        began = time.perf_counter()
        sign = SIGNS[number % len(SIGNS)].encode()
        seen = len(terminal.output)
        terminal.type(sign)
        while sign not in terminal.output[seen:]:
            if time.perf_counter() - began > 5:
                raise TimeoutError("a key is not drawn")
            terminal.read(0.05)
        times.append((time.perf_counter() - began) * 1000)
        terminal.drain(max(0.0, 0.1 - (time.perf_counter() - began)))
    return times


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--rate", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        env = environment(home, PYTHONPATH=str(ROOT))
        serve = [sys.executable, "-m", "ollama_tui", "--demo", "serve", "--port", "0"]
        with subprocess.Popen(serve, stdout=subprocess.PIPE, env=env, text=True) as server:
            assert server.stdout is not None
            url = server.stdout.readline().split()[-1]
            command = [sys.executable, "-m", "ollama_tui", "--host", url, "--data-dir", f"{home}/data"]
            try:
                with Terminal([*command, "--model", "markdown"], env) as terminal:
                    terminal.wait_for("anything")
                    terminal.drain(1)
                    terminal.type("/set parameter num_ctx 131072\r")
                    terminal.drain(1)
                    idle = echo_times(terminal, options.keys // 4)
                    terminal.type("\x15")
                    tokens = int((options.keys / 10 + 15) * options.rate)
                    terminal.type(f"{tokens} tokens at {options.rate} tokens/s\r")
                    terminal.wait_for("A long page")
                    terminal.type("one line\nanother line\n")
                    terminal.drain(0.5)
                    busy = echo_times(terminal, options.keys)
            finally:
                server.terminate()
    for name, times in (("idle", idle), ("streaming", busy)):
        high = statistics.quantiles(times, n=20)[18]
        print(
            f"{name}: median {statistics.median(times):.0f} ms, 95th percentile {high:.0f} ms, most {max(times):.0f} ms"
        )
    print(f"95th percentile while streaming: {statistics.quantiles(busy, n=20)[18]:.0f} ms (at most 50)")


if __name__ == "__main__":
    main()
