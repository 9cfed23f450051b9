"""The command and its options."""

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ollama_tui.cli.output import complain, drop, tell
from ollama_tui.domain.failure import Failure

if TYPE_CHECKING:
    from ollama_tui.config.paths import Paths
    from ollama_tui.config.settings import Settings
    from ollama_tui.domain.host import Host, HostAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """What was said before the command's name."""

    host: str | None = None
    model: str | None = None
    demo: bool = False
    data_dir: Path | None = None

    def paths(self) -> "Paths":
        """Where things are on the disk."""
        from ollama_tui.config.paths import find_paths

        return find_paths(os.environ, self.data_dir)

    def settings(self) -> "tuple[Settings, tuple[str, ...]]":
        """The settings, and what is wrong with them: then the defaults hold, and the file is left as it is."""
        from ollama_tui.config.settings import Settings, SettingsFailure, read_settings

        try:
            return read_settings(self.paths().settings, os.environ), ()
        except SettingsFailure as failure:
            return Settings(), tuple(str(failure).splitlines())

    def address(self, settings: "Settings", remembered: str | None = None) -> "HostAddress":
        """Which server is meant."""
        from ollama_tui.config.hosts import choose_address

        return choose_address(
            flag=self.host, environment=os.environ, settings=settings, remembered=remembered, demo=self.demo
        )

    def connect(self) -> "Host":
        """The server that is meant, for a command that needs nothing else."""
        from ollama_tui.client.host import connect

        settings, problems = self.settings()
        for problem in problems:
            tell(f"Warning: {problem}")
        return connect(self.address(settings), os.environ)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--host", metavar="ADDRESS", help="The Ollama server, as OLLAMA_HOST takes it.")
@click.option("--model", metavar="MODEL", help="The model to begin with.")
@click.option("--demo", is_flag=True, help="Use the built-in demo instead of a server.")
@click.option(
    "--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Keep everything in this folder instead."
)
@click.version_option(package_name="ollama-tui", message="ollama-tui version is %(version)s")
@click.pass_context
def program(context: click.Context, host: str | None, model: str | None, demo: bool, data_dir: Path | None) -> None:
    """A terminal client for models on your own machine, served by Ollama.

    Without a command it opens the screen.
    """
    context.obj = Invocation(host=host, model=model, demo=demo, data_dir=data_dir)
    if context.invoked_subcommand is None:
        from ollama_tui.cli.screen import open_screen

        raise SystemExit(open_screen(context.obj))


@program.command("help")
@click.argument("command", required=False)
@click.pass_context
def help_(context: click.Context, command: str | None) -> None:
    """Help about a command."""
    parent = context.parent or context
    if command is None:
        click.echo(parent.get_help())
        return
    found = program.get_command(parent, command)
    if found is None:
        raise click.UsageError(f"There is no command {command!r}.")
    with click.Context(found, info_name=command, parent=parent) as inner:
        click.echo(found.get_help(inner))


@program.command("version")
@click.pass_obj
def version_(invocation: Invocation) -> None:
    """This program's version, and the server's."""
    from importlib.metadata import version

    from ollama_tui.cli.models import server_version

    click.echo(f"ollama-tui version is {version('ollama-tui')}")
    server_version(invocation)


@program.command("run", context_settings={"ignore_unknown_options": False})
@click.argument("model", required=False)
@click.argument("prompt", nargs=-1)
@click.option("--system", metavar="TEXT", help="The system prompt.")
@click.option(
    "--think",
    "think",
    is_flag=False,
    flag_value="true",
    metavar="[=LEVEL]",
    help="Think: true, false, low, medium, high, max.",
)
@click.option("--hidethinking", is_flag=True, help="Do not print the thinking.")
@click.option("--format", "format_", metavar="json|SCHEMA", help="Answer in JSON; a schema's text, or @FILE.")
@click.option("--keepalive", metavar="DURATION", help="How long the model stays loaded, such as 5m.")
@click.option(
    "-o", "--option", "options", multiple=True, metavar="NAME=VALUE", help="A generation parameter; repeatable."
)
@click.option(
    "--image",
    "images",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="A picture to go with the prompt; repeatable.",
)
@click.option("--verbose", is_flag=True, help="Print the figures after the answer.")
@click.option("--insecure", is_flag=True, help="Pull over plain http.")
@click.option("--nowordwrap", is_flag=True, hidden=True)
@click.option("--no-save", is_flag=True, help="Do not keep the conversation.")
@click.pass_obj
def run_(
    invocation: Invocation,
    model: str | None,
    prompt: tuple[str, ...],
    system: str | None,
    think: str | None,
    hidethinking: bool,
    format_: str | None,
    keepalive: str | None,
    options: tuple[str, ...],
    images: tuple[Path, ...],
    verbose: bool,
    insecure: bool,
    nowordwrap: bool,  # noqa: ARG001 - Ollama's own flag; nothing is wrapped here anyway
    no_save: bool,
) -> None:
    """Open the screen on MODEL, or answer PROMPT and end.

    What is piped in goes before the prompt.
    """
    from ollama_tui.cli.answer import Ask, answer

    invocation = replace(invocation, model=model or invocation.model)
    if not prompt and sys.stdin.isatty() and sys.stdout.isatty():
        from ollama_tui.cli.screen import open_screen

        raise SystemExit(open_screen(invocation))
    ask = Ask(
        model=invocation.model or "",
        prompt=" ".join(prompt),
        system=system,
        think=think,
        hide_thinking=hidethinking,
        format=format_,
        keep_alive=keepalive,
        options=options,
        images=images,
        verbose=verbose,
        insecure=insecure,
        keep=not no_save,
    )
    raise SystemExit(answer(invocation, ask))


