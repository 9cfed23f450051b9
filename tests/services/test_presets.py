"""Presets as files, and the conversations that begin with one."""

import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.failure import LocalFailure
from ollama_tui.domain.preset import Preset, preset_from
from ollama_tui.services.preset_file import PresetError, read_preset, write_preset
from ollama_tui.services.presets import Presets
from ollama_tui.services.workspace import Workspace
from ollama_tui.storage.database import Database
from ollama_tui.storage.state import State
from tests.services.place import Place

TEXT = st.text(st.characters(codec="utf-8"), max_size=60)
OPTIONS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "temperature": st.floats(0, 5),
        "seed": st.integers(-1, 2**31 - 1),
        "use_mmap": st.booleans(),
        "stop": st.lists(TEXT).map(tuple),
    },
)


@pytest.fixture
async def presets(tmp_path: Path) -> Presets:
    return Presets(tmp_path / "presets", State(await Database.open(None)))


@given(
    system=st.none() | TEXT,
    options=st.none() | OPTIONS,
    think=st.sampled_from([None, True, False, "low", "max"]),
    form=st.sampled_from([None, "json", {"type": "object", "properties": {"a'''b": {"const": None}}}]),
    keep_alive=st.sampled_from([None, -1, 0.5, "1h30m"]),
)
def test_what_is_written_is_read_again(system: Any, options: Any, think: Any, form: Any, keep_alive: Any) -> None:
    preset = Preset(
        name='名 "x" \\',
        model="qwen3:8b",
        system=system,
        options=options,
        think=think,
        format=form,
        keep_alive=keep_alive,
    )
    reading = read_preset(write_preset(preset), "other")
    assert reading.preset == preset
    assert reading.remarks == ()


def test_a_system_prompt_is_readable_in_its_file() -> None:
    text = write_preset(Preset(name="pirate", system='Speak like a "pirate".\nAlways \\o/.'))
    assert 'Speak like a "pirate".\nAlways \\o/.' in text


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("name = \n", 1, "Invalid value"),
        ('name = "x"\n[options]\ntop_k = 3\ntemperature = "hot"\n', 4, "temperature needs a number, not 'hot'"),
        ("[options]\nnum_ctx = true\n", 2, "num_ctx needs a whole number"),
        ('think = "very"\n', 1, "think"),
        ('\n\nkeep_alive = "10"\n', 3, "keep_alive"),
        ("system = 3\n", 1, "system: it must be a text"),
        ("format = '{\"type\": 1}'\n", 1, "$.type"),
        ("options = 3\n", 1, "it must be a table, [options]"),
        ("nonsense", 0, ""),
    ],
)
def test_a_broken_file_is_told_with_its_place(text: str, line: int, words: str) -> None:
    with pytest.raises(PresetError) as broken:
        read_preset(text, "x")
    assert broken.value.line == line
    assert words in broken.value.reason


async def test_a_broken_file_does_the_others_no_harm(presets: Presets) -> None:
    await presets.save(Preset(name="good", options={"top_k": 5}))
    (presets.folder / "bad.toml").write_text("[options]\ntemperature = 9\n")
    (presets.folder / "binary.toml").write_bytes(b"name = 'a'\n\xff\xfe")
    (presets.folder / "strange.toml").write_text('colour = "red"\n[options]\nmirostat = 1\ntop_p = 0.5\n')
    (presets.folder / "notes.txt").write_text("not a preset")
    shelf = await presets.shelf()
    assert [kept.preset.name for kept in shelf.presets] == ["good", "strange"]
    assert [str(broken) for broken in shelf.broken] == [
        "bad.toml, line 2: temperature must be between 0 and 5, not 9.",
        "binary.toml, line 2: it is not in UTF-8",
    ]
    strange = shelf.presets[1]
    assert strange.preset.options == {"top_p": 0.5}
    assert [word for remark in strange.remarks for word in ("colour", "mirostat") if word in remark] == [
        "colour",
        "mirostat",
    ]
    with pytest.raises(PresetError, match=r"bad\.toml, line 2"):
        await presets.find("bad")


