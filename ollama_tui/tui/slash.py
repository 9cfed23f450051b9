"""The slash commands: what a line that begins with `/` asks for. Nothing is done here.

The commands of `ollama run` keep their names and their meaning; a beginning that fits one command only stands for it.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ollama_tui.domain import quoting
from ollama_tui.domain.i18n import _, mark
from ollama_tui.domain.message import THINK_LEVELS
from ollama_tui.domain.options import BY_NAME, OptionError, parse_option
from ollama_tui.tui.slash_table import ALIASES, SETTINGS, SHOWN, TABLE, Entry, Name

FORMAT_USAGE = mark("/set format needs json, a JSON schema, or a file with one.")


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it was understood: all that it needs is there and checked.

    For `set` and `show` the first argument is what is set or shown, in full: `set`, (`parameter`, `num_ctx`, `8192`);
    `set`, (`format`, `json` or a JSON schema as text); `show`, (`license`,). Numbers of parameters are still text
    (`domain.options.parse_option` takes them). For `load`, `save`, `pull`, `model`, `theme`, `image`, `title` and
    `help` it is the name, path or topic, and it is missing where the person gave none and need not.
    """

    name: Name
    arguments: tuple[str, ...] = ()


class SlashError(ValueError):
    """Not a command, or not all of one; `str()` says why in one sentence."""


def is_command(text: str, is_path: Callable[[str], bool]) -> bool:
    """Whether `text` is meant as a command: it begins with `/` and not with the path of something that exists.

    A command's own name is a command even where a folder of that name exists: `/data` is one on many servers.
    """
    if not text.startswith("/") or text.startswith("//"):
        return False
    word = text.split(maxsplit=1)[0]
    if word[1:] in TABLE or word[1:] in ALIASES:
        return True
    return not is_path(_first_path(text))


def parse(text: str, read: Callable[[str], str]) -> Command:
    """The command in `text`. `read` gives a file's text, for a schema.

    Raises:
        SlashError: there is no such command, it is not clear which is meant, or its arguments are wrong.
        OSError, UnicodeDecodeError: from `read`.
    """
    head, _separator, rest = text[1:].strip().partition(" ") if "\n" not in text else _split_head(text[1:].strip())
    entry = find(head)
    rest = rest.strip()
    match entry.name:
        case "set":
            return Command("set", _setting(rest, read))
        case "show":
            return Command("show", (_choose(rest or "info", SHOWN, "/show"),))
        case "help":
            topic = rest.removeprefix("/")
            return Command("help", (topic,) if topic else ())
        case name if entry.argument == "none":
            if rest:
                raise SlashError(_("/{name} takes nothing after it.").format(name=name))
            return Command(name)
        case name:
            if not rest and entry.argument == "needed":
                raise SlashError(
                    _("/{name} needs {what}: {usage}").format(name=name, what=_(entry.what), usage=usage(entry))
                )
            return Command(name, (unquote(rest),) if rest else ())


def find(head: str) -> Entry:
    """The command called `head`, by its name or by a beginning that fits no other.

    Raises:
        SlashError: none fits, or several do.
    """
    head = ALIASES.get(head, head)
    if head in TABLE:
        return TABLE[head]
    fitting = {ALIASES.get(name, name) for name in (*TABLE, *ALIASES) if head and name.startswith(head)}
    match sorted(fitting):
        case [name]:
            return TABLE[name]
        case []:
            raise SlashError(
                _("There is no command /{name}. /help lists them; a space before it sends it as text.").format(
                    name=head
                )
            )
        case several:
            raise SlashError(_("Which one? {names}").format(names=", ".join(f"/{name}" for name in several)))


def usage(entry: Entry) -> str:
    """Such as `/load MODEL`."""
    return f"/{entry.name} {entry.usage}".strip()


def words(text: str) -> list[str]:
    """The words of `text`, as `domain.quoting` parts them.

    Raises:
        SlashError: a quote is not closed.
    """
    try:
        return quoting.words(text)
    except quoting.QuoteError as error:
        raise SlashError(str(error)) from None


