"""The slash commands, done."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from ollama_tui.domain.conversation import TitleSource
from ollama_tui.domain.failure import Failure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import Message, Role, Think
from ollama_tui.domain.model import Model, ModelRef, same_model
from ollama_tui.domain.model_name import name_problem, typed_name
from ollama_tui.domain.options import FIELDS, OptionError, parse_option, value_text
from ollama_tui.domain.preset import format_text
from ollama_tui.domain.request import ChatMessage, CreateRequest
from ollama_tui.domain.text import one_line
from ollama_tui.services.fields import with_field
from ollama_tui.tui.actions import BY_ID
from ollama_tui.tui.pane import answering, branching, finding, options, shelving, welcoming
from ollama_tui.tui.screens.reading import ReadingScreen
from ollama_tui.tui.signs import sign
from ollama_tui.tui.slash import Command, SlashError
from ollama_tui.tui.slash import words as slash_words
from ollama_tui.tui.themes import no_theme

if TYPE_CHECKING:
    from ollama_tui.tui.pane.deeds import ConversationPane
    from ollama_tui.tui.pane.pane import Pane
    from ollama_tui.tui.pane.setup_deeds import SetupDeeds

_ACTIONS: Mapping[str, str] = {
    "clear": "chat.new",
    "new": "chat.new",
    "temporary": "chat.temporary",
    "list": "app.models",
    "model": "chat.model",
    "continue": "chat.continue",
    "retry": "chat.retry",
    "compare": "compare.open",
    "regenerate": "chat.retry",
    "edit": "chat.edit",
    "delete": "chat.delete_message",
    "restore": "chat.restore_message",
    "fork": "chat.fork",
    "tree": "chat.tree",
    "stop": "chat.stop",
    "plain": "chat.plain",
    "copy": "chat.copy",
    "export": "chat.export",
    "title": "chat.title",
    "context": "chat.context",
    "summarise": "chat.summarise",
    "data": "app.data",
    "theme": "app.theme",
    "bye": "app.quit",
    "exit": "app.quit",
    "find": "chat.find",
    "search": "app.search",
    "tag": "chat.tag",
    "pin": "chat.pin",
    "archive": "chat.archive",
}
"""Commands that are actions of the table."""


class CommandError(Exception):
    """Why a command was not done, in one sentence."""


async def run_command(pane: "Pane", command: Command, written: str = "") -> None:
    """Do it; what goes wrong is said under the prompt, where the command as it was written stands again."""
    conversation_id = pane.conversation.id
    pane.prompt.say("")
    await _do(pane, command)
    if pane.prompt.is_complaining and pane.conversation.id == conversation_id:
        pane.prompt.give_back(written)


async def _do(pane: "Pane", command: Command) -> None:
    app = pane.program
    try:
        if command.name in _ACTIONS and not (command.arguments and command.name in _COMMANDS):
            await app.perform(BY_ID[_ACTIONS[command.name]])
        elif done := _COMMANDS.get(command.name):
            await done(pane, command.arguments)
        else:
            raise CommandError(_("/{name} is not known here. /help lists what is.").format(name=command.name))
    except (CommandError, OptionError, SlashError) as error:
        pane.prompt.complain(str(error))
    except Failure as failure:
        pane.prompt.complain(f"{failure.message} {failure.hint}".strip())


async def _set(pane: "Pane", arguments: tuple[str, ...]) -> None:
    what, *values = arguments
    setup = pane.conversation.setup
    match what:
        case "parameter":
            name, *words = values
            await pane.set_option(name, value := parse_option(name, words))
            told = _("{name} is {value} in this conversation.").format(name=name, value=one_line(value_text(value)))
        case "system":
            await pane.change_setup(replace(setup, system=" ".join(values)))
            told = _("The system prompt of this conversation is set.") if values else _("No system prompt of its own.")
        case "think":
            level = values[0] if values else "true"
            think = cast("Think", {"true": True, "false": False}.get(level, level))
            await pane.change_setup(replace(setup, think=think))
            told = _("Thinking: {level}.").format(level=level)
        case "nothink":
            await pane.change_setup(replace(setup, think=False))
            told = _("Thinking: off.")
        case "format":
            setup = await asyncio.to_thread(with_field, setup, "format", values[0])
            await pane.change_setup(setup)
            told = _("Answers come as JSON: {what}.").format(what=format_text(setup.format))
        case "noformat":
            await pane.change_setup(replace(setup, format=None))
            told = _("Answers come as they like.")
        case "verbose" | "quiet":
            await pane.workspace.state.set("ui.figures", what == "verbose")
            pane.transcript.show_figures(what == "verbose")
            told = _("Figures under each answer: {what}.").format(what=_("all") if what == "verbose" else _("none"))
        case "history" | "nohistory":
            await pane.workspace.state.set("ui.recall", what == "history")
            told = _("Earlier prompts are recalled.") if what == "history" else _("Earlier prompts are not recalled.")
        case _:  # wordwrap and nowordwrap: the screen always wraps
            told = _("The screen always wraps; the text is copied without the wraps.")
    if pane.live is not None and what not in _OF_THE_SCREEN:
        told += " " + _("It holds from the next question on.")
    pane.prompt.say(told)


_OF_THE_SCREEN = ("verbose", "quiet", "history", "nohistory", "wordwrap", "nowordwrap")
"""Settings that have nothing to do with how the model is asked."""


async def _show(pane: "Pane", arguments: tuple[str, ...]) -> None:
    model = _model_of(pane)
    card = await pane.here.host.show(model.name)
    what = arguments[0] if arguments else "info"
    texts = {
        "license": card.license,
        "modelfile": card.modelfile,
        "parameters": card.parameters,
        "system": pane.conversation.setup.system or card.system,
        "template": card.template,
    }
    if what in texts:
        options = pane.conversation.setup.options
        text = texts[what] or _("The model has none.")
        if what == "parameters" and options:
            mine = "\n".join(f"{name:<30} {value}" for name, value in options.items())
            text = "\n\n".join([_("Set in this conversation:"), mine, _("Of the model:"), text])
    else:
        from ollama_tui.domain.model_report import card_text

        text = card_text(card)
    await pane.program.push_screen(ReadingScreen(f"{model.name}{sign(' · ')}{what}", text))


async def _load(pane: "Pane", arguments: tuple[str, ...]) -> None:
    (name,) = arguments
    models = await pane.here.models(refresh=True)
    found = next((model for model in models if same_model(model.name, name)), None)
    if found is None:
        raise _missing(name, models)
    setup = replace(pane.conversation.setup, model=pane.here.ref_of(found))
    await pane.begin_new(setup=setup)
    pane.prompt.say(_("Loading {model} …").format(model=found.name))
    await pane.here.load(setup)
    pane.prompt.say(_("{model} is loaded.").format(model=found.name))
    pane.show_head()


async def _save(pane: "Pane", arguments: tuple[str, ...]) -> None:
    (name,) = arguments
    setup = pane.conversation.setup
    request = CreateRequest(
        model=name,
        from_model=_model_of(pane).name,
        system=setup.system or None,
        parameters=setup.options,
        messages=tuple(
            ChatMessage(role=m.role.value, content=m.text)
            for m in pane.messages
            if m.text and m.role is not Role.SUMMARY  # what it stands for is there
        ),
    )
    transfer = pane.workspace.transfers.create(request, pane.here.host)
    await transfer.wait()
    if transfer.failure is not None:
        raise transfer.failure
    await pane.here.models(refresh=True)
    pane.prompt.say(_("Created the model {name}.").format(name=name))


async def _pull(pane: "Pane", arguments: tuple[str, ...]) -> None:
    name = typed_name(arguments[0])
    if problem := name_problem(name):
        raise CommandError(problem)
    pane.workspace.transfers.pull(name, host=pane.here.host)
    await pane.program.action_app_models()


async def _choose_model(pane: "Pane", arguments: tuple[str, ...]) -> None:
    await pane.use_model(await _installed(pane, arguments[0]))


def _missing(name: str, models: Iterable[Model]) -> CommandError:
    return CommandError(welcoming.missing(name, [model.name for model in models]))


async def _installed(pane: "Pane", name: str) -> ModelRef:
    models = await pane.here.models()
    found = next((model for model in models if same_model(model.name, name)), None)
    if found is None:
        raise _missing(name, models)
    return pane.here.ref_of(found)


async def _title(pane: "Pane", arguments: tuple[str, ...]) -> None:
    if not pane.stored:
        raise CommandError(_("There is nothing to name yet."))
    history = pane.workspace.history_of(pane.conversation)
    await history.rename(pane.conversation.id, " ".join(arguments), TitleSource.PERSON)
    await pane.reload()


async def _tokens(pane: "Pane", arguments: tuple[str, ...]) -> None:
    from ollama_tui.tui.pane.inspecting import inspect

    await inspect(pane, " ".join(arguments))


async def _regenerate(pane: "Pane", arguments: tuple[str, ...]) -> None:
    """Another model, options for this one answer, or both."""
    words = slash_words(arguments[0])
    setup = pane.conversation.setup
    names = [word for word in words if "=" not in word]
    if len(names) > 1:
        raise CommandError(_("One model at a time: {names}.").format(names=", ".join(names)))
    if names:
        setup = replace(setup, model=await _installed(pane, names[0]))
    options = dict(setup.options)
    for name, _sign, value in (word.partition("=") for word in words if "=" in word):
        options[name] = parse_option(name, [value])
    await answering.retry(pane, setup=replace(setup, options=options))


async def _compare(pane: "Pane", arguments: tuple[str, ...]) -> None:
    from ollama_tui.tui.panes.variants import NoVariants

    try:
        await pane.program.chat_screen.comparing.open_with(cast("ConversationPane", pane), slash_words(arguments[0]))
    except NoVariants as error:
        raise CommandError(str(error)) from None


async def _edit(pane: "Pane", arguments: tuple[str, ...]) -> None:
    await pane.revision.begin(pane, _numbered(pane, arguments))


async def _fork(pane: "Pane", arguments: tuple[str, ...]) -> None:
    await branching.fork(pane, _numbered(pane, arguments))


async def _delete(pane: "Pane", arguments: tuple[str, ...]) -> None:
    await branching.delete(pane, _numbered(pane, arguments))


def _numbered(pane: "Pane", arguments: tuple[str, ...]) -> Message:
    text = arguments[0].strip()
    message = branching.numbered(pane, int(text)) if text.isdecimal() else None
    if message is None:
        count = len(pane.messages)
        if not count:
            raise CommandError(_("There is no message here."))
        words = _("There is no message {number} here: they are counted from 1 to {count}. /tree shows them.")
        raise CommandError(words.format(number=text, count=count))
    return message


async def _theme(pane: "Pane", arguments: tuple[str, ...]) -> None:
    app = pane.program
    app.read_own_themes(pane.workspace.paths.themes)
    if arguments[0] not in app.available_themes:
        raise CommandError(no_theme(arguments[0], app.available_themes))
    await app.choose_theme(arguments[0])


async def _copy(pane: "Pane", arguments: tuple[str, ...]) -> None:
    from ollama_tui.tui.pane.copying import take

    words = [word.lower() for word in arguments[0].split()]
    plain = "plain" in words
    what = [word for word in words if word != "plain"]
    match what:
        case []:
            await take(pane, "message", plain=plain)
        case [number] if number.isdecimal():
            await take(pane, "code", number=int(number))
        case ["code" | "thinking" | "all" as kind]:
            await take(pane, kind, plain=plain)
        case _:
            raise CommandError(_("What should be copied? /copy takes a block's number, code, thinking or all."))


async def _export(pane: "Pane", arguments: tuple[str, ...]) -> None:
    from ollama_tui.tui.pane.copying import export

    await export(pane, arguments[0].replace("\\ ", " "))  # as the list of paths writes a blank


async def _find(pane: "Pane", arguments: tuple[str, ...]) -> None:
    await finding.find(pane, arguments[0])


async def _search(pane: "Pane", arguments: tuple[str, ...]) -> None:
    await pane.program.action_app_search(arguments[0])


async def _tag(pane: "Pane", arguments: tuple[str, ...]) -> None:
    await shelving.tag(pane, arguments[0].split())


async def _help(pane: "Pane", arguments: tuple[str, ...]) -> None:
    from ollama_tui.tui.slash import help_text

    topic = arguments[0] if arguments else ""
    if topic == "shortcuts":
        await pane.program.perform(BY_ID["app.help"])
    else:
        await pane.program.push_screen(ReadingScreen(_("Commands"), help_text(topic)))


def _model_of(pane: "Pane") -> ModelRef:
    model = pane.conversation.setup.model
    if model is None:
        raise CommandError(_("There is no model yet."))
    return model


async def _options(pane: "Pane", arguments: tuple[str, ...]) -> None:
    name = arguments[0] if arguments else ""
    if name and name not in (spec.name for spec in FIELDS):
        raise CommandError(_("There is no option {name}.").format(name=name))
    await options.toggle(cast("SetupDeeds", pane), name)


async def _preset(pane: "Pane", arguments: tuple[str, ...]) -> None:
    from ollama_tui.tui.pane import presets

    await presets.use(cast("SetupDeeds", pane), arguments[0] if arguments else "")


_COMMANDS: Mapping[str, Callable[["Pane", tuple[str, ...]], Awaitable[None]]] = {
    "set": _set,
    "show": _show,
    "load": _load,
    "save": _save,
    "pull": _pull,
    "model": _choose_model,
    "options": _options,
    "preset": _preset,
    "regenerate": _regenerate,
    "compare": _compare,
    "edit": _edit,
    "fork": _fork,
    "delete": _delete,
    "title": _title,
    "theme": _theme,
    "copy": _copy,
    "export": _export,
    "tokens": _tokens,
    "help": _help,
    "find": _find,
    "search": _search,
    "tag": _tag,
}
