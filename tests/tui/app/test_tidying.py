"""Garbage is collected while nobody waits."""

import gc
from pathlib import Path

from ollama_tui.config.settings import Settings
from tests.tui.app.opened import opened


async def test_no_full_collection_holds_up_an_answer(tmp_path: Path) -> None:
    seen: list[int] = []
    meanwhile: list[int] = []

    def note(phase: str, facts: dict[str, int]) -> None:
        if phase == "start":
            seen.append(facts["generation"])
            if program.pane.live is not None:
                meanwhile.append(facts["generation"])

    gc.collect()
    usual = gc.get_threshold()
    gc.set_threshold(
        700, 10, 10
    )  # as in Python 3.11: 3.13 collects less often, and none is due after so short an answer
    async with opened(tmp_path, model="markdown", settings=Settings(options={"num_ctx": 131072})) as program:
        gc.callbacks.append(note)
        try:
            await program.type("30000 tokens at 30000 tokens/s\n")
            await program.until(lambda: program.pane.live and len(program.pane.live.events) > 2000)
            seen.clear()
            meanwhile.clear()
            await program.until(lambda: program.pane.live is None, within=30)
            assert 1 in meanwhile
            assert 2 not in meanwhile
            await program.until(lambda: 2 in seen)
        finally:
            gc.callbacks.remove(note)
            gc.set_threshold(*usual)
