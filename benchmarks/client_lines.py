"""CPU of the client layer per streamed line, against a bare httpx `aiter_raw` with `json.loads`.

    python benchmarks/client_lines.py [--tokens 3006] [--rate 2000] [--rounds 5] [--url URL --model NAME]

The built-in server streams from a process of its own unless a URL is given. Rounds alternate; the median counts.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable
from dataclasses import dataclass

import httpx

from ollama_tui.client.host import connect
from ollama_tui.domain.event import Text
from ollama_tui.domain.host import Host, HostAddress
from ollama_tui.domain.request import ChatMessage, ChatRequest

LIMIT = 1.2


@dataclass(frozen=True, slots=True)
class Source:
    """A server, and an answer of about `tokens` tokens to ask it for."""

    url: str
    model: str
    tokens: int


async def bare(client: httpx.AsyncClient, source: Source) -> int:
    """The baseline; how many lines came."""
    lines = 0
    begun = b""
    body = {
        "model": source.model,
        "messages": [{"role": "user", "content": "go"}],
        "options": {"num_predict": source.tokens},
    }
    async with client.stream("POST", f"{source.url}/api/chat", json=body) as response:
        async for piece in response.aiter_raw():
            *whole, begun = (begun + piece).split(b"\n")
            for line in whole:
                json.loads(line)
                lines += 1
    return lines


async def ours(host: Host, source: Source) -> int:
    """The client layer; how many pieces of text came."""
    request = ChatRequest(
        model=source.model,
        messages=(ChatMessage(role="user", content="go"),),
        options={"num_predict": source.tokens},
    )
    return sum([isinstance(event, Text) async for event in host.chat(request)])


async def measure(run: Awaitable[int]) -> tuple[float, float]:
    """Microseconds of CPU per line, and the seconds the answer took."""
    began, cpu = time.perf_counter(), time.process_time()
    lines = await run
    return (time.process_time() - cpu) / lines * 1e6, time.perf_counter() - began


async def compare(source: Source, rounds: int) -> float:
    """The ratio, printed with what it is made of. Both keep their connections from round to round."""
    host = connect(HostAddress(id="benchmark", url=source.url), {})
    few = Source(source.url, source.model, 50)
    figures: dict[str, list[tuple[float, float]]] = {"bare": [], "ours": []}
    async with httpx.AsyncClient(timeout=None, trust_env=False) as client:
        await bare(client, few)
        await ours(host, few)
        for _round in range(rounds):
            figures["bare"].append(await measure(bare(client, source)))
            figures["ours"].append(await measure(ours(host, source)))
    await host.aclose()
    cpu = {name: statistics.median(figure[0] for figure in both) for name, both in figures.items()}
    for name, both in figures.items():
        seconds = statistics.median(figure[1] for figure in both)
        print(f"{name}: {cpu[name]:.1f} µs of CPU per line, {seconds:.2f} s in all")
    ratio = cpu["ours"] / cpu["bare"]
    print(f"ratio: {ratio:.2f} (at most {LIMIT})")
    return ratio


async def serve(rate: float) -> None:
    """The built-in server with a model that never ends by itself; its URL goes to stdout."""
    from ollama_tui.demo.catalogue import installed
    from ollama_tui.demo.machine import Speed
    from ollama_tui.demo.models import Model, Script, invented
    from ollama_tui.demo.server import DemoServer
    from ollama_tui.demo.socket import serve

    pattern = installed(time.time_ns())[0]
    model = Model(
        name="stream:latest",
        program=lambda _ask: Script(content="".join(f" stream{number}" for number in range(4_000))),
        weights=invented("stream", 1_000_000),
        info=pattern.info,
        vocabulary=pattern.vocabulary,
    )
    async with serve(DemoServer(models=[model], speed=Speed(tokens=rate, load=0)), port=0) as serving:
        print(serving.url, flush=True)
        await serving.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokens", type=int, default=3006)
    parser.add_argument("--rate", type=float, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--url", default="")
    parser.add_argument("--model", default="stream")
    parser.add_argument("--serve", action="store_true", help="only serve")
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve(given.rate))
        return 0
    if given.url:
        return asyncio.run(compare(Source(given.url, given.model, given.tokens), given.rounds)) > LIMIT
    command = [sys.executable, __file__, "--serve", "--rate", str(given.rate)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            url = server.stdout.readline().strip() if server.stdout else ""
            return asyncio.run(compare(Source(url, given.model, given.tokens), given.rounds)) > LIMIT
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main())
