"""What holds where a conversation sets nothing: the model's own parameters, else Ollama's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from ollama_tui.domain.failure import HostFailure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.model import ModelRef
from ollama_tui.domain.model_parameters import parse_parameters
from ollama_tui.domain.options import OptionSpec, OptionValue, value_text
from ollama_tui.domain.units import short_context

if TYPE_CHECKING:
    from ollama_tui.services.workspace import Workspace


class Default(NamedTuple):
    """A value in words, and whose it is."""

    text: str
    source: Literal["model", "ollama", "allocated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDefaults:
    """What a server tells of a model that bears on its options."""

    parameters: Mapping[str, OptionValue] = field(default_factory=dict[str, OptionValue])
    system: str = ""
    context_most: int = 0
    """The longest context it was trained for, in tokens; 0 if unknown."""
    context_now: int = 0
    """The context that it has in memory now, in tokens; 0 if it is not loaded."""
    thinks: bool | None = None
    """Whether it can think; None if the server does not tell."""
    failure: HostFailure | None = None
    """Why nothing of it is known."""

    def of(self, spec: OptionSpec) -> Default:
        """What holds where the option is not set."""
        if spec.name in self.parameters:
            return Default(value_text(self.parameters[spec.name]), "model")
        if spec.name == "system" and self.system:
            return Default(" ".join(self.system.split()), "model")
        if spec.name == "num_ctx" and self.context_now:
            return Default(str(self.context_now), "allocated")
        if spec.name == "think" and self.thinks is False:
            return Default(_("does not think"), "model")
        return Default(_(spec.default), "ollama")

    def more(self, spec: OptionSpec) -> str:
        """What else is known of an option with this model; for the context: how much there is, and how much may be."""
        if spec.name != "num_ctx":
            return ""
        pieces: list[str] = []
        if self.context_now:
            pieces.append(_("{count} allocated now").format(count=short_context(self.context_now)))
        if self.context_most:
            pieces.append(_("the model's most is {count}").format(count=short_context(self.context_most)))
        return ", ".join(pieces)


NOTHING_KNOWN = ModelDefaults()


async def model_defaults(workspace: "Workspace", ref: ModelRef | None) -> ModelDefaults:
    """Ask the model's server. Never raises: the form works without it."""
    if ref is None:
        return NOTHING_KNOWN
    try:
        card = await workspace.host_of(ref).show(ref.name)
    except HostFailure as failure:
        return ModelDefaults(failure=failure)
    await workspace.refresh_loaded()
    return ModelDefaults(
        parameters=parse_parameters(card.parameters),
        system=card.system,
        context_most=card.context_length,
        context_now=workspace.context_of(ref),
        thinks=card.can("thinking") if card.capabilities is not None else None,
    )
