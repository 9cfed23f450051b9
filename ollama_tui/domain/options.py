"""Every generation parameter of Ollama, declared once: forms, flags, help and checks are made from this table.

Types, defaults and which of them reload the model: Ollama's api/types.go of August 2026. What the person did not set is
not sent, so that the model's own defaults hold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ollama_tui.domain.i18n import _, mark

OptionValue = int | float | bool | tuple[str, ...]
Options = Mapping[str, OptionValue]
"""Option name to value; only what was set."""

Kind = Literal["int", "float", "bool", "strings", "text", "think", "format", "duration"]
Group = Literal["request", "sampling", "length", "repetition", "machine"]
GROUPS: Mapping[Group, str] = {
    "request": mark("The question"),
    "sampling": mark("Choosing the next token"),
    "length": mark("How much is read and written"),
    "repetition": mark("Repetition"),
    "machine": mark("The machine"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionSpec:
    """One parameter: its type, its range, Ollama's own default, what it does to the next token, when to touch it."""

    name: str
    type: Kind
    group: Group
    default: str
    """Ollama's default in words, where neither the person nor the model sets one."""
    help: str
    """What it does, in one sentence."""
    when: str
    """When to touch it, in one or two."""
    low: float | None = None
    high: float | None = None
    reloads: bool = False
    """Whether a change makes the server load the model again."""


def _spec(
    name: str,
    type: Kind,
    group: Group,
    default: str,
    help: str,
    when: str,
    low: float | None = None,
    high: float | None = None,
    reloads: bool = False,
) -> OptionSpec:
    return OptionSpec(
        name=name, type=type, group=group, default=default, help=help, when=when, low=low, high=high, reloads=reloads
    )


REQUEST_SPECS: tuple[OptionSpec, ...] = (
    _spec("system", "text", "request", mark("none"),
          mark("What the model is told before the conversation: every next token is chosen with it in sight."),
          mark("Say who it is, whom it answers, in which form and language. It replaces the model's own system prompt and takes its part of the context.")),
    _spec("think", "think", "request", mark("on, where the model can"),
          mark("Whether, and how hard, the model thinks first: thoughts are tokens too, and the answer's are chosen with them in sight."),
          mark("Off for quick questions, on or high for mathematics, plans and code. Levels are for models that know them; the others only know on and off.")),
    _spec("format", "format", "request", mark("free text"),
          mark("Only tokens that keep the answer valid JSON, or valid for a JSON schema, stay in the draw."),
          mark("For answers that a program reads. Say in the prompt, too, what you want: a form that the model does not expect makes it write worse. The answer is checked against the schema.")),
    _spec("keep_alive", "duration", "request", mark("5 minutes, unless the server is told otherwise"),
          mark("How long the model stays in memory after an answer: it changes how soon the next first token comes, not which it is."),
          mark("-1 keeps it for ever, 0 frees the memory at once. Unset leaves the time that is running as it is.")),
)  # fmt: skip
"""What goes with a question beside Ollama's own `options`."""

