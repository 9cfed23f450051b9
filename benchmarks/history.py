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
from ollama_tui.config.paths import Paths
from ollama_tui.config.settings import Settings
from ollama_tui.domain.conversation import Conversation, Shelf
from ollama_tui.domain.host import DEMO_HOST_ID, HostAddress
from ollama_tui.domain.identity import new_id, now
from ollama_tui.domain.message import Ending, Message, Role
from ollama_tui.domain.occurrence import Term
from ollama_tui.domain.query import Query
from ollama_tui.services.workspace import Workspace
from ollama_tui.storage.database import Database
from ollama_tui.storage.history import History

RUNS = 5
SEARCHES = {
    "common": "lokaka",
    "rare": "qualoka",
    "Chinese": "就得",
    "one character": "的",
    "prefix": "l",
    "phrase": '"中就得可"',
    "two": "qualoka 就得",
    "none": "xyzzy",
    "of a model": "lokaka model:qwen",
    "of a tag": "lokaka tag:数据",
    "of one with a tag": "lokaka tag:once",
    "of questions": "lokaka role:user",
    "of long ago": "lokaka before:2026-01",
    "a tag alone": "tag:work",
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
        await History(database, new_id()).listed(Query())
        await database.close()

    figures = {"open, list, close": await median(open_and_list)}
    database = await Database.open(path)
    history = History(database, new_id())
    newest = await history.last()
    leaf = newest.id if newest else ""
    figures["list"] = await median(lambda: history.listed(Query()))
    figures["list by title"] = await median(lambda: history.listed(Query(terms=(Term("zzzz"),))))
    figures["list of the archive"] = await median(lambda: history.listed(Query(), Shelf.ARCHIVE))
    figures["open the newest"] = await median(lambda: history.branch(leaf))
    figures |= await measure_searching(path)
    figures["prompts"] = await median(history.prompts)
    figures["prompts: none"] = await median(lambda: history.search_prompts("xyzzy"))
    figures |= await measure_saving(history)
    await database.close()
    return figures


async def measure_searching(path: Path) -> dict[str, float]:
    """What the first hits cost as the search's screen asks for them: the median, and the most of all first times."""
    paths = Paths(data=path.parent, config=path.parent)
    demo = HostAddress(id=DEMO_HOST_ID, url="", source="demo")
    workspace = await Workspace.open(Settings(), paths, {}, demo)
    figures: dict[str, float] = {}
    first: list[float] = []
    for name, text in SEARCHES.items():
        first.append(await median(lambda text=text: workspace.search.find(text), 1))
        figures[f"search: {name}"] = await median(lambda text=text: workspace.search.find(text))
    figures["search: the slowest first time"] = max(first)
    await workspace.aclose()
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
        path = Paths(data=folder / f"{size.conversations}-{size.messages}-{size.longest}", config=folder).database
        if not path.exists():
            await fill(path, size.conversations, size.messages, size.longest)
        columns.append(await measure(path))
    print("milliseconds".ljust(32) + "".join(f"{s.conversations:>8}×{s.messages}".rjust(14) for s in SIZES))
    for name in columns[0]:
        print(name.ljust(32) + "".join(f"{column[name]:14.2f}" for column in columns))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(main(chosen.folder or Path(temporary)))
