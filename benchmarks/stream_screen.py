"""An answer that streams on the screen: how late it is complete, and for how much CPU, against a plain Textual app.

    python -m benchmarks.stream_screen [--runs 5] [--tokens 3006] [--rate 2000] [--skip-long]

The program and the baseline run by turns in pseudo-terminals of 120 x 40; the built-in server streams over a socket,
from a process of its own. The medians count. "Late" is the time from Enter until the end is drawn, over the time that
a bare reader needs for the same request. Then comes the program's CPU per token, for answers of 3,000 and of 30,000
tokens that are all one paragraph, fence, table or list, in a new conversation and under 500 earlier messages.
"""

import argparse
import asyncio
import contextlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from benchmarks.terminal import Terminal, environment

ROOT = Path(__file__).parent.parent
MODEL = "markdown:latest"
CONTEXT = 131_072
FIGURES = r"tok/s · \d+ tokens"
SHAPES = ("paragraph", "fence", "table", "list")


@dataclass(frozen=True, slots=True)
class Run:
    """One answer on a screen."""

    seconds: float
    """From Enter until its end was drawn."""
    cpu: float
    """Of the program, in seconds."""


@contextlib.contextmanager
def serving(home: str, module: str = "benchmarks.stream_screen") -> Generator[str]:
    """The built-in server as `module` sets it up, in a process of its own; its URL."""
    command = [sys.executable, "-m", module, "--serve"]
    env = environment(home, PYTHONPATH=str(ROOT))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as server:
        try:
            yield server.stdout.readline().strip() if server.stdout else ""
        finally:
            server.terminate()


async def serve() -> None:
    """The built-in server, its Markdown model with a context that is long enough; its URL goes to stdout."""
    from ollama_tui.demo.catalogue import installed
    from ollama_tui.demo.server import DemoServer
    from ollama_tui.demo.socket import serve

    found = next(model for model in installed(time.time_ns()) if model.name == MODEL)
    model = replace(found, info={**found.info, "demo.context_length": CONTEXT}, load_seconds=0)
    async with serve(DemoServer(models=[model]), port=0) as serving:
        print(serving.url, flush=True)
        await serving.wait()


def bare(url: str, prompt: str) -> float:
    """Seconds that a reader needs for the answer who does nothing with it."""
    began = time.perf_counter()
    body = {"model": MODEL, "messages": [{"role": "user", "content": prompt}]}
    with (
        httpx.Client(timeout=None, trust_env=False) as client,
        client.stream("POST", f"{url}/api/chat", json=body) as got,
    ):
        for _piece in got.iter_raw():
            pass
    return time.perf_counter() - began


def watched(terminal: Terminal, keys: str, end: str, tokens: int = 0) -> Run:
    """Type `keys` and Enter, and wait until `end` is drawn."""
    terminal.type(keys)
    terminal.drain(0.5)
    since, cpu, began = len(terminal.output), terminal.cpu(), terminal.elapsed
    terminal.type("\r")
    seconds = terminal.wait_for(end, since=since, timeout=90) - began
    told = re.findall(r"tok/s · (\d+) tokens".encode(), terminal.output[since:])
    if tokens and (not told or int(told[-1]) < 0.9 * tokens):
        raise RuntimeError(f"{tokens} tokens were asked for, {told} came")
    terminal.drain(0.3)
    return Run(seconds, terminal.cpu() - cpu)


def plain(url: str, prompt: str, env: dict[str, str]) -> Run:
    """The baseline."""
    with Terminal([sys.executable, "-m", "benchmarks.plain_stream", url, MODEL, prompt], env) as terminal:
        terminal.wait_for("ready")
        terminal.drain(1)
        return watched(terminal, "", "all of it is here")


@contextlib.contextmanager
def program(url: str, data: str, env: dict[str, str], *, earlier: bool = False) -> Generator[Terminal]:
    """The program, ready for a question: in a new conversation, or in the one of `fill`."""
    Path(data, "config.toml").write_text(f"[options]\nnum_ctx = {CONTEXT}\n")
    command = [sys.executable, "-m", "ollama_tui", "--host", url, "--data-dir", data, "--model", MODEL]
    with Terminal(command, env) as terminal:
        terminal.wait_for("markdown")
        terminal.drain(1.5)
        if earlier:
            terminal.type("\x0c")  # ctrl+l: the last conversation
            terminal.wait_for("the last of them", timeout=10)
            terminal.drain(0.5)
        yield terminal


