"""The command and its options."""

import os
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import click
from click.exceptions import Exit

from ollama_tui.cli.invocation import Invocation
from ollama_tui.cli.output import complain, is_terminal, tell, write
from ollama_tui.cli.translated import Group, Option, WithBareOptions, translate_click
from ollama_tui.domain.failure import Failure
from ollama_tui.domain.i18n import _, mark, set_language

_NAME = "ollama-tui"
_COMPLETE = "_OLLAMA_TUI_COMPLETE"
_HELP = {"help_option_names": ["-h", "--help"]}


@click.group(
    cls=Group,
    invoke_without_command=True,
    context_settings=_HELP,
    help=mark(
        "A terminal client for models on your own machine, served by Ollama.\n\nWithout a command it opens the screen."
    ),
)
@click.option("--host", cls=Option, metavar="ADDRESS", help=mark("The Ollama server, as OLLAMA_HOST takes it."))
@click.option("--model", cls=Option, metavar="MODEL", help=mark("The model to begin with."))
@click.option("--demo", cls=Option, is_flag=True, help=mark("Use the built-in demo instead of a server."))
@click.option(
    "--data-dir",
    cls=Option,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help=mark("Keep everything in this folder instead."),
)
@click.option("--reduced", cls=Option, is_flag=True, help=mark("Draw a still and plain screen, for screen readers."))
@click.version_option(
    None,
    "-v",
    "--version",
    cls=Option,
    package_name=_NAME,
    message=f"{_NAME} version is %(version)s",
    help="Show the version and exit.",
)
@click.pass_context
def program(
    context: click.Context, host: str | None, model: str | None, demo: bool, data_dir: Path | None, reduced: bool
) -> None:
    context.obj = Invocation(host=host, model=model, demo=demo, data_dir=data_dir, reduced=reduced)
    if context.invoked_subcommand is None:
        from ollama_tui.cli.screen import open_screen

        raise Exit(open_screen(context.obj))


@program.command("help", help=mark("Help about a command."))
@click.argument("command", required=False)
@click.pass_context
def help_(context: click.Context, command: str | None) -> None:
    parent = context.parent or context
    if command is None:
        write(f"{parent.get_help()}\n")
        return
    found = program.get_command(parent, command)
    if found is None:
        raise click.UsageError(_("There is no command {name!r}.").format(name=command), parent)
    with click.Context(found, info_name=command, parent=parent) as inner:
        write(f"{found.get_help(inner)}\n")


@program.command("version", help=mark("This program's version, and the server's."))
@click.pass_obj
def version_(invocation: Invocation) -> None:
    from importlib.metadata import version

    from ollama_tui.cli.models import server_version

    write(f"{_NAME} version is {version(_NAME)}\n")
    server_version(invocation)


