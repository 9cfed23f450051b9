"""The fields of the form of options: the text that stands in each, and what a text typed there makes of a setup."""

import os
from dataclasses import replace
from pathlib import Path

from ollama_tui.domain import quoting
from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.i18n import _
from ollama_tui.domain.keep_alive import parse_keep_alive
from ollama_tui.domain.options import BY_NAME, OptionError, parse_option, value_text
from ollama_tui.domain.preset import format_text
from ollama_tui.domain.text import one_line, storable
from ollama_tui.domain.think import parse_think, think_word


def is_set(setup: Setup, name: str) -> bool:
    """Whether the conversation itself says something there: what is not set is not sent."""
    match name:
        case "system":
            return bool(setup.system)
        case "think":
            return setup.think is not None
        case "format":
            return setup.format is not None
        case "keep_alive":
            return setup.keep_alive is not None
        case _:
            return name in setup.options


def field_text(setup: Setup, name: str) -> str:
    """What stands in the field; empty where it is not set."""
    if not is_set(setup, name):
        return ""
    match name:
        case "system":
            return setup.system
        case "think":
            return think_word(setup.think)
        case "format":
            return format_text(setup.format)
        case "keep_alive":
            return str(setup.keep_alive)
        case _:
            return value_text(setup.options[name])


def with_field(setup: Setup, name: str, text: str) -> Setup:
    """`setup` with what is typed in a field; nothing typed unsets it. May read a schema's file.

    Raises:
        OptionError: it cannot be used, in one sentence.
    """
    if name == "system":
        return replace(setup, system=storable(text) if text.strip() else "")
    text = text.strip()
    match name:
        case "think":
            return replace(setup, think=parse_think(text))
        case "format":
            return setup if text and text == format_text(setup.format) else replace(setup, format=read_form(text))
        case "keep_alive":
            return replace(setup, keep_alive=parse_keep_alive(text) if text else None)
        case _:
            options = {key: value for key, value in setup.options.items() if key != name}
            if text:
                options[name] = parse_option(name, _words(name, text))
            return replace(setup, options=options)


def _words(name: str, text: str) -> list[str]:
    if BY_NAME[name].type != "strings":
        return [text]
    try:
        return [storable(word) for word in quoting.words(text) if word]
    except quoting.QuoteError as error:
        raise OptionError(str(error)) from None


def read_form(text: str) -> "dict[str, object] | str | None":
    """`json`, the JSON schema in `text`, or the one in the file that it names, perhaps after @; None for no text.

    Raises:
        OptionError: it is none of these, in one sentence.
    """
    from ollama_tui.services.schema import SchemaError, read_format

    if not text:
        return None
    try:
        form = read_format(text if text.casefold() == "json" or text.startswith("{") else _file(text))
    except SchemaError as error:
        raise OptionError(str(error)) from None
    return form if isinstance(form, str) else dict(form)


def _file(text: str) -> str:
    path = Path(os.path.expanduser(text.removeprefix("@").replace("\\ ", " ").strip("\"'")))
    try:
        if path.exists() and not path.is_file():
            raise OptionError(_("{path} is no file.").format(path=one_line(str(path))))
        with path.open(encoding="utf-8-sig") as file:
            return file.read(2_000_000)
    except FileNotFoundError:
        raise OptionError(
            _("There is no file {path}. A format is json, a JSON schema {{…}}, or a file with one.").format(
                path=one_line(str(path))
            )
        ) from None
    except UnicodeDecodeError:
        reason = _("it is not in UTF-8")
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else "") or str(error)
    raise OptionError(
        _("json, a schema {{…}}, or a file with one; {path}: {reason}").format(path=one_line(str(path)), reason=reason)
    )
