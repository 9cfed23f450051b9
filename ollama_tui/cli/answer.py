"""`run MODEL "prompt"`: one question, its answer to stdout, kept like any other."""

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from ollama_tui.cli.models import pull
from ollama_tui.cli.output import drop, tell, write
from ollama_tui.domain.conversation import Conversation, Setup
from ollama_tui.domain.event import Notice, Text, Thinking
from ollama_tui.domain.failure import ModelMissing, describe
from ollama_tui.domain.identity import new_id
from ollama_tui.domain.message import THINK_LEVELS, Attachment, Ending, Figures, Format, Message, Think
from ollama_tui.domain.model import ModelCard, ModelRef, canonical_name, is_remote_name
from ollama_tui.domain.options import OptionError, Options, OptionValue, parse_option

if TYPE_CHECKING:
    from ollama_tui.cli.program import Invocation
    from ollama_tui.domain.host import Host
    from ollama_tui.services.live import LiveTurn
    from ollama_tui.services.workspace import Workspace

_POLL = 1 / 30
"""Seconds between two looks at what has come: an answer is written in pieces of about this length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked, as the shell said it."""

    model: str
    prompt: str
    system: str | None = None
    think: str | None = None
    hide_thinking: bool = False
    format: str | None = None
    keep_alive: str | None = None
    options: tuple[str, ...] = ()
    images: tuple[Path, ...] = ()
    verbose: bool = False
    insecure: bool = False
    keep: bool = True


def answer(invocation: "Invocation", ask: Ask) -> int:
    """Ask and print; the exit code."""
    piped = "" if sys.stdin.isatty() else sys.stdin.buffer.read().decode("utf-8", errors="replace")
    prompt = " ".join(part for part in (piped, ask.prompt) if part)
    setup = Setup(
        system=ask.system or "",
        options=_options(ask.options),
        think=_think(ask.think),
        format=_format(ask.format),
        keep_alive=ask.keep_alive,
    )
    files = tuple(_image(path) for path in ask.images)
    return asyncio.run(_session(invocation, ask, prompt, setup, files))


async def _session(
    invocation: "Invocation", ask: Ask, prompt: str, setup: Setup, files: "tuple[tuple[Attachment, bytes], ...]"
) -> int:
    from ollama_tui.services.workspace import Workspace

    settings, problems = invocation.settings()
    for problem in problems:
        tell(f"Warning: {problem}")
    workspace = await Workspace.open(settings, invocation.paths(), os.environ, invocation.address(settings))
    task = asyncio.current_task()
    interrupted = _catch_signals(task)
    try:
        return await _ask(workspace, ask, prompt, setup, files)
    except asyncio.CancelledError:
        return 128 + interrupted[0] if interrupted else 130
    finally:
        await workspace.aclose()


def _catch_signals(task: "asyncio.Task[object] | None") -> list[int]:
    """End `task` on Ctrl-C and on being told to go; the list then holds the signal's number."""
    caught: list[int] = []

    def stop(number: int) -> None:
        caught.append(number)
        if task is not None:
            task.cancel()

    if sys.platform != "win32":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, stop, number)
    return caught


async def _ask(
    workspace: "Workspace", ask: Ask, prompt: str, setup: Setup, files: "tuple[tuple[Attachment, bytes], ...]"
) -> int:
    host = workspace.host
    name = ask.model
    if not name:
        first = await workspace.first_setup()
        if first.model is None:
            raise click.UsageError("Which model? None was given, and none is installed here.")
        name = first.model.name
    card = await _card(host, name, insecure=ask.insecure)
    if card.can("embedding") and not card.can("completion"):
        return await _embed(host, name, prompt)
    model = ModelRef(host_id=host.address.id, name=canonical_name(name))
    think = setup.think if setup.think is not None else (True if card.can("thinking") else None)
    setup = Setup(
        model=model,
        system=setup.system,
        options=setup.options,
        think=think,
        format=setup.format,
        keep_alive=setup.keep_alive,
    )
    if not prompt and not files:
        await host.load(name, options=setup.options, keep_alive=setup.keep_alive)
        return 0
    if is_remote_name(name) or card.remote_host:
        tell(f"{name} runs on another machine: what you write leaves this one.")
        await workspace.turns.consent(model)
    conversation = Conversation(id=new_id(), setup=setup, temporary=not ask.keep)
    live = await workspace.turns.ask(conversation, prompt, files)
    return await _print(workspace, live, ask)


async def _card(host: "Host", name: str, *, insecure: bool) -> ModelCard:
    """The model's card; a model that is missing is pulled first, as Ollama does."""
    try:
        return await host.show(name)
    except ModelMissing:
        if is_remote_name(name):
            raise
    await pull(host, name, insecure=insecure)
    return await host.show(name)


async def _embed(host: "Host", name: str, prompt: str) -> int:
    from ollama_tui.domain.request import EmbedRequest

    if not prompt:
        raise click.UsageError('Embedding models need a text: ollama-tui run MODEL "text"')
    embeddings = await host.embed(EmbedRequest(model=name, input=(prompt,)))
    write(json.dumps(list(embeddings.vectors[0]) if embeddings.vectors else [], separators=(",", ":")) + "\n")
    return 0


