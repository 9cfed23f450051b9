"""The tokenizers of a workspace, with the built-in server: made once, kept by digest, estimated where there is none."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from ollama_tui.demo.faults import Fault
from ollama_tui.demo.models import Model
from ollama_tui.domain.model import ModelRef, same_model
from ollama_tui.services.workspace import Workspace
from tests.services.place import Place, a_model, a_place
from tests.tokenizer.recorded import recorded, tokenizer


def models() -> list[Model]:
    """Two with vocabularies of their own, one with the built-in's, one without any, and one that is elsewhere."""

    def with_keys(name: str, **keys: Any) -> Model:
        plain = a_model(name, lambda _: None, size=1000 + len(name))  # pyright: ignore[reportArgumentType]
        return replace(plain, info={**plain.info, **keys})

    return [
        with_keys("bytes", **{**recorded("vocab"), "tokenizer.ggml.pre": "qwen2"}),
        with_keys("pieces", **recorded("spm-vocab")),
        with_keys("plain"),
        with_keys("mute", **{"tokenizer.ggml.model": "gpt2"}),
        replace(with_keys("away"), remote_host="https://elsewhere.invalid", remote_model="away"),
    ]


async def ref_of(workspace: Workspace, name: str) -> ModelRef:
    found = await workspace.models(refresh=True)
    return next(workspace.ref_of(model) for model in found if same_model(model.name, name))


def kept(folder: Path) -> list[Path]:
    """The tokenizers on the disk."""
    return sorted(folder.glob("tokenizers/*"))


def asked(place: Place) -> int:
    """How often the server was asked for a vocabulary."""
    return sum(bool(body.get("verbose")) for body in place.asked("/api/show"))


async def test_the_vocabulary_of_the_server_counts(tmp_path: Path) -> None:
    async with a_place(tmp_path, models()) as place:
        workspace = await place.open()
        for name, recording in (("bytes", "qwen2"), ("pieces", "spm")):
            ref = await ref_of(workspace, name)
            assert workspace.tokenizers.known(ref) is None
            made = await workspace.tokenizers.of(ref)
            assert workspace.tokenizers.known(ref) is made
            assert made.exact
            for case in recorded(recording)["cases"]:
                assert made.encode(case["text"]) == case["ids"]
        assert await workspace.tokenizers.of(replace(ref, digest="")) is made


async def test_all_who_ask_at_once_wait_for_one_build_and_may_go_away(tmp_path: Path) -> None:
    async with a_place(tmp_path, models()) as place:
        workspace = await place.open()
        ref = await ref_of(workspace, "bytes")
        place.faults.add(Fault(path="/api/show", hold=0.2))
        waiting = [asyncio.create_task(workspace.tokenizers.of(ref)) for _ in range(3)]
        await asyncio.sleep(0.05)
        waiting[0].cancel()
        first, *others = await asyncio.gather(*waiting, return_exceptions=True)
        assert isinstance(first, asyncio.CancelledError)
        assert others[0] is others[1] is workspace.tokenizers.known(ref)
        assert asked(place) == 1


async def test_a_build_that_is_broken_off_leaves_an_estimate_and_nothing_half_done(tmp_path: Path) -> None:
    async with a_place(tmp_path, models()) as place:
        workspace = await place.open()
        ref = await ref_of(workspace, "bytes")
        place.faults.add(Fault(path="/api/show", hold=30))
        waiting = asyncio.create_task(workspace.tokenizers.of(ref))
        for _ in range(500):
            if asked(place):
                break
            await asyncio.sleep(0.01)
        await workspace.tokenizers.aclose()
        assert not (await waiting).exact
        assert workspace.tokenizers.known(ref) is None
        assert not kept(tmp_path)
        place.faults.clear()
        assert (await workspace.tokenizers.of(ref)).exact


async def test_what_was_made_once_is_read_from_the_disk(tmp_path: Path) -> None:
    async with a_place(tmp_path, models()) as place:
        for expected in (1, 1):
            workspace = await place.open()
            made = await workspace.tokenizers.of(await ref_of(workspace, "bytes"))
            assert made.exact
            assert made.pre == "qwen2"
            for case in recorded("qwen2")["cases"]:
                assert made.tokens(case["text"]) == tokenizer("qwen2").tokens(case["text"])
            assert asked(place) == expected
            await workspace.aclose()
        (file,) = kept(tmp_path)
        assert file.stat().st_mode & 0o777 == 0o600


