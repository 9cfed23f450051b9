"""A program of its own that writes an answer, 200 pieces a second, until it is killed.

python -m tests.storage.writer PATH     prints `begun` and the answer's id, then the number of each saved piece
"""

import asyncio
import sys
import time
from pathlib import Path

from ollama_tui.domain.identity import new_id
from ollama_tui.storage.database import Database
from ollama_tui.storage.history import History
from tests.storage.conftest import answer, conversation, question


async def write(path: Path) -> None:
    database = await Database.open(path)
    history = History(database, new_id())
    talk = conversation("Killed")
    asked = question(talk, "How long will you live?")
    begun = answer(asked)
    await history.begin(talk, asked, {}, begun)
    print("begun", begun.id, flush=True)
    piece, number, saved = "", 0, time.monotonic()
    while True:
        await asyncio.sleep(0.005)
        piece += f"{number} "
        number += 1
        if time.monotonic() - saved > 0.02:
            await history.save_partial(begun.id, piece, "")
            print(number - 1, flush=True)
            piece, saved = "", time.monotonic()


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1])))
