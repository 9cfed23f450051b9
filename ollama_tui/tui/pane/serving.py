"""The server of a pane: what is known of it, with which model a new conversation asks there, and moving to another."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.failure import Failure, NoAddress
from ollama_tui.domain.host import HostAddress
from ollama_tui.domain.i18n import _
from ollama_tui.domain.known_models import KNOWN_MODELS
from ollama_tui.domain.model import ModelRef, canonical_name, same_model
from ollama_tui.domain.text import one_line
from ollama_tui.tui.pane import drafting, welcoming
from ollama_tui.tui.panes.variants import known_elsewhere

if TYPE_CHECKING:
    from ollama_tui.services.workspace import ServerState
    from ollama_tui.tui.pane.pane import Pane
    from ollama_tui.tui.widgets.prompt import Prompt


async def first_setup(pane: "Pane") -> Setup:
    """How a new conversation asks here."""
    settings = pane.workspace.settings
    try:
        setup = await pane.own_server.first_setup()
    except Failure:
        return Setup(system=settings.system, options=settings.options)
    if pane.wanted_model:
        ref = ModelRef(host_id=pane.own_server.address.id, name=canonical_name(pane.wanted_model))
        setup = await pane.own_server.first_setup(ref)
    return setup


def show(pane: "Pane", server: "ServerState | None") -> None:
    """Tell what is known of the server; ask what was held back once there is somebody to ask."""
    had_model = pane.conversation.setup.model is not None
    pane.server = server
    if server is not None and server.kind == "ready":
        offer_names(pane)
        if not had_model or not (pane.stored or pane.settled):
            pane.run_worker(partial(_take_setup, pane), group="setup", exclusive=True)
        elif pane.moved:
            pane.run_worker(partial(_take_model_there, pane, server), group="setup", exclusive=True)
        pane.moved = False
    welcoming.tell(pane)
    pane.show_head()


async def _take_setup(pane: "Pane") -> None:
    setup = await first_setup(pane)
    mine = pane.conversation.setup
    if pane.is_untouched:
        pane.given = setup
        pane.conversation = replace(pane.conversation, setup=setup)
    elif mine.model is None:  # what was set by hand stays
        pane.conversation = replace(pane.conversation, setup=replace(mine, model=setup.model))
    pane.settled = True
    pane.show_head()
    welcoming.tell(pane)
    await ask_held(pane)


async def ask_held(pane: "Pane") -> None:
    """Ask what was sent before it was known whom to ask."""
    waited = bool(pane.held)
    while pane.held and pane.conversation.setup.model is not None:
        held = pane.held.pop(0)
        await pane.ask(held.text, held.files, held.draft)
    if waited:
        drafting.note(pane)
        await pane.show_queue()


async def use(pane: "Pane", address: HostAddress) -> None:
    """Ask another server from now on. A conversation goes on there, with the model of the same name if there is one.

    The other panes stay with theirs.
    """
    for other in pane.program.chat_screen.panes:
        if other.is_open:
            other.address = other.own_server.address
    await pane.workspace.use_host(address)
    pane.address = address
    pane.settled = False
    pane.moved = True
    model = pane.conversation.setup.model
    if pane.stored and model is not None:
        await pane.change_setup(replace(pane.conversation.setup, model=ModelRef(host_id=address.id, name=model.name)))
    else:
        pane.conversation = replace(pane.conversation, setup=replace(pane.conversation.setup, model=None))
    pane.show_server(None)


async def _take_model_there(pane: "Pane", server: "ServerState") -> None:
    """After a move: where the server lacks the conversation's model, ask the one that new conversations ask."""
    model = pane.conversation.setup.model
    if model is None or any(same_model(model.name, known.name) for known in server.models):
        return
    setup = await first_setup(pane)
    if setup.model is not None:
        await pane.change_setup(replace(pane.conversation.setup, model=setup.model))
        pane.prompt.say(
            _("{model} is not installed at {host}: {other} is asked from now on.").format(
                model=model.name, host=pane.here.address.id, other=setup.model.name
            )
        )


async def ask_address(pane: "Pane") -> str:
    """Ask for a server's address until it is one where a server can be; empty if the person went away."""
    from ollama_tui.config.hosts import is_possible, misreading, parse_host

    text = _("The server's address, as OLLAMA_HOST takes it, such as 192.168.1.5 or https://gpu.lan/ollama:")
    written = ""
    while True:
        answer = await pane.ask_person(text, field=written, placeholder="http://127.0.0.1:11434")
        written = (answer or "").strip()
        if not written or written in pane.workspace.settings.hosts:
            return written
        if not is_possible(parse_host(written)):
            wrong = NoAddress(url=one_line(written))
            text = f"{wrong.message} {wrong.hint}"
        elif misread := misreading(written):
            text = one_line(misread)
        else:
            return written


def offer_names(pane: "Pane", prompt: "Prompt | None" = None) -> None:
    """Let a prompt complete what can be named here."""
    prompt = prompt or pane.prompt
    models = [model.name for model in (pane.server.models if pane.server else ())]
    for command in ("load", "model", "regenerate"):
        prompt.know(command, models)
    prompt.know("compare", [*models, *(f"{ref.host_id}/{ref.name}" for ref in known_elsewhere(pane))])
    prompt.know("pull", [known.name for known in KNOWN_MODELS])
    prompt.know("theme", sorted(pane.program.available_themes))
