"""The workspace: which server, which model, what is remembered, what others changed."""

import asyncio
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ollama_tui.demo.faults import Fault
from ollama_tui.demo.models import Model
from ollama_tui.domain.conversation import TitleSource
from ollama_tui.domain.host import HostAddress
from ollama_tui.domain.model import ModelRef
from ollama_tui.services.asking import ConsentNeeded
from ollama_tui.services.workspace import Workspace
from tests.services.place import Place, a_place, models, talk
from tests.services.test_turn import until

_HOUR_NS = 3600 * 10**9


def _shelf() -> list[Model]:
    """The newest is remote, the next cannot chat, then two that can."""
    plain, other, *_ = models()
    embedding = replace(
        plain,
        name="embed:latest",
        info={"general.architecture": "bert", "bert.pooling_type": 1},
        modified_ns=9 * _HOUR_NS,
    )
    remote = replace(
        plain, name="far:latest", remote_host="https://ollama.com:443", remote_model="far", modified_ns=10 * _HOUR_NS
    )
    return [
        remote,
        embedding,
        replace(plain, name="newer:latest", modified_ns=8 * _HOUR_NS),
        replace(other, name="older:latest", modified_ns=7 * _HOUR_NS),
    ]


async def _chosen(workspace: Workspace) -> str:
    model = (await workspace.first_setup()).model
    return model.name if model is not None else ""


async def test_the_newest_local_model_that_can_chat_comes_first(tmp_path: Path) -> None:
    async with a_place(tmp_path, _shelf()) as place:
        workspace = await place.open(system="Be kind.", options={"seed": 4})
        setup = await workspace.first_setup()
        assert setup.model is not None
        assert (setup.model.name, setup.system, setup.options) == ("newer:latest", "Be kind.", {"seed": 4})
        assert len(setup.model.digest) == 64


async def test_then_the_model_used_last_while_it_is_there(tmp_path: Path) -> None:
    async with a_place(tmp_path, _shelf()) as place:
        workspace = await place.open()
        await (await workspace.turns.ask(talk("older"), "hello")).wait()
        await workspace.aclose()
        again = await place.open()
        assert await _chosen(again) == "older:latest"
        await again.here.delete("older:latest")
        assert await _chosen(again) == "newer:latest"
        await again.aclose()
        configured = await place.open(model="mine")
        assert await _chosen(configured) == "mine:latest"


async def test_a_remote_model_is_asked_only_after_consent_and_never_chosen(tmp_path: Path) -> None:
    async with a_place(tmp_path, _shelf()) as place:
        workspace = await place.open()
        conversation = talk("far")
        with pytest.raises(ConsentNeeded) as needed:
            await workspace.turns.ask(conversation, "a secret")
        assert needed.value.model.name == "far:latest"
        with pytest.raises(ConsentNeeded):
            await workspace.turns.ask(
                talk("anything-cloud").__class__(
                    id=conversation.id,
                    setup=replace(conversation.setup, model=ModelRef(host_id="test", name="x:120b-cloud")),
                ),
                "a secret",
            )
        assert place.asked("/api/chat") == []
        assert await workspace.history.conversations() == ()
        await workspace.turns.consent(needed.value.model)
        await (await workspace.turns.ask(conversation, "a secret")).wait()
        assert len(place.asked("/api/chat")) == 1
        await workspace.aclose()
        again = await place.open()
        await (await again.turns.ask(talk("far"), "more")).wait()
        assert await _chosen(again) == "newer:latest"


async def test_what_answers_at_the_address_is_told(place: Place, workspace: Workspace) -> None:
    state = await workspace.server_state()
    assert (state.kind, state.version, len(state.models)) == ("ready", "0.0.0", 4)
    assert state == await workspace.server_state()
    place.faults.add(Fault(path="/api/version", times=1, status=403))
    state = await workspace.server_state()
    assert state.kind == "strange"
    assert state.failure is not None
    for model in await workspace.models(refresh=True):
        await workspace.here.delete(model.name)
    assert (await workspace.server_state()).kind == "empty"
    await workspace.use_host(HostAddress(id="off", url="http://127.0.0.1:9", source="flag"))
    assert (await workspace.server_state()).kind == "absent"
    assert await workspace.refresh_loaded() == ()


