"""What the person configured: read once from a TOML file and the environment, never written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, cast, get_origin

from ollama_tui.config.checking import check
from ollama_tui.domain.i18n import _
from ollama_tui.domain.options import OptionValue

ENVIRONMENT_PREFIX = "OLLAMA_TUI_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings. Each that is no table may stand in the environment too, as OLLAMA_TUI_ and its name."""

    host: str | None = None
    """The server's address, as OLLAMA_HOST takes it."""
    hosts: dict[str, str] = field(default_factory=dict[str, str])
    """More servers by name, to choose from."""
    model: str | None = None
    """The model that new conversations begin with; else the one used last."""
    theme: str | None = None
    """A theme's name; else the one chosen last."""
    language: str | None = None
    """Such as `zh_CN`; else the environment's."""
    system: str = ""
    """The system prompt that new conversations begin with."""
    options: dict[str, OptionValue] = field(default_factory=dict[str, OptionValue])
    """Generation parameters that new conversations begin with."""
    guard_context: bool = True
    """Ask the server never to cut a prompt or shift the context by itself (`truncate` and `shift` false)."""
    bell: Literal["off", "bell", "notify"] = "bell"
    """What tells of a slow answer's end while the terminal has no focus."""
    bell_after: float = 10.0
    """How long an answer must have taken for that, in seconds."""
    stop_server: bool = False
    """Whether a server that was started from here is stopped at exit."""
    clipboard: str = "auto"
    """How to copy: `auto`, `osc52` (through the terminal), `tmux`, `off`, or a command that reads the text."""
    reduced: bool | None = None
    """A still, plain screen, for screen readers and slow lines: no animation, ASCII borders and signs, less drawing;
    else as it was left last."""
    images: Literal["blocks", "off"] = "blocks"
    """How attached images are shown."""
    keymap: Literal["default", "vim", "emacs"] = "default"
    """A set of keys for hands that know them; `keys` stands over it."""
    keys: dict[str, str] = field(default_factory=dict[str, str])
    """Action ids to keys, such as `"chat.stop" = "escape,ctrl+c"`."""


_NO_SETTINGS = ("data_dir", "debug")
"""What else the environment may say of the program, after the prefix."""


def read_settings(path: Path, environment: Mapping[str, str]) -> tuple[Settings, tuple[str, ...]]:
    """The settings of the file at `path`, which need not exist, under those of the environment; and what is wrong.

    A problem is one line that says what and where. What it is about is left out, and all else holds.
    """
    problems: list[str] = []
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path}: {error}")
        text = ""
    try:
        written = _parse(text) if text else {}
    except ValueError as error:
        problems += [f"{path}: {error}", _("Nothing in this file is used until this is put right.")]
        written = {}
    told = {
        name.removeprefix(ENVIRONMENT_PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(ENVIRONMENT_PREFIX)
    }
    given: dict[str, object] = {name: value for name, value in told.items() if name not in _NO_SETTINGS}
    if not written and not given:
        return Settings(), tuple(problems)

    kinds = {setting.name: setting.type for setting in fields(Settings)}
    sound, wrong = check(written, kinds)
    for where, words in wrong:
        line = _line_of(text, where)
        place = _("{file}, line {line}").format(file=path, line=line) if line else f"{path}"
        problems.append(_left_out(f"{place}: {'.'.join(where)}", words))
    over, wrong = check(given, {name: kind for name, kind in kinds.items() if get_origin(kind) is not dict})
    problems += [_left_out(f"{ENVIRONMENT_PREFIX}{where[0].upper()}", words) for where, words in wrong]
    return Settings(**{**sound, **over}), tuple(problems)  # pyright: ignore[reportArgumentType] - read as its type


def _parse(text: str) -> dict[str, object]:
    import tomllib

    return tomllib.loads(text)


def _left_out(what: str, words: str) -> str:
    return _("{what} is left out: {words}").format(what=what, words=words)


def _line_of(text: str, where: Sequence[str]) -> int:
    """The line, from 1, on which something of a TOML file begins; 0 if it is not found."""
    table, statement, begun = "", "", 1
    for number, line in enumerate(text.split("\n"), 1):
        statement += f"{line}\n"
        try:
            found: object = _parse(table + statement)
        except ValueError:
            continue  # it goes on in the next line
        if statement.lstrip().startswith("["):
            table = statement
        for name in where:
            found = cast("Mapping[str, object]", found).get(name) if isinstance(found, Mapping) else None
        if found is not None:
            return begun
        statement, begun = "", number + 1
    return 0