SPECS: tuple[OptionSpec, ...] = (
    _spec("temperature", "float", "sampling", "0.8",
          mark("Flattens (above 1) or sharpens (below 1) the odds of the next token; 0 always takes the likeliest."),
          mark("Lower it for facts, code and extraction, raise it for ideas and stories. Change this one first."), 0, 5),
    _spec("top_k", "int", "sampling", "40",
          mark("Only the k likeliest tokens stay in the draw; 0 keeps all."),
          mark("10 is safer, 100 more varied. Rarely needed where top_p or min_p cuts already."), 0, 100_000),
    _spec("top_p", "float", "sampling", "0.9",
          mark("Only the likeliest tokens that together reach this probability stay in the draw."),
          mark("Lower it if odd words slip in; 1 keeps all. Move either this or the temperature, not both at once."), 0, 1),
    _spec("min_p", "float", "sampling", "0",
          mark("Drops tokens less likely than this share of the likeliest one."),
          mark("It cuts hard where the model is sure and little where it is not, so that a high temperature stays readable. Try 0.05 to 0.1, with top_p at 1."), 0, 1),
    _spec("typical_p", "float", "sampling", "1",
          mark("Keeps tokens about as surprising as text usually is, and drops the too obvious with the too odd; 1 turns it off."),
          mark("For experiments with prose that bores; else leave it at 1."), 0, 1),
    _spec("seed", "int", "sampling", mark("random"),
          mark("Fixes the dice: the same seed, prompt and options draw the same tokens; -1 throws anew."),
          mark("Set it to compare two prompts or options fairly, or to get an answer again. Another machine or batch may still differ."), -1, 2**31 - 1),
    _spec("num_ctx", "int", "length", mark("by the GPU's memory"),
          mark("How many tokens the model sees at once, prompt and answer together: what lies before them cannot influence the next token."),
          mark("Raise it for long files and conversations. Memory grows with it, and a model that no longer fits the GPU becomes many times slower."), 4, 10_000_000, True),
    _spec("num_predict", "int", "length", mark("-1: until it ends"),
          mark("The longest answer in tokens, thinking included; -1 lets the model end by itself."),
          mark("Set it for a model that does not stop, or in a script. It cuts the answer; it does not make the model brief."), -2, 10_000_000),
    _spec("stop", "strings", "length", mark("the model's own"),
          mark("The answer ends before any of these texts, as soon as the next token completes one."),
          mark("For a model that goes on with your part of the talk. What you set replaces the model's own list, which often marks the end of its turn.")),
    _spec("num_keep", "int", "length", "4",
          mark("How many tokens of the beginning stay in sight when the context is full and its oldest part is dropped."),
          mark("Only where the server may shift the context (guard_context = false): then raise it so that the system prompt stays."), -1, 10_000_000),
    _spec("repeat_penalty", "float", "repetition", "1",
          mark("Above 1, tokens that came lately become less likely."),
          mark("1.05 to 1.2 against loops. More harms code, tables and names, which have to repeat."), 0, 10),
    _spec("repeat_last_n", "int", "repetition", "64",
          mark("How many of the last tokens the penalties look at; 0 none, -1 all of the context."),
          mark("Raise it if the loops are longer than about fifty words."), -1, 10_000_000),
    _spec("presence_penalty", "float", "repetition", "0",
          mark("Makes tokens that came at all less likely (above 0) or likelier (below 0), however often they came."),
          mark("0.5 to 1.5 pushes towards new subjects and words; some makers ask for it against endless thinking."), -2, 2),
    _spec("frequency_penalty", "float", "repetition", "0",
          mark("Makes a token less likely with each time it came."),
          mark("0.2 to 0.8 against a word that keeps coming back. It hits common words hardest, so take small steps."), -2, 2),
    _spec("num_gpu", "int", "machine", mark("-1: as many as fit"),
          mark("How many layers go to the GPU, 0 keeps all on the CPU: it changes the speed of a token, not which it is."),
          mark("Lower it when loading fails for want of memory, or when other programs need the GPU."), -1, 1_000, True),
    _spec("main_gpu", "int", "machine", mark("the first"),
          mark("Which GPU, from 0, does the work that is not split; the tokens are the same."),
          mark("Only with several GPUs, to spare the small or the busy one."), 0, 64, True),
    _spec("num_thread", "int", "machine", mark("0: by the machine"),
          mark("How many CPU threads compute a token; it changes the speed, not the words."),
          mark("Try the number of fast cores if the server guesses badly. More than there are cores is slower."), 0, 1_024, True),
    _spec("num_batch", "int", "machine", "512",
          mark("How many prompt tokens are read at once: it changes how soon the first token comes, not which it is."),
          mark("Lower it when long prompts run out of memory, raise it where there is some left."), 1, 65_536, True),
    _spec("use_mmap", "bool", "machine", mark("by the machine"),
          mark("Reads the weights through the file cache instead of copying them; the tokens are the same."),
          mark("False may help with slow or network disks; true starts faster and lets the system take the memory back."), reloads=True),
    _spec("draft_num_predict", "int", "machine", "4",
          mark("How many tokens a draft model guesses ahead for the model to check: right guesses save time, the words stay its own."),
          mark("Only where the model brings a draft. Raise it for predictable text such as code; 0 turns it off."), 0, 64, True),
)  # fmt: skip