async def test_a_preset_is_kept_found_renamed_deleted_and_brought_back(presets: Presets) -> None:
    kept = await presets.save(Preset(name="精确 Code", model="qwen3:8b", options={"temperature": 0.0}))
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    kept.path.write_text("# mine\n" + kept.path.read_text(encoding="utf-8"), encoding="utf-8")
    renamed = await presets.rename(kept, "Code 2")
    assert renamed.path == kept.path
    assert "# mine" in renamed.path.read_text(encoding="utf-8"), "comments stay"
    assert (await presets.find("code 2")).preset == replace(kept.preset, name="Code 2")
    await presets.delete(renamed)
    with pytest.raises(PresetError, match="no presets yet"):
        await presets.find("code 2")
    restored = await presets.restore()
    assert restored is not None
    assert restored.preset == renamed.preset
    assert await presets.restore() is None


async def test_one_for_the_model_is_found_before_one_for_any(presets: Presets) -> None:
    await presets.save(Preset(name="code", options={"top_k": 1}))
    await presets.save(Preset(name="Code", model="qwen3:8b", options={"top_k": 2}))
    for model, top_k in (("qwen3:8b", 2), ("llama3.2:latest", 1)):
        assert (await presets.find("code", model)).preset.options == {"top_k": top_k}


async def test_presets_are_passed_on_as_files(presets: Presets, tmp_path: Path) -> None:
    kept = await presets.save(Preset(name="mine", system="你好\n"))
    target = await presets.export(kept, tmp_path)
    assert target == tmp_path / "mine.toml"
    with pytest.raises(FileExistsError):
        await presets.export(kept, target)
    target.write_text(target.read_text(encoding="utf-8") + "\n[options]\ntop_k = 7\n", encoding="utf-8")
    taken = await presets.take_in(target)
    assert (taken.preset.name, taken.preset.system, taken.preset.options) == ("mine 2", "你好\n", {"top_k": 7})
    with pytest.raises(LocalFailure, match=r"cannot be read"):
        await presets.take_in(tmp_path / "nowhere.toml")
    with pytest.raises(LocalFailure, match=r"cannot be written"):
        await presets.export(kept, tmp_path / "nowhere" / "x.toml")


async def test_a_name_is_a_name_and_no_path(presets: Presets, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text('name = "../../evil\\u001b[2J"\nmodel = "../x"\n')
    taken = await presets.take_in(other)
    assert taken.path.parent == presets.folder
    assert "\x1b" not in taken.preset.name


async def test_new_conversations_begin_with_the_models_default(place: Place) -> None:
    workspace = await place.open(system="Configured.", options={"top_k": 9, "seed": 1})
    ref = (await workspace.first_setup()).model
    assert ref is not None
    kept = await workspace.presets.save(Preset(name="mine", options={"seed": 2}, think=False))
    await workspace.presets.set_default(ref.name, kept)
    assert await workspace.first_setup() == Setup(
        model=ref, system="Configured.", options={"top_k": 9, "seed": 2}, think=False
    )
    assert (await workspace.first_setup(replace(ref, name="another:latest"))).options == {"top_k": 9, "seed": 1}
    kept.path.write_text("broken")
    assert (await workspace.first_setup()).options == {"top_k": 9, "seed": 1}
    await workspace.erase()
    assert not workspace.presets.folder.exists()


async def test_applying_one_leaves_nothing_of_the_one_before(workspace: Workspace) -> None:
    wild = Preset(name="wild", options={"temperature": 2.0, "top_k": 0}, system="Rhyme.")
    calm = Preset(name="calm", options={"temperature": 0.1})
    setup = calm.apply(wild.apply(Setup(think=True), {"seed": 1}), {"seed": 1})
    assert setup == Setup(think=True, system="Rhyme.", options={"seed": 1, "temperature": 0.1})
    assert preset_from(setup, "both", parts=("options", "think")) == Preset(
        name="both", options={"seed": 1, "temperature": 0.1}, think=True
    )
