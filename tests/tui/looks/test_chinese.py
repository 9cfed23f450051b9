"""The screen in Chinese: nothing is said in English, nothing stands out of line; as pictures and in words."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from ollama_tui.config.paths import Paths
from ollama_tui.config.settings import Settings
from ollama_tui.domain.i18n import set_language
from ollama_tui.tui.app import OllamaTui, Opening
from tests.tui.app.opened import DEMO, Program, opened

Compare = Callable[..., bool]
_REPORTS = os.environ.get("TEXTUAL_SNAPSHOT_TEMPDIR", "")
"""Where the plugin collects differences; a test's own environment has no variables of Textual's."""


@pytest.mark.parametrize(
    ("key", "seen", "size"),
    [("", "所有按键", (80, 24)), ("alt+slash", "输入你记得的词", (80, 24)), ("f1", "任何地方", (140, 45))],
    ids=["empty", "search", "keys"],
)
def test_it_looks_like_this(
    snap_compare: Compare,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    seen: str,
    size: tuple[int, int],
) -> None:
    monkeypatch.setenv("TEXTUAL_SNAPSHOT_TEMPDIR", _REPORTS)
    set_language("zh_CN")
    app = OllamaTui(
        Opening(
            settings=Settings(),
            paths=Paths(data=tmp_path, config=tmp_path),
            environment={},
            address=DEMO,
            model="guide",
        )
    )

    async def prepare(pilot: Pilot[int]) -> None:
        program = Program(app, pilot)
        await program.until(lambda: getattr(app, "workspace", None) is not None)
        await program.until(lambda: program.pane.conversation.setup.model is not None)
        await program.sees("可以向 guide 提任何问题。")
        if key:
            await program.press(key)
        await program.sees(seen)
        await pilot.pause(0.3)

    assert snap_compare(app, terminal_size=size, run_before=prepare)


async def test_words_are_broken_where_chinese_breaks(tmp_path: Path) -> None:
    set_language("zh_CN")
    async with opened(tmp_path, size=(50, 24), model="guide") as program:
        await program.sees("“tour”。")


async def test_no_english_is_left(tmp_path: Path) -> None:
    set_language("zh_CN")
    async with opened(tmp_path, size=(110, 40), model="guide") as program:
        await program.ask("你好")
        for key, seen in (
            ("f5", "系统提示词"),
            ("alt+p", "还没有预设"),
            ("alt+shift+d", "比较什么？"),
            ("f6", "今天"),
            ("alt+slash", "输入你记得的词"),
            ("f3", "运行中"),
            ("ctrl+p", "查找操作"),
        ):
            await program.press(key)
            await program.sees(seen)
            assert re.findall(r"\b[a-z]{2,} [a-z]{2,}\b", program.screen) == [], key
            await program.press("escape")