async def fill(data: str) -> None:
    """A conversation of 500 messages, short enough for the model's context."""
    from ollama_tui.domain.conversation import Conversation, Setup
    from ollama_tui.domain.identity import new_id, now
    from ollama_tui.domain.message import Ending, Message, Role
    from ollama_tui.domain.model import ModelRef
    from ollama_tui.storage.database import Database
    from ollama_tui.storage.history import History

    path = Path(data, "history.db")
    path.parent.mkdir(parents=True, exist_ok=True)
    database = await Database.open(path)
    history = History(database, new_id())
    model = ModelRef(host_id="flag", name=MODEL)
    setup = Setup(model=model, options={"num_ctx": CONTEXT})
    conversation = Conversation(id=new_id(), created_at=now(), updated_at=now(), setup=setup, title="Long")
    parent: str | None = None
    for number in range(250):
        last = " the last of them" if number == 249 else ""
        question = Message(
            id=new_id(), conversation_id=conversation.id, role=Role.USER, parent_id=parent, text=f"Question {number}"
        )
        answer = Message(
            id=new_id(), conversation_id=conversation.id, role=Role.ASSISTANT, parent_id=question.id, model=model,
            text=f"Answer **{number}**{last}", ending=Ending.UNFINISHED,
        )  # fmt: skip
        await history.begin(conversation, question, {}, answer)
        await history.finish(replace(answer, ending=Ending.COMPLETE))
        parent = answer.id
    await database.close()


def compare(url: str, home: str, options: argparse.Namespace) -> None:
    """The program against the baseline, by turns."""
    env = environment(home, PYTHONPATH=str(ROOT))
    prompt = f"{options.tokens} tokens at {options.rate} tokens/s"
    bare(url, prompt)
    served, theirs, ours = list[float](), list[Run](), list[Run]()
    for _run in range(options.runs):
        served.append(bare(url, prompt))
        theirs.append(plain(url, prompt, env))
        with tempfile.TemporaryDirectory() as data, program(url, data, env) as terminal:
            ours.append(watched(terminal, prompt, FIGURES, options.tokens))
    server = statistics.median(served)
    late = {name: statistics.median(run.seconds for run in runs) for name, runs in (("plain", theirs), ("ours", ours))}
    cpu = {name: statistics.median(run.cpu for run in runs) for name, runs in (("plain", theirs), ("ours", ours))}
    print(f"server: {server:.2f} s for {options.tokens} tokens")
    print(f"late:  plain {late['plain'] / server:.2f}, ours {late['ours'] / server:.2f} (at most 1.15)")
    ratio = cpu["ours"] / cpu["plain"]
    print(f"CPU:   plain {cpu['plain']:.2f} s, ours {cpu['ours']:.2f} s, ratio {ratio:.2f} (at most 0.2)", flush=True)


def grow(url: str, home: str, options: argparse.Namespace) -> None:
    """CPU per token of long answers over that of short ones."""
    env = environment(home, PYTHONPATH=str(ROOT))
    for earlier in (False, True):
        for shape in SHAPES:
            per_token: dict[int, float] = {}
            for tokens in (3_000, 30_000):
                found: list[float] = []
                for _run in range(options.long_runs if tokens > 3_000 else max(3, options.long_runs)):
                    with tempfile.TemporaryDirectory() as data:
                        if earlier:
                            asyncio.run(fill(data))
                        with program(url, data, env, earlier=earlier) as terminal:
                            prompt = f"one {shape}, {tokens} tokens at {options.rate} tokens/s"
                            found.append(watched(terminal, prompt, FIGURES, tokens).cpu / tokens)
                per_token[tokens] = statistics.median(found)
            few, many = per_token[3_000] * 1e6, per_token[30_000] * 1e6
            where = "under 500 messages" if earlier else "alone"
            print(f"{shape} {where}: {few:.0f} µs a token, then {many:.0f}: {many / few:.2f} (at most 1.2)", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--long-runs", type=int, default=1)
    parser.add_argument("--tokens", type=int, default=3006)
    parser.add_argument("--rate", type=int, default=2000)
    parser.add_argument("--skip-long", action="store_true")
    parser.add_argument("--serve", action="store_true", help="only serve")
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve())
        return
    with tempfile.TemporaryDirectory() as home, serving(home) as url:
        compare(url, home, options)
        if not options.skip_long:
            grow(url, home, options)


if __name__ == "__main__":
    main()
