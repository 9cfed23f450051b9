"""Fill a database with conversations as a person would have them after years: for benchmarks and tests.

python -m benchmarks.fill_database PATH --conversations 1000 --messages 100 [--longest 2000]
"""

import argparse
import asyncio
import random
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from ollama_tui.domain.conversation import Conversation, Setup, TitleSource, title_from
from ollama_tui.domain.message import Figures, Message, Role, Sent
from ollama_tui.domain.model import ModelRef
from ollama_tui.storage import conversations, messages, search
from ollama_tui.storage.database import Database

_MODELS = tuple(ModelRef(host_id="local", name=name) for name in ("llama3.2:latest", "qwen3:8b", "deepseek-r1:7b"))
_DAY = 24 * 3600 * 1000
_SYLLABLES = (
    "ka", "lo", "mi", "ter", "sun", "pra", "ven", "dor", "el",
    "ist", "qua", "ron", "sha", "ble", "fin", "gor", "hul", "jan",
)  # fmt: skip
_CHINESE = (
    "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学"
)
_COMMON_CHINESE = tuple(chr(0x4E00 + place * 13) for place in range(1_500))
"""Characters for running text, from the commonest to the rarest: 的 is the first as in real text."""
_BATCH = 2_000


def words(chance: random.Random, count: int) -> str:
    """`count` words of a made-up language, every tenth a Chinese one."""
    made: list[str] = []
    size = len(_SYLLABLES)
    for _ in range(count):
        rank = int(chance.paretovariate(0.6)) % 20_000
        if rank % 10 == 7:
            made.append("".join(_CHINESE[(rank * step) % len(_CHINESE)] for step in range(3, 9)))
        else:
            made.append(
                _SYLLABLES[rank % size] + _SYLLABLES[rank // size % size] + _SYLLABLES[rank // size // size % size]
            )
    return " ".join(made)


def chinese(chance: random.Random, count: int) -> str:
    """`count` characters of running Chinese, in sentences: a few are in nearly every one, most pairs are rare."""
    ranks = (int(chance.paretovariate(0.7)) % len(_COMMON_CHINESE) for _ in range(count))
    text = "".join("的" if rank <= 1 else _COMMON_CHINESE[rank] for rank in ranks)
    return "。".join(text[start : start + 20] for start in range(0, count, 20)) + "。"


def said_text(chance: random.Random, asked: bool) -> str:
    """A question or an answer, every third in Chinese, some of those with words of the other language in it."""
    length = chance.randint(5, 25) if asked else chance.randint(20, 120)
    match chance.randrange(6):
        case 0:
            return chinese(chance, 2 * length)
        case 1:
            return f"{chinese(chance, length)}{words(chance, length // 2)}{chinese(chance, length)}"
        case _:
            return words(chance, length)


def conversation(chance: random.Random, number: int, length: int, began: int) -> tuple[Conversation, list[Message]]:
    """A conversation of `length` messages, questions and answers in turn."""
    model = chance.choice(_MODELS)
    name = f"01900000-0000-7000-8000-{number:012x}"
    said: list[Message] = []
    for place in range(length):
        asked = place % 2 == 0
        said.append(
            Message(
                id=f"{name[:14]}{place:04x}{name[18:]}",
                conversation_id=name,
                role=Role.USER if asked else Role.ASSISTANT,
                parent_id=said[-1].id if said else None,
                text=said_text(chance, asked),
                created_at=began + place * 30_000,
                model=None if asked else model,
                figures=None if asked else Figures(prompt_tokens=100, answer_tokens=80, answer_duration=10**9),
                sent=None if asked else Sent(message_ids=tuple(message.id for message in said)),
            )
        )
    title = title_from(said[0].text) if said else "Empty"
    return (
        Conversation(
            id=name,
            title=title,
            title_source=TitleSource.FIRST_WORDS,
            created_at=began,
            updated_at=began + length * 30_000,
            setup=Setup(model=model),
            leaf_id=said[-1].id if said else None,
            pinned=number % 200 == 3,
        ),
        said,
    )


def _batches(count: int, length: int, longest: int) -> Iterator[list[tuple[Conversation, list[Message]]]]:
    chance = random.Random(7)
    start = 1_790_000_000_000 - count * _DAY // 4
    batch: list[tuple[Conversation, list[Message]]] = []
    for number in range(count):
        batch.append(
            conversation(chance, number, longest if number == count - 1 else length, start + number * _DAY // 4)
        )
        if sum(len(said) for _, said in batch) >= _BATCH:
            yield batch
            batch = []
    yield batch


def _tags(made: Conversation) -> tuple[str, ...]:
    """Every tenth conversation has a tag, every hundredth two, as the end of its id has it."""
    number = int(made.id[-12:], 16)
    return tuple(tag for tag, each in (("work", 10), ("数据", 100), ("once", 997)) if number % each == 5)


async def fill(path: Path | None, count: int, length: int, longest: int = 0) -> None:
    """Make `count` conversations of `length` messages each, the last one of `longest` (if that is more)."""
    database = await Database.open(path)
    try:
        await database.run(search.make_anew)
        for batch in _batches(count, length, max(longest, length)):

            def write(connection: sqlite3.Connection, batch: list[tuple[Conversation, list[Message]]] = batch) -> None:
                for made, said in batch:
                    conversations.create(connection, made)
                    conversations.change_tags(connection, made.id, _tags(made), ())
                    for message in said:
                        messages.add(connection, message)

            await database.run(write)
    finally:
        await database.close()


def main() -> None:
    """The shell's way in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--conversations", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=100, help="in each conversation")
    parser.add_argument("--longest", type=int, default=0, help="messages in the newest conversation")
    chosen = parser.parse_args()
    began = time.perf_counter()
    asyncio.run(fill(chosen.path, chosen.conversations, chosen.messages, chosen.longest))
    size = chosen.path.stat().st_size / 2**20
    print(f"{chosen.conversations} conversations, {size:.0f} MiB in {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
