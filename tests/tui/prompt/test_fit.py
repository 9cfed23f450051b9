"""What the palette finds first."""

import pytest

from ollama_tui.tui.actions import ACTIONS
from ollama_tui.tui.fit import fit

NAMES = [action.name for action in ACTIONS if action.palette]
CHINESE = ["显示所有按键", "选择另一台服务器", "选择模型", "再试一次", "用另一个模型再试一次"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("model", "Pull a model"),
        ("choose mod", "Choose the model"),
        ("model choose", "Choose the model"),
        ("theme", "Choose the theme: all colours"),
        ("fork", "Fork: begin a new conversation that goes up to here"),
        ("tok", "Look at the tokens of what is written, or of a message"),
        ("quit", ""),
        ("EXPORT", "Export the conversation to a file"),
        ("right", "Move the pane to the right"),
    ],
)
def test_words_come_before_their_beginnings(typed: str, first: str) -> None:
    ranked = sorted(NAMES, key=lambda name: fit(typed, name), reverse=True)
    assert (ranked[0] if fit(typed, ranked[0]).score else "") == first


def test_chinese_is_found_by_any_of_its_words() -> None:
    assert max(CHINESE, key=lambda name: fit("模型", name)) == "选择模型"
    assert max(CHINESE, key=lambda name: fit("再试", name)) == "再试一次"
    assert fit("模型 再", CHINESE[4]).spans == ((4, 6), (6, 7))
    assert not fit("型模", CHINESE[4]).score
