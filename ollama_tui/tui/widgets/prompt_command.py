"""Whether what is written is a command, and which: where the disk has to be asked for that."""

import asyncio
import os

from ollama_tui.domain.i18n import _
from ollama_tui.tui import slash
from ollama_tui.tui.attachments import typed_path


async def is_command(text: str) -> bool:
    """Whether a text is meant as a command, and not with the path of something that exists."""
    return text.startswith("/") and await asyncio.to_thread(slash.is_command, text, os.path.exists)


async def command_of(text: str) -> slash.Command:
    """The command in a text, with what is in the file that it names.

    Raises:
        SlashError: it is none, its arguments are wrong, or its file cannot be read.
    """
    try:
        return await asyncio.to_thread(slash.parse, text, lambda path: typed_path(path).read_text("utf-8"))
    except FileNotFoundError as error:
        missing = _("There is no file {path}.").format(path=error.filename)
        raise slash.SlashError(f"{missing} {_(slash.FORMAT_USAGE)}") from None
    except UnicodeDecodeError as error:
        raise slash.SlashError(str(error)) from None
    except OSError as error:
        words = _("{file}: {reason}").format(file=error.filename, reason=error.strerror)
        raise slash.SlashError(words) from None
