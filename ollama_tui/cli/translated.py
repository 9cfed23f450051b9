"""Commands whose help is looked up when it is shown: a language is set after they are made."""

from collections.abc import Mapping

import click

from ollama_tui.domain.i18n import _


class Option(click.Option):
    """An option; its help is marked for translation."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        return (record[0], _(self.help)) if record and self.help else record


class Command(click.Command):
    """A command; its help is marked for translation."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        _write_help(self, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - it is wrapped where it stands
        return _(self.help or "").partition("\n\n")[0].rstrip(".")


class Group(click.Group):
    """The program; its help is marked for translation."""

    command_class = Command

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