async def _print(workspace: "Workspace", live: "LiveTurn", ask: Ask) -> int:
    """Write what comes as it comes, then say how it ended; the exit code."""
    written = 0
    shown = _Shown(hide_thinking=ask.hide_thinking)
    try:
        while True:
            done = live.done
            events, written = live.events[written:], len(live.events)
            for event in events:
                shown.take(event)
            shown.flush()
            if done:
                break
            await asyncio.sleep(_POLL)
    except BrokenPipeError:
        await workspace.turns.stop(live)
        drop(sys.stdout)
        return 0
    final = await live.wait()
    shown.finish()
    if ask.verbose and final.figures:
        tell(_verbose(final.figures))
    return _ending(final)


class _Shown:
    """What has been written of an answer; pieces are gathered until `flush`."""

    def __init__(self, *, hide_thinking: bool) -> None:
        self._hide = hide_thinking
        self._pieces: list[str] = []
        self._thoughts: list[str] = []
        self._thinking = False
        self._last = "\n"

    def take(self, event: object) -> None:
        """One event of the turn."""
        match event:
            case Text(text):
                self._end_thinking()
                self._pieces.append(text)
            case Thinking(text) if not self._hide:
                if not self._thinking:
                    self._thinking = True
                    self._thoughts.append("Thinking...\n")
                self._thoughts.append(text)
            case Notice():
                tell(describe(event.code, event.params)[0])
            case _:
                pass

    def _end_thinking(self) -> None:
        if self._thinking:
            self._thinking = False
            self._thoughts.append("\n...done thinking.\n\n")

    def flush(self) -> None:
        """Write what was gathered."""
        if self._thoughts:
            tell("".join(self._thoughts), end="")
            self._thoughts.clear()
        if self._pieces:
            text = "".join(self._pieces)
            self._pieces.clear()
            self._last = text[-1]
            write(text)

    def finish(self) -> None:
        """On a terminal, leave the cursor on a line of its own."""
        self._end_thinking()
        self.flush()
        if sys.stdout.isatty() and self._last != "\n":
            write("\n")


def _ending(final: Message) -> int:
    match final.ending:
        case Ending.COMPLETE:
            return 0
        case Ending.LENGTH:
            tell("The answer was cut at its greatest length (num_predict or the context).")
            return 0
        case Ending.STOPPED:
            return 130
        case _:
            failure = final.failure
            if failure is None:
                tell("Error: the answer was cut off.")
            else:
                message, hint = describe(failure.code, failure.params)
                tell(f"Error: {message}" + (f"\n{hint}" if hint else ""))
            return 1


def _verbose(figures: Figures) -> str:
    """The figures as `ollama run --verbose` prints them."""
    rows: list[tuple[str, str]] = [
        ("total duration", _seconds(figures.total_duration)),
        ("load duration", _seconds(figures.load_duration)),
        ("prompt eval count", f"{figures.prompt_tokens} token(s)" if figures.prompt_tokens else ""),
        ("prompt eval duration", _seconds(figures.prompt_duration)),
        ("prompt eval rate", _rate(figures.prompt_tokens, figures.prompt_duration)),
        ("eval count", f"{figures.answer_tokens} token(s)" if figures.answer_tokens else ""),
        ("eval duration", _seconds(figures.answer_duration)),
        ("eval rate", _rate(figures.answer_tokens, figures.answer_duration)),
    ]
    return "\n".join(f"{name + ':':<22}{value}" for name, value in rows if value)


def _seconds(nanoseconds: int) -> str:
    if not nanoseconds:
        return ""
    return f"{nanoseconds / 1e9:.6g}s" if nanoseconds >= 1e9 else f"{nanoseconds / 1e6:.6g}ms"


def _rate(tokens: int, nanoseconds: int) -> str:
    return f"{tokens / (nanoseconds / 1e9):.2f} tokens/s" if tokens and nanoseconds else ""


def _options(words: tuple[str, ...]) -> Options:
    options: dict[str, OptionValue] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise click.UsageError(f"An option is NAME=VALUE, not {word!r}.")
        try:
            parsed = parse_option(name.strip(), [value])
        except OptionError as error:
            raise click.UsageError(str(error)) from None
        earlier = options.get(name)
        options[name] = earlier + parsed if isinstance(earlier, tuple) and isinstance(parsed, tuple) else parsed
    return options


def _think(word: str | None) -> Think | None:
    if word is None:
        return None
    if word in ("true", "false"):
        return word == "true"
    if word in THINK_LEVELS:
        return cast("Think", word)
    raise click.UsageError(f"--think takes true, false, low, medium, high or max, not {word!r}.")


def _format(text: str | None) -> Format | None:
    if text is None or text == "json":
        return text
    try:
        source = Path(text[1:]).read_text(encoding="utf-8") if text.startswith("@") else text
        schema: object = json.loads(source)
    except (OSError, ValueError) as error:
        raise click.UsageError(f"--format takes json, a JSON schema, or @FILE with one: {error}") from None
    if not isinstance(schema, dict):
        raise click.UsageError("A JSON schema is an object.")
    return cast("dict[str, object]", schema)


def _image(path: Path) -> tuple[Attachment, bytes]:
    from ollama_tui.services.attachment import AttachmentError, read_image

    try:
        return read_image(path)
    except AttachmentError as error:
        raise click.UsageError(str(error)) from None
