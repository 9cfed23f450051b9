"""What the moments of two answers show of their server, and no more."""

import pytest

from ollama_tui.services.comparison import Seen, observe

NOBODY: dict[str, list[str]] = {}


def seen(name: str, model: str = "m", host: str = "h", **moments: float) -> Seen:
    return Seen(name=name, host_id=host, model=model, started=moments.pop("started", 0.0), **moments)


FIRST = seen("a", first_token_at=1.0, ended_at=5.0)


@pytest.mark.parametrize(
    ("second", "kind"),
    [
        (seen("b", started=0.1, first_token_at=5.1, ended_at=9.0), "in-turn"),
        (seen("b", started=0.1, first_token_at=5.1, ended_at=9.0, load=4.9), "in-turn"),  # its load holds the wait
        (seen("b", started=0.1, first_token_at=5.1, ended_at=9.0, prompt=0.05), "in-turn"),
        (seen("b", started=0.1, first_token_at=5.1, ended_at=9.0, prompt=4.5), None),  # both were read at once
        (seen("b", started=0.1, first_token_at=5.4, ended_at=9.0, load=5.2), None),  # another context: loaded anew
        (seen("b", started=0.1, first_token_at=5.1), None),  # it may have loaded: not known before its end
        (seen("b", started=0.1, first_token_at=4.0, ended_at=9.0), None),  # at the same time
        (seen("b", started=5.1, first_token_at=5.5, ended_at=9.0), None),  # asked after it
        (seen("b", host="other", started=0.1, first_token_at=5.1, ended_at=9.0), None),
        (
            seen("b", started=0.1, first_token_at=9.0, ended_at=12.0, load=8.5),
            None,
        ),  # it loaded again
        (
            seen("b", model="n", started=0.1, first_token_at=5.1, ended_at=9.0),
            None,
        ),  # it was in memory
        (seen("b", model="n", started=0.1, first_token_at=8.0, ended_at=9.0, load=7.5), "loads-in-turn"),
        (seen("b", model="n", started=0.1, first_token_at=5.3, ended_at=5.4, load=5.2), "loads-in-turn"),  # a small one
    ],
)
def test_of_answers_that_have_ended(second: Seen, kind: str | None) -> None:
    found = observe([FIRST, second], 20.0, {"h": ["n"]})
    assert (found.kind if found else None) == kind


def test_models_that_are_both_in_memory_are_not_loaded_by_turns() -> None:
    second = seen("b", model="n", started=0.1, first_token_at=8.0, ended_at=9.0, load=7.5)
    assert observe([FIRST, second], 20.0, {"h": ["m", "n"]}) is None
    assert observe([FIRST, second], 20.0, NOBODY) is None


def test_one_that_waits_now() -> None:
    streaming = seen("a", first_token_at=1.0)
    found = observe([streaming, seen("b", started=0.2)], 4.2, NOBODY)
    assert found is not None
    assert (found.kind, found.first, found.second, round(found.seconds, 1)) == ("waits", "a", "b", 4.0)
    assert observe([streaming, seen("b", model="n", started=0.2)], 4.2, NOBODY) is None
    assert observe([streaming, seen("b", started=0.2)], 1.2, NOBODY) is None