@program.command(
    "run",
    cls=WithBareOptions,
    help=mark(
        "Open the screen on MODEL, or answer PROMPT and end.\n\nWhat is piped in goes before the prompt; a prompt of "
        "`-` alone stands for standard input. A model that sees takes images by their paths in the prompt, too. "
        "Options may stand anywhere; what follows `--` is the prompt."
    ),
)
@click.argument("model", required=False, metavar="MODEL")
@click.argument("prompt", nargs=-1)
@click.option("--system", cls=Option, metavar="TEXT", help=mark("The system prompt."))
@click.option(
    "--think",
    cls=Option,
    metavar="[=LEVEL]",
    help=mark("Think: true, false, low, medium, high or max, after `=`; else models think that can."),
)
@click.option("--hidethinking", cls=Option, is_flag=True, help=mark("Do not print the thinking."))
@click.option(
    "--format",
    "format_",
    cls=Option,
    metavar="json|SCHEMA",
    help=mark("Answer in JSON; a schema's text, or a file with one. The answer is checked against it."),
)
@click.option(
    "--keepalive", cls=Option, metavar="DURATION", help=mark("How long the model stays loaded: 5m; -1 is for ever.")
)
@click.option(
    "-o",
    "--option",
    "options",
    cls=Option,
    multiple=True,
    metavar="NAME=VALUE",
    help=mark("A generation parameter; repeatable."),
)
@click.option(
    "--preset",
    cls=Option,
    metavar="NAME",
    help=mark("Ask as a preset says; other options go before it."),
)
@click.option(
    "--image",
    "images",
    cls=Option,
    multiple=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help=mark("A picture to go with the prompt; repeatable."),
)
@click.option("--truncate", cls=Option, metavar="[=false]", help=mark("Embedding: whether a long text may be cut."))
@click.option(
    "--dimensions", cls=Option, metavar="N", type=click.IntRange(1), help=mark("Embedding: the vector's length.")
)
@click.option("--verbose", cls=Option, is_flag=True, help=mark("Print the figures after the answer."))
@click.option("--insecure", cls=Option, is_flag=True, help=mark("Pull over plain http."))
@click.option("--nowordwrap", is_flag=True, hidden=True)
@click.option("--no-save", cls=Option, is_flag=True, help=mark("Do not keep the conversation."))
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
    preset: str | None,
    images: tuple[Path, ...],
    truncate: str | None,
    dimensions: int | None,
    verbose: bool,
    insecure: bool,
    nowordwrap: bool,  # noqa: ARG001 - Ollama's own flag; nothing is wrapped here anyway
    no_save: bool,
) -> None:
    from ollama_tui.cli import ask

    if think == "true" and model in ask.LEVELS:
        raise click.UsageError(_("a level needs `=`: --think={word}").format(word=model))
    model = model or invocation.model or invocation.read_settings()[0].model
    if not model:
        raise click.UsageError(_('Which model? Name one: ollama-tui run MODEL, or run MODEL "prompt".'))
    asked = ask.Ask(
        model=model,
        words="",
        files=ask.read_images(images),
        system=system,
        think=ask.read_think(think),
        hide_thinking=hidethinking,
        format=ask.read_format(format_),
        keep_alive=ask.read_keep_alive(keepalive),
        options=ask.read_options(options),
        preset=preset,
        truncate=ask.read_truncate(truncate),
        dimensions=dimensions,
        verbose=verbose,
        insecure=insecure,
        keep=not no_save,
    )
    if not prompt and is_terminal(sys.stdin) and is_terminal(sys.stdout):
        from ollama_tui.cli.screen import open_screen

        raise Exit(open_screen(replace(invocation, model=model), asked))
    if think == "true" and prompt[:1] and prompt[0] in ask.LEVELS:
        tell(_("Note: {word!r} is the prompt's first word; a level needs `=`: --think={word}").format(word=prompt[0]))
    from ollama_tui.cli.answer import answer

    piped, words = ask.read_prompt(prompt)
    raise Exit(answer(invocation, replace(asked, piped=piped, words=words)))


@program.command("list", help=mark("The installed models."))
@click.argument("prefix", required=False, default="")
@click.pass_obj
def list_(invocation: Invocation, prefix: str) -> None:
    from ollama_tui.cli.models import list_models

    list_models(invocation, prefix)


program.add_command(list_, "ls")


@program.command(help=mark("The models in memory."))
@click.argument("prefix", required=False, default="")
@click.pass_obj
def ps(invocation: Invocation, prefix: str) -> None:
    from ollama_tui.cli.models import list_loaded

    list_loaded(invocation, prefix)


@program.command(help=mark("What is known of a model."))
@click.argument("model")
@click.option("--license", cls=Option, is_flag=True, help=mark("Only the license."))
@click.option("--modelfile", cls=Option, is_flag=True, help=mark("Only the Modelfile."))
@click.option("--parameters", cls=Option, is_flag=True, help=mark("Only the parameters."))
@click.option("--system", cls=Option, is_flag=True, help=mark("Only the system prompt."))
@click.option("--template", cls=Option, is_flag=True, help=mark("Only the template."))
@click.option("-v", "--verbose", cls=Option, is_flag=True, help=mark("Metadata and tensors, too."))
@click.pass_obj
def show(invocation: Invocation, model: str, verbose: bool, **parts: bool) -> None:
    from ollama_tui.cli.models import show_model

    chosen = [name for name, wanted in parts.items() if wanted]
    if len(chosen) > 1:
        raise click.UsageError(
            _("only one of '--license', '--modelfile', '--parameters', '--system', or '--template' can be specified")
        )
    show_model(invocation, model, chosen[0] if chosen else None, verbose=verbose)


