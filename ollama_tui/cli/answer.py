"""`run MODEL "prompt"`: one question, its answer to stdout, kept like any other."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from ollama_tui.cli.ask import Ask, join, take_files
from ollama_tui.cli.models import pull
from ollama_tui.cli.outlet import Outlet
from ollama_tui.cli.output import tell, write
from ollama_tui.cli.shown import Shown, figures_text
from ollama_tui.domain.conversation import Conversation, Setup
from ollama_tui.domain.failure import ModelMissing, describe
from ollama_tui.domain.i18n import _
from ollama_tui.domain.identity import new_id
from ollama_tui.domain.message import Ending, Message
from ollama_tui.domain.model import ModelCard, ModelRef, canonical_name, is_remote_name
from ollama_tui.domain.preset import Preset
from ollama_tui.domain.text import one_line
from ollama_tui.services.notice import describe_notice, notices_of

if TYPE_CHECKING:
    from ollama_tui.cli.invocation import Invocation
    from ollama_tui.config.settings import Settings
    from ollama_tui.domain.host import Host
    from ollama_tui.services.live import LiveTurn
    from ollama_tui.services.workspace import Workspace

_POLL = 1 / 30
"""Seconds between two looks at what has come: an answer is written in pieces of about this length."""


_MISFITS = 10
"""Places of an answer that are named where it is not what its schema says."""


def answer(invocation: "Invocation", ask: Ask) -> int:
    """Ask and print; the exit code."""
    return asyncio.run(_session(invocation, ask))


async def _session(invocation: "Invocation", ask: Ask) -> int:
    from ollama_tui.services.workspace import Workspace

    interrupted = _Signals(asyncio.current_task())
    settings = invocation.settings()
    address = invocation.address(settings) if ask.keep else invocation.last_address(settings)
    try:
        workspace = await Workspace.open(settings, invocation.paths(), os.environ, address, keep=ask.keep)
        try:
            return await _ask(workspace, ask)
        finally:
            for notice in workspace.notices:
                tell(_("Warning: {text}").format(text=describe_notice(notice)))
            interrupted.hold()
            await workspace.aclose()
    except asyncio.CancelledError:
        return interrupted.exit_code


class _Signals:
    """Ctrl-C, being told to go, and the terminal's end: the first cancels `task`, so that what came is kept."""

    def __init__(self, task: "asyncio.Task[object] | None") -> None:
        self._task = task
        self._caught = int(signal.SIGINT)
        if sys.platform != "win32":
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, self._stop, number)

    @property
    def exit_code(self) -> int:
        return 128 + self._caught

    def hold(self) -> None:
        """Cancel nothing any more: what follows takes at most seconds, and must not be left undone."""
        self._task = None

    def _stop(self, number: int) -> None:
        task, self._task = self._task, None
        if task is not None:
            self._caught = number
            task.cancel()


async def _ask(workspace: "Workspace", ask: Ask) -> int:
    host = workspace.host
    name = ask.model
    preset = await _preset(workspace, ask.preset, name) if ask.preset is not None else None
    card = await _card(host, name, insecure=ask.insecure)
    if card.can("embedding") and not card.can("completion"):
        return await _embed(host, name, ask)
    if ask.files and card.capabilities and not (card.can("vision") or card.can("audio")):
        raise click.ClickException(_("{model} takes text only, no picture or sound.").format(model=one_line(name)))
    model = ModelRef(host_id=host.address.id, name=canonical_name(name))
    setup = _setup(workspace.settings, preset, ask, model, thinks=card.can("thinking"))
    words, named = take_files(ask.words, card)
    for attachment, _content in named:
        tell(_("Added image '{name}'").format(name=attachment.name))
    prompt = join(ask.piped, words)
    files = (*ask.files, *named)
    if not prompt and not files:
        await workspace.load(setup)
        return 0
    if is_remote_name(name) or card.remote_host:
        tell(_("{model} runs on another machine: what you write leaves this one.").format(model=name))
        await workspace.turns.consent(model)
    conversation = Conversation(id=new_id(), setup=setup, temporary=not ask.keep)
    live = await workspace.turns.ask(conversation, prompt, files)
    try:
        return await _print(live, ask, most=card.context_length)
    finally:  # on Ctrl-C, or when nobody reads any more
        await workspace.turns.stop(live)


async def _preset(workspace: "Workspace", name: str, model: str) -> Preset:
    from ollama_tui.services.preset_file import PresetError

    try:
        kept = await workspace.presets.find(name, model)
    except PresetError as error:
        raise click.UsageError(str(error)) from None
    for remark in kept.remarks:
        tell(_("Note: {text}").format(text=remark))
    return kept.preset


