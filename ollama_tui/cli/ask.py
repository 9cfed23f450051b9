"""What `run` is told: words of the shell, read as what a question needs."""

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

import click

from ollama_tui.cli.output import tell
from ollama_tui.domain.i18n import _
from ollama_tui.domain.keep_alive import parse_keep_alive
from ollama_tui.domain.message import THINK_LEVELS, Attachment, Format, KeepAlive, Think
from ollama_tui.domain.options import OptionError, Options, OptionValue, parse_option
from ollama_tui.domain.text import one_line

if TYPE_CHECKING:
    from ollama_tui.domain.model import ModelCard

_STDIN = "-"
LEVELS = ("true", "false", *THINK_LEVELS)
"""What may stand after `--think=`."""
_FILE = re.compile(
    r"""(?<![^\s(<"'])(?P<quote>["']?)(?P<path>(?:/|~/|\.{1,2}/)(?:\\.|[^\s\\])*?\.(?:png|jpe?g|webp|wav|mp3))\b(?P=quote)""",
    re.IGNORECASE,
)
"""A path to an image or a sound, in quotes or with its blanks escaped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked."""

    model: str
    words: str
    """The prompt as arguments."""
    piped: str = ""
    """What was piped in; it goes before the words."""
    files: tuple[tuple[Attachment, bytes], ...] = ()
    system: str | None = None
    """None leaves it to the settings."""
    think: Think | None = None
    """None lets a model think that can."""
    hide_thinking: bool = False
    format: Format | None = None
    keep_alive: KeepAlive | None = None
    options: Options
    preset: str | None = None
    """The name of a preset that lies under all of these."""
    truncate: bool | None = None
    dimensions: int | None = None
    verbose: bool = False
    insecure: bool = False
    keep: bool = True
    """Whether the conversation goes into the history."""


def join(*parts: str) -> str:
    """The prompt that the parts make, as Ollama joins what is piped in with the arguments."""
    return " ".join(part for part in parts if part)


def read_prompt(words: tuple[str, ...]) -> tuple[str, str]:
    """What was piped in, and the words. A lone `-` stands for what is typed or piped in."""
    lone = words == (_STDIN,)
    stdin: TextIO | None = sys.stdin
    if stdin is None or (stdin.isatty() and not lone):
        return "", "" if lone else " ".join(words)
    try:
        piped = stdin.buffer.read()
    except OSError as error:
        raise click.UsageError(_("Standard input cannot be read: {reason}").format(reason=error.strerror)) from None
    return piped.decode("utf-8", errors="replace"), "" if lone else " ".join(words)


def read_options(words: tuple[str, ...]) -> Options:
    """Options from `NAME=VALUE`; a list's option may come several times."""
    options: dict[str, OptionValue] = {}
    for word in words:
        name, equals, value = word.partition("=")
        name = name.strip()
        if not equals:
            raise click.UsageError(_("An option is NAME=VALUE, not {word!r}.").format(word=word))
        try:
            parsed = parse_option(name, [value])
        except OptionError as error:
            raise click.UsageError(str(error)) from None
        earlier = options.get(name)
        options[name] = earlier + parsed if isinstance(earlier, tuple) and isinstance(parsed, tuple) else parsed
    return options


def read_think(word: str | None) -> Think | None:
    """Whether, or how hard, to think; None if nothing was said."""
    if word is None:
        return None
    if word in ("true", "false"):
        return word == "true"
    if word in THINK_LEVELS:
        return cast("Think", word)
    raise click.UsageError(
        _("--think takes true, false, low, medium, high or max, after `=`; not {word!r}.").format(word=word)
    )


def read_truncate(word: str | None) -> bool | None:
    """Whether a text that is too long may be cut; None if nothing was said."""
    if word not in (None, "true", "false"):
        raise click.UsageError(_("--truncate takes true or false, after `=`; not {word!r}.").format(word=word))
    return None if word is None else word == "true"


def read_format(text: str | None) -> Format | None:
    """`json`, or a JSON schema: its text, or the name of a file with it, after @ or as it is."""
    if text is None or text == "json":
        return text
    from ollama_tui.services.fields import read_form

    try:
        return read_form(text.strip())
    except OptionError as error:
        raise click.UsageError(f"--format: {error}") from None


def read_keep_alive(text: str | None) -> KeepAlive | None:
    """How long a model stays loaded: a Go duration, or a number of seconds; negative is for ever."""
    try:
        return None if text is None else parse_keep_alive(text)
    except OptionError as error:
        raise click.UsageError(f"--keepalive: {error}") from None


def read_images(paths: tuple[Path, ...]) -> tuple[tuple[Attachment, bytes], ...]:
    """Images and sounds, with their bytes."""
    if not paths:
        return ()
    from ollama_tui.services.attachment import AttachmentError, read_image

    try:
        return tuple(read_image(path) for path in paths)
    except AttachmentError as error:
        raise click.UsageError(str(error)) from None


def take_files(words: str, card: "ModelCard") -> tuple[str, tuple[tuple[Attachment, bytes], ...]]:
    """The words without the paths of images and sounds among them, and these files, as Ollama takes them.

    Only for a model that sees or hears; only paths with a slash that exist. Never from what is piped in: whoever wrote
    that must not choose which of this machine's files are sent.
    """
    from ollama_tui.services.attachment import AttachmentError, read_image

    files: list[tuple[Attachment, bytes]] = []

    def take(found: re.Match[str]) -> str:
        path = Path(os.path.expanduser(re.sub(r"\\(.)", r"\1", found["path"])))
        if not os.path.isfile(path):
            tell(_("Note: there is no file {path}: it is sent as a word.").format(path=one_line(str(path))))
            return found[0]
        files.append(read_image(path))
        return ""

    if not (card.can("vision") or card.can("audio")):
        return words, ()
    try:
        rest = _FILE.sub(take, words)
    except AttachmentError as error:
        raise click.ClickException(str(error)) from None
    return (rest.strip() if files else words), tuple(files)