def unquote(text: str) -> str:
    """`text` without the quotes around all of it; \"\"\" may go over several lines, its end may be missing."""
    if text.startswith('"""'):
        return text[3:].removesuffix('"""').strip("\n")
    if len(text) >= 2 and text[0] == text[-1] == '"':
        try:
            word, end = quoting.quoted(text, 1)
        except quoting.QuoteError:
            return text
        return word if end == len(text) else text
    return text


def _setting(rest: str, read: Callable[[str], str]) -> tuple[str, ...]:
    head, _separator, value = rest.partition(" ") if "\n" not in rest else _split_head(rest)
    name = _choose(head, SETTINGS, "/set")
    value = value.strip()
    match name:
        case "parameter":
            option, *values = words(value) or [""]
            if option in BY_NAME and not values:
                raise SlashError(_("What should {name} be? {help}").format(name=option, help=_(BY_NAME[option].help)))
            try:
                parse_option(option, values)
            except OptionError as error:
                raise SlashError(str(error)) from None
            return (name, option, *values)
        case "system":
            if not value:
                raise SlashError(_("/set system needs the text: /set system You are a pirate."))
            return (name, unquote(value))
        case "think":
            if value and value not in (*THINK_LEVELS, "true", "false"):
                raise SlashError(_("How hard to think: {levels}.").format(levels=", ".join(THINK_LEVELS)))
            return (name, value) if value else (name,)
        case "format":
            return (name, _format(value, read))
        case _:
            if value:
                raise SlashError(_("/{name} takes nothing after it.").format(name=f"set {name}"))
            return (name,)


def _format(value: str, read: Callable[[str], str]) -> str:
    if value == "json":
        return value
    if not value:
        raise SlashError(_(FORMAT_USAGE))
    schema = value if value.startswith("{") else read(unquote(value))
    try:
        if isinstance(json.loads(schema), dict):
            return schema
    except ValueError as error:
        raise SlashError(_("That is not JSON: {error}").format(error=error)) from None
    raise SlashError(_("A JSON schema is an object: {…}."))


def _choose(head: str, choices: Iterable[str], command: str) -> str:
    choices = tuple(choices)
    fitting = [choice for choice in choices if choice.startswith(head)]
    if head in choices or len(fitting) == 1:
        return head if head in choices else fitting[0]
    raise SlashError(
        _("{command} takes one of {choices}.").format(command=command, choices=", ".join(fitting if head else choices))
        if fitting
        else _("{command} does not know {word}; it takes one of {choices}.").format(
            command=command, word=head, choices=", ".join(choices)
        )
    )


def _split_head(text: str) -> tuple[str, str, str]:
    """The first word of a text of several lines, and the rest."""
    head = text.split(maxsplit=1)[0] if text.strip() else ""
    return head, " ", text[len(head) :]


def _first_path(text: str) -> str:
    """The path that `text` begins with, where blanks may be escaped by a backslash."""
    place = 0
    while place < len(text) and not (text[place].isspace() and text[place - 1] != "\\"):
        place += 1
    return text[:place].replace("\\ ", " ")


def help_text(topic: str) -> str:
    """The commands, or what one of them takes, for reading.

    Raises:
        SlashError: there is no such command.
    """
    rows: list[tuple[str, str]]
    match topic:
        case "set":
            rows = [(f"/set {name}", _(about)) for name, about in SETTINGS.items()]
            rows += [("", ""), *((f"/set parameter {name}", _(spec.help)) for name, spec in BY_NAME.items())]
        case "show":
            rows = [(f"/show {name}", _(about)) for name, about in SHOWN.items()]
        case "":
            rows = [(usage(entry), _(entry.help)) for entry in TABLE.values()]
        case _:
            entry = find(topic)
            rows = [(usage(entry), _(entry.help))]
    width = max(len(left) for left, _right in rows)
    return "\n".join(f"{left:<{width}}  {right}".rstrip() for left, right in rows)
