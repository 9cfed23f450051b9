"""Plain text is broken so that nothing is lost and nothing is too wide, however it arrives."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from ollama_tui.tui.transcript.heights import Heights
from ollama_tui.tui.transcript.plain import PlainText

TEXTS = st.text(st.sampled_from("ab cd\n\t 天空，é👍🏽👨\u200d👩\u200d👧e\u0301x\u202e\x1b"), max_size=60)


def lines(part: PlainText) -> list[str]:
    return ["".join(segment.text for segment in part.segments(y)) for y in range(part.height)]


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.integers(1, 12))
@example("aaaaaaaaaaa \u0301", 11)
def test_every_character_is_shown_once_and_fits(text: str, width: int) -> None:
    part = PlainText(text)
    part.set_width(width)
    shown = "".join(lines(part)).replace(" ", "")
    drawn = text.replace("\n", "").replace(" ", "").replace("\t", "").replace("\u202e", "\ufffd").replace("\x1b", "␛")
    assert shown == drawn
    assert all(cell_len(line) <= max(width, 8) for line in lines(part))


FIGURES = ("48.2 tok/s", "187 tokens", "首个 token 0.3 秒", "load 1 min 2 s", "加载 1.2 秒", "stop")


@given(st.lists(st.sampled_from(FIGURES), min_size=1, max_size=6), st.integers(1, 60))
def test_figures_stay_with_their_units(pieces: list[str], width: int) -> None:
    part = PlainText(" · ".join(pieces), between=" · ")
    part.set_width(width)
    shown = lines(part)
    assert " ".join(shown).split() == part.source.split() or width < 19
    assert all(cell_len(line) <= width or width < 2 for line in shown)
    if width >= max(map(cell_len, FIGURES)) + 2:
        assert [piece for line in shown for piece in line.removesuffix(" ·").split(" · ")] == pieces


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, max_size=6), st.integers(1, 12))
def test_pieces_look_like_the_whole_and_changes_are_told(pieces: list[str], width: int) -> None:
    grown = PlainText()
    grown.set_width(width)
    for piece in pieces:
        before = lines(grown)
        changed = grown.append(piece)
        assert lines(grown)[:changed] == before[:changed]
    whole = PlainText("".join(pieces))
    whole.set_width(width)
    assert lines(grown) == lines(whole)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.integers(1, 12))
def test_a_cell_knows_its_place_and_a_place_its_cells(text: str, width: int) -> None:
    part = PlainText(text)
    part.set_width(width)
    for y, line in enumerate(lines(part)):
        for x in range(cell_len(line)):
            place = part.locate(x, y)
            assert any(left <= x for left, _right in part.cells(y, place, place + 1) or [(0, 0)])


@given(st.lists(st.integers(0, 9), max_size=40), st.data())
def test_heights_are_sums(heights: list[int], data: st.DataObject) -> None:
    tree = Heights(heights)
    for _change in range(5):
        if heights:
            index = data.draw(st.integers(0, len(heights) - 1))
            heights[index] = tree_height = data.draw(st.integers(0, 9))
            tree[index] = tree_height
    assert tree.total == sum(heights)
    assert [tree.before(index) for index in range(len(heights) + 1)] == [
        sum(heights[:n]) for n in range(len(heights) + 1)
    ]
    for line in range(tree.total):
        index, within = tree.find(line)
        assert sum(heights[:index]) + within == line
        assert within < heights[index]