async def test_the_host_used_last_is_used_at_the_next_start(place: Place, workspace: Workspace) -> None:
    await workspace.use_host(HostAddress(id="x", url="http://127.0.0.1:4321", source="remembered"))
    await workspace.use_host(HostAddress(id="demo", url="", source="demo"))
    await workspace.aclose()
    for source, url in (("default", "http://127.0.0.1:4321"), ("flag", "http://127.0.0.1:1")):
        again = await Workspace.open(
            workspace.settings,
            workspace.paths,
            {},
            HostAddress(id="local", url="http://127.0.0.1:1", source=source),  # pyright: ignore[reportArgumentType]
        )
        assert again.host.address.url == url
        await again.aclose()


async def test_a_conversation_stays_with_its_host(place: Place, workspace: Workspace) -> None:
    first = await workspace.turns.ask(talk("repeat"), "one")
    await first.wait()
    model = first.conversation.setup.model
    assert model is not None
    demo = HostAddress(id="demo", url="", source="demo")
    await workspace.use_host(demo)
    assert workspace.host.address.id == "demo"
    assert workspace.host_of(replace(model, host_id="nobody knows")).address.id == "demo"
    await workspace.use_host(HostAddress(id="test", url=place.url, source="flag"))
    assert workspace.host_of(replace(model, host_id="demo")).address.id == "demo"


async def test_models_are_asked_for_once_and_again_when_they_changed(place: Place, workspace: Workspace) -> None:
    await workspace.models()
    await workspace.models()
    asked = [request for request in place.server.requests if request.path == "/api/tags"]
    assert len(asked) == 1
    version = workspace.version
    await workspace.here.copy("repeat", "repeat2")
    assert workspace.version > version
    assert "repeat2:latest" in [model.name for model in await workspace.models()]


async def test_what_another_program_wrote_is_noticed(place: Place, workspace: Workspace) -> None:
    other = await place.open()
    await asyncio.sleep(0.2)
    before = other.version
    await asyncio.sleep(0.3)
    assert other.version == before, "nothing happened, so nothing changed"
    await workspace.history.create(replace(talk("repeat"), title="new", title_source=TitleSource.PERSON))
    await until(lambda: other.version > before)


async def test_drafts_are_saved_soon_and_at_the_end(place: Place, workspace: Workspace) -> None:
    live = await workspace.turns.ask(talk("repeat"), "one")
    await live.wait()
    workspace.drafts.save(live.conversation, "half a thou")
    await asyncio.sleep(0.2)
    other = await place.open()
    kept = await other.history.conversation(live.conversation.id)
    assert kept is not None
    assert kept.draft == "half a thou"
    workspace.drafts.save(live.conversation, "half a thought")
    workspace.drafts.save(talk("repeat"), "in a new one")
    workspace.drafts.save(talk("repeat", temporary=True), "nobody's business")
    await workspace.aclose()
    kept = await other.history.conversation(live.conversation.id)
    assert kept is not None
    assert kept.draft == "half a thought"
    assert await other.drafts.take(talk("repeat")) == "in a new one"


async def test_earlier_prompts(workspace: Workspace) -> None:
    from ollama_tui.services.recall import Recall

    live = await workspace.turns.ask(talk("repeat"), "one")
    await live.wait()
    live = await workspace.turns.ask(live.conversation, "two")
    await live.wait()
    assert await workspace.prompts() == ("two", "one")
    assert await workspace.prompts("on") == ("one",)
    recall = Recall(workspace.prompts)
    assert recall.newer() is None
    walked = [await recall.older("typed"), await recall.older("two"), await recall.older("one")]
    assert walked == ["two", "one", None]
    assert [recall.newer(), recall.newer(), recall.newer()] == ["two", "typed", None]


async def test_erasing_leaves_nothing(place: Place, workspace: Workspace) -> None:
    live = await workspace.turns.ask(talk("count"), "a secret of mine")
    await asyncio.sleep(0.1)
    await workspace.erase()
    assert live.done
    assert await workspace.history.conversations() == ()
    await workspace.aclose()
    assert not any(b"secret" in file.read_bytes() for file in place.folder.rglob("*") if file.is_file())


async def test_opening_asks_no_server_and_imports_no_client(place: Place, workspace: Workspace) -> None:
    assert place.server.requests == []
    script = (
        "import sys, asyncio, pathlib\n"
        "import ollama_tui.services.workspace\n"
        "print([name for name in ('httpx', 'ollama', 'pydantic', 'tiktoken', 'textual') if name in sys.modules])"
    )
    command = [sys.executable, "-c", script]
    result = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
