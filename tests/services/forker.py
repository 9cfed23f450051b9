"""A program of its own that forks a conversation again and again until it is killed.

python -m tests.services.forker FOLDER CONVERSATION     prints a line for each fork
"""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from ollama_tui.domain.identity import new_id
from ollama_tui.storage.database import Database
from ollama_tui.storage.history import History


async def _fork(folder: Path, conversation_id: str) -> None:
    history = History(await Database.open(folder / "history.db"), new_id())
    conversation = await history.conversation(conversation_id)
    assert conversation is not None
    while True:
        made = await history.fork(conversation_id, conversation.leaf_id or "", replace(conversation, id=new_id()))
        print(made is not None, flush=True)


if __name__ == "__main__":
    asyncio.run(_fork(Path(sys.argv[1]), sys.argv[2]))