def _setup(settings: "Settings", preset: Preset | None, ask: Ask, model: ModelRef, *, thinks: bool) -> Setup:
    """How it is asked: as the words of the shell say, else the preset, else the settings."""
    setup = Setup(model=model, system=settings.system, options=settings.options)
    if preset is not None:
        setup = preset.apply(setup, settings.options)
    think = setup.think if ask.think is None else ask.think
    return Setup(
        model=model,
        system=setup.system if ask.system is None else ask.system,
        options={**setup.options, **ask.options},
        think=True if think is None and thinks else think,
        format=setup.format if ask.format is None else ask.format,
        keep_alive=setup.keep_alive if ask.keep_alive is None else ask.keep_alive,
    )


async def _card(host: "Host", name: str, *, insecure: bool) -> ModelCard:
    """The model's card; a model that is missing is pulled first, as Ollama does."""
    try:
        return await host.show(name)
    except ModelMissing:
        if is_remote_name(name):
            raise
    await pull(host, name, insecure=insecure)
    return await host.show(name)


async def _embed(host: "Host", name: str, ask: Ask) -> int:
    """Print the vector of the prompt, as Ollama does."""
    from ollama_tui.domain.request import EmbedRequest

    prompt = join(ask.piped, ask.words)
    if not prompt:
        raise click.UsageError(
            _('embedding models require input text. Usage: ollama-tui run {model} "your text here"').format(model=name)
        )
    request = EmbedRequest(
        model=name,
        input=(prompt,),
        options=ask.options,
        keep_alive=ask.keep_alive,
        truncate=ask.truncate,
        dimensions=ask.dimensions,
    )
    embeddings = await host.embed(request)
    write(json.dumps(list(embeddings.vectors[0]) if embeddings.vectors else [], separators=(",", ":")) + "\n")
    return 0


async def _print(live: "LiveTurn", ask: Ask, *, most: int) -> int:
    """Write what comes as it comes, then say how it ended; the exit code. `most`: the model's longest context."""
    outlet = Outlet()
    shown = Shown(outlet, hide_thinking=ask.hide_thinking)
    seen = 0
    try:
        while True:
            done = live.done
            events, seen = live.events[seen:], len(live.events)
            shown.take(events, live)
            outlet.check()
            if done:
                break
            await asyncio.sleep(_POLL)
        shown.finish()
        await outlet.drain()
    except BrokenPipeError:  # whoever closed the pipe has read enough
        return 0
    final = live.answer
    if ask.verbose and final.figures:
        tell(figures_text(final.figures))
    for notice in notices_of(final):
        tell(_("Warning: {text}").format(text=describe_notice(notice)))
    _tell_format(final)
    return _ending(final, most, kept=ask.keep)


def _tell_format(final: Message) -> None:
    """Say where an answer is not the JSON that was asked for."""
    form = final.sent.format if final.sent is not None else None
    if form is None or final.ending not in (Ending.COMPLETE, Ending.LENGTH):
        return
    from ollama_tui.services.schema import check_answer
    from ollama_tui.services.verdict_words import misfit_lines, verdict_line

    verdict = check_answer(final.text, form)
    line, good = verdict_line(verdict)
    if not good:
        tell("\n".join([_("Note: the answer as JSON: {text}").format(text=line), *misfit_lines(verdict, _MISFITS)]))


def _ending(final: Message, most: int, *, kept: bool) -> int:
    match final.ending:
        case Ending.COMPLETE:
            return 0
        case Ending.LENGTH:
            tell(_("The answer was cut at its greatest length (num_predict or the context)."))
            return 0
        case Ending.STOPPED:
            return 130
        case _:
            failure = final.failure
            message, hint = describe(failure.code, failure.params) if failure else describe("unfinished", {})
            if failure is not None and failure.code == "context-exceeded":
                message, hint = _too_long(message, hint, failure.params, most)
            elif failure is None or failure.code in ("disconnected", "unfinished", "server-failed"):
                hint = _after(final, hint, kept=kept)
            tell(_("Error: {text}").format(text=message) + (f"\n{hint}" if hint else ""))
            return 1


def _after(final: Message, hint: str, *, kept: bool) -> str:
    """What to do about an answer that broke off: of one that had not begun, nothing is kept."""
    if not (final.text or final.thinking):
        return _("Nothing of the answer had come. Try again; the server's log may say more.")
    return hint if kept else _("Try again; nothing is kept with --no-save.")


def _too_long(message: str, hint: str, sizes: Mapping[str, str | int], most: int) -> tuple[str, str]:
    """The sizes of a prompt that does not fit, and the option that makes room, where the server told them."""
    needed, given = int(sizes.get("prompt_tokens") or 0), int(sizes.get("context") or 0)
    if not needed or not given:
        return message, hint
    from ollama_tui.services.context.fitting import larger_context

    has = _("It has {needed} tokens; {given} were given.")
    if sizes.get("estimated"):
        has = _("It has about {needed} tokens; {given} were given.")
    message += " " + has.format(needed=needed, given=given)
    larger = larger_context(needed, reserve=needed // 8, most=most)
    if larger > given:
        return message, _("Give it a larger context, with -o num_ctx={larger}, or shorten the prompt.").format(
            larger=larger
        )
    return message, _("The model can have {most} at most: shorten the prompt.").format(most=most)
