"""The words that stand where there is no conversation yet."""

import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from ollama_tui.domain.failure import LocalFailure
from ollama_tui.domain.host import DEMO_HOST_ID
from ollama_tui.domain.i18n import _
from ollama_tui.domain.known_models import KNOWN_MODELS
from ollama_tui.domain.model import is_remote_name, same_model
from ollama_tui.domain.model_name import did_you_mean, near_names
from ollama_tui.domain.text import drawable, one_line
from ollama_tui.domain.units import human_bytes
from ollama_tui.tui.widgets.cut import cut_end
from ollama_tui.tui.widgets.key_hints import does
from ollama_tui.tui.widgets.question import Choice
from ollama_tui.tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from ollama_tui.tui.pane.pane import Pane

_TITLE = 40
"""Cells of a conversation's title, at most."""


def tell(pane: "Pane") -> None:
    """Show in the pane's welcome what is known of the server and what can be done."""
    welcome = pane.query_one(Welcome)
    had_choices = welcome.has_choices
    text, choices = _words(pane)
    welcome.tell(text, choices)
    if pane.has_class("-talking"):
        return
    if choices and not had_choices and not pane.prompt.text:
        welcome.take_focus()
    elif had_choices and not choices:
        pane.prompt.take_focus()


async def look(pane: "Pane") -> None:
    """Look whether something that was written in another conversation is on no screen, for `tell`."""
    open_ids = {other.conversation.id for other in pane.program.chat_screen.panes}
    history = pane.workspace.history
    try:
        drafted = next((found for found in await history.drafted() if found[0] not in open_ids), None)
        rows = await history.conversations(limit=5 + len(open_ids)) if drafted else ()
    except LocalFailure:
        return
    pane.left_draft = ""
    if drafted is not None:
        recent = sorted((row for row in rows if row.id not in open_ids), key=lambda row: row.updated_at, reverse=True)
        is_last = bool(recent) and recent[0].id == drafted[0]
        words = _("What you wrote in “{title}” is not sent yet: {key} leads there.")
        key = pane.key_sign_of("chat.last" if is_last else "chat.list")
        pane.left_draft = words.format(title=cut_end(one_line(drafted[1]) or _("Untitled"), _TITLE), key=key)


async def look_again(pane: "Pane") -> None:
    """The same after something changed elsewhere, and tell it."""
    before = pane.left_draft
    await look(pane)
    if pane.left_draft != before:
        tell(pane)


def _words(pane: "Pane") -> tuple[Content, list[Choice]]:
    server = pane.server
    url = one_line(pane.here.address.url)
    waiting = _("What you sent is kept, and asked as soon as there is a model.") if pane.held else ""
    if server is None or (server.kind == "ready" and not pane.settled):
        looking = _("Looking for an Ollama server at {url} …") if url else _("The demo is starting …")
        return Content(looking.format(url=url)), []
    match server.kind:
        case "absent":
            lines = [
                _("No Ollama server answers at {url}.").format(url=url),
                _("It is noticed when one appears. Or choose, with Enter or by number:"),
                waiting,
            ]
            return _told(*lines), _ways(serve=shutil.which("ollama") is not None)
        case "strange":
            failure = server.failure
            lines = [failure.message if failure else "", failure.hint if failure else "", waiting]
            return _told(*lines), _ways(serve=False)
        case "empty":
            lines = [
                _("The server at {url} has no model yet. Fetch one, by number or with Enter:").format(url=url),
                _("The download is resumable, and you see how far it is. Any other name: the models' screen."),
                waiting,
            ]
            choices = [
                Choice(
                    f"pull:{known.name}",
                    f"{known.name:<17} {human_bytes(known.size):>6}  {_(known.purpose)}",
                    str(number),
                )
                for number, known in enumerate(KNOWN_MODELS[:6], 1)
            ]
            return _told(*lines), [*choices, Choice("models", _("another model …"), str(len(choices) + 1))]
        case _:
            return _ready(pane), []


def _ways(*, serve: bool) -> list[Choice]:
    ways = [
        *([("serve", _("start Ollama's server (ollama serve)"))] if serve else []),
        ("demo", _("try the built-in demo: nothing to install, and it shows you around")),
        ("host", _("use another server")),
    ]
    return [Choice(name, label, str(number)) for number, (name, label) in enumerate(ways, 1)]


def _ready(pane: "Pane") -> Content:
    setup = pane.conversation.setup
    name = setup.model.name if setup.model else ""
    model = one_line(name).removesuffix(":latest")
    key = pane.key_sign_of
    if not model:
        return _told(
            _("No installed model here can chat. {models} shows the models; p there fetches one.").format(
                models=key("app.models")
            )
        )
    lines = [Content.styled(told, "bold")] if (told := _cannot_ask(pane, name)) else [_asks(model)]
    if pane.here.address.id == DEMO_HOST_ID:
        lines.append(
            Content(_("This is the built-in demo: it answers by rule, on this machine. Try “tour” or “你好”."))
        )
    if pane.conversation.temporary:
        lines.append(Content(_("This conversation leaves no trace: it is gone when you leave it for another.")))
    if pane.left_draft:
        lines.append(Content.styled(pane.left_draft, "$text-warning"))
    lines.append(Content(""))
    for action, words in (
        ("chat.last", _("the last conversation")),
        ("chat.list", _("all conversations")),
        ("chat.model", _("another model")),
        ("app.models", _("the models: fetch, look at, remove")),
        ("app.help", _("all keys")),
    ):
        lines.append(Content.assemble((f"{key(action):>6}", "bold"), "  ", words).stylize(does(action)))
    return Content("\n").join(lines)


def _asks(model: str) -> Content:
    before, _name, after = _("Ask {model} anything.").partition("{model}")
    return Content.assemble(before, (model, "bold $text-primary"), after)


def _cannot_ask(pane: "Pane", name: str) -> str:
    """Why a question to the model would fail, as far as its server told; empty where it would not."""
    installed = pane.here.inventory.known_models
    if installed is None or is_remote_name(name):
        return ""
    found = next((model for model in installed if same_model(model.name, name)), None)
    if found is None:
        return missing(one_line(name), [model.name for model in installed])
    return "" if found.can_chat else _("{name} cannot chat: it makes embeddings.").format(name=one_line(name))


def missing(name: str, installed: Sequence[str]) -> str:
    """That a model is not there, and what to do."""
    words = _("{model} is not installed here. /pull {model} fetches it.").format(model=name.removesuffix(":latest"))
    return f"{words} {did_you_mean(near_names(name.removesuffix(':latest'), installed))}".strip()


def _told(*lines: str) -> Content:
    first, *rest = [drawable(line) for line in lines if line]
    return Content("\n").join([Content.styled(first, "bold"), *(Content(line) for line in rest)])
