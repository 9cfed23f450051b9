"""What is said of an option under its line: what holds, its range, what it does, when to touch it."""

from textual.content import Content

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.i18n import _
from ollama_tui.domain.options import GROUPS, OptionSpec, range_words
from ollama_tui.domain.text import one_line
from ollama_tui.domain.think import THINK_CHOICES, think_word
from ollama_tui.services.fields import is_set
from ollama_tui.services.model_defaults import ModelDefaults
from ollama_tui.tui.signs import sign

_SOURCES_LENGTH = 60


def choices_of(spec: OptionSpec, defaults: ModelDefaults) -> tuple[str, ...]:
    """The values of a field that has few, the empty one first; nothing for one that is typed."""
    match spec.type:
        case "think":
            offered = THINK_CHOICES if defaults.thinks is not False else (None, False)
            return ("", *(think_word(think) for think in offered if think is not None))
        case "bool":
            return ("", "true", "false")
        case "format":
            return ("", "json")
        case _:
            return ()


def state_line(spec: OptionSpec, setup: Setup, defaults: ModelDefaults) -> Content:
    """What holds now, what would hold else, and what may be typed."""
    default = defaults.of(spec)
    text = one_line(default.text)
    text = text if len(text) <= _SOURCES_LENGTH else text[:_SOURCES_LENGTH] + sign("…")
    own = {
        "model": _("the model's own value, {value}"),
        "ollama": _("Ollama's default, {value}"),
        "allocated": _("what it was given when it was loaded, {value}"),
    }[default.source].format(value=text)
    if is_set(setup, spec.name):
        first = Content.assemble((_("Set here."), "bold $text-success"), " ", _("Unset: {own}.").format(own=own))
    else:
        first = Content(_("Not set, not sent: {own}.").format(own=own))
    pieces = [first]
    choices = [choice for choice in choices_of(spec, defaults) if choice]
    if choices:
        pieces.append(Content(_("Space: {choices}.").format(choices=sign(" · ").join(choices))))
        if spec.type == "format":
            pieces.append(Content(_("Or a file with a JSON schema (Tab completes).")))
    elif spec.type == "strings":
        pieces.append(Content(_('Texts with blanks in quotes: "###" "\\nUser:".')))
    elif spec.type == "duration":
        pieces.append(Content(_("Seconds, or a duration: 30s, 5m, 1h30m.")))
    elif spec.type != "text":
        pieces.append(Content(_("Range: {range}.").format(range=range_words(spec))))
    if more := defaults.more(spec):
        pieces.append(Content(f"{more[:1].upper()}{more[1:]}."))
    return Content(" ").join(pieces)


def help_text(spec: OptionSpec, defaults: ModelDefaults) -> Content:
    """What it does to the next token, when to touch it, and whether that loads the model again."""
    pieces = [Content(_(spec.help)), Content(_(spec.when))]
    if spec.reloads:
        pieces.append(Content.styled(_("A change loads the model again."), "$text-warning"))
    if spec.type == "think" and defaults.thinks is False:
        pieces.append(Content.styled(_("This model does not think: asked to, it would refuse."), "$text-warning"))
    return Content(" ").join(pieces)


def heading(spec: OptionSpec) -> str:
    """The field's name and its group."""
    return f"{spec.name} {sign('·')} {_(GROUPS[spec.group])}"
