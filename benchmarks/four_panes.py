"""Four panes that stream at once: how late all are complete, and how soon a typed key is drawn meanwhile.

    python -m benchmarks.four_panes [--runs 3] [--tokens 3000] [--rate 500] [--keys 200] [--url URL --model NAME]

The program runs in a pseudo-terminal of 200 x 60. The built-in server streams over a socket, from a process of its own
that answers four requests of a model at a time: `--rate` tokens a second each, so 2,000 in total. "Late" is the time
from the Enter that asks all four until the end of the last is drawn, over the time that four bare readers need for the
same four requests at once; the medians count. Then keys are typed ten a second into the fourth pane's prompt while all
four stream. With --url it is another server that answers, by --model, as many tokens as --tokens (num_predict).
"""

import argparse
import asyncio
import contextlib
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import httpx
import pyte

from benchmarks.keys import echo_times
from benchmarks.stream_screen import serving
from benchmarks.terminal import Terminal, environment

ROOT = Path(__file__).parent.parent
PANES = 4
CONTEXT = 131_072
MODEL = "markdown:latest"
SPLIT = "\x1bn"
ASK_ALL = "\x1bA"
FIGURES = re.compile(r"tok/s · \d+ tokens")


async def serve() -> None:
    """The built-in server with a long context, four answers at a time; its URL goes to stdout."""
    from ollama_tui.demo.catalogue import installed
    from ollama_tui.demo.machine import Speed
    from ollama_tui.demo.server import DemoServer
    from ollama_tui.demo.socket import serve

    found = next(model for model in installed(time.time_ns()) if model.name == MODEL)
    model = replace(found, info={**found.info, "demo.context_length": CONTEXT}, load_seconds=0)
    async with serve(DemoServer(models=[model], speed=Speed(parallel=PANES)), port=0) as server:
        print(server.url, flush=True)
        await server.wait()


def bare(url: str, model: str, prompt: str, options: dict[str, int]) -> float:
    """Seconds that four readers need at once who do nothing with what they read."""

    def read() -> None:
        body = {"model": model, "messages": [{"role": "user", "content": prompt}], "options": options}
        with (
            httpx.Client(timeout=None, trust_env=False) as client,
            client.stream("POST", f"{url}/api/chat", json=body) as got,
        ):
            for _piece in got.iter_raw():
                pass

    threads = [threading.Thread(target=read) for _pane in range(PANES)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


@contextlib.contextmanager
def program(url: str, model: str, env: dict[str, str], options: dict[str, int]) -> Generator[Terminal]:
    """The program with four panes, ready for one question to all."""
    with tempfile.TemporaryDirectory() as data:
        lines = [f"{name} = {value}" for name, value in options.items()]
        Path(data, "config.toml").write_text("\n".join(["[options]", *lines, ""]))
        command = [sys.executable, "-m", "ollama_tui", "--host", url, "--data-dir", data, "--model", model]
        with Terminal(command, env, columns=200, rows=60) as terminal:
            terminal.wait_for("anything")
            terminal.drain(1.5)
            for _pane in range(PANES - 1):
                terminal.type(SPLIT)
                terminal.drain(0.7)
            terminal.type(ASK_ALL)
            terminal.drain(0.7)
            yield terminal


def complete(terminal: Terminal, prompt: str, seconds: float) -> float:
    """Seconds from Enter until the figures of all four answers stood on the screen, as a terminal shows it.

    What the program prints is read with its times, and looked at when all is over: that takes no time from it.
    """
    terminal.type(prompt)
    terminal.drain(0.8)
    pieces: list[tuple[float, bytes]] = [(0.0, terminal.output)]
    began = terminal.elapsed
    terminal.type("\r")
    while terminal.elapsed - began < seconds:
        if piece := terminal.read(0.05):
            pieces.append((terminal.elapsed - began, piece))
    screen = pyte.Screen(200, 60)
    stream = pyte.ByteStream(screen)
    for at, piece in pieces:
        stream.feed(piece)
        if at and b"tok" in piece and len(FIGURES.findall("\n".join(screen.display))) == PANES:
            return at
    raise TimeoutError("not all four answers are complete:\n" + "\n".join(screen.display))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--tokens", type=int, default=3000)
    parser.add_argument("--rate", type=int, default=500, help="tokens a second of each pane")
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--url", default="")
    parser.add_argument("--model", default=MODEL)
    parser.add_argument("--serve", action="store_true", help="only serve")
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve())
        return
    with (
        tempfile.TemporaryDirectory() as home,
        serving(home, "benchmarks.four_panes") if not options.url else contextlib.nullcontext(options.url) as url,
    ):
        measure(url, home, options)


def measure(url: str, home: str, options: argparse.Namespace) -> None:
    """Both measurements against the server at `url`."""
    env = environment(home, PYTHONPATH=str(ROOT))
    real = bool(options.url)
    asked = {"num_ctx": 8192, "num_predict": options.tokens} if real else {"num_ctx": CONTEXT}
    prompt = "Tell a long story." if real else f"{options.tokens} tokens at {options.rate} tokens/s"
    bare(url, options.model, prompt, asked)
    served, late = list[float](), list[float]()
    for _run in range(options.runs):
        served.append(bare(url, options.model, prompt, asked))
        with program(url, options.model, env, asked) as terminal:
            late.append(complete(terminal, prompt, 1.6 * served[-1] + 3))
    server, ours = statistics.median(served), statistics.median(late)
    print(f"server: {server:.2f} s for {PANES} x {options.tokens} tokens at once")
    print(f"all four complete after {ours:.2f} s: {ours / server:.2f} times as late (at most 1.3)", flush=True)
    if not options.keys:
        return
    tokens = options.tokens if real else int((options.keys / 10 + 12) * options.rate)
    with program(url, options.model, env, asked) as terminal:
        terminal.type(prompt if real else f"{tokens} tokens at {options.rate} tokens/s")
        terminal.drain(0.8)
        terminal.type("\r")
        terminal.drain(1.5)
        since = len(terminal.output)
        times = echo_times(terminal, options.keys)
        streaming = terminal.output.count(b"tok/s", since)
    high = statistics.quantiles(times, n=20)[18]
    print(f"keys: median {statistics.median(times):.0f} ms, 95th percentile {high:.0f} ms, most {max(times):.0f} ms")
    print(f"95th percentile while {PANES - min(PANES, streaming)} to {PANES} stream: {high:.0f} ms (at most 50)")


if __name__ == "__main__":
    main()