@program.command(
    help=mark(
        "The tokens of TEXT as MODEL reads it: one line for each, its id and its text.\n\nSeveral words are joined by "
        "blanks. Without TEXT, standard input is read, to the byte. Nothing is put before or after it. With --vocab no "
        "server is asked, and MODEL may be left out."
    )
)
@click.argument("model", required=False)
@click.argument("text", nargs=-1)
@click.option("--count", cls=Option, is_flag=True, help=mark("Only how many there are."))
@click.option(
    "--json", "as_json", cls=Option, is_flag=True, help=mark("As JSON, with the bytes of each in hexadecimal.")
)
@click.option("--special", cls=Option, is_flag=True, help=mark("Take control tokens in the text for what they are."))
@click.option(
    "--vocab",
    cls=Option,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=mark("A vocabulary: a JSON object with the `tokenizer.ggml.` keys of a model."),
)
@click.option("--pre", cls=Option, metavar="NAME", help=mark("Cut text as this pre-tokenizer does, whatever is named."))
@click.pass_obj
def tokens(
    invocation: Invocation,
    model: str | None,
    text: tuple[str, ...],
    count: bool,
    as_json: bool,
    special: bool,
    vocab: Path | None,
    pre: str | None,
) -> None:
    from ollama_tui.cli.tokens import print_tokens, read_text

    model, read = read_text(model, " ".join(text) if text else None, alone=vocab is not None)
    model = model or invocation.model
    if model is None and vocab is None:
        raise click.UsageError(_("Which model? Name one, or give a vocabulary with --vocab."))
    print_tokens(invocation, model, read, vocab=vocab, pre=pre, special=special, count=count, as_json=as_json)


@program.command(help=mark("Fetch a model; what was fetched before is not fetched again."))
@click.argument("model")
@click.option("--insecure", cls=Option, is_flag=True, help=mark("Over plain http."))
@click.pass_obj
def pull(invocation: Invocation, model: str, insecure: bool) -> None:
    from ollama_tui.cli.models import pull_model

    pull_model(invocation, model, insecure=insecure)


@program.command(help=mark("Remove models."))
@click.argument("models", nargs=-1, required=True)
@click.pass_obj
def rm(invocation: Invocation, models: tuple[str, ...]) -> None:
    from ollama_tui.cli.models import remove_models

    remove_models(invocation, models)


@program.command(help=mark("Give a model a second name."))
@click.argument("source")
@click.argument("destination")
@click.pass_obj
def cp(invocation: Invocation, source: str, destination: str) -> None:
    from ollama_tui.cli.models import copy_model

    copy_model(invocation, source, destination)


@program.command(help=mark("Take a model out of memory."))
@click.argument("model")
@click.pass_obj
def stop(invocation: Invocation, model: str) -> None:
    from ollama_tui.cli.models import stop_model

    stop_model(invocation, model)


@program.command(
    help=mark(
        "Run Ollama's own server here; with --demo, the built-in one.\n\nThe demo listens on this machine alone, "
        "unless --host names another address."
    )
)
@click.option(
    "--port",
    cls=Option,
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help=mark("With --demo: the port; 0 takes a free one."),
)
@click.pass_obj
def serve(invocation: Invocation, port: int | None) -> None:
    from ollama_tui.cli.serving import serve_demo, serve_ollama

    if port is not None and not invocation.demo:
        raise click.UsageError(_("--port goes with --demo; Ollama's own server takes --host or OLLAMA_HOST."))
    raise Exit(serve_demo(invocation, port) if invocation.demo else serve_ollama(invocation))


def run() -> int:
    """Run the command; the exit code. Whoever closed the pipe has read enough: that is no error."""
    set_language()
    translate_click()
    try:
        return _run()
    except BrokenPipeError:
        return 0


def _run() -> int:
    if instruction := os.environ.get(_COMPLETE):
        from click.shell_completion import shell_complete

        return shell_complete(program, {}, _NAME, _COMPLETE, instruction)
    invocation: Invocation | None = None
    try:
        with program.make_context(_NAME, sys.argv[1:]) as context:
            try:
                program.invoke(context)
            finally:
                invocation = context.obj
    except Exit as ending:
        return ending.exit_code
    except click.ClickException as error:
        words = StringIO()
        error.show(words)
        tell(words.getvalue(), end="")
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except Failure as failure:
        from ollama_tui.cli.advice import advice

        complain(failure, advice(failure, invocation))
        return 1
    except BrokenPipeError:
        raise
    except Exception as error:  # the shell's last resort: a sentence, not a trace
        if os.environ.get("OLLAMA_TUI_DEBUG"):
            raise
        if isinstance(error, OSError) and error.strerror:
            tell(_("Error: {text}").format(text=error.strerror + (f": {error.filename}" if error.filename else "")))
            return 1
        tell(_("Error: ollama-tui failed: {text}").format(text=f"{type(error).__name__}: {error}"))
        tell(_("OLLAMA_TUI_DEBUG=1 shows where."))
        return 1
    return 0
