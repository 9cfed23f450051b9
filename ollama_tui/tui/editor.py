"""The person's own editor, for a text that has grown."""

import asyncio
import shlex
import signal
import tempfile
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from ollama_tui.domain.i18n import _


class EditorError(Exception):
    """The editor did not do it; `str()` says why in one sentence."""


def editor_command(environment: Mapping[str, str]) -> list[str]:
    """The editor's words: OLLAMA_EDITOR, VISUAL or EDITOR, as Ollama chooses it; else vi.

    Raises:
        EditorError: what is set there is no command.
    """
    for name in ("OLLAMA_EDITOR", "VISUAL", "EDITOR"):
        if value := environment.get(name, "").strip():
            try:
                return shlex.split(value)
            except ValueError as error:
                raise EditorError(_("{name} is no command: {error}").format(name=name, error=error)) from None
    return ["vi"]


async def edit(text: str, environment: Mapping[str, str], suspended: AbstractContextManager[None]) -> str:
    """`text` as the person's editor leaves it. The terminal is the editor's while `suspended` is entered.

    The loop goes on meanwhile, and with it an answer that is being written.

    Raises:
        EditorError: it could not be started, or said that it failed.
    """
    command = editor_command(environment)
    try:
        path = await asyncio.to_thread(_write, text)
        try:
            failure: BaseException | None = None
            status = 0
            with suspended:  # Textual takes the terminal back only where nothing is raised (8.2.8, app.py `suspend`)
                try:
                    status = await _run([*command, str(path)])
                except (OSError, asyncio.CancelledError) as error:
                    failure = error
            if failure is not None:
                raise failure
            if status:
                words = _("{editor} ended with status {status}; the text is as it was.")
                raise EditorError(words.format(editor=command[0], status=status))
            return await asyncio.to_thread(path.read_text, encoding="utf-8", errors="replace")
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)
    except OSError as error:
        words = _("{editor} cannot be used: {reason}")
        raise EditorError(words.format(editor=command[0], reason=error.strerror or error)) from None


def _write(text: str) -> Path:
    """A new file with `text`, which only the person can read (mkstemp makes it 0600)."""
    descriptor, name = tempfile.mkstemp(prefix="ollama-prompt-", suffix=".md")
    with open(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return Path(name)


async def _run(command: list[str]) -> int:
    """The exit status of `command`, during which ctrl+C is the command's and not ours."""
    if threading.current_thread() is not threading.main_thread():
        return await (await asyncio.create_subprocess_exec(*command)).wait()
    before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    try:
        return await (await asyncio.create_subprocess_exec(*command)).wait()
    finally:
        signal.signal(signal.SIGINT, before)
