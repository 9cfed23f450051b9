"""Opening the screen."""

import gc
import os
import sys
from typing import TYPE_CHECKING

from ollama_tui.cli.output import tell

if TYPE_CHECKING:
    from ollama_tui.cli.program import Invocation
    from ollama_tui.tui.typeahead import HeldKeys


def open_screen(invocation: "Invocation") -> int:
    """Run the program on the screen; its exit code."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        tell("Error: the screen needs a terminal.")
        tell('In a pipe, use: ollama-tui run MODEL "prompt"')
        return 1
    from ollama_tui.tui.typeahead import hold_keys

    gc.disable()  # while modules are imported a collection finds nothing, and takes a tenth of the start; see tui.app
    held = hold_keys()  # before anything that takes time: keys typed from here on are kept
    try:
        return _open(invocation, held)
    finally:
        held.release()


def _open(invocation: "Invocation", held: "HeldKeys") -> int:
    from ollama_tui.domain.i18n import set_language
    from ollama_tui.tui.app import OllamaTui, Opening

    settings, problems = invocation.settings()
    set_language(*([settings.language] if settings.language else []))
    opening = Opening(
        settings=settings,
        paths=invocation.paths(),
        environment=os.environ,
        address=invocation.address(settings),
        model=invocation.model,
        problems=problems,
    )
    return OllamaTui(opening, held).run() or 0
