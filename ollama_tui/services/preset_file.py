"""A preset as a file that a person can read, write and pass on: TOML.

Whatever it says is data: options are checked as everywhere, a schema is checked, and the model's name is only compared.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from ollama_tui.domain.i18n import _
from ollama_tui.domain.keep_alive import check_keep_alive
from ollama_tui.domain.message import Format, KeepAlive, Think
from ollama_tui.domain.options import BY_NAME, OptionError, OptionValue, check_option
from ollama_tui.domain.preset import Preset, clean_name
from ollama_tui.domain.text import storable
from ollama_tui.domain.think import check_think

_HEAD = "# A preset of ollama-tui. What does not stand here stays as it is where the preset is applied."
_NAME = re.compile(r"^[ \t]*name[ \t]*=.*$", re.MULTILINE)
_KEYS = ("name", "model", "system", "think", "format", "keep_alive", "options")


class PresetError(ValueError):
    """A text that is no preset; `line` is where, from 1, or 0 for the whole."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Reading:
    """A preset, and what in its file was not understood and passed over."""

    preset: Preset
    remarks: tuple[str, ...] = ()


def write_preset(preset: Preset) -> str:
    """The text of a file that `read_preset` makes the same preset of."""
    lines = [_HEAD, f"name = {_basic(preset.name)}"]
    if preset.model:
        lines.append(f"model = {_basic(preset.model)}")
    if preset.think is not None:
        lines.append(f"think = {_value(preset.think)}")
    if preset.keep_alive is not None:
        lines.append(f"keep_alive = {_value(preset.keep_alive)}")
    if preset.format is not None:
        form = preset.format
        text = form if isinstance(form, str) else json.dumps(dict(form), ensure_ascii=False, indent=2)
        lines.append(f"format = {_text(text)}")
    if preset.system is not None:
        lines.append(f"system = {_text(preset.system)}")
    if preset.options is not None:
        lines += ["", "[options]", *(f"{name} = {_value(value)}" for name, value in preset.options.items())]
    return "\n".join(lines) + "\n"


def read_preset(text: str, name: str) -> Reading:
    """The preset in a file's `text`; `name` is for one that has none.

    Raises:
        PresetError: it is no TOML, or a value cannot be used.
    """
    import tomllib

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _broken(str(error)) from None
    except (ValueError, RecursionError) as error:
        raise PresetError(str(error) or _("it is nested too deeply")) from None
    remarks = [_("{key} is not known and has no effect").format(key=_shown(key)) for key in values if key not in _KEYS]
    try:
        options, more = _options(values.get("options"))
        preset = Preset(
            name=clean_name(_string(values, "name") or name) or name,
            model=storable(_string(values, "model") or "").strip()[:400],
            system=_system(values),
            options=options,
            think=_think(values),
            format=_format(values),
            keep_alive=_keep_alive(values),
        )
    except _Wrong as wrong:
        reason = wrong.reason if wrong.key in wrong.reason else f"{wrong.key}: {wrong.reason}"
        raise PresetError(reason, _line_of(text, wrong.key)) from None
    return Reading(preset, (*remarks, *more))


def renamed(text: str, name: str) -> str:
    """A file's text with another name in it, and everything else as its writer has it: comments too.

    Raises:
        PresetError: it is no preset.
    """
    preset = replace(read_preset(text, name).preset, name=name)
    line = f"name = {_basic(name)}"
    top, table, rest = text.partition("\n[")
    found = _NAME.sub(lambda _match: line, top, count=1) if _NAME.search(top) else f"{line}\n{top}"
    after = found + table + rest
    try:
        return after if read_preset(after, name).preset == preset else write_preset(preset)
    except PresetError:
        return write_preset(preset)


class _Wrong(Exception):
    """A value that cannot be used."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key = key
        self.reason = reason


_AT = re.compile(r"^(?P<reason>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", re.DOTALL)


def _broken(said: str) -> PresetError:
    """What `tomllib` says, with its place apart."""
    found = _AT.match(said)
    if found is None:
        return PresetError(said)
    if found["line"] is None:
        return PresetError(_("{reason}, at its end").format(reason=found["reason"]))
    reason = _("{reason}, column {column}").format(reason=found["reason"], column=found["column"])
    return PresetError(reason, int(found["line"]))


def _line_of(text: str, key: str) -> int:
    """The line where a key stands, from 1; 0 if it is written in another way."""
    pattern = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*=""")
    return next((number for number, line in enumerate(text.split("\n"), 1) if pattern.match(line)), 0)


def _shown(key: str) -> str:
    return repr(key[:40])


def _string(values: Mapping[str, object], key: str) -> str | None:
    value = values.get(key)
    if value is None or isinstance(value, str):
        return value
    raise _Wrong(key, _("it must be a text in quotes"))


def _system(values: Mapping[str, object]) -> str | None:
    text = _string(values, "system")
    return storable(text) if text is not None else None


def _think(values: Mapping[str, object]) -> Think | None:
    try:
        return check_think(values["think"]) if "think" in values else None
    except OptionError as error:
        raise _Wrong("think", str(error)) from None


def _keep_alive(values: Mapping[str, object]) -> KeepAlive | None:
    try:
        return check_keep_alive(values["keep_alive"]) if "keep_alive" in values else None
    except OptionError as error:
        raise _Wrong("keep_alive", str(error)) from None


def _format(values: Mapping[str, object]) -> Format | None:
    """`json`, a schema as text, or a schema as a table."""
    if "format" not in values:
        return None
    from ollama_tui.services.schema import SchemaError, check_format, read_format

    value = values["format"]
    try:
        return read_format(value) if isinstance(value, str) else check_format(value)
    except SchemaError as error:
        raise _Wrong("format", str(error)) from None


def _options(value: object) -> tuple[dict[str, OptionValue] | None, list[str]]:
    if value is None:
        return None, []
    if not isinstance(value, dict):
        raise _Wrong("options", _("it must be a table, [options]"))
    options: dict[str, OptionValue] = {}
    remarks: list[str] = []
    for name, given in cast("dict[str, object]", value).items():
        if name not in BY_NAME:
            remarks.append(_("options: {name} is no parameter and has no effect").format(name=_shown(name)))
            continue
        try:
            checked = check_option(name, given)
        except OptionError as error:
            raise _Wrong(name, str(error)) from None
        options[name] = tuple(map(storable, checked)) if isinstance(checked, tuple) else checked
    return options, remarks


# Writing TOML: no library of ours writes it, and this much of it is small.


def _value(value: OptionValue | str) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _basic(value)
        case tuple():
            return f"[{', '.join(map(_basic, value))}]"
        case _:
            return repr(value)


def _basic(text: str) -> str:
    """A string on one line: JSON's escapes are TOML's, but for the one control that JSON leaves as it is."""
    return json.dumps(storable(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def _text(text: str) -> str:
    """A string over several lines as it is, where TOML can have it so."""
    plain = "'''" not in text and not text.endswith("'") and all(c in "\n\t" or c.isprintable() for c in text)
    return f"'''\n{text}'''" if "\n" in text and plain else _basic(text)
