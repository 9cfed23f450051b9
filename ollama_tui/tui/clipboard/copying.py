"""One text on its way to the clipboard: the tool of this machine, tmux, or the terminal, and a sentence about it.

Over ssh the clipboard that is meant is the one of the person's machine: the tools of this one would fill another.
"""

import os
import shlex
from collections.abc import Mapping

from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import one_line, storable
from ollama_tui.domain.units import human_bytes
from ollama_tui.tui.clipboard import Terminal, osc52, tmux
from ollama_tui.tui.clipboard.tool import Tool, ToolFailed, run, tools_here


async def carry(terminal: Terminal, text: str, environment: Mapping[str, str] | None = None) -> str:
    """Copy `text`; a sentence with what is known of the outcome: a tool reports, a terminal never does."""
    environment = os.environ if environment is None else environment
    text = storable(text)
    terminal.keep_clipping(text)
    match terminal.clipboard_way.strip():
        case "off":
            return _("Kept for pasting within the program (clipboard is off).")
        case "osc52":
            return _send(terminal, text, environment)
        case "tmux":
            return await _in_tmux(terminal, text, environment, [])
        case "auto" | "":
            return await _as_fits(terminal, text, environment)
        case command:
            return await _by_command(command, text)


async def _as_fits(terminal: Terminal, text: str, environment: Mapping[str, str]) -> str:
    in_tmux = tmux.is_around(environment)
    remote = any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))
    failed: list[str] = []
    if not remote and not (in_tmux and await tmux.is_remote()):
        for tool in tools_here(environment):
            try:
                await run(tool, text)
            except ToolFailed as failure:
                failed.append(_("{tool} failed: {why}.").format(tool=tool.name, why=str(failure).rstrip(".")))
                continue
            if in_tmux:  # so that its own paste key has it too; the copy is made already, whatever comes of it
                await _quietly(tmux.loader(hand_on=False), text)
            return _told(failed, _("Copied with {tool}.").format(tool=tool.name))
    if in_tmux:
        return await _in_tmux(terminal, text, environment, failed)
    return _told(failed, _send(terminal, text, environment))


async def _in_tmux(terminal: Terminal, text: str, environment: Mapping[str, str], failed: list[str]) -> str:
    hand_on = await tmux.can_hand_on()
    try:
        await run(tmux.loader(hand_on=hand_on), text)
    except ToolFailed as failure:
        failed.append(_("tmux failed: {why}.").format(why=str(failure).rstrip(".")))
        return _told(failed, _send(terminal, text, environment))
    if hand_on:
        if await tmux.terminal_takes():
            return _told(failed, _("Copied to tmux's buffer, and sent to the terminal around it.") + _too_long(text))
        return _told(
            failed,
            _("Copied to tmux's buffer alone: tmux knows no way to its terminal's clipboard (Ms in `tmux info`)."),
        )
    if await tmux.lets_through():
        terminal.send_to_terminal(osc52.sequence(text, environment))
        return _told(failed, _("Copied to tmux's buffer, and sent to the terminal around it.") + _too_long(text))
    return _told(failed, _("Copied to tmux's buffer alone: tmux before 3.2 hands on with `set -s set-clipboard on`."))


def _send(terminal: Terminal, text: str, environment: Mapping[str, str]) -> str:
    if not osc52.can_be_taken(environment):
        return _("This terminal ({term}) has no clipboard. /export FILE writes to a file.").format(
            term=one_line(environment.get("TERM", ""))
        )
    terminal.send_to_terminal(osc52.sequence(text, environment))
    return _("Sent to the terminal, which does not say whether it took it.") + _too_long(text)


def _too_long(text: str) -> str:
    if not osc52.is_too_long(text):
        return ""
    size = human_bytes(len(text.encode()))
    return " " + _("Many cut or ignore what is longer than 75 KB, and this has {size}: /export FILE is sure.").format(
        size=size
    )


async def _by_command(command: str, text: str) -> str:
    try:
        words = shlex.split(command)
        if not words:
            raise ToolFailed(_("it names no command"))
        await run(Tool(tuple(words)), text)
    except (ToolFailed, ValueError) as failure:
        return _("Not copied: {tool}, which the configuration asks for, failed: {why}.").format(
            tool=one_line(command), why=str(failure).rstrip(".")
        )
    return _("Copied with {tool}.").format(tool=one_line(words[0]))


async def _quietly(tool: Tool, text: str) -> None:
    try:
        await run(tool, text)
    except ToolFailed:
        return


def _told(failed: list[str], outcome: str) -> str:
    return " ".join([*failed, outcome])
