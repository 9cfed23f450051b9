"""What the person configured: read once from a TOML file and the environment, never written."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ollama_tui.domain.options import OptionError, Options, OptionValue, check_option

ENVIRONMENT_PREFIX = "OLLAMA_TUI_"


def _known_options(options: dict[str, object]) -> dict[str, OptionValue]:
    try:
        return {name: check_option(name, value) for name, value in options.items()}
    except OptionError as error:
        raise ValueError(str(error)) from None


class Settings(BaseModel):
    """The settings. Each may stand in the file, or in the environment as OLLAMA_TUI_ and its name."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    host: str | None = None
    """The server's address, as OLLAMA_HOST takes it."""
    hosts: dict[str, str] = Field(default_factory=dict)
    """More servers by name, to choose from."""
    model: str | None = None
    """The model that new conversations begin with; else the one used last."""
    theme: str | None = None
    """A theme's name; else the one chosen last."""
    language: str | None = None
    """Such as `zh_CN`; else the environment's."""
    system: str = ""
    """The system prompt that new conversations begin with."""
    options: Annotated[dict[str, object], AfterValidator(_known_options)] = Field(default_factory=dict)
    """Generation parameters that new conversations begin with."""
    guard_context: bool = True
    """Ask the server never to cut a prompt or shift the context by itself (`truncate` and `shift` false)."""
    bell: Literal["off", "bell", "notify"] = "bell"
    """What tells of a slow answer's end while the terminal has no focus."""
    bell_after: float = 10.0
    """How long an answer must have taken for that, in seconds."""
    stop_server: bool = False
    """Whether a server that was started from here is stopped at exit."""
    images: Literal["blocks", "off"] = "blocks"
    """How attached images are shown."""
    keys: dict[str, str] = Field(default_factory=dict)
    """Action ids to keys, such as `"chat.stop" = "escape,ctrl+c"`."""

    @property
    def default_options(self) -> Options:
        """`options`, checked."""
        return {name: check_option(name, value) for name, value in self.options.items()}


class SettingsFailure(ValueError):
    """The settings cannot be used as they are; `str()` says what and where, one problem a line."""


def read_settings(path: Path, environment: Mapping[str, str]) -> Settings:
    """The settings of the file at `path`, which need not exist, under those of the environment.

    Raises:
        SettingsFailure: the file cannot be read, is no TOML, or a value cannot be used.
    """
    values: dict[str, object] = {}
    try:
        with path.open("rb") as file:
            values = tomllib.load(file)
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsFailure(f"{path}: {error}") from None
    for name, field in Settings.model_fields.items():
        text = environment.get(f"{ENVIRONMENT_PREFIX}{name.upper()}")
        if text is not None and not field.default_factory:
            values[name] = text
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        problems = "\n".join(
            f"{path}: {'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()
        )
        raise SettingsFailure(problems) from None