async def test_what_is_damaged_on_the_disk_is_made_again(tmp_path: Path) -> None:
    async with a_place(tmp_path, models()) as place:
        workspace = await place.open()
        await workspace.tokenizers.of(await ref_of(workspace, "bytes"))
        await workspace.tokenizers.of(await ref_of(workspace, "pieces"))
        sound = {path: path.read_bytes() for path in kept(tmp_path)}
        one, other = sound
        damages = [
            b"",
            b"no tokenizer",
            sound[one][:-1],
            sound[one][:5000] + bytes((sound[one][5000] ^ 1,)) + sound[one][5001:],
            sound[other],  # sound, but another model's
        ]
        for damage in damages:
            one.write_bytes(damage)
            other.write_bytes(sound[other])
            before = asked(place)
            workspace = await place.open()
            for name, recording in (("bytes", "qwen2"), ("pieces", "spm")):
                made = await workspace.tokenizers.of(await ref_of(workspace, name))
                assert made.encode("Hello, world!") == tokenizer(recording).encode("Hello, world!")
            assert asked(place) == before + 1
            assert one.read_bytes() == sound[one]
            await workspace.aclose()


async def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    async with a_place(tmp_path, models()) as place:
        (tmp_path / "tokenizers").write_text("in the way")
        workspace = await place.open()
        assert (await workspace.tokenizers.of(await ref_of(workspace, "bytes"))).exact


async def test_another_model_under_the_same_name_has_a_tokenizer_of_its_own(tmp_path: Path) -> None:
    async with a_place(tmp_path, models()) as place:
        workspace = await place.open()
        old = await ref_of(workspace, "bytes")
        before = await workspace.tokenizers.of(old)
        await workspace.here.copy("pieces", "bytes")
        after = await workspace.tokenizers.of(old)
        assert after.encode("Hello") == tokenizer("spm").encode("Hello") != before.encode("Hello")
        assert workspace.tokenizers.known(old) is after
        assert workspace.tokenizers.known(await ref_of(workspace, "bytes")) is after


async def test_without_a_vocabulary_there_is_an_estimate(tmp_path: Path) -> None:
    async with a_place(tmp_path, models()) as place:
        workspace = await place.open()
        for name, expected in (("mute", 1), ("away", 1)):  # of a model that is elsewhere nobody is asked
            ref = await ref_of(workspace, name)
            made = await workspace.tokenizers.of(ref)
            assert not made.exact
            assert workspace.tokenizers.known(ref) is made
            assert asked(place) == expected
            assert 60 < made.count("The quick brown fox jumps over the lazy dog. " * 10) < 150
            assert "".join(token.text for token in made.tokens("Größe 你好 🎉\n")) == "Größe 你好 🎉\n"


async def test_an_estimate_learns_from_the_servers_figures(tmp_path: Path) -> None:
    async with a_place(tmp_path, models()) as place:
        workspace = await place.open()
        ref = await ref_of(workspace, "mute")
        estimate = await workspace.tokenizers.of(ref)
        text = "Die Donaudampfschifffahrtsgesellschaft fährt. " * 20
        real = 2 * estimate.count(text)
        for _ in range(3):
            workspace.tokenizers.calibrate(ref, estimate.count(text), real)
            assert abs(estimate.count(text) - real) <= real / 100


async def test_a_server_that_was_merely_away_is_asked_again(tmp_path: Path) -> None:
    async with a_place(tmp_path, models()) as place:
        workspace = await place.open()
        ref = await ref_of(workspace, "bytes")
        for fault in (Fault(path="/api/show", status=0, ending="close"), Fault(status=503, text="busy")):
            place.faults.add(fault)
            assert not (await workspace.tokenizers.of(ref)).exact
            place.faults.clear()
        assert (await workspace.tokenizers.of(ref)).exact


async def test_a_workspace_that_keeps_nothing_keeps_no_tokenizers(tmp_path: Path) -> None:
    async with a_place(tmp_path / "data", models()) as place:
        workspace = await Workspace.open(
            (opened := await place.open()).settings, opened.paths, {}, opened.address, keep=False
        )
        assert (await workspace.tokenizers.of(await ref_of(workspace, "bytes"))).exact
        await workspace.aclose()
        assert not kept(tmp_path / "data")
