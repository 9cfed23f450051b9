"""How long until a typed key is on the screen, and how much memory, against a bare Textual app.

    python -m benchmarks.ready [--conversations 1000] [--runs 5]

Both run in a pseudo-terminal of 120 x 40, one after the other, `runs` times; the medians and their ratio are printed.
A key is typed every 10 ms from the start; what counts is when one is drawn after the program has taken the screen.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.terminal import Terminal, environment

_SCREEN = "\\x1b\\[\\?1049h"


def ready(command: list[str], env: dict[str, str]) -> tuple[float, int]:
    """Seconds until the first typed key is drawn, and the resident bytes a second later."""
    with Terminal(command, env) as terminal:
        while True:
            terminal.type("q")
            terminal.drain(0.01)
            screen = terminal.output.rfind(b"\x1b[?1049h")
            if screen >= 0 and b"q" in _drawn(terminal.output[screen:]):
                seconds = terminal.elapsed
                break
            if terminal.elapsed > 20:
                raise TimeoutError(terminal.output[-500:])
        terminal.drain(1)
        return seconds, terminal.memory()


def _drawn(output: bytes) -> bytes:
    """The printed text without escape sequences."""
    import re

    return re.sub(
        rb"\x1b\[[0-9;?<>=:]*[a-zA-Z]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b[P_^][^\x1b]*\x1b\\|\x1b.", b"", output
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversations", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        data = Path(home, "data")
        data.mkdir()
        subprocess.run(
            [
                sys.executable,
                "-m",
                "benchmarks.fill_database",
                str(data / "history.db"),
                "--conversations",
                str(options.conversations),
            ],
            check=True,
        )
        bare = [sys.executable, "-m", "benchmarks.bare_app"]
        ours = [sys.executable, "-m", "ollama_tui", "--demo", "--data-dir", str(data)]
        env = environment(home, PYTHONPATH=str(Path(__file__).parent.parent))
        seconds: dict[str, list[float]] = {"bare": [], "ours": []}
        memory: dict[str, list[int]] = {"bare": [], "ours": []}
        for command in (bare, ours):
            ready(command, env)  # byte code and file cache
        for _run in range(options.runs):
            for name, command in (("bare", bare), ("ours", ours)):
                took, resident = ready(command, env)
                seconds[name].append(took)
                memory[name].append(resident)
    time_bare, time_ours = (statistics.median(seconds[name]) for name in ("bare", "ours"))
    size_bare, size_ours = (statistics.median(memory[name]) for name in ("bare", "ours"))
    print(f"ready:  bare {time_bare:.3f} s, ours {time_ours:.3f} s, ratio {time_ours / time_bare:.2f} (at most 1.4)")
    print(f"memory: bare {size_bare / 1e6:.0f} MB, ours {size_ours / 1e6:.0f} MB, ratio {size_ours / size_bare:.2f}")


if __name__ == "__main__":
    main()
