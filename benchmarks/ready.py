"""How long until a typed key is on the screen, and how much memory, against a bare Textual app.

    python -m benchmarks.ready [--conversations 1000] [--runs 5]

Both run in a pseudo-terminal of 120 x 40, one after the other, `runs` times; the medians and their ratio are printed.
A key is typed every 10 ms from the start; what counts is when one is drawn after the program has taken the screen.
Memory is taken a second later, and the program's again after its first answer of 300 tokens, which the built-in server
streams from a process of its own; beside it stands what a plain app needs that shows such an answer.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.stream_screen import FIGURES, MODEL, serving, watched
from benchmarks.terminal import Terminal, environment

_SCREEN = "\\x1b\\[\\?1049h"


PROMPT = "300 tokens at 2000 tokens/s"


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds until the first typed key was drawn; resident bytes a second later, and after an answer."""

    seconds: float
    memory: int
    answered: int = 0


def ready(command: list[str], env: dict[str, str], *, asks: bool = False) -> Start:
    """Start it; with `asks`, ask it something too."""
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
        memory = terminal.memory()
        if not asks:
            return Start(seconds, memory)
        terminal.type("\x15")
        terminal.drain(0.3)
        return Start(seconds, memory, answered(terminal, PROMPT, FIGURES))


def answered(terminal: Terminal, keys: str, end: str) -> int:
    """Resident bytes a second after the end of an answer."""
    watched(terminal, keys, end)
    terminal.drain(1)
    return terminal.memory()


def plain(url: str, env: dict[str, str]) -> int:
    """What a plain app needs once it has shown the answer."""
    with Terminal([sys.executable, "-m", "benchmarks.plain_stream", url, MODEL, PROMPT], env) as terminal:
        terminal.wait_for("ready")
        terminal.drain(1)
        return answered(terminal, "", "all of it is here")


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
        env = environment(home, PYTHONPATH=str(Path(__file__).parent.parent))
        with serving(home) as url:
            measure(url, data, env, options.runs)


def measure(url: str, data: Path, env: dict[str, str], runs: int) -> None:
    """All by turns, and print the medians."""
    bare = [sys.executable, "-m", "benchmarks.bare_app"]
    ours = [sys.executable, "-m", "ollama_tui", "--host", url, "--data-dir", str(data), "--model", MODEL]
    starts: dict[str, list[Start]] = {"bare": [], "ours": []}
    streamed: list[int] = []
    for command in (bare, ours):
        ready(command, env)  # byte code and file cache
    for _run in range(runs):
        starts["bare"].append(ready(bare, env))
        starts["ours"].append(ready(ours, env, asks=True))
        streamed.append(plain(url, env))

    def median(name: str, of: Callable[[Start], float]) -> float:
        return statistics.median(of(start) for start in starts[name])

    time_bare, time_ours = (median(name, lambda start: start.seconds) for name in ("bare", "ours"))
    size_bare, size_ours = (median(name, lambda start: start.memory) for name in ("bare", "ours"))
    after, plainly = median("ours", lambda start: start.answered), statistics.median(streamed)
    print(f"ready:  bare {time_bare:.3f} s, ours {time_ours:.3f} s, ratio {time_ours / time_bare:.2f} (at most 1.4)")
    print(f"memory: bare {size_bare / 1e6:.0f} MB, ours {size_ours / 1e6:.0f} MB, ratio {size_ours / size_bare:.2f}")
    print(f"memory after the first answer: {after / 1e6:.0f} MB, ratio {after / size_bare:.2f} (at most 2)")
    print(f"a plain app after the same: {plainly / 1e6:.0f} MB, {plainly / size_bare:.2f} times the bare one")


if __name__ == "__main__":
    main()
