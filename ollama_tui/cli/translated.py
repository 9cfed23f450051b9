"""Commands whose help is looked up when it is shown: a language is set after they are made."""

from collections.abc import Iterable, Mapping

import click
import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.types

from ollama_tui.domain.cells import cells, wrapped
from ollama_tui.domain.i18n import _, mark, ngettext

CLICK = (
    mark("Usage:"),
    mark("Options"),
    mark("Commands"),
    mark("Show this message and exit."),
    mark("Show the version and exit."),
    mark("Error: {message}"),
    mark("Try '{command} {option}' for help."),
    mark("Invalid value: {message}"),
    mark("Invalid value for {param_hint}: {message}"),
    mark("Missing argument"),
    mark("Missing option"),
    mark("No such option {name!r}."),
    mark("No such command {name!r}."),
    mark("Option {name!r} does not take a value."),
    mark("{value!r} is not a valid {number_type}."),
    mark("{value} is not in the range {range}."),
    mark("{name} {filename!r} does not exist."),
    mark("{name} {filename!r} is a file."),
    mark("{name} {filename!r} is a directory."),
    mark("{name} {filename!r} is not readable."),
    mark("{name} {filename!r} is not writable."),
)
"""What click says by itself, and a person may come to see."""


def click_plurals(count: int) -> None:
    """The same, where it counts; nothing calls this: the catalogues are made of it."""
    ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", count)
    ngettext("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", count)
    ngettext("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", count)
    ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", count)


def translate_click() -> None:
    """Let click ask our catalogue: its own way to gettext knows the environment's language only, no configuration."""
    for module in (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.types):
        vars(module).update(_=_, ngettext=ngettext)


class Formatter(click.HelpFormatter):
    """Help whose lines are measured in cells: click counts characters."""

    def write_text(self, text: str) -> None:
        super().write_text(_lines(text, self.width - self.current_indent))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        first = min(max(len(name) for name, _text in rows), col_max) + col_spacing
        room = max(10, self.width - first - 2)
        super().write_dl([(name, _lines(text, room)) for name, text in rows], col_max, col_spacing)


def _lines(text: str, width: int) -> str:
    r"""`text` as it is, or with wide characters, broken into lines that click leaves alone, which `\b` tells it."""
    if cells(text) == len(text):
        return text
    return "\n\n".join("\b\n" + "\n".join(wrapped(part, width)) for part in text.split("\n\n"))


class Context(click.Context):
    """What a command is called in."""

    formatter_class = Formatter


class Option(click.Option):
    """An option; its help is marked for translation."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        return (record[0], _(self.help)) if record and self.help else record


class Command(click.Command):
    """A command; its help is marked for translation."""

    context_class = Context

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            before = ctx.parent.command.params if ctx.parent else ()
            if any(error.option_name in option.opts for option in before):
                words = _("{option} stands before the command: {program} {option} … {command}")
                raise click.UsageError(
                    words.format(
                        option=error.option_name,
                        program=ctx.parent.info_name if ctx.parent else "",
                        command=ctx.info_name,
                    ),
                    ctx,
                ) from None
            raise

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        _write_help(self, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - it is wrapped where it stands
        return _(self.help or "").partition("\n\n")[0].rstrip(".。")


class Group(click.Group):
    """The program; its help is marked for translation."""

    command_class = Command
    context_class = Context

    ONLY_OLLAMAS = ("create", "push", "signin", "signout", "launch")
    """Ollama's commands that are not here."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] in self.ONLY_OLLAMAS:
            words = _("There is no {name} here: it is a command of Ollama's own, `ollama {name}`.")
            raise click.UsageError(words.format(name=args[0]), ctx)
        return super().resolve_command(ctx, args)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        _write_help(self, formatter)


class WithBareOptions(Command):
    """A command with options whose value may be left out and else needs `=`, as Ollama's flags do.

    Click would take the next word for the value, which is the prompt's first.
    """

    BARE: Mapping[str, str] = {"--think": "true", "--truncate": "true"}
    """What each means when it stands alone."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        named = [f"{word}={self.BARE[word]}" if word in self.BARE else word for word in args[:end]]
        return super().parse_args(ctx, [*named, *args[end:]])


def _write_help(command: click.Command, formatter: click.HelpFormatter) -> None:
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(_(command.help or ""))
