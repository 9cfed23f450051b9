"""What is compared, by name: models of this server or another known one, or values of an option."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.i18n import _
from ollama_tui.domain.model import ModelRef, same_model
from ollama_tui.domain.options import BY_NAME, OptionError, parse_option
from ollama_tui.tui.panes.plan import MOST

if TYPE_CHECKING:
    from ollama_tui.services.server import Server
    from ollama_tui.tui.pane.pane import Pane

Variant = tuple[str, Setup]
"""What is compared: its name, and how it is asked."""

_SEED = 42
"""The seed of all, where none is set: what differs then comes from what is compared."""


class NoVariants(ValueError):
    """What was named cannot be compared; `str()` says why."""


def variants_of(setup: Setup, words: Sequence[str]) -> list[Variant]:
    """One variant for each value of an option: its name, then the values. All have the same seed.

    Raises:
        OptionError: there is no such option, a value is none of its, or there are not two to four.
    """
    name, *values = words or [""]
    if not 2 <= len(values) <= MOST:
        if values or name not in BY_NAME:
            parse_option(name, values[:1])
        raise OptionError(_("Give two to {most} values.").format(most=MOST))
    seeded = setup.options if name == "seed" else {"seed": _SEED, **setup.options}
    return [
        (f"{name} {value}", replace(setup, options={**seeded, name: parse_option(name, [value])})) for value in values
    ]


async def named(pane: "Pane", words: Sequence[str]) -> list[Variant]:
    """What words name: `temperature=0,0.7,1.2`, or models, each perhaps with its server, `gpu/qwen3:8b`.

    One model is compared with the conversation's own.

    Raises:
        NoVariants: a model is not there, or there are not two to four.
        OptionError: see `variants_of`.
        HostFailure: a server does not tell which models it has.
    """
    setup = pane.conversation.setup
    if any("=" in word for word in words):
        option, _equals, values = " ".join(words).partition("=")
        return variants_of(setup, [option.strip(), *values.replace(",", " ").split()])
    refs = [await _model(pane, word) for word in words]
    if len(refs) == 1 and setup.model is not None:
        refs.insert(0, setup.model)
    refs = [ref for at, ref in enumerate(refs) if all(_key(ref) != _key(other) for other in refs[:at])]
    if not 2 <= len(refs) <= MOST:
        raise NoVariants(_("Name two to {most} different models.").format(most=MOST))
    return [(name_of(pane, ref), replace(setup, model=ref)) for ref in refs]


def name_of(pane: "Pane", ref: ModelRef) -> str:
    """A model's name, after its server's where that is not the one asked here."""
    name = ref.name.removesuffix(":latest")
    return name if ref.host_id == pane.here.address.id else f"{ref.host_id}/{name}"


def known_elsewhere(pane: "Pane") -> list[ModelRef]:
    """The models that can chat of the other servers used since the start; none is asked for it."""
    here = pane.here.address.id
    servers = [pane.workspace.at(address) for address in pane.workspace.addresses if address.id != here]
    return [
        server.ref_of(model) for server in servers for model in server.inventory.known_models or () if model.can_chat
    ]


async def _model(pane: "Pane", word: str) -> ModelRef:
    server, name = _server(pane, word)
    for model in await server.models():
        if same_model(model.name, name):
            if not model.can_chat:
                raise NoVariants(_("{name} cannot chat: it makes embeddings.").format(name=model.name))
            return server.ref_of(model)
    raise NoVariants(_("{model} is not installed at {host}.").format(model=name, host=server.address.id))


def _server(pane: "Pane", word: str) -> "tuple[Server, str]":
    """The server that a word names, or the one that is asked here; and the model's name."""
    for address in pane.workspace.addresses:
        if word.startswith(f"{address.id}/"):
            return pane.workspace.at(address), word.removeprefix(f"{address.id}/")
    return pane.here, word


def _key(ref: ModelRef) -> tuple[str, str]:
    return ref.host_id, ref.name
