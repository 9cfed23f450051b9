"""Opening the screen."""

import gc
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from ollama_tui.cli.output import can_redraw, is_terminal, tell
from ollama_tui.domain.i18n import _, set_language

if TYPE_CHECKING:
    from ollama_tui.cli.ask import Ask
    from ollama_tui.cli.invocation import Invocation
    from ollama_tui.tui.typeahead import HeldKeys


def open_screen(invocation: "Invocation", ask: "Ask | None" = None) -> int:
    """Run the program on the screen; its exit code. New conversations begin with the system prompt and options asked.

    Raises:
        UsageError: something is asked that is chosen on the screen itself.
    """
    if ask is not None:
        _refuse(ask)
    if not (is_terminal(sys.stdin) and is_terminal(sys.stdout)):
        tell(_("Error: the screen needs a terminal."))
        tell(_('In a pipe, use: ollama-tui run MODEL "prompt"'))
        return 1
    if sys.platform != "win32" and not can_redraw(sys.stdout):
        name = os.environ.get("TERM", "")
        tell(_("Error: the screen needs a terminal that can do more than print (TERM is {name!r}).").format(name=name))
        tell(_('Here, use: ollama-tui run MODEL "prompt"'))
        return 1
    from ollama_tui.tui.typeahead import hold_keys

    gc.disable()  # while modules are imported a collection finds nothing, and takes a tenth of the start; see tui.app
    held = hold_keys()  # before anything that takes time: keys typed from here on are kept
    try:
        return _open(invocation, held, ask)
    finally:
        held.release()


def _refuse(ask: "Ask") -> None:
    """What goes with a prompt only must not be passed over in silence."""
    given = {
        "--think": ask.think is not None,
        "--hidethinking": ask.hide_thinking,
        "--format": ask.format is not None,
        "--keepalive": ask.keep_alive is not None,
        "--preset": ask.preset is not None,
        "--image": bool(ask.files),
        "--verbose": ask.verbose,
        "--no-save": not ask.keep,
    }
    for name, is_given in given.items():
        if is_given:
            words = _('{option} goes with a prompt: run MODEL {option} "prompt". On the screen it is chosen there.')
            raise click.UsageError(words.format(option=name))


def _open(invocation: "Invocation", held: "HeldKeys", ask: "Ask | None") -> int:
    from ollama_tui.tui.app import OllamaTui, Opening

    settings, problems = invocation.read_settings()
    set_language(*([settings.language] if settings.language else []))
    if ask is not None:
        system = settings.system if ask.system is None else ask.system
        settings = replace(settings, system=system, options={**settings.options, **ask.options})
    if invocation.reduced:
        settings = replace(settings, reduced=True)
    address, misread = invocation.read_address(settings)
    opening = Opening(
        settings=settings,
        paths=invocation.paths(),
        environment=os.environ,
        address=address,
        model=invocation.model,
        problems=(*problems, misread) if misread else problems,
    )
    app = OllamaTui(opening, held)
    return app.run() or app.return_code or 0  # a fault of the program itself sets the second alone