FIELDS: tuple[OptionSpec, ...] = (*REQUEST_SPECS, *SPECS)
"""All that can be set of a conversation but the model."""

BY_NAME: Mapping[str, OptionSpec] = {spec.name: spec for spec in SPECS}


class OptionError(ValueError):
    """A value that an option cannot have; `str()` says why in one sentence."""


def parse_option(name: str, words: Iterable[str]) -> OptionValue:
    """The value of option `name` as typed by a person.

    Raises:
        OptionError: there is no such option, or the words are no value for it.
    """
    words = list(words)
    spec = _spec_of(name)
    if spec.type == "strings":
        if not words:
            raise OptionError(_("{name} needs at least one text.").format(name=name))
        return tuple(words)
    if len(words) != 1:
        raise OptionError(_("{name} needs one value.").format(name=name))
    return check_option(name, _parse_word(spec, words[0]))


def _parse_word(spec: OptionSpec, word: str) -> OptionValue:
    try:
        match spec.type:
            case "int":
                return int(word)
            case "float":
                return float(word)
            case _:
                return _TRUTH[word.lower()]
    except (ValueError, KeyError):
        raise _wrong_kind(spec, word) from None


def check_option(name: str, value: object) -> OptionValue:
    """`value` as option `name` takes it.

    Raises:
        OptionError: there is no such option, the type is wrong, or the value is out of range.
    """
    spec = _spec_of(name)
    match spec.type, value:
        case "strings", list() | tuple() if all(isinstance(item, str) for item in value):  # pyright: ignore[reportUnknownVariableType]
            return tuple(str(item) for item in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case "bool", bool():
            return value
        case ("int", int()) | ("float", int() | float()) if not isinstance(value, bool):
            number = value
        case _:
            raise _wrong_kind(spec, value)
    if (
        number != number
        or (spec.low is not None and number < spec.low)
        or (spec.high is not None and number > spec.high)
    ):
        raise OptionError(
            _("{name} must be between {low} and {high}, not {value}.").format(
                name=name, low=_plain(spec.low), high=_plain(spec.high), value=_short(number)
            )
        )
    return number


def range_words(spec: OptionSpec) -> str:
    """Such as `0 to 5`, or in words for what is no number."""
    if spec.low is not None and spec.high is not None:
        return _("{low} to {high}").format(low=_plain(spec.low), high=_plain(spec.high))
    return _(_KINDS[spec.type])


def value_text(value: OptionValue) -> str:
    r"""A value as a person reads and types it; texts in quotes, where `\"`, `\\`, `\n` and `\t` are one character."""
    match value:
        case bool():
            return "true" if value else "false"
        case tuple():
            return " ".join(f'"{text.translate(_ESCAPES)}"' for text in value)
        case _:
            return str(value)


def _spec_of(name: str) -> OptionSpec:
    spec = BY_NAME.get(name)
    if spec is None:
        raise OptionError(
            _("There is no parameter {name}. Known: {known}.").format(name=_short(name), known=", ".join(BY_NAME))
        )
    return spec


def _wrong_kind(spec: OptionSpec, value: object) -> OptionError:
    return OptionError(
        _("{name} needs {kind}, not {value}.").format(name=spec.name, kind=_(_KINDS[spec.type]), value=_short(value))
    )


def _short(value: object) -> str:
    """A value in a sentence. An integer may have more digits than Python turns into text."""
    try:
        text = repr(value)
    except ValueError:
        return _("a huge number")
    return text if len(text) <= _SHORT else text[:_SHORT] + "…"


def _plain(number: float | None) -> str:
    return f"{number:.10g}" if number is not None else ""


_SHORT = 40
_TRUTH = {"true": True, "1": True, "on": True, "yes": True, "false": False, "0": False, "off": False, "no": False}
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"})
_KINDS: Mapping[Kind, str] = {
    "int": mark("a whole number"),
    "float": mark("a number"),
    "bool": mark("true or false"),
    "strings": mark("a list of texts"),
    "text": mark("a text"),
    "think": mark("a level"),
    "format": mark("json or a JSON schema"),
    "duration": mark("seconds, or a duration"),
}
