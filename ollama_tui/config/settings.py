"""What the person configured: read once from a TOML file and the environment, never written."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, cast

from ollama_tui.config.setting_value import read_value
from ollama_tui.domain.i18n import _
from ollama_tui.domain.options import OptionError, OptionValue, check_option

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


_TABLES = ("hosts", "options", "keys")


class SettingsFailure(ValueError):
    """The settings cannot be used as they are; `str()` says what and where, one problem a line."""


def read_settings(path: Path, environment: Mapping[str, str]) -> Settings:
    """The settings of the file at `path`, which need not exist, under those of the environment.

    Raises:
        SettingsFailure: the file cannot be read, is no TOML, or a value cannot be used.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsFailure(f"{path}: {error}") from None
    try:
        values = _parse(text) if text else {}
    except ValueError as error:
        raise SettingsFailure(f"{path}: {error}") from None
    for setting in fields(Settings):
        value = environment.get(f"{ENVIRONMENT_PREFIX}{setting.name.upper()}")
        if value is not None and setting.name not in _TABLES:
            values[setting.name] = value
    return _checked(values, path) if values else Settings()


def _parse(text: str) -> dict[str, object]:
    import tomllib

    return tomllib.loads(text)


def _checked(values: dict[str, object], path: Path) -> Settings:
    """The settings in `values`. There is no pydantic in this: it would take 65 ms before the first paint, and 11 MB."""
    problems: list[str] = []
    found: dict[str, object] = {}
    kinds = {setting.name: setting.type for setting in fields(Settings)}
    for name, value in values.items():
        try:
            if name not in kinds:
                problems.append(f"{path}: {name}: {_unknown(name)}")
            elif name == "options":
                found[name] = _options(value)
            else:
                found[name] = read_value(kinds[name], value)
        except ValueError as error:
            problems.append(f"{path}: {name}: {error}")
    if problems:
        raise SettingsFailure("\n".join([*problems, _("No setting is used until this is put right.")]))
    return Settings(**found)  # pyright: ignore[reportArgumentType] - each was read as its field's type


def _options(value: object) -> dict[str, OptionValue]:
    if not isinstance(value, dict):
        raise OptionError(_("options must be a table of names and values."))
    return {name: check_option(name, each) for name, each in cast("dict[str, object]", value).items()}


def _unknown(name: str) -> str:
    """That no setting has that name, with the nearest one."""
    import difflib

    near = next(iter(difflib.get_close_matches(name, [setting.name for setting in fields(Settings)], 1)), "")
    told = _("there is no such setting.")
    return told + " " + _("Did you mean {near}?").format(near=near) if near else told
