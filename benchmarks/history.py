"""What opening, listing, finding and saving cost in databases of several sizes, in milliseconds.

python -m benchmarks.history [--folder DIR]     the databases stay in DIR for the next time
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.fill_database import fill
from ollama_tui.domain.conversation import Conversation
from ollama_tui.domain.identity import new_id, now
from ollama_tui.domain.message import Ending, Message, Role
from ollama_tui.storage.database import Database
from ollama_tui.storage.history import History

RUNS = 5
SEARCHES = {
    "common": "lokaka",
    "rare": "qualoka",
    "Chinese": "就得",
    "prefix": "l",
    "phrase": "中就得可",
    "two": "qualoka 就得",
    "none": "xyzzy",
}


@dataclass(frozen=True, slots=True)
class Size:
    """A database: conversations, messages in each, messages in the newest."""

    conversations: int
    messages: int
    longest: int


SIZES = (Size(10, 4, 4), Size(1_000, 4, 4), Size(10_000, 4, 4), Size(1_000, 100, 2_000))


async def median(action: Callable[[], Awaitable[object]], runs: int = RUNS) -> float:
    """The median time of `action`, in milliseconds."""
    times: list[float] = []
    for _ in range(runs):
        began = time.perf_counter()
        await action()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


async def measure(path: Path) -> dict[str, float]:
    """All figures for one database."""

    async def open_and_list() -> None:
        database = await Database.open(path)
        await History(database, new_id()).conversations()
        await database.close()

    figures = {"open, list, close": await median(open_and_list)}
    database = await Database.open(path)
    history = History(database, new_id())
    newest = await history.last()
    leaf = newest.id if newest else ""
    figures["list"] = await median(history.conversations)
    figures["list by title"] = await median(lambda: history.conversations(text="zzzz"))
    figures["open the newest"] = await median(lambda: history.branch(leaf))
    for name, text in SEARCHES.items():
        hits = await history.search(text)
        figures[f"search: {name} ({len(hits)})"] = await median(lambda text=text: history.search(text))
    figures["prompts"] = await median(history.prompts)
    figures["prompts: none"] = await median(lambda: history.search_prompts("xyzzy"))
    figures |= await measure_saving(history)
    await database.close()
    return figures


async def measure_saving(history: History) -> dict[str, float]:
    """What saving costs while an answer grows to 2 MB."""
    conversation = Conversation(id=new_id(), created_at=now(), updated_at=now())
    question = Message(id=new_id(), conversation_id=conversation.id, role=Role.USER, text="How long?")
    answer = Message(
        id=new_id(),
        conversation_id=conversation.id,
        role=Role.ASSISTANT,
        parent_id=question.id,
        ending=Ending.UNFINISHED,
    )
    figures = {"begin": await median(lambda: history.begin(conversation, question, {}, answer), 1)}
    piece = "A piece of one second. " * 200
    saves = [await median(lambda: history.save_partial(answer.id, piece, ""), 1) for _ in range(400)]
    figures["save, first 100"] = statistics.median(saves[:100])
    figures["save, last 100"] = statistics.median(saves[-100:])
    figures["save a draft"] = await median(lambda: history.save_draft(conversation.id, "A draft\n" * 3), 20)
    whole = Message(
        id=answer.id, conversation_id=conversation.id, role=Role.ASSISTANT, parent_id=question.id, text=piece * 400
    )
    figures["finish, 2 MB"] = await median(lambda: history.finish(whole), 1)
    await history.delete(conversation.id)
    return figures


async def main(folder: Path) -> None:
    """Make the databases that are missing, and print a table."""
    columns: list[dict[str, float]] = []
    for size in SIZES:
        path = folder / f"{size.conversations}-{size.messages}-{size.longest}.db"
        if not path.exists():
            await fill(path, size.conversations, size.messages, size.longest)
        columns.append(await measure(path))
    print("milliseconds".ljust(28) + "".join(f"{s.conversations:>8}×{s.messages}".rjust(14) for s in SIZES))
    for name in columns[0]:
        key = name.partition(" (")[0]  # the number of hits differs
        row = [next((value for other, value in column.items() if other.startswith(key)), 0) for column in columns]
        print(key.ljust(28) + "".join(f"{value:14.2f}" for value in row))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(main(chosen.folder or Path(temporary)))
