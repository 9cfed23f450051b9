"""Settings as people write them: in a file, in the environment, and wrongly."""

from pathlib import Path

import pytest

from ollama_tui.config.settings import Settings, read_settings

TABLE = "[hosts]\ngpu = "


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_the_environment_wins_and_is_read_as_each_setting_is_meant(file: Path) -> None:
    file.write_text('theme = "paper"\nreduced = true\nbell_after = 3\n[options]\nstop = ["x"]\n[hosts]\ngpu = "h"\n')
    said = {"THEME": "lamp", "REDUCED": "Off", "GUARD_CONTEXT": "0", "BELL": "notify", "HOSTS": "no", "MODEL": ""}
    settings, problems = read_settings(file, {f"OLLAMA_TUI_{name}": value for name, value in said.items()})
    assert settings == Settings(
        theme="lamp", reduced=False, guard_context=False, bell="notify", bell_after=3.0, model="",
        options={"stop": ("x",)}, hosts={"gpu": "h"},
    )  # fmt: skip
    assert problems == ("OLLAMA_TUI_HOSTS is left out: there is no such setting. Did you mean host?",)
    assert read_settings(file, {"OLLAMA_TUI_BELL_AFTER": "2.5"})[0].bell_after == 2.5
    assert read_settings(file.with_name("none"), {"OLLAMA_TUI_DATA_DIR": "/x"}) == (Settings(), ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("theme = 5", "theme is left out: it must be a text in quotes."),
        ("guard_context = 'maybe'", "guard_context is left out: it must be true or false."),
        ("bell_after = true", "bell_after is left out: it must be a number."),
        ("bell_after = nan", "bell_after is left out: it must be a number."),
        ("bell = 'loud'", "bell is left out: it must be one of off, bell, notify."),
        ("keymap = ['vim']", "keymap is left out: it must be one of default, vim, emacs."),
        (f"{TABLE}7", "hosts.gpu is left out: it must be a text in quotes."),
        ("hosts = 'gpu'", "hosts is left out: it must be a table."),
        ("options = 1", "options is left out: it must be a table."),
        ("[options]\ntemperature = 'hot'", "options.temperature is left out: temperature needs a number, not 'hot'."),
        ("[option]\ntemperature = 1", "option is left out: there is no such setting. Did you mean options?"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_place(file: Path, text: str, said: str) -> None:
    file.write_text(text)
    settings, (problem,) = read_settings(file, {})
    line = 1 + (".gpu" in said or ".temperature" in said)
    assert problem == f"{file}, line {line}: {said}"
    assert settings == Settings()


def test_every_fault_is_told_and_bytes_of_the_environment_may_be_no_text(file: Path) -> None:
    file.write_text("theme = 5\nreduced = 7")
    _settings, problems = read_settings(file, {"OLLAMA_TUI_MODEL": "a\udcff"})
    assert [line.removeprefix(f"{file}, ") for line in problems] == [
        "line 1: theme is left out: it must be a text in quotes.",
        "line 2: reduced is left out: it must be true or false.",
        "OLLAMA_TUI_MODEL is left out: it must be text in UTF-8.",
    ]
