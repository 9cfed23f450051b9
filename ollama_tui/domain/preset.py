"""A preset: a named way of asking, for one model or for any, to be copied into a conversation."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.i18n import drawn
from ollama_tui.domain.message import Format, KeepAlive, Think
from ollama_tui.domain.model import same_model
from ollama_tui.domain.options import Options, OptionValue, value_text
from ollama_tui.domain.text import one_line, storable
from ollama_tui.domain.think import think_word

Part = Literal["system", "options", "think", "format", "keep_alive"]
PARTS: tuple[Part, ...] = ("system", "options", "think", "format", "keep_alive")
NAME_LENGTH = 60
"""The longest name of a preset, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """What is None is not part of it, and stays as it is where the preset is applied."""

    name: str
    model: str = ""
    """The model that it is for; empty for any."""
    system: str | None = None
    options: Options | None = None
    think: Think | None = None
    format: Format | None = None
    keep_alive: KeepAlive | None = None

    def suits(self, model: str) -> bool:
        """Whether it is for this model, or for any."""
        return not self.model or same_model(self.model, model)

    def apply(self, setup: Setup, given: Options) -> Setup:
        """`setup` with the parts of the preset. Its options lie over those `given` by the configuration: what was set
        before, by hand or by another preset, does not mix with them."""
        if self.options is not None:
            setup = replace(setup, options={**given, **self.options})
        if self.system is not None:
            setup = replace(setup, system=self.system)
        if self.think is not None:
            setup = replace(setup, think=self.think)
        if self.format is not None:
            setup = replace(setup, format=self.format)
        if self.keep_alive is not None:
            setup = replace(setup, keep_alive=self.keep_alive)
        return setup

    @property
    def parts(self) -> tuple[Part, ...]:
        """What it says something about."""
        return tuple(part for part in PARTS if getattr(self, part) is not None)


def preset_from(setup: Setup, name: str, *, model: str = "", parts: tuple[Part, ...] = PARTS) -> Preset:
    """The `parts` of a conversation's setup that are set, under a name."""
    options: dict[str, OptionValue] = dict(setup.options)
    return Preset(
        name=clean_name(name),
        model=model,
        system=setup.system if "system" in parts and setup.system else None,
        options=options if "options" in parts and options else None,
        think=setup.think if "think" in parts else None,
        format=setup.format if "format" in parts else None,
        keep_alive=setup.keep_alive if "keep_alive" in parts else None,
    )


def clean_name(name: str) -> str:
    """A name as it may stand in a row: one line, not too long."""
    return one_line(storable(name)).strip()[:NAME_LENGTH].strip()


def summary(setup: Setup | Preset) -> str:
    """What is set, in one line: `temperature 0.2 · think high · json · system “Answer briefly.”`."""
    pieces = [f"{name} {value_text(value)}" for name, value in (setup.options or {}).items()]
    if setup.think is not None:
        pieces.append(f"think {think_word(setup.think)}")
    if setup.format is not None:
        pieces.append(format_text(setup.format))
    if setup.keep_alive is not None:
        pieces.append(f"keep_alive {setup.keep_alive}")
    if setup.system:
        pieces.append(f"system “{one_line(' '.join(setup.system.split()))}”")
    return drawn(" · ").join(pieces)


def format_text(form: Format | None) -> str:
    """`json`, or a schema by its title and its keys: `schema Person {name, age}`."""
    if form is None:
        return ""
    if isinstance(form, str):
        return form
    title = form.get("title")
    keys = form.get("properties")
    named = ", ".join(map(str, keys)) if isinstance(keys, Mapping) else str(form.get("type") or "")  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return one_line(" ".join(["schema", *([title] if isinstance(title, str) and title else []), f"{{{named}}}"]))
