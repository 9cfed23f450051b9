"""What a context costs, and what has to go for a prompt to fit."""

import pytest

from ollama_tui.domain.message import Message, Role
from ollama_tui.domain.model import ModelCard
from ollama_tui.services.context.fitting import LeavingOut, Weight, larger_context, leave_out
from ollama_tui.services.context.lessons import Sight, learn
from ollama_tui.services.context.memory import CacheCost, cache_cost
from ollama_tui.services.context.ways import to_cover

_LLAMA = {
    "block_count": 28,
    "embedding_length": 3072,
    "attention.head_count": 24,
    "attention.head_count_kv": 8,
    "attention.key_length": 128,
    "attention.value_length": 128,
}


@pytest.mark.parametrize(
    ("changed", "cost"),
    [
        ({}, CacheCost(28 * 8 * (128 + 128) * 4096 * 2, exact=True)),
        # Without a word about it, a head is the embedding's share, and every head keeps its keys.
        ({"attention.key_length": 0, "attention.value_length": 0}, CacheCost(28 * 8 * 256 * 4096 * 2, exact=True)),
        ({"attention.head_count_kv": "absent"}, CacheCost(28 * 24 * 256 * 4096 * 2, exact=True)),
        # A number for each layer is hidden unless the server is asked verbosely; zero is a layer without a cache.
        ({"attention.head_count_kv": None}, CacheCost(28 * 24 * 256 * 4096 * 2, exact=False)),
        ({"attention.head_count_kv": [0, 8] * 14}, CacheCost(14 * 8 * 256 * 4096 * 2, exact=False)),
        ({"attention.sliding_window": 512}, CacheCost(28 * 8 * 256 * 4096 * 2, exact=False)),
        ({"attention.kv_lora_rank": 512}, CacheCost(28 * 8 * 256 * 4096 * 2, exact=False)),
        ({"ssm.state_size": 128}, CacheCost(28 * 8 * 256 * 4096 * 2, exact=False)),
        ({"block_count": 0}, None),
        ({"attention.head_count": "absent"}, None),
    ],
)
def test_the_cache_of_a_context(changed: dict[str, object], cost: CacheCost | None) -> None:
    shape = {f"llama.{name}": value for name, value in (_LLAMA | changed).items() if value != "absent"}
    card = ModelCard(name="m", model_info={"general.architecture": "llama", **shape})
    assert cache_cost(card, 4096) == cost


def _weights(*tokens: int) -> list[Weight]:
    roles = (Role.USER, Role.ASSISTANT)
    return [Weight(str(place), roles[place % 2], count) for place, count in enumerate(tokens)]


def test_the_fewest_of_the_oldest_turns_go_and_the_question_stays() -> None:
    weights = _weights(100, 100, 100, 100, 100)
    assert leave_out(weights, total=500, context=400, reserve=50) == LeavingOut(1, ("0", "1"), 3, 300)
    assert leave_out(weights, total=500, context=320, reserve=50) == LeavingOut(2, ("0", "1", "2", "3"), 1, 100)
    # Where there is no room to spare for the answer, it is enough that the prompt fits.
    assert leave_out(weights, total=500, context=120, reserve=50) == LeavingOut(2, ("0", "1", "2", "3"), 1, 100)
    assert leave_out(weights, total=500, context=100, reserve=50) is None
    summary = Weight("s", Role.SUMMARY, 50)
    assert leave_out([summary, *weights], total=550, context=400, reserve=50) == LeavingOut(1, ("0", "1"), 4, 350)


def test_a_larger_context_leaves_room_for_the_answer_and_is_at_most_what_the_model_can() -> None:
    assert larger_context(1500, reserve=128, most=0) == 2048
    assert larger_context(1600, reserve=128, most=32768) == 4096
    assert larger_context(7000, reserve=128, most=8000) == 8000
    assert larger_context(8000, reserve=128, most=8000) == 0


def test_a_summary_keeps_the_last_turns_that_take_a_quarter_at_most_and_covers_an_earlier_one() -> None:
    branch = [
        Message(id=str(place), conversation_id="c", role=role)
        for place, role in enumerate((Role.USER, Role.ASSISTANT, Role.USER, Role.ASSISTANT, Role.USER, Role.ASSISTANT))
    ]
    assert to_cover(_weights(100, 100, 100, 100, 40, 40), branch, context=400) == ("0", "1", "2", "3")
    assert to_cover(_weights(100, 100, 100, 100, 140, 40), branch, context=400) == tuple("012345")
    assert to_cover(_weights(10, 10), branch[:2], context=400) == ("0", "1")
    assert to_cover([], [], context=400) == ()
    earlier = Message(id="s", conversation_id="c", role=Role.SUMMARY, covers=("0", "1"))
    weights = [Weight("s", Role.SUMMARY, 50), *_weights(1, 1, 100, 100, 40, 40)[2:]]
    assert to_cover(weights, [*branch[:4], earlier, *branch[4:]], context=400) == ("0", "1", "2", "3", "s")


def test_a_template_is_learned_from_two_prompts_and_with_it_whether_thinking_is_sent() -> None:
    cost = learn([Sight(1, 8), Sight(3, 18)])
    assert (cost.before, cost.each, cost.sure, cost.thinking_sent) == (3, 5, True, False)
    cost = learn([Sight(1, 8), Sight(3, 218, thinking=200)])
    assert (cost.before, cost.each, cost.sure, cost.thinking_sent) == (3, 5, True, True)
    cost = learn([Sight(1, 8), Sight(3, 18, thinking=200)])
    assert (cost.each, cost.thinking_sent) == (5, False)
    assert not learn([Sight(3, 18)]).sure
    assert not learn([]).sure
