"""Where panes stand."""

import pytest
from textual.geometry import Size

from ollama_tui.tui.panes.plan import Share, lines_of, plan


@pytest.mark.parametrize(
    ("count", "width", "lines"),
    [
        (1, 20, [1]),
        (2, 80, [1, 1]),
        (2, 101, [2]),
        (3, 112, [2, 1]),
        (4, 112, [2, 2]),
        (3, 172, [3]),
        (4, 172, [2, 2]),
        (4, 203, [4]),
    ],
)
def test_panes_stand_side_by_side_as_long_as_each_can_be_read(count: int, width: int, lines: list[int]) -> None:
    assert [len(line) for line in lines_of(count, width)] == lines


@pytest.mark.parametrize("size", [Size(80, 23), Size(40, 10), Size(112, 44), Size(172, 59), Size(230, 20), Size(5, 3)])
@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize("focused", [0, 1])
def test_they_fill_the_room_and_do_not_overlap(size: Size, count: int, focused: int) -> None:
    now = plan([Share(1.0 + index / 2, 2.0 - index / 2) for index in range(count)], size, min(focused, count - 1))
    cells = [
        (x, y)
        for region in (*now.panes, *(gap.region for gap in now.gaps))
        for x in range(region.x, region.right)
        for y in range(region.y, region.bottom)
    ]
    assert len(cells) == len(set(cells))
    assert set(cells) >= {(x, y) for x in range(size.width) for y in range(size.height)}


def test_where_lines_are_few_all_but_the_focused_panes_fold_to_their_heads() -> None:
    now = plan([Share()] * 4, Size(80, 23), 2)
    assert [region.height for region in now.panes] == [1, 1, 20, 1]
