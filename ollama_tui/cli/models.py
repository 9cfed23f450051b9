"""Commands on models: one call each, printed in Ollama's words."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, TypeVar

import click
from click.exceptions import Exit

from ollama_tui.cli.output import complain, tell, write
from ollama_tui.domain.failure import HostFailure, ModelMissing, Unreachable
from ollama_tui.domain.i18n import _
from ollama_tui.domain.identity import now
from ollama_tui.domain.text import one_line

if TYPE_CHECKING:
    from ollama_tui.cli.invocation import Invocation
    from ollama_tui.domain.host import Host

T = TypeVar("T")


def _with_host(invocation: "Invocation", use: "Callable[[Host], Awaitable[T]]") -> T:
    """What `use` gives, on an open host that is closed again."""

    async def session() -> T:
        host = invocation.connect()
        try:
            return await use(host)
        finally:
            await host.aclose()

    return asyncio.run(session())


def list_models(invocation: "Invocation", prefix: str) -> None:
    """NAME ID SIZE MODIFIED, of those whose name begins with `prefix`."""
    from ollama_tui.cli.output import table
    from ollama_tui.domain.units import human_bytes, human_time

    models = _with_host(invocation, lambda host: host.models())
    rows = [
        (
            model.name,
            model.digest[:12],
            "-" if model.remote_model else human_bytes(model.size),
            human_time(model.modified_at, now()),
        )
        for model in models
        if model.name.casefold().startswith(prefix.casefold())
    ]
    write(table(("NAME", "ID", "SIZE", "MODIFIED"), rows))


def list_loaded(invocation: "Invocation", prefix: str) -> None:
    """NAME ID SIZE PROCESSOR CONTEXT UNTIL, of those whose name begins with `prefix`."""
    from ollama_tui.cli.output import table
    from ollama_tui.domain.units import human_bytes, processor, until

    models = _with_host(invocation, lambda host: host.loaded())
    rows = [
        (
            model.name,
            model.digest[:12],
            human_bytes(model.size),
            processor(model.size, model.size_vram),
            str(model.context_length),
            until(model.expires_at, now()),
        )
        for model in models
        if model.name.startswith(prefix)
    ]
    write(table(("NAME", "ID", "SIZE", "PROCESSOR", "CONTEXT", "UNTIL"), rows))


def show_model(invocation: "Invocation", model: str, part: str | None, *, verbose: bool) -> None:
    """All that is known of a model, or one part of it as the server gives it."""
    from ollama_tui.domain.model_report import card_text

    card = _with_host(invocation, lambda host: host.show(model, verbose=verbose))
    parts = {
        "license": card.license,
        "modelfile": card.modelfile,
        "parameters": card.parameters,
        "system": card.system,
        "template": card.template,
    }
    write(f"{parts[part]}\n" if part else f"{card_text(card, verbose=verbose)}\n")


async def pull(host: "Host", model: str, *, insecure: bool) -> None:
    """Fetch a model, its progress on stderr.

    Raises:
        Exit: it could not be fetched, which was told.
    """
    from ollama_tui.cli.advice import RESUMED, pull_advice
    from ollama_tui.cli.progress import ProgressLine

    fetched = 0
    try:
        with ProgressLine() as line:
            async with aclosing(host.pull(model, insecure=insecure)) as progress:
                async for step in progress:
                    fetched = step.completed
                    line.show(step)
    except HostFailure as failure:
        complain(failure, await pull_advice(failure, host, model, begun=fetched > 0))
        raise Exit(1) from None
    except asyncio.CancelledError:
        if fetched:
            tell(_(RESUMED))
        raise


def pull_model(invocation: "Invocation", model: str, *, insecure: bool) -> None:
    """Fetch a model."""
    _with_host(invocation, lambda host: pull(host, model, insecure=insecure))


def remove_models(invocation: "Invocation", models: tuple[str, ...]) -> None:
    """Unload and remove each; ends at the first that cannot be removed."""

    async def remove(host: "Host") -> None:
        for model in models:
            try:
                await host.unload(model)
            except ModelMissing:
                pass  # the removal says so
            except Unreachable:
                raise
            except HostFailure as failure:
                tell(_("Warning: unable to stop model '{model}': {reason}").format(model=model, reason=failure.message))
            await host.delete(model)
            write(_("deleted '{model}'").format(model=one_line(model)) + "\n")

    _with_host(invocation, remove)


def copy_model(invocation: "Invocation", source: str, destination: str) -> None:
    """Give a model a second name."""
    _with_host(invocation, lambda host: host.copy(source, destination))
    words = _("copied '{source}' to '{destination}'")
    write(words.format(source=one_line(source), destination=one_line(destination)) + "\n")


def stop_model(invocation: "Invocation", model: str) -> None:
    """Take a model out of memory; one that is not there is out already.

    Raises:
        ClickException: it is not installed.
    """

    async def stop(host: "Host") -> None:
        try:
            await host.unload(model)
        except ModelMissing:
            from ollama_tui.cli.advice import alike
            from ollama_tui.domain.model_name import did_you_mean

            words = _('couldn\'t find model "{model}" to stop').format(model=one_line(model))
            meant = did_you_mean(await alike(host, model))
            raise click.ClickException(f"{words}\n{meant}".strip()) from None

    _with_host(invocation, stop)


def server_version(invocation: "Invocation") -> None:
    """The server's version, or that there is none."""
    try:
        version = _with_host(invocation, lambda host: host.version())
    except HostFailure as failure:
        tell(_("Warning: {text}").format(text=failure.message))
    else:
        write(f"ollama version is {one_line(version)}\n")
