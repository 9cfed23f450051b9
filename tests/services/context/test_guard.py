"""A prompt is looked at before it is sent and after it was read."""

from ollama_tui.demo.faults import Fault
from ollama_tui.domain.message import Ending
from ollama_tui.services.workspace import Workspace
from tests.services.place import Place, talk


def _paths(place: Place) -> list[str]:
    return [request.path for request in place.server.requests if request.path not in ("/api/tags", "/api/version")]


async def test_a_small_prompt_pays_for_nothing(place: Place, workspace: Workspace) -> None:
    live = await workspace.turns.ask(talk("recite"), "hello")
    assert (await live.wait()).ending is Ending.COMPLETE
    assert _paths(place)[0] == "/api/chat"
    assert "/api/generate" not in _paths(place)


async def test_what_might_not_fit_is_measured_against_the_loaded_model_and_not_sent(
    place: Place, workspace: Workspace
) -> None:
    conversation = talk("recite", options={"num_ctx": 512})
    answer = await (await workspace.turns.ask(conversation, "many words " * 2000)).wait()
    assert answer.failure is not None
    assert answer.failure.code == "context-exceeded"
    assert answer.failure.params["context"] == 512
    assert int(answer.failure.params["prompt_tokens"]) > 4000
    (load,) = place.asked("/api/generate")
    assert load["options"] == {"num_ctx": 512}
    assert load["shift"] is False
    assert place.asked("/api/chat") == []
    kept = await workspace.history.branch(conversation.id)
    assert [message.text for message in kept] == [("many words " * 2000), ""]


async def test_without_a_wish_it_is_the_server_that_says_how_much_fits(place: Place, workspace: Workspace) -> None:
    answer = await (await workspace.turns.ask(talk("recite"), "many words " * 6000)).wait()
    assert answer.failure is not None
    assert answer.failure.params["context"] == 4096
    assert (await (await workspace.turns.ask(talk("recite"), "many words " * 600)).wait()).ending is Ending.COMPLETE


async def test_a_server_that_does_not_tell_what_it_gave_decides_itself(place: Place, workspace: Workspace) -> None:
    place.faults.add(Fault(path="/api/ps", status=404, text="404 page not found", plain=True))
    answer = await (await workspace.turns.ask(talk("recite"), "many words " * 6000)).wait()
    assert answer.failure is not None
    assert answer.failure.code == "context-exceeded"
    assert len(place.asked("/api/chat")) == 1


async def test_an_answer_to_a_cut_prompt_is_marked_and_kept_so(place: Place) -> None:
    workspace = await place.open(guard_context=False)
    conversation = talk("recite", options={"num_ctx": 512})
    answer = await (await workspace.turns.ask(conversation, "many words " * 2000)).wait()
    assert answer.ending is Ending.COMPLETE
    assert answer.sent is not None
    assert answer.figures is not None
    assert answer.sent.context == 512
    assert answer.sent.cut_from > 4 * answer.figures.prompt_tokens
    (*_before, kept) = await workspace.history.branch(conversation.id)
    assert kept.sent == answer.sent


async def test_a_server_that_counts_only_what_it_had_not_read_is_no_server_that_cuts(
    place: Place, workspace: Workspace
) -> None:
    counts_little = '{"model":"recite","message":{"role":"assistant","content":"."},"done":true,"prompt_eval_count":3}'
    place.faults.add(Fault(path="/api/chat", line=counts_little, ending="end"))
    answer = await (await workspace.turns.ask(talk("recite"), "many words " * 300)).wait()
    assert answer.ending is Ending.COMPLETE
    assert answer.sent is not None
    assert answer.sent.cut_from == 0


async def test_an_answer_for_which_the_beginning_was_forgotten_is_marked(place: Place) -> None:
    workspace = await place.open(guard_context=False)
    answer = await (await workspace.turns.ask(talk("count", options={"num_ctx": 512}), "go")).wait()
    assert answer.sent is not None
    assert answer.sent.shifted
    assert answer.sent.cut_from == 0