@program.command("list")
@click.argument("prefix", required=False, default="")
@click.pass_obj
def list_(invocation: Invocation, prefix: str) -> None:
    """The installed models."""
    from ollama_tui.cli.models import list_models

    list_models(invocation, prefix)


program.add_command(list_, "ls")


@program.command()
@click.argument("prefix", required=False, default="")
@click.pass_obj
def ps(invocation: Invocation, prefix: str) -> None:
    """The models in memory."""
    from ollama_tui.cli.models import list_loaded

    list_loaded(invocation, prefix)


@program.command()
@click.argument("model")
@click.option("--license", "part", flag_value="license", help="Only the license.")
@click.option("--modelfile", "part", flag_value="modelfile", help="Only the Modelfile.")
@click.option("--parameters", "part", flag_value="parameters", help="Only the parameters.")
@click.option("--system", "part", flag_value="system", help="Only the system prompt.")
@click.option("--template", "part", flag_value="template", help="Only the template.")
@click.option("-v", "--verbose", is_flag=True, help="Metadata and tensors, too.")
@click.pass_obj
def show(invocation: Invocation, model: str, part: str | None, verbose: bool) -> None:
    """What is known of a model."""
    from ollama_tui.cli.models import show_model

    show_model(invocation, model, part, verbose=verbose)


@program.command()
@click.argument("model")
@click.option("--insecure", is_flag=True, help="Over plain http.")
@click.pass_obj
def pull(invocation: Invocation, model: str, insecure: bool) -> None:
    """Fetch a model; what was fetched before is not fetched again."""
    from ollama_tui.cli.models import pull_model

    pull_model(invocation, model, insecure=insecure)


@program.command()
@click.argument("models", nargs=-1, required=True)
@click.pass_obj
def rm(invocation: Invocation, models: tuple[str, ...]) -> None:
    """Remove models."""
    from ollama_tui.cli.models import remove_models

    remove_models(invocation, models)


@program.command()
@click.argument("source")
@click.argument("destination")
@click.pass_obj
def cp(invocation: Invocation, source: str, destination: str) -> None:
    """Give a model a second name."""
    from ollama_tui.cli.models import copy_model

    copy_model(invocation, source, destination)


@program.command()
@click.argument("model")
@click.pass_obj
def stop(invocation: Invocation, model: str) -> None:
    """Take a model out of memory."""
    from ollama_tui.cli.models import stop_model

    stop_model(invocation, model)


@program.command()
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="With --demo: the port; 0 takes a free one.")
@click.pass_obj
def serve(invocation: Invocation, port: int | None) -> None:
    """Run Ollama's own server here; with --demo, the built-in one."""
    from ollama_tui.cli.serving import serve_demo, serve_ollama

    raise SystemExit(serve_demo(invocation, port) if invocation.demo else serve_ollama(invocation))


def run() -> int:
    """Run the command; the exit code."""
    try:
        program.main(prog_name="ollama-tui", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        drop(sys.stdout)
        return 0
    except Failure as failure:
        complain(failure)
        return 1
    except Exception as error:  # the shell's last resort: a sentence, not a trace
        if os.environ.get("OLLAMA_TUI_DEBUG"):
            raise
        tell(f"Error: ollama-tui failed: {type(error).__name__}: {error}\nOLLAMA_TUI_DEBUG=1 shows where.")
        return 1
    return 0
