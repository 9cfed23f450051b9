"""A program that asks one question and tells, line by line, how much of the answer it has. It is killed by a test."""

import asyncio
import sys
from pathlib import Path

from ollama_tui.services.pace import Pace
from tests.services.place import Place, talk


async def main(folder: str, url: str) -> None:
    """Ask, and print the length of the answer whenever it has grown."""
    place = Place(Path(folder), None, url, None)  # pyright: ignore[reportArgumentType]
    workspace = await place.open(pace=Pace())
    live = await workspace.turns.ask(talk("count"), "count for me")
    print(live.conversation.id, flush=True)
    told = -1
    while not live.done:
        if len(live.text) != told:
            told = len(live.text)
            print(told, flush=True)
        await asyncio.sleep(0.01)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
