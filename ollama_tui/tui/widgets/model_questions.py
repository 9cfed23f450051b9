"""What is asked before a model is removed or copied."""

from collections.abc import Awaitable, Callable, Iterable

from ollama_tui.domain.i18n import _
from ollama_tui.domain.model import Model, same_model
from ollama_tui.domain.model_name import name_problem, typed_name
from ollama_tui.domain.text import one_line
from ollama_tui.domain.units import human_bytes
from ollama_tui.tui.widgets.question import Choice, Question

Ask = Callable[[Question], Awaitable[str | None]]


async def ask_removal(ask: Ask, model: Model, installed: Iterable[Model], *, loaded: bool) -> bool:
    """Whether `model` is to be removed; says what that frees, which is nothing where another name has the same."""
    name = one_line(model.name)
    copies = [other.name for other in installed if other.digest == model.digest and other.name != model.name]
    if model.is_remote:
        text = _("Remove {name}? It runs elsewhere; only its name here goes.").format(name=name)
    elif model.digest and copies:
        text = _("Remove {name}? Only the name goes, and nothing becomes free: {other} is the same model.").format(
            name=name, other=one_line(copies[0])
        )
    else:
        size = human_bytes(model.size)
        text = _("Remove {name}? Up to {size} become free; getting it back means a pull.").format(name=name, size=size)
    if loaded:
        text += " " + _("It is in memory and is unloaded first.")
    return await ask(Question(text, _yes_no(_("remove it"), _("keep it")), heeds_strays=True)) == "yes"


async def ask_copy(ask: Ask, model: Model, find: Callable[[str], Model | None]) -> str | None:
    """The name that a copy of `model` is to have; None if the person thinks better of it."""
    text = _("Copy {name} to which name? Both share their weights, so it takes no room.").format(
        name=one_line(model.name)
    )
    name = ""
    while True:
        answer = await ask(Question(text, field=name, placeholder=_("a new name")))
        if answer is None:
            return None
        name = typed_name(one_line(answer))
        problem = name_problem(name)
        if problem or same_model(name, model.name):
            text = problem or _("That is its own name. Which other?")
            continue
        other = find(name)
        if other is None:
            return name
        warning = _("{name} is the name of another model. Copying takes it away from that.").format(
            name=one_line(other.name)
        )
        if await ask(Question(warning, _yes_no(_("take the name"), _("another name")), heeds_strays=True)) == "yes":
            return name
        text = _("Copy {name} to which other name?").format(name=one_line(model.name))


def _yes_no(yes: str, no: str) -> tuple[Choice, Choice]:
    """The choice that changes nothing is the first: Enter pressed too often does no harm."""
    return Choice("no", no, "n"), Choice("yes", yes, "y")
