"""Settings as people write them: in a file, in the environment, and wrongly."""

from pathlib import Path

import pytest

from ollama_tui.config.settings import Settings, SettingsFailure, read_settings

TABLE = "[hosts]\ngpu = "


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_the_environment_wins_and_is_read_as_each_setting_is_meant(file: Path) -> None:
    file.write_text('theme = "paper"\nreduced = true\nbell_after = 3\n[options]\nstop = ["x"]\n[hosts]\ngpu = "h"\n')
    said = {"THEME": "lamp", "REDUCED": "Off", "GUARD_CONTEXT": "0", "BELL": "notify", "HOSTS": "no", "MODEL": ""}
    assert read_settings(file, {f"OLLAMA_TUI_{name}": value for name, value in said.items()}) == Settings(
        theme="lamp", reduced=False, guard_context=False, bell="notify", bell_after=3.0, model="",
        options={"stop": ("x",)}, hosts={"gpu": "h"},
    )  # fmt: skip
    assert read_settings(file, {"OLLAMA_TUI_BELL_AFTER": "2.5"}).bell_after == 2.5
    assert read_settings(file.with_name("none"), {}) == Settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("theme = 5", "theme: it must be a text in quotes."),
        ("guard_context = 'maybe'", "guard_context: it must be true or false."),
        ("bell_after = true", "bell_after: it must be a number."),
        ("bell_after = nan", "bell_after: it must be a number."),
        ("bell = 'loud'", "bell: it must be one of off, bell, notify."),
        ("keymap = ['vim']", "keymap: it must be one of default, vim, emacs."),
        (f"{TABLE}7", "hosts: gpu: it must be a text in quotes."),
        ("hosts = 'gpu'", "hosts: it must be a table of names and texts."),
        ("options = 1", "options: options must be a table of names and values."),
        ("[options]\ntemperature = 'hot'", "options: temperature needs a number, not 'hot'."),
        ("[option]\ntemperature = 1", "option: there is no such setting. Did you mean options?"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_place(file: Path, text: str, said: str) -> None:
    file.write_text(text)
    with pytest.raises(SettingsFailure) as caught:
        read_settings(file, {})
    first, last = str(caught.value).split("\n")
    assert first.startswith(f"{file}: {said}")
    assert last == "No setting is used until this is put right."


def test_every_fault_is_told_and_bytes_of_the_environment_may_be_no_text(file: Path) -> None:
    file.write_text("theme = 5\nreduced = 7")
    with pytest.raises(SettingsFailure) as caught:
        read_settings(file, {"OLLAMA_TUI_MODEL": "a\udcff"})
    lines = [line.removeprefix(f"{file}: ") for line in str(caught.value).splitlines()]
    assert lines[:3] == [
        "theme: it must be a text in quotes.",
        "reduced: it must be true or false.",
        "model: it must be text in UTF-8.",
    ]
