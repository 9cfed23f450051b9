"""Opening the screen."""

import os
import sys
from typing import TYPE_CHECKING

from ollama_tui.cli.output import tell

if TYPE_CHECKING:
    from ollama_tui.cli.program import Invocation


def open_screen(invocation: "Invocation") -> int:
    """Run the program on the screen; its exit code."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        tell("Error: the screen needs a terminal.")
        tell('In a pipe, use: ollama-tui run MODEL "prompt"')
        return 1
    from ollama_tui.domain.i18n import set_language
    from ollama_tui.tui.terminal import prepare_terminal

    with prepare_terminal():
        settings, problems = invocation.settings()
        set_language(*([settings.language] if settings.language else []))
        from ollama_tui.tui.app import OllamaTui, Opening

        opening = Opening(
            settings=settings,
            paths=invocation.paths(),
            environment=os.environ,
            address=invocation.address(settings),
            model=invocation.model,
            problems=problems,
        )
        return OllamaTui(opening).run() or 0
